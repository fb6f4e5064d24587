"""What a cell that departs from run-all is told, before it runs, after it, and how to silence it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.error import UsageError

if TYPE_CHECKING:
    from tests.conftest import Bench

CELLS = {"g": "%repro seed=1", "a": "x = 1", "b": "y = x + 1", "c": "x = 5"}


def told(bench: Bench, capsys: pytest.CaptureFixture[str], *cells: str) -> list[str]:
    """Run cells; return the lines on stderr."""
    capsys.readouterr()
    bench.run(*cells)
    return capsys.readouterr().err.splitlines()


def test_strict_says_it_before_the_cell_runs(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, in front of the cell's own output, and not a second one after it."""
    bench.write(**{**CELLS, "g": "%repro seed=1 strict", "b": "import sys\nprint(x, file=sys.stderr)"})
    assert told(bench, capsys, "g", "a", "b", "c") == ["1"]
    before, own = told(bench, capsys, "b")
    assert (
        before
        == "repro: cell 3 is about to be out of order: it reads `x`, which only the later cell 4 makes."
    )
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
    assert "  cell 3  out of order: it read `x`, which only the later cell 4 makes" in plan
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
