"""What a run inside a run does is on the record of the cell around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.extension import session_of

if TYPE_CHECKING:
    from tests.conftest import Bench

    from jupyter_repro.records import CellRun

_READS = "%%capture\nwith open('notes.txt') as notes: text = notes.read()\nwith open('copy.txt', 'w') as copy: kept = copy.write(text)"


def _runs(bench: Bench) -> list[CellRun]:
    session = session_of(bench.shell)
    assert session is not None
    return list(session.ledger.runs)


def _put(bench: Bench, text: str) -> None:
    with unwatched():  # somebody else writes it
        (bench.path.parent / "notes.txt").write_text(text, encoding="utf-8")


def test_files_of_a_captured_cell_are_its_own(bench: Bench) -> None:
    """`%%capture` hands its body to the shell as another run: the cell reads and writes what that does."""
    _put(bench, "one")
    bench.write(a=_READS, b="len(__import__('pathlib').Path('copy.txt').read_text())")
    bench.run_all()
    assert {cell.id: cell.verdict for cell in bench.status().cells} == {"a": "reproduced", "b": "reproduced"}
    _put(bench, "two!")
    cells = {cell.id: cell for cell in bench.status().cells}
    assert cells["a"].verdict == "input changed"
    assert cells["b"].verdict == "stale"


def test_a_file_that_only_passes_through_the_cell_is_not_read_by_it(bench: Bench) -> None:
    """What an inner run has written, and the cell reads after it, it has made itself."""
    bench.write(
        a="from pathlib import Path\nget_ipython().run_cell(\"Path('kept.txt').write_text('1')\")\nPath('kept.txt').read_text()"
    )
    bench.run_all()
    run = _runs(bench)[-1]
    assert "file:kept.txt" in {use.resource for use in run.writes}
    assert "file:kept.txt" not in {use.resource for use in run.reads}


def test_entropy_and_effects_of_a_captured_cell_are_its_own(bench: Bench) -> None:
    """A draw that no seed governs, and a program that was started, are found in the cell as if it stood alone."""
    bench.write(
        s="%repro seed=3", a="%%capture\nimport random\nx = random.Random().random()", b="%%capture\n!true"
    )
    bench.run_all()
    cells = {cell.id: cell for cell in bench.status().cells}
    assert cells["a"].verdict == cells["b"].verdict == "unknown"
    (run,) = [run for run in _runs(bench) if run.cell == "a"]
    assert [leak.kind for leak in run.leaks]
