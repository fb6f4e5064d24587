"""Our run's name for trackers, and that nothing is done while there are none."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from IPython.core.error import UsageError

import jupyter_repro
from jupyter_repro.cli.main import repro
from jupyter_repro.errors import NoNotebook
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.channel import about_files
from jupyter_repro.kernel.exporting import INSIDE
from jupyter_repro.kernel.extension import session_of
from jupyter_repro.kernel.run_records import record_end
from jupyter_repro.kernel.tracking import tracking_of
from jupyter_repro.records.trackers import TrackedRun
from jupyter_repro.reports.runs_text import run_text
from jupyter_repro.reports.status_html import status_html
from jupyter_repro.reports.status_text import status_text
from jupyter_repro.store.catalog.ids import is_run_id
from jupyter_repro.store.tracked import kernel_of_run, read_tracked

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover

UNTOUCHED = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "jupyter_repro")
shell.run_cell("x = 1", store_history=True)
shell.run_cell("y = x + 1", store_history=True)
print([name for name in sys.modules if name.startswith(("jupyter_repro.trackers", "jupyter_repro.kernel.track"))])
"""


def test_nothing_of_it_is_loaded_while_no_tracker_is() -> None:
    """A cell pays nothing for it."""
    done = subprocess.run([sys.executable, "-c", UNTOUCHED], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


def session(bench: Bench) -> Any:
    """Return the session of the shell."""
    return session_of(bench.shell)


def test_the_name_is_that_of_the_record(bench: Bench, tmp_path: Path) -> None:
    """Given before the record is made, the same each time, and kept beside the journal at once."""
    bench.write(
        a="import jupyter_repro\nname = jupyter_repro.run_id(get_ipython())",
        b="again = jupyter_repro.run_id(get_ipython())",
    )
    bench.run_all()
    names = bench.shell.user_ns
    assert names["name"] == names["again"]
    assert is_run_id(names["name"])
    folder = session(bench).journal_folder()
    kept = read_tracked(folder, session(bench).kernel_id)
    assert kept is not None
    assert kept.run == names["name"]
    assert kernel_of_run(folder, names["name"][:10]) == session(bench).kernel_id
    assert kernel_of_run(folder, "ffff") == ""
    asked = CliRunner().invoke(repro, ["runs", "show", names["name"][:12], "--in", str(tmp_path)])
    assert "has not ended" in str(asked.exception or asked.output)
    record_end(session(bench), session(bench).environment())
    assert [run.id for run in jupyter_repro.runs(tmp_path)] == [names["name"]]


def test_a_run_without_a_record_has_no_name(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """No tracker is promised what will not be."""
    monkeypatch.setenv(INSIDE, "1")
    session(bench).tracking = None  # where a tracker was imported before, it is there already
    bench.write(a="import jupyter_repro\nname = jupyter_repro.run_id(get_ipython())")
    bench.run_all()
    assert bench.shell.user_ns["name"] == ""
    assert read_tracked(session(bench).journal_folder(), session(bench).kernel_id) is None


def test_without_the_extension_there_is_no_name(new_shell: Any) -> None:
    """The error says what to do."""
    with pytest.raises(NoNotebook, match="load_ext"):
        jupyter_repro.run_id(new_shell())


def test_the_links_are_shown(bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the magic, as text and JSON, and in the record."""
    with unwatched():
        (tmp_path / "train.csv").write_text("a\n1\n")
        (tmp_path / ".dvc").mkdir()
        (tmp_path / "train.csv.dvc").write_text("outs:\n- md5: " + "0" * 32 + "\n  path: train.csv\n")
    bench.write(
        a="from pathlib import Path\nrows = Path('train.csv').read_text()",
        b="%repro trackers",
        c="%repro trackers json",
        d="%repro snapshot",
    )
    bench.run("a", "b")
    told = capsys.readouterr().out
    assert "No tracker has a run of this kernel" in told
    assert "warning: train.csv: `train.csv` is not what `train.csv.dvc` says" in told
    session(bench).tracking.keep(TrackedRun(tracker="Sacred", id="7", experiment="digits"))
    capsys.readouterr()
    bench.run("c")
    facts = json.loads(capsys.readouterr().out)
    assert (facts["trackers"][0]["id"], facts["data"][0]["same"]) == ("7", False)
    bench.run("d")
    (run,) = jupyter_repro.runs(tmp_path)
    assert [each.id for each in run.trackers] == ["7"]
    text = run_text(run)
    assert "Sacred   7    digits" in text
    assert "train.csv.dvc" in text


def test_a_status_and_a_panel_show_the_links(bench: Bench) -> None:
    """Tracker, its run, our run and the address: as text, HTML and JSON, and in the panel's runs; an address of the web is a link."""
    bench.write(a="x = 1")
    bench.run("a")
    assert (bench.status().run, bench.status().trackers) == ("", ())
    assert '"trackers": []' in json.dumps(bench.status().to_json())
    runs = [
        TrackedRun(tracker="MLflow", id="3f2a", name="logistic", address="https://lab.example.org/3f2a?<b>"),
        TrackedRun(
            tracker="Weights & Biases", id="9c1b", address="wandb/offline-9c1b", named=False, note="refused"
        ),
    ]
    for each in runs:
        tracking_of(session(bench)).keep(each)
    status = bench.status()
    name = jupyter_repro.run_id(bench.shell)
    facts = status.to_json()
    assert (facts["run"], [each["id"] for each in facts["trackers"]]) == (name, ["3f2a", "9c1b"])
    for said in (status_text(status), status_html(status)):
        assert name in said
        assert all(word in said for word in ("MLflow", "3f2a", "logistic", "wandb/offline-9c1b", "refused"))
    html = status_html(status)
    assert '<a href="https://lab.example.org/3f2a?&lt;b&gt;" rel="noopener noreferrer" ' in html
    assert "<b>" not in html
    shown = about_files.runs("1", session(bench), 10)
    assert (shown.run, [each.address for each in shown.trackers]) == (
        name,
        ["https://lab.example.org/3f2a?<b>", "wandb/offline-9c1b"],
    )


def test_a_slip_is_one_line(bench: Bench) -> None:
    """With a guess."""
    with pytest.raises(UsageError, match="json"):
        bench.shell.run_line_magic("repro", "trackers jsn")


def test_what_cannot_be_asked_costs_no_record(bench: Bench, tmp_path: Path) -> None:
    """The record says why a part is missing."""

    class Odd(type):
        def __subclasscheck__(cls, _: type) -> bool:
            raise RuntimeError("no")

    bench.write(a="x = 1", b="%repro snapshot")
    bench.run("a")
    fake = type(sys)("datasets")
    fake.Dataset = Odd("Dataset", (), {})  # type: ignore[attr-defined]  # a module like any other
    sys.modules["datasets"], before = fake, sys.modules.get("datasets")
    try:
        bench.run("b")
    finally:
        del sys.modules["datasets"]
        if before is not None:
            sys.modules["datasets"] = before
    (run,) = jupyter_repro.runs(tmp_path)
    assert run.data is None
    assert "RuntimeError: no" in run.absent["data"]
