"""A notebook that is opened again is compared with the environment that made its outputs."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

import jupyter_repro
from jupyter_repro.cli.main import main
from jupyter_repro.errors import BadNotebook, BadWord, NoNotebook
from jupyter_repro.kernel.extension import session_of
from jupyter_repro.store.sidecar import read_sidecar, write_sidecar

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover


def waited(ask: Any) -> Any:
    """Return what is asked for as soon as it is there."""
    for _ in range(600):
        found = ask()
        if found:
            return found
        time.sleep(0.05)
    pytest.fail("it never came")


def save_with_outputs(bench: Bench) -> None:
    """Save the notebook as a front end does after a run: each cell shows something."""
    bench.save()
    node = json.loads(bench.path.read_text("utf-8"))
    for cell in node["cells"]:
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1\n"}]
    bench.path.write_text(json.dumps(node), encoding="utf-8")


def made_elsewhere(path: Path, *, version: str = "0.1.0") -> None:
    """Write into a session's record that it had another msgspec and another hash seed."""
    facts = read_sidecar(path)
    packages = tuple(
        msgspec.structs.replace(each, version=version, imported="cells") if each.name == "numpy" else each
        for each in facts.start.packages
    )
    start = msgspec.structs.replace(facts.start, packages=packages)
    write_sidecar(path.parent, msgspec.structs.replace(facts, start=start, latest=None))


@pytest.fixture
def reopened(bench: Bench, new_shell: Any, tmp_path: Path) -> Bench:
    """Return a notebook whose outputs another kernel with another NumPy has made, opened in a new kernel."""
    bench.write(a="x = 1", b="y = x + 1", c="%repro drift")
    bench.run("a", "b")
    path = waited(lambda: next(iter((tmp_path / ".jupyter_repro").glob("env-*.json")), None))
    save_with_outputs(bench)
    made_elsewhere(path)
    bench.shell = new_shell()
    bench.shell.run_line_magic("load_ext", "jupyter_repro")
    return bench


def drift_known(bench: Bench) -> None:
    session = session_of(bench.shell)
    assert session is not None
    waited(lambda: session.standing.drift)


def test_one_line_when_it_is_opened(reopened: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Once, with the cell that ends after the comparison, which no cell waits for."""
    reopened.run("a")
    drift_known(reopened)
    reopened.run("b")
    line = capsys.readouterr().err
    assert line.startswith(
        "repro: this is not the environment that made the saved outputs: 1 difference can change numbers: "
    )
    assert "numpy 0.1.0 -> " in line
    reopened.run("b", "a")
    assert capsys.readouterr().err == ""


def test_no_line_where_notices_are_off(reopened: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """The user has said so."""
    reopened.shell.run_line_magic("repro", "notices=off")
    reopened.run("a")
    drift_known(reopened)
    reopened.run("b")
    assert "environment" not in capsys.readouterr().err


def test_the_word_tells_what_and_how_to_bring_it_back(
    reopened: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the session that is compared with, and what of the outputs it made."""
    reopened.run("c")
    text = capsys.readouterr().out
    assert "which made 2 of 3 saved outputs." in text
    assert "can change numbers:\n  numpy  0.1.0 -> " in text
    assert "      uv pip install numpy==0.1.0" in text
    found = jupyter_repro.drift(shell=reopened.shell)
    assert found.differences[0].what == "numpy"
    reopened.shell.run_line_magic("repro", f"drift {found.record[:6]} json")
    told = json.loads(capsys.readouterr().out)
    assert told["record"] == found.record
    assert told["differences"][0]["restore"] == "uv pip install numpy==0.1.0"


def test_it_is_a_finding_until_all_cells_have_run(reopened: Bench) -> None:
    """Then what is on the screen is of this environment."""
    reopened.run("a")
    drift_known(reopened)
    assert "RP405" in {finding.code for finding in reopened.status().findings}
    reopened.run("b", "c")
    assert "RP405" not in {finding.code for finding in reopened.status().findings}


def test_the_command_line_compares_its_own_python(
    reopened: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """As text, as JSON, and with an exit code for CI."""
    for arguments, code in (([], 0), (["--exit-code"], 1), (["--json"], 0)):
        with pytest.raises(SystemExit) as stop:
            main(["drift", str(reopened.path), *arguments])
        assert stop.value.code == code
        text = capsys.readouterr().out
        assert "numpy" in text
    assert json.loads(text)["differences"][0]["rank"] == "can change numbers"
    assert jupyter_repro.drift(reopened.path).differences[0].restore == "uv pip install numpy==0.1.0"


def test_the_newest_session_that_ran_a_cell_made_its_output(
    reopened: Bench, new_shell: Any, tmp_path: Path
) -> None:
    """A later kernel that ran one cell of three does not stand for the others, nor one that ran after the save."""
    first = jupyter_repro.drift(reopened.path).record
    reopened.run("b")
    drift_known(reopened)
    assert jupyter_repro.drift(reopened.path).record == first  # what ran is not saved
    reopened.run("a", "b")
    save_with_outputs(reopened)
    os.utime(reopened.path, (time.time() + 5, time.time() + 5))
    assert jupyter_repro.drift(reopened.path).record != first


def test_nothing_to_compare_with_is_said(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Never `nothing differs`."""
    bench.write(a="%repro drift", b="x = 1")
    bench.run("a")
    assert "There is nothing to compare with: the notebook has no saved outputs." in capsys.readouterr().out
    save_with_outputs(bench)
    bench.run("a")
    assert "no recorded session made the saved outputs" in capsys.readouterr().out
    other = tmp_path / "other.ipynb"
    other.write_bytes(bench.path.read_bytes())
    assert jupyter_repro.drift(other).record == ""
    with pytest.raises(SystemExit) as stop:
        main(["drift", str(other), "--exit-code"])
    assert stop.value.code == 1
    bench.path.write_text("{", encoding="utf-8")
    with pytest.raises(BadNotebook):
        jupyter_repro.drift(bench.path)
    with pytest.raises(BadWord, match="there is no run `nosuch`"):
        jupyter_repro.drift(bench.path, "nosuch")


def test_without_a_notebook(
    new_shell: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A terminal has no saved outputs."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    shell = new_shell()
    with pytest.raises(NoNotebook):
        jupyter_repro.drift(shell=shell)
    shell.run_line_magic("load_ext", "jupyter_repro")
    shell.run_line_magic("repro", "drift")
    assert "the front end does not tell which notebook this is" in capsys.readouterr().out
