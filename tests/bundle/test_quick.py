"""The quick variant holds the tagged cells and what they need, no more than that."""

from __future__ import annotations

import pytest

from jupyter_repro.bundle.quick import quick_cells
from jupyter_repro.digest import source_digest
from jupyter_repro.errors import BadWord
from jupyter_repro.records import Cell, CellId


def _cells(*sources: str) -> tuple[Cell, ...]:
    """A source that ends with `#!` is tagged."""
    return tuple(
        Cell(
            id=CellId(str(number)),
            source=source.removesuffix("#!"),
            digest=source_digest(source),
            label=f"cell {number}",
            tags=("repro-smoke",) if source.endswith("#!") else (),
        )
        for number, source in enumerate(sources, 1)
    )


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["x = 1", "y = 2", "print(x)#!"], "13"),
        (["x = 1", "y = x + 1", "z = 5", "print(y)#!"], "124"),
        (["import numpy as np", "a = np.ones(3)", "b = np.zeros(3)", "print(b)#!"], "134"),
        (["rows = []", "rows.append(1)", "len(rows)#!"], "123"),
        (["rows = []", "len(rows)#!", "rows.append(1)"], "12"),
        (["%load_ext jupyter_repro\n%repro seed=42", "x = 1", "2#!"], "13"),
        (["def f():\n    return k", "k = 2", "f()#!"], "123"),
        (["x = 1", "x = 2", "print(x)#!"], "123"),
        (["x = 1", "print(x)"], ""),
    ],
    ids=["name", "chain", "import", "changed", "below", "ours", "function", "twice bound", "no tag"],
)
def test_what_is_needed(sources: list[str], expected: str) -> None:
    """Binding and changing count; what only an import binds does not drag its users along."""
    assert "".join(quick_cells(_cells(*sources))) == expected


def test_a_tagged_cell_that_cannot_be_read() -> None:
    """What it needs is not guessed."""
    with pytest.raises(BadWord, match="cell 1 is tagged"):
        quick_cells(_cells("%%bash\necho hi $USER ; #!"))
