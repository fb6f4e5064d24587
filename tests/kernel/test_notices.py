"""What a cell that departs from run-all is told, before it runs, after it, and how to silence it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.error import UsageError

from jupyter_repro.inputs.audit import unwatched

if TYPE_CHECKING:
    from tests.conftest import Bench

CELLS = {"g": "%repro seed=1", "a": "x = 1", "b": "y = x + 1", "c": "x = 5"}


def told(bench: Bench, capsys: pytest.CaptureFixture[str], *cells: str) -> list[str]:
    """Run cells; return the lines on stderr."""
    capsys.readouterr()
    bench.run(*cells)
    return capsys.readouterr().err.splitlines()


def put(bench: Bench, name: str, text: str) -> None:
    """Write a file beside the notebook, as another program would."""
    with unwatched():
        bench.path.with_name(name).write_text(text)


def test_strict_says_it_before_the_cell_runs(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, in front of the cell's own output, and not a second one after it."""
    bench.write(**{**CELLS, "g": "%repro seed=1 strict", "b": "import sys\nprint(x, file=sys.stderr)"})
    assert told(bench, capsys, "g", "a", "b", "c") == ["1"]
    before, own = told(bench, capsys, "b")
    assert before == "repro: cell 3 is about to be out of order: it reads `x` as the later cell 4 left it."
    assert own == "5"
    assert told(bench, capsys, "a") == []


def test_without_strict_it_is_said_after(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """With the remedy."""
    bench.write(**CELLS)
    assert told(bench, capsys, "g", "a", "b", "c") == []
    (line,) = told(bench, capsys, "b")
    assert line.startswith("repro: cell 3 is out of order: it read `x`")
    assert "Remedy: " in line


def test_a_cell_that_is_fed_right_is_not_warned(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Running a cell again with what run-all would feed it is silent, under strict too."""
    bench.write(g="%repro seed=1 strict", a="x = 1", b="y = x + 1", c="z = 5")
    assert told(bench, capsys, "g", "a", "b", "c", "b", "a", "c") == []


@pytest.mark.parametrize("silence", ["notices=off", "configuration"])
def test_notices_can_be_switched_off(bench: Bench, capsys: pytest.CaptureFixture[str], silence: str) -> None:
    """By a word or by the configuration; the status says it all the same."""
    bench.write(**CELLS)
    bench.run("g", "a", "b", "c")
    if silence == "configuration":
        bench.shell.magics_manager.registry["ReproMagics"].notices = False
    else:
        bench.shell.run_line_magic("repro", silence)
    assert told(bench, capsys, "b") == []
    assert bench.verdicts()["b"] == "out of order"


@pytest.mark.parametrize("code", ["RP102", "rp1xx", "RP201, RP102"])
def test_a_comment_allows_one_code(bench: Bench, capsys: pytest.CaptureFixture[str], code: str) -> None:
    """No line, and the finding stays as an information with the author's reason."""
    bench.write(**{**CELLS, "b": f"# repro: allow {code} because the order is the lesson\ny = x + 1"})
    assert told(bench, capsys, "g", "a", "b", "c", "b") == []
    (found,) = [f for f in bench.status().findings if f.cell == "b"]
    assert (found.code, found.severity) == ("RP102", "info")
    assert found.message.endswith("(allowed here: the order is the lesson)")


@pytest.mark.parametrize("comment", ["# repro: allow RP102", "# repro: allow RP103 because of that"])
def test_another_code_or_no_reason_allows_nothing(
    bench: Bench, capsys: pytest.CaptureFixture[str], comment: str
) -> None:
    """A reason is asked for, and each code for itself."""
    bench.write(**{**CELLS, "b": f"{comment}\ny = x + 1"})
    assert len(told(bench, capsys, "g", "a", "b", "c", "b")) == 1


def test_the_plan_is_shown_and_followed(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """``plan`` and, without a panel, ``run-stale`` say the same; after it every verdict is `reproduced`."""
    bench.write(**CELLS, d="w = x")
    bench.run("g", "a", "b", "c", "d", "b")
    capsys.readouterr()
    bench.shell.run_line_magic("repro", "plan")
    plan = capsys.readouterr().out
    assert plan.splitlines()[0] == "Run 2 cells, in this order:"
    assert "  cell 3  out of order: it read `x` as the later cell 4 left it" in plan
    bench.shell.run_line_magic("repro", "run-stale")
    assert capsys.readouterr().out == plan
    bench.run(*bench.status().plan.cells)
    assert set(bench.verdicts().values()) == {"reproduced"}
    bench.shell.run_line_magic("repro", "plan")
    assert capsys.readouterr().out == "Nothing to run: every cell is reproduced.\n"


@pytest.mark.parametrize("line", ["plan now", "run-stale 3", "notices", "notices=loud"])
def test_a_slip_is_one_line(shell: Any, line: str) -> None:
    """What is not understood is said in one line."""
    with pytest.raises(UsageError) as caught:
        shell.run_line_magic("repro", line)
    assert "\n" not in str(caught.value)


def test_a_file_changed_outside_is_written_anew_by_the_plan(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """To read it again would not help: the cell that writes it has to run first."""
    write, read = (
        f"with open('t.txt', {mode!r}) as f: t = f.{call}"
        for mode, call in (("w", "write('1')"), ("r", "read()"))
    )
    bench.write(g="%repro seed=1", a=write, b=read)
    assert told(bench, capsys, "g", "a", "b") == []
    put(bench, "t.txt", "2")
    (line,) = told(bench, capsys, "b")
    assert line == (
        "repro: cell 3 is stale: the file `t.txt` was not as cell 2 writes it. "
        "Remedy: run cells 2 and 3, in this order."
    )
    bench.run(*bench.status().plan.cells)
    assert set(bench.verdicts().values()) == {"reproduced"}


def test_the_cause_above_is_named_with_what_it_spoils(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """A data file that changed is why; the cell that ran only hands it on. It is said once."""
    put(bench, "d.txt", "1")
    bench.write(g="%repro seed=1", a="with open('d.txt') as f: d = f.read()", b="e = d", c="h = e", z="1")
    assert told(bench, capsys, "g", "a", "b", "c", "z") == []
    put(bench, "d.txt", "2")
    (line,) = told(bench, capsys, "b")
    assert line.startswith(
        "repro: cell 3 is stale: `d` has to be made anew: it comes from cell 2, which has a changed input: "
        "the file `d.txt` is different now. Remedy: "
    )
    assert told(bench, capsys, "z") == []


def test_a_value_that_is_made_only_below_is_moved(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Restart & Run All would stop there: the remedy says which cell to move."""
    bench.write(g="%repro seed=1", a="y = x", b="x = 1")
    (line,) = told(bench, capsys, "g", "b", "a")
    assert line == (
        "repro: cell 2 is out of order: it read `x`, which only the later cell 3 makes. "
        "Remedy: restart and run all: first move cell 3, which makes `x`, above cell 2, which reads it."
    )


def test_an_empty_cell_is_no_run(bench: Bench) -> None:
    """IPython runs nothing and tells only of an end: the cells around it go on down the page."""
    from jupyter_repro.kernel.extension import session_of

    bench.write(g="%repro seed=1 strict", a="x = 1", e="  \n", b="y = x + 1")
    bench.run("g", "a", "e", "b")
    session = session_of(bench.shell)
    assert [run.cell for run in session.ledger.runs] == ["g", "a", "b"]
    assert session._page._linear
    assert set(bench.verdicts().values()) == {"reproduced"}
