"""Data travel until the budget is full; what does not fit goes by an address, or is told as missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_repro.bundle.budget import budgeted, over_budget
from jupyter_repro.bundle.gather import Gathered
from jupyter_repro.bundle.options import Address
from jupyter_repro.errors import BadWord
from jupyter_repro.records import InputFile


def _file(path: str, size: int, role: str = "data") -> InputFile:
    return InputFile(path=path, role=role, sha256="a" * 64, size=size)  # type: ignore[arg-type] # of the test


def _gathered(*files: InputFile) -> Gathered:
    return Gathered(
        root=Path("/project"), packed=files, external=(), kept_out=(), unreadable=(), links=(), rewritten=()
    )


@pytest.mark.parametrize(
    ("budget", "left_out"),
    [(100, []), (60, ["b"]), (30, ["b"]), (29, ["b", "c"]), (0, ["b", "c", "a"])],
)
def test_the_largest_goes_first(budget: int, left_out: list[str]) -> None:
    """As few files as possible stay behind."""
    files = [_file("a", 10), _file("b", 50), _file("c", 20)]
    assert [file.path for file in over_budget(files, budget)] == left_out


def test_an_address_is_used_in_any_case() -> None:
    """What the author gives an address goes by it; modules are always packed."""
    found = budgeted(
        _gathered(_file("a", 10), _file("b", 50), _file("m.py", 90, "source")),
        max_data=10,
        addresses=[Address(path="a", url="https://x.org/a")],
    )
    assert [file.path for file in found.packed] == ["m.py"]
    assert [(each.file.path, each.url) for each in found.fetched] == [("a", "https://x.org/a"), ("b", "")]


def test_an_address_of_nothing() -> None:
    """A slip in a name is told with the names there are."""
    with pytest.raises(BadWord, match=r"`x` has an address.*name it.*: a"):
        budgeted(_gathered(_file("a", 1)), max_data=9, addresses=[Address(path="x", url="https://x.org/x")])
