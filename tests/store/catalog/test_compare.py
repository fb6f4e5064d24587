"""Two runs beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from making import environment, made, parcel

from jupyter_repro.records import Package, SeedPlan, Setting
from jupyter_repro.records.catalog import RanCell, RunInput
from jupyter_repro.records.configs import Config
from jupyter_repro.store.catalog.comparing import compared

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.records.run_diff import RunDiff
    from jupyter_repro.store.catalog.catalog import Catalog


def cell(name: str, source: str = "s", outputs: str | None = "o", **facts: Any) -> RanCell:
    return RanCell(id=name, label=f"cell {name}", source=source, outputs=outputs, **facts)


CELLS = (cell("1"), cell("2", "s2", "o2"), cell("3", "s3", "o3"))
DIFFERS = (CELLS[0], msgspec.structs.replace(CELLS[1], outputs="other"), CELLS[2])
SETTING = Setting(
    name="torch.deterministic_algorithms",
    requested="on",
    effective="on",
    effect="in force",
    verified_by="read back",
)


def between(
    catalog: Catalog, tmp_path: Path, before: dict[str, Any], after: dict[str, Any], *, start: int = 1
) -> RunDiff:
    facts = {"cells": CELLS}
    ids = made(catalog, parcel(start, **{**facts, **before}), parcel(start + 1, **{**facts, **after}))
    return compared(catalog, catalog.named(ids[0]), catalog.named(ids[1]), folder=tmp_path)


EDITED = (CELLS[0], cell("2", "edited", "other"), CELLS[2])
LATE = (CELLS[0], DIFFERS[1], cell("3", "edited", "o3"))
CONFIG = Config(kind="dict", names=("cfg",), content={"opt": {"lr": 0.1}})
NUMPY = environment(packages=(Package(name="numpy", version="2.1.0", imported="cells"),))


@pytest.mark.parametrize(
    ("before", "after", "area", "what", "rank"),
    [
        ({}, {"cells": EDITED}, "cells", "cell 2", "can change numbers"),
        ({}, {"cells": LATE}, "cells", "cell 3", "may change results"),
        ({}, {"cells": CELLS[:2]}, "cells", "cell 3", "can change numbers"),
        (
            {},
            {"inputs": (RunInput(resource="file:data.csv", digest="d2"),)},
            "inputs",
            "data.csv",
            "can change numbers",
        ),
        ({}, {"inputs": ()}, "inputs", "data.csv", "may change results"),
        (
            {},
            {"inputs": (RunInput(resource="file:data.csv", digest=None, why="gone"),)},
            "inputs",
            "data.csv",
            "may change results",
        ),
        ({}, {"seed": SeedPlan(seed=7)}, "seed", "seed", "can change numbers"),
        ({}, {"seed": SeedPlan(seed=42, strictness="strict")}, "seed", "strictness", "can change numbers"),
        ({"seed": None}, {"seed": None}, "seed", "seed", "may change results"),
        (
            {},
            {"cells": (cell("1", verdict="hidden state"), *CELLS[1:])},
            "state",
            "state of the second run",
            "can change numbers",
        ),
        (
            {"settings": (SETTING,)},
            {"settings": (msgspec.structs.replace(SETTING, effective="off"),)},
            "settings",
            SETTING.name,
            "can change numbers",
        ),
        ({}, {"settings": (SETTING,)}, "settings", SETTING.name, "may change results"),
        ({}, {"stood_on": NUMPY}, "environment", "numpy", "can change numbers"),
        (
            {"stood_on": environment(configs=(CONFIG,))},
            {"stood_on": environment(configs=(msgspec.structs.replace(CONFIG, content={"opt": {"lr": 1}}),))},
            "configuration",
            "cfg: opt.lr",
            "can change numbers",
        ),
        (
            {"stood_on": environment(configs=())},
            {"stood_on": environment(configs=(CONFIG,))},
            "configuration",
            "cfg",
            "may change results",
        ),
    ],
)
def test_what_differs_is_told_with_its_rank(
    catalog: Catalog,
    tmp_path: Path,
    before: dict[str, Any],
    after: dict[str, Any],
    area: str,
    what: str,
    rank: str,
) -> None:
    """Cells, inputs, seeds, state, settings, environment."""
    found = between(catalog, tmp_path, before, after)
    (explanation,) = [each for each in found.explanations if (each.area, each.what) == (area, what)]
    assert explanation.rank == rank
    assert explanation.reason


def test_the_same_run_twice_has_nothing_to_explain(catalog: Catalog, tmp_path: Path) -> None:
    """All cells show the same."""
    found = between(catalog, tmp_path, {}, {})
    assert (found.outputs, found.explanations, found.same) == ((), (), 3)
    assert found.sentence == "3 cells show the same"


def test_what_explains_it_best_comes_first(catalog: Catalog, tmp_path: Path) -> None:
    """An edited cell before a changed file before a seed before a package."""
    after = {
        "cells": EDITED,
        "stood_on": NUMPY,
        "seed": SeedPlan(seed=7),
        "inputs": (RunInput(resource="file:data.csv", digest="d2"),),
    }
    found = between(catalog, tmp_path, {}, after)
    assert [each.area for each in found.explanations] == ["cells", "inputs", "seed", "environment"]
    assert [each.cell for each in found.outputs] == ["cell 2"]
    assert found.sentence.startswith(
        "1 cell shows something else, the first is cell 2; what explains it best: cell 2 (source "
    )
    assert found.explanations[2].restore == "%repro seed=42"
    assert found.explanations[3].restore == "uv pip install numpy==1.26.4"


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        (DIFFERS, "differs"),
        (CELLS[:2], "only in the first"),
        ((*CELLS, cell("4", "s4")), "only in the second"),
        ((*CELLS[:2], msgspec.structs.replace(CELLS[2], ended="error")), "ended otherwise"),
    ],
)
def test_results_that_differ(catalog: Catalog, tmp_path: Path, cells: tuple[RanCell, ...], what: str) -> None:
    """Each with what about it."""
    assert [each.what for each in between(catalog, tmp_path, {}, {"cells": cells}).outputs] == [what]


def test_cells_without_ids_are_known_by_their_source(catalog: Catalog, tmp_path: Path) -> None:
    """As some front ends run them."""
    moved = tuple(msgspec.structs.replace(each, id=f"x{each.id}") for each in CELLS)
    assert between(catalog, tmp_path, {}, {"cells": moved}).same == 3


def test_an_edited_cell_without_an_id_is_known_by_its_neighbours(catalog: Catalog, tmp_path: Path) -> None:
    """Not taken for one that went and one that came."""
    before = tuple(msgspec.structs.replace(each, id=f"source-{each.source}") for each in CELLS)
    edited = msgspec.structs.replace(before[1], id="source-new", source="new", outputs="other")
    found = between(catalog, tmp_path, {"cells": before}, {"cells": (before[0], edited, before[2])})
    assert [(each.cell, each.what) for each in found.outputs] == [("cell 2", "differs")]
    assert [(each.what, each.reason) for each in found.explanations] == [("cell 2", "its source was edited")]
    first = msgspec.structs.replace(before[0], id="source-new", source="new", outputs="other")
    found = between(
        catalog, tmp_path, {"cells": before, "kernel": "x"}, {"cells": (first, *before[1:])}, start=3
    )
    assert [(each.cell, each.what) for each in found.outputs] == [("cell 1", "differs")]


def test_a_module_is_told_once(catalog: Catalog, tmp_path: Path) -> None:
    """As a module, not again as the file that its import has read."""
    inputs = [
        tuple(
            RunInput(resource=name, digest=digest)
            for name in ("file:lib/utils.py", "module:lib.utils", "file:run.py")
        )
        for digest in ("1", "2")
    ]
    found = between(catalog, tmp_path, {"inputs": inputs[0]}, {"inputs": inputs[1]})
    assert [each.what for each in found.explanations] == ["run.py", "module lib.utils"]


@pytest.mark.parametrize("outputs", [None, "saved:o"])
def test_outputs_that_cannot_be_compared_are_said(
    catalog: Catalog, tmp_path: Path, outputs: str | None
) -> None:
    """Never `the same`: they were not followed, or are recorded in another form."""
    cells = (msgspec.structs.replace(CELLS[0], outputs=outputs), *CELLS[1:])
    found = between(catalog, tmp_path, {}, {"cells": cells})
    assert [each.what for each in found.unknown] == ["outputs of cell 1"]
    assert found.sentence == "2 cells show the same, for 1 it is not known"


def test_what_only_speaks_to_us_is_no_result(catalog: Catalog, tmp_path: Path) -> None:
    """The name of a run differs each time; another seed in it is told as a seed."""
    cells = (msgspec.structs.replace(CELLS[0], outputs=""), *CELLS[1:])
    other = (msgspec.structs.replace(cells[0], source="another seed"), *CELLS[1:])
    found = between(catalog, tmp_path, {"cells": cells}, {"cells": other, "seed": SeedPlan(seed=7)})
    assert (found.outputs, found.unknown, found.same) == ((), (), 2)
    assert [each.area for each in found.explanations] == ["seed"]


def test_an_environment_that_is_lost_is_said(catalog: Catalog, tmp_path: Path) -> None:
    """The rest is compared."""
    ids = made(catalog, parcel(1, stood_on=NUMPY), parcel(2))
    catalog.store.remove(f"objects/{catalog.named(ids[0]).environment}.json")
    found = compared(catalog, catalog.named(ids[0]), catalog.named(ids[1]), folder=tmp_path)
    assert [each.what for each in found.unknown] == ["environment"]


def test_an_unknown_seed_is_said(catalog: Catalog, tmp_path: Path) -> None:
    """A kernel that was killed does not tell it."""
    found = between(catalog, tmp_path, {}, {"seed": None, "absent": {"seed": "it was killed"}})
    assert [each.what for each in found.unknown] == ["seed"]
    assert found.explanations == ()


def test_configurations_make_no_other_environment(catalog: Catalog, tmp_path: Path) -> None:
    """They are told by the run itself; where one run was not looked at, that is said."""
    found = between(catalog, tmp_path, {}, {"stood_on": environment(configs=(CONFIG,))})
    assert (found.explanations, [each.what for each in found.unknown]) == ((), ["configuration"])
    runs = [catalog.named(found.first), catalog.named(found.second)]
    assert len({run.environment for run in runs}) == 1
    assert [run.configs for run in runs if run.configs] == [(CONFIG,)]
