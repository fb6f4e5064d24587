"""`per_cell`: the numbers of a cell hang on the seed and the cell alone, and the verdicts say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.own_streams import place_of

if TYPE_CHECKING:
    from tests.conftest import Bench

CELLS = {
    "seed": "import random\nimport numpy as np\nimport numpy.random\n%repro seed=42 per_cell",
    "one": "x = random.random(), np.random.rand()",
    "two": "y = random.random(), np.random.rand()",
    "none": "z = 1",
}


def _values(bench: Bench) -> tuple[Any, Any]:
    return bench.shell.user_ns.get("x"), bench.shell.user_ns.get("y")


def test_any_order_gives_the_same_numbers(bench: Bench) -> None:
    """Down the page, up the page, twice: the same numbers, all cells reproduced, equal cells apart."""
    bench.write(**CELLS)
    bench.run_all()
    found = _values(bench)
    assert found[0] != found[1]
    for order in (["two", "one"], ["one", "one", "two"], ["seed", "two", "seed", "one"]):
        bench.run(*order)
        assert _values(bench) == found
        assert set(bench.verdicts().values()) == {"reproduced"}


def test_another_seed_makes_the_cells_stale(bench: Bench) -> None:
    """The record hangs on the seed; a cell that draws nothing does not."""
    bench.write(**CELLS)
    bench.run_all()
    with unwatched():
        bench.edit("seed", CELLS["seed"].replace("42", "7"))
    bench.run("seed")
    found = bench.verdicts()
    assert found["none"] == found["seed"] == "reproduced"
    assert "reproduced" not in (found["one"], found["two"])
    bench.run("two", "one")
    assert set(bench.verdicts().values()) == {"reproduced"}


def test_from_per_cell_to_one_stream_and_back(bench: Bench) -> None:
    """Neither mode is taken for the other."""
    bench.write(**CELLS)
    bench.run_all()
    with unwatched():
        bench.edit("seed", CELLS["seed"].replace("per_cell", "per_cell=off"))
    bench.run("seed")
    assert "reproduced" not in (bench.verdicts()["one"], bench.verdicts()["two"])
    bench.run("one", "two")
    assert set(bench.verdicts().values()) == {"reproduced"}
    assert bench.shell.user_ns["x"] == (0.6394267984578837, 0.3745401188473625)
    bench.run("one")
    assert bench.verdicts()["one"] == "rng shifted"
    with unwatched():
        bench.edit("seed", CELLS["seed"])
    bench.run("seed")
    assert "reproduced" not in (bench.verdicts()["one"], bench.verdicts()["two"])


def test_a_library_that_a_cell_imports_begins_as_in_the_second_run(bench: Bench) -> None:
    """Whether a cell imports the library or finds it imported, its numbers are the same."""
    bench.write(
        seed="%repro seed=42 per_cell",
        draw="import sys\nfirst = 'jr_lazy' in sys.modules\nimport random\nx = random.random()",
    )
    bench.run_all()
    found = bench.shell.user_ns["x"]
    bench.run("draw")
    assert bench.shell.user_ns["x"] == found


def test_derived_seeds_belong_to_the_cell_too(bench: Bench) -> None:
    """With `entropy=derive` a generator that is made without a seed is the same in any order."""
    make = "{} = np.random.default_rng().random(), np.random.default_rng().random()"
    bench.write(
        seed=CELLS["seed"] + " entropy=derive",
        one=make.format("x"),
        two=make.format("y"),
    )
    bench.run_all()
    found = _values(bench)
    assert len({*found[0], *found[1]}) == 4
    bench.run("two", "one", "one")
    assert _values(bench) == found
    assert set(bench.verdicts().values()) == {"reproduced"}


def test_the_status_says_it_and_off_ends_it(bench: Bench) -> None:
    """A row with the cell and how it was verified; after `off` nothing is seeded."""
    bench.write(**CELLS)
    bench.run_all()
    rows = {row.name: row for row in bench.status().settings}
    row = rows["seed.per_cell"]
    assert (row.requested, row.effective, row.effect) == ("on", "cell none", "in force")
    assert row.verified_by == "every stream stood where (seed, cell) puts a new generator, the first time"
    bench.shell.run_cell("%repro off")
    bench.shell.run_cell("%load_ext jupyter_repro\n%repro seed=42")
    bench.run("one")
    assert bench.shell.user_ns["x"] == (0.6394267984578837, 0.3745401188473625)
    assert "seed.per_cell" not in {row.name for row in bench.status().settings}


def test_it_needs_a_seed(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Without one the line says what to write, and nothing changes."""
    bench.shell.run_cell("%repro per_cell")
    assert "`per_cell` needs a seed; write `%repro seed=42 per_cell`" in capsys.readouterr().err
    assert bench.status().governed is None


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        ("3f2a-b_9", "3f2a-b_9"),
        (None, "source d"),
        ("", "source d"),
        ("vscode-notebook-cell:/home/me/x.ipynb#W0sZmlsZQ==", "source d"),
        ("a" * 65, "source d"),
    ],
)
def test_only_ids_of_the_notebook_name_a_cell(cell: str | None, place: str) -> None:
    """An address that a front end made up is another one on the next machine."""
    assert place_of(cell, "d") == place
