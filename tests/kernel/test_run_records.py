"""Records of a kernel: notes, snapshots, and its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.error import UsageError

import jupyter_repro
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.channel import about_files
from jupyter_repro.kernel.extension import session_of
from jupyter_repro.kernel.options import parse_options
from jupyter_repro.kernel.requests import Note, ShowRuns
from jupyter_repro.kernel.run_records import record_end
from jupyter_repro.records import Missing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('note "why, then"', "why, then"),
        ("note 'seed=42 is # mine'", "seed=42 is # mine"),
        ("note it's all prose", "it's all prose"),
        ("  note   x", "x"),
        ('note "', '"'),
    ],
)
def test_a_note_is_prose(line: str, text: str) -> None:
    """Commas, quotes and what looks like an option are part of it."""
    assert parse_options(line) == Note(text)


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("snapshot", Note()),
        ("runs", ShowRuns()),
        ("runs 3 all json", ShowRuns(limit=3, everywhere=True, json=True)),
    ],
)
def test_words_of_the_catalog(line: str, request_: object) -> None:
    """As they are understood."""
    assert parse_options(line) == request_


@pytest.mark.parametrize("line", ["note", 'note ""', "runs 0", "runs everything", "snapshot now"])
def test_slips_are_one_line(shell: Any, capsys: pytest.CaptureFixture[str], line: str) -> None:
    """No traceback, no record."""
    with pytest.raises(UsageError):
        shell.run_line_magic("repro", line)


def test_a_decision_is_on_record_with_all_that_ran(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cells, inputs, seed, verdict, environment; the reason and its cell."""
    with unwatched():  # another program has written it
        (tmp_path / "data.csv").write_text("a\n1\n")
    bench.write(
        a="%repro seed=42",
        b="from pathlib import Path\ntext = Path('data.csv').read_text()",
        c="import random\nprint(random.random())",
        d='%repro note "three, since two is too few"',
        e="%repro runs",
    )
    bench.run("a", "b", "c", "d")
    assert "is on record" in capsys.readouterr().out
    (run,) = jupyter_repro.runs(tmp_path)
    assert (run.kind, run.notebook, run.why) == ("note", "analysis.ipynb", "three, since two is too few")
    assert run.notes[0].cell == "d"
    assert run.seed is not None
    assert run.seed.seed == 42
    assert "file:data.csv" in [each.resource for each in run.inputs]
    cells = {cell.label: cell for cell in run.cells}
    assert list(cells) == ["cell 1", "cell 2", "cell 3"]
    assert cells["cell 1"].outputs == ""
    assert cells["cell 3"].outputs
    assert cells["cell 3"].verdict
    assert isinstance(run.code, Missing)
    bench.run("e")
    assert "three, since two is too few" in capsys.readouterr().out
    bench.shell.run_line_magic("repro", "runs json")
    assert json.loads(capsys.readouterr().out)[0]["id"] == run.id
    bench.shell.run_line_magic("repro", f"drift {run.id[:18]}")
    assert f"Compared with {run.id}" in capsys.readouterr().out


def test_a_snapshot_draws_from_no_generator_and_reads_no_input(bench: Bench, tmp_path: Path) -> None:
    """The user's cell is as without it."""
    bench.write(
        a="%repro seed=1 entropy=raise",
        b="import random\nx = random.random()",
        c="%repro snapshot",
        d="y = random.random()",
    )
    bench.run("a", "b")
    twin = __import__("random").getstate()
    bench.run("c")
    assert __import__("random").getstate() == twin
    session = session_of(bench.shell)
    assert session is not None
    run = session.ledger.runs[-1]
    assert [use.resource for use in (*run.reads, *run.writes) if use.resource.startswith("file:")] == []
    assert run.effects == ()
    (found,) = jupyter_repro.runs(tmp_path)
    assert (found.kind, found.notes) == ("snapshot", ())


def test_the_end_of_a_kernel_is_on_record(bench: Bench, tmp_path: Path) -> None:
    """With its notes; a kernel that only loaded us is none."""
    session = session_of(bench.shell)
    assert session is not None
    bench.write(a="%repro status", b='%repro note "why"', c="x = 1")
    bench.run("a")
    record_end(session, session.environment())
    assert jupyter_repro.runs(tmp_path) == ()
    bench.run("b", "c")
    record_end(session, session.environment())
    newest, _ = jupyter_repro.runs(tmp_path)
    assert (newest.kind, newest.kernel, newest.why) == ("session", session.kernel_id, "why")


def test_the_store_may_be_configured(bench: Bench, tmp_path: Path) -> None:
    """`c.ReproMagics.store`, unless the project says where."""
    bench.shell.run_line_magic("config", "ReproMagics.store = 'elsewhere'")
    bench.write(a="x = 1")
    bench.run("a")
    bench.shell.run_line_magic("repro", "snapshot")
    assert len(list((tmp_path / "elsewhere" / "runs").iterdir())) == 1
    (tmp_path / "pyproject.toml").write_text('[tool.jupyter_repro]\nstore = "ours"\n')
    bench.shell.run_line_magic("repro", "snapshot")
    assert len(list((tmp_path / "ours" / "runs").iterdir())) == 1
    assert len(jupyter_repro.runs(tmp_path)) == 1
    assert len(jupyter_repro.runs(tmp_path, store=str(tmp_path / "elsewhere"))) == 1


def test_a_store_that_is_not_understood_is_one_line(bench: Bench) -> None:
    """With the remedy."""
    bench.shell.run_line_magic("config", "ReproMagics.store = 's3://key:secret@bucket'")
    bench.write(a="x = 1")
    bench.run("a")
    with pytest.raises(UsageError, match="holds a password"):
        bench.shell.run_line_magic("repro", "snapshot")


def test_runs_follow_the_notebook_to_its_new_name(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`%repro runs` and the panel list what it ran under the name that it had."""
    bench.write(a="x = 1", b="y = x", c="%repro snapshot")
    bench.run("a", "b", "c")
    (run,) = jupyter_repro.runs(tmp_path)
    bench.path = bench.path.rename(tmp_path / "renamed.ipynb")
    # in JupyterLab the panel tells it
    monkeypatch.setattr(session_of(bench.shell).whereabouts, "path", lambda: bench.path)
    assert [each.id for each in about_files.runs("1", session_of(bench.shell), 10).runs] == [run.id]
    capsys.readouterr()
    bench.shell.run_line_magic("repro", "runs json")
    assert [each["notebook"] for each in json.loads(capsys.readouterr().out)] == ["analysis.ipynb"]
    bench.write(other="x = 1")
    assert about_files.runs("1", session_of(bench.shell), 10).runs == ()
