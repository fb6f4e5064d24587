"""What the kernel of a canonical run is told."""

from __future__ import annotations

import pytest

from jupyter_repro.bundle.governing import governing_arguments, kernel_environment
from jupyter_repro.digest import source_digest
from jupyter_repro.records import Cell, CellId, SeedPlan

_LOAD = "--InteractiveShellApp.extensions=jupyter_repro"
_SEED = "--ReproMagics.seed=42"
_STRICT = "--ReproMagics.strictness=strict"
_NO_TIP = "--InteractiveShell.enable_tip=False"


def _cells(*sources: str) -> tuple[Cell, ...]:
    return tuple(
        Cell(id=CellId(f"c{n}"), source=source, digest=source_digest(source), label=f"cell {n}")
        for n, source in enumerate(sources, 1)
    )


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["1"], (_NO_TIP, _LOAD, _SEED, _STRICT)),
        (["%load_ext jupyter_repro\n%repro seed=42 strict"], ()),
        (["%load_ext jupyter_repro", "x = 1\n  %repro  seed = 7"], ()),
        (["%load_ext jupyter_repro\n%repro status"], (_NO_TIP, _SEED, _STRICT)),
        (["get_ipython().run_line_magic('load_ext', 'jupyter_repro')"], (_NO_TIP, _SEED, _STRICT)),
        (["# %load_ext jupyter_repro"], (_NO_TIP, _LOAD, _SEED, _STRICT)),
        (["%load_ext jupyter_repro_other"], (_NO_TIP, _LOAD, _SEED, _STRICT)),
        (["%load_ext jupyter_repro.kernel.recorder"], (_NO_TIP, _LOAD, _SEED, _STRICT)),
    ],
)
def test_arguments(sources: list[str], expected: tuple[str, ...]) -> None:
    """Nothing is added that the cells do themselves."""
    assert expected == governing_arguments(_cells(*sources), SeedPlan(seed=42, strictness="strict"))


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (SeedPlan(), ()),
        (SeedPlan(seed=42), (_NO_TIP, _LOAD, _SEED)),
        (SeedPlan(seed=42, per_cell=True), (_NO_TIP, _LOAD, _SEED, "--ReproMagics.per_cell=True")),
        (SeedPlan(strictness="strict"), (_NO_TIP, _LOAD, _STRICT)),
    ],
)
def test_only_what_the_plan_states(plan: SeedPlan, expected: tuple[str, ...]) -> None:
    """No default seed and no default strictness."""
    assert expected == governing_arguments(_cells("1"), plan)


def test_threads_in_force_are_fixed() -> None:
    """A variable of the author's wins over the number of cores."""
    environment = kernel_environment({"MKL_NUM_THREADS": "3", "SECRET": "x"}, cores=8)
    assert environment == {
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "315532800",
        "OMP_NUM_THREADS": "8",
        "OPENBLAS_NUM_THREADS": "8",
        "MKL_NUM_THREADS": "3",
    }


def test_recorded_answers_must_be_replayed() -> None:
    """Only where the notebook records some is the kernel told so."""
    record = Cell(id=CellId("a"), source="%%repro http record api\n1", digest="", label="cell 1")
    other = Cell(id=CellId("b"), source="# %%repro http record\n1", digest="", label="cell 2")
    assert kernel_environment({}, cores=1, cells=[other, record])["JUPYTER_REPRO_HTTP"] == "replay"
    assert "JUPYTER_REPRO_HTTP" not in kernel_environment({}, cores=1, cells=[other])
