"""An index's wheel is brought byte for byte, or not at all."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.bundle.index import Offer
from jupyter_repro.bundle.wheelhouse import fetch_wheel

if TYPE_CHECKING:
    from pathlib import Path


def _offer(path: Path, *, sha256: str = "") -> Offer:
    digest = sha256 or hashlib.sha256(path.read_bytes()).hexdigest()
    return Offer(file="p-1-py3-none-any.whl", url=path.as_uri(), sha256=digest, tags=frozenset(), build="")


def test_it_is_brought(tmp_path: Path) -> None:
    """The very bytes."""
    source = tmp_path / "source.whl"
    source.write_bytes(b"wheel")
    (tmp_path / "out").mkdir()
    found = fetch_wheel(_offer(source), tmp_path / "out")
    assert found is not None
    assert (found.name, found.read_bytes()) == ("p-1-py3-none-any.whl", b"wheel")


@pytest.mark.parametrize("kind", ["other bytes", "gone"])
def test_it_cannot_be_had(tmp_path: Path, kind: str) -> None:
    """Nothing stays behind."""
    source = tmp_path / "source.whl"
    source.write_bytes(b"wheel")
    offer = _offer(source, sha256="0" * 64 if kind == "other bytes" else "")
    if kind == "gone":
        source.unlink()
    (tmp_path / "out").mkdir()
    assert fetch_wheel(offer, tmp_path / "out") is None
    assert not list((tmp_path / "out").iterdir())
