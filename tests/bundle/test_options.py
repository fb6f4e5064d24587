"""What an author writes becomes one record, or one line that says what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.bundle.options import (
    Address,
    ExportWish,
    Waiver,
    address_from,
    as_options,
    size_from,
    waiver_from,
)
from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("text", "size"),
    [("500MB", 500_000_000), ("2 GB", 2_000_000_000), ("1.5k", 1500), ("0", 0), ("7", 7), ("1GiB", 10**9)],
)
def test_sizes(text: str, size: int) -> None:
    """Units are those of disks."""
    assert size_from(text) == size


def test_a_waiver_and_an_address() -> None:
    """A reason may hold anything; so may a query."""
    assert waiver_from("rp801= a clock = noise ") == Waiver(code="RP801", reason="a clock = noise")
    assert address_from("d/x.bin=https://x.org/d?a=b") == Address(path="d/x.bin", url="https://x.org/d?a=b")


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (size_from, "much"),
        (size_from, "-1"),
        (waiver_from, "RP801"),
        (waiver_from, "RP801="),
        (waiver_from, "all=because"),
        (address_from, "x.bin"),
        (address_from, "x.bin=s3://bucket/x"),
        (address_from, "x.bin=https://me:secret@x.org/x"),
    ],
    ids=["size-word", "size-negative", "no-reason", "empty-reason", "no-code", "no-url", "s3", "password"],
)
def test_slips(read: Callable[[str], object], text: str) -> None:
    """What is not understood, or would tell a password, is refused with an example."""
    with pytest.raises(BadWord, match=r"write|name"):
        read(text)


def test_a_wish_becomes_options() -> None:
    """No field of the wish is lost on the way."""
    wish = ExportWish(calibrate=2, offline=True, max_data=7, waivers=(Waiver(code="RP801", reason="x"),))
    options = as_options(wish, output=Path("x.zip"))
    assert {name: getattr(options, name) for name in ExportWish.__struct_fields__} == {
        name: getattr(wish, name) for name in ExportWish.__struct_fields__
    }
