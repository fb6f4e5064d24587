"""The verdicts of real cells in a real shell: the heart, end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_repro.inputs.audit import unwatched

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover


def test_a_notebook_run_top_to_bottom_is_reproduced(bench: Bench) -> None:
    """Run-all in document order gives `reproduced` for every cell and for the notebook."""
    bench.write(a="x = 1", b="y = x + 1", c="z = [x, y]\nz.append(3)", d="print(sum(z))")
    bench.run_all()
    status = bench.status()
    assert [cell.verdict for cell in status.cells] == ["reproduced"] * 4
    assert status.verdict == "reproduced"
    assert status.plan.kind == "nothing"


SESSIONS = {
    "stale after the input was recomputed": (
        {"a": "import random\nx = [random.random()]", "b": "y = x[0]"},
        ["a", "b", "a"],
        {"b": "stale"},
    ),
    "early cutoff: the same value again makes nothing stale": (
        {"a": "x = 1", "b": "y = x"},
        ["a", "b", "a"],
        {"a": "reproduced", "b": "reproduced"},
    ),
    "out of order": ({"a": "y = x", "b": "x = 1"}, ["b", "a"], {"a": "out of order", "b": "reproduced"}),
    "not idempotent": (
        {"a": "x = 0", "b": "x += 1"},
        ["a", "b", "b"],
        {"a": "reproduced", "b": "not idempotent"},
    ),
    "read after a second increment": (
        {"a": "x = 0", "b": "x += 1", "c": "y = x"},
        ["a", "b", "b", "c"],
        {"b": "not idempotent", "c": "stale"},
    ),
    "read before a second increment": (
        {"a": "x = 0", "b": "x += 1", "c": "y = x"},
        ["a", "b", "c", "b"],
        {"c": "reproduced"},
    ),
    "in-place change seen by content": (
        {"a": "items = [1]", "b": "items.append(2)", "c": "n = len(items)"},
        ["a", "b", "b", "c"],
        {"b": "not idempotent", "c": "stale"},
    ),
    "in-place change through another name": (
        {"a": "one = [1]\ntwo = one", "b": "two.append(2)", "c": "n = len(one)"},
        ["a", "c", "b"],
        {"c": "stale"},
    ),
    "a global read through a function": (
        {"a": "scale = 2", "b": "def f(v):\n    return v * scale", "c": "y = f(3)", "d": "scale = 5"},
        ["a", "b", "d", "c"],
        {"c": "out of order"},
    ),
    "a function edited since": (
        {"a": "def f():\n    return 1", "b": "y = f()"},
        ["a", "b"],
        {"a": "reproduced", "b": "reproduced"},
    ),
    "fed otherwise, with the very same outcome as when fed right": (
        {"a": "x = 1", "b": "big = x > 0\nprint(big)", "c": "x = 7"},
        ["a", "b", "c", "b"],
        {"a": "reproduced", "b": "reproduced", "c": "reproduced"},
    ),
    "fed otherwise, and it shows something else": (
        {"a": "x = 1", "b": "big = x > 0\nprint(x)", "c": "x = 7"},
        ["a", "b", "c", "b"],
        {"b": "out of order"},
    ),
    "fed otherwise, and it leaves something else": (
        {"a": "x = 1", "b": "y = x", "c": "x = 7"},
        ["a", "b", "c", "b"],
        {"b": "out of order"},
    ),
    "set in place to just what it was": (
        {"a": "xs = [1, 2]", "b": "xs[0] = 5", "c": "print(xs)"},
        ["a", "b", "c", "b", "c"],
        {"a": "reproduced", "b": "reproduced", "c": "reproduced"},
    ),
    "more draws than before, fed otherwise": (
        {
            "a": "import random\nrandom.seed(1)",
            "b": "xs = []",
            "c": "xs = [0, 4, 8]",
            "d": "random.shuffle(xs)",
            "e": "print(random.random())",
        },
        ["a", "b", "d", "e"],
        {"d": "stale", "e": "unknown"},
    ),
    "a cell that does not compile": (
        {"a": "x = 1", "b": "x = = 1", "c": "y = x"},
        ["a", "b", "c"],
        {"a": "reproduced", "b": "reproduced", "c": "unknown"},
    ),
    "a file that is appended to": (
        {"a": "with open('log.txt', 'a') as f: print(1, file=f)"},
        ["a"],
        {"a": "input changed"},
    ),
    "a file written anew above": (
        {
            "a": "with open('t.txt', 'w') as f: f.write('1')",
            "b": "with open('t.txt') as f: t = f.read()",
            "c": "with open('t.txt', 'w') as f: f.write('2')",
        },
        ["a", "b", "c"],
        {"a": "reproduced", "b": "reproduced", "c": "reproduced"},
    ),
    "deleted above, made again below": (
        {"a": "x = [3]", "b": "del x", "c": "y = x", "d": "x = [1]"},
        ["a", "b", "d", "c"],
        {"c": "out of order"},
    ),
    "a cache that a cell above has not filled": (
        {
            "a": "import functools\n@functools.lru_cache\ndef slow(z):\n    return z",
            "b": "a = slow(3)",
            "c": "y = slow(2)",
        },
        ["a", "c"],
        {"a": "reproduced", "b": "not run", "c": "unknown"},
    ),
    "a name that a cell which has not run may make": (
        {"a": "exec(open('x.py').read())", "b": "try:\n    y = basename\nexcept NameError:\n    y = 0"},
        ["b"],
        {"a": "not run", "b": "unknown"},
    ),
    "not run": ({"a": "x = 1", "b": "y = 2"}, ["a"], {"a": "reproduced", "b": "not run"}),
    "a cell before it has not run, and makes what it read": (
        {"a": "x = 1", "b": "x = 2", "c": "y = x"},
        ["a", "c"],
        {"b": "not run", "c": "stale"},
    ),
    "an error stops run-all": (
        {"a": "x = 1", "b": "1 / 0", "c": "y = x"},
        ["a", "b", "c"],
        {"a": "reproduced", "b": "reproduced", "c": "unknown"},
    ),
    "a name deleted by a later cell": (
        {"a": "x = 1", "b": "y = x", "c": "del x"},
        ["a", "b", "c"],
        {"a": "reproduced", "b": "reproduced", "c": "reproduced"},
    ),
    "ran without a name that a cell makes": (
        {"a": "x = 1", "b": "y = globals().get('x')"},
        ["b", "a"],
        {"b": "stale"},
    ),
    "history by its place": ({"a": "41 + 1", "b": "y = len(Out)"}, ["a", "b"], {"b": "reproduced"}),
    "history that a second run made longer": (
        {"a": "41 + 1", "b": "y = len(Out)"},
        ["a", "a", "b"],
        {"b": "hidden state"},
    ),
    "the last result is": (
        {"a": "41 + 1", "b": "y = _", "c": "y + 1"},
        ["a", "b", "c", "b"],
        {"b": "out of order"},
    ),
    "a shell command is not seen through": ({"a": "!true"}, ["a"], {"a": "unknown"}),
}


@pytest.mark.usefixtures("capsys")  # whose streams can be listened to, as a kernel's can
@pytest.mark.parametrize("name", SESSIONS)
def test_each_departure_has_its_word(bench: Bench, name: str) -> None:
    """Every case of the verdict table, run for real."""
    cells, order, expected = SESSIONS[name]
    bench.write(**cells)
    bench.run(*order)
    found = bench.verdicts()
    assert {cell: found[cell] for cell in expected} == expected
    for cell in bench.status().cells:
        assert bool(cell.why) == (cell.verdict != "reproduced")


def test_edited_and_what_depends_on_it(bench: Bench) -> None:
    """An edit makes the cell `edited` and its readers stale; undoing it makes all well again."""
    bench.write(a="x = 1", b="y = x")
    bench.run_all()
    bench.edit("a", "x = 2")
    assert bench.verdicts() == {"a": "edited", "b": "stale"}
    assert bench.status().plan.cells == ("a", "b")
    bench.edit("a", "x = 1")
    assert bench.verdicts() == {"a": "reproduced", "b": "reproduced"}


def test_a_deleted_cell_leaves_hidden_state(bench: Bench) -> None:
    """What no present cell makes is hidden state, and only a restart helps."""
    bench.write(a="x = 1", b="y = x")
    bench.run_all()
    bench.delete("a")
    assert bench.verdicts() == {"b": "hidden state"}
    assert bench.status().plan.kind == "restart and run all"


def test_the_plan_makes_the_document_reproduced(bench: Bench) -> None:
    """Running the plan's cells, in its order, leaves every cell reproduced."""
    bench.write(a="x = 0", b="x += 1", c="y = x * 2", d="print(y)")
    bench.run("a", "b", "b", "c", "d")
    plan = bench.status().plan
    assert plan.kind == "run cells"
    bench.run(*plan.cells)
    assert bench.status().verdict == "reproduced"


def test_names_made_before_loading_are_hidden_state(bench: Bench) -> None:
    """A name that was there before the extension is never taken for reproduced."""
    bench.shell.run_line_magic("unload_ext", "jupyter_repro")
    bench.shell.run_cell("x = 1", store_history=True, cell_id="gone")
    bench.shell.run_line_magic("load_ext", "jupyter_repro")
    bench.write(b="y = x")
    bench.run("b")
    assert bench.verdicts() == {"b": "hidden state"}


class TestRandomStates:
    """RNG states are resources like any other."""

    def test_a_shifted_generator_is_named(self, bench: Bench) -> None:
        """Drawing once more before a cell shifts it."""
        bench.write(s="%repro seed=42", a="import random\nx = random.random()", b="y = random.random()")
        bench.run("s", "a", "b")
        assert set(bench.verdicts().values()) == {"reproduced"}
        bench.run("a", "b")
        assert bench.verdicts() == {"s": "reproduced", "a": "rng shifted", "b": "rng shifted"}
        assert bench.status().plan.kind == "restart and run all"

    def test_seeding_again_makes_it_well(self, bench: Bench) -> None:
        """Re-running the whole document, seed first, is reproduced."""
        bench.write(s="%repro seed=42", a="import random\nx = random.random()")
        bench.run("s", "a", "a", "s", "a")
        assert set(bench.verdicts().values()) == {"reproduced"}

    def test_an_unseeded_draw_is_never_reproduced(self, bench: Bench) -> None:
        """Without a seed a fresh kernel draws other numbers."""
        bench.write(a="import random\nx = random.random()")
        bench.run_all()
        assert bench.verdicts() == {"a": "rng shifted"}
        assert "RP202" in {finding.code for finding in bench.status().findings}

    def test_a_cell_that_seeds_first_reads_no_generator(self, bench: Bench) -> None:
        """`random.seed(1)` before any draw makes the cell independent of the past."""
        bench.write(a="import random\nrandom.seed(1)\nx = random.random()")
        bench.run("a", "a")
        assert bench.verdicts() == {"a": "reproduced"}

    def test_deleting_the_seeding_cell_is_seen(self, bench: Bench) -> None:
        """The draws of the other cells rest on it."""
        bench.write(s="%repro seed=42", a="import random\nx = random.random()")
        bench.run_all()
        bench.delete("s")
        assert bench.verdicts() == {"a": "rng shifted"}


def test_off_and_on_again_goes_on_where_it_was(bench: Bench) -> None:
    """What ran while off is not known; what ran before and after is."""
    cells = {"load": "%repro seed=1", "a": "a = [1]", "b": "b = max(1, 2)", "c": "c = a", "d": "d = b"}
    bench.write(**cells)
    bench.run("load", "a")
    bench.shell.run_cell("%repro off", store_history=True, cell_id="off")
    bench.run("b", "load", "c", "d")
    verdicts = bench.verdicts()
    assert (verdicts["a"], verdicts["c"]) == ("reproduced", "reproduced")
    assert verdicts["b"] == "not run"
    assert verdicts["d"] in ("hidden state", "stale")


def test_what_is_appended_to_hangs_on_what_was_there(bench: Bench, tmp_path: Path) -> None:
    """A file of before: what it was is no longer known once the cell has added to it."""
    with unwatched():
        (tmp_path / "data.csv").write_text("1")
    bench.write(a="with open('data.csv', 'a') as f: f.write('9')")
    bench.run("a")
    (cell,) = bench.status().cells
    assert cell.verdict == "unknown"
    assert cell.why == ("the file `data.csv`: was read and then changed by the same cell",)
