"""What is installed, held against what was locked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.verifier.errors import BundleRejected
from jupyter_repro.verifier.locked import compare_with_locked

if TYPE_CHECKING:
    from pathlib import Path


def _row(version: str, digest: str = "d") -> dict[str, str]:
    return {"version": version, "sha256": digest}


def _compare(
    folder: Path, locked: Any, found: dict[str, dict[str, str]], own: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    (folder / "env").mkdir()
    (folder / "env/records.json").write_text(json.dumps(locked), encoding="utf-8")
    return compare_with_locked(folder, found, own=frozenset(own))


@pytest.mark.parametrize(
    ("locked", "found", "own", "told"),
    [
        ({"a": _row("1")}, {"a": _row("1")}, (), ((), ())),
        ({"a": _row("1")}, {"a": _row("2")}, (), (("a 2 (locked 1)",), ())),
        ({"a": _row("1")}, {}, (), (("a missing (locked 1)",), ())),
        ({}, {"a": _row("1")}, (), (("a 1 (not locked)",), ())),
        ({"a": _row("1")}, {"a": _row("1", "e")}, (), ((), ("a",))),
        ({"a": _row("1", "")}, {"a": _row("1", "")}, (), ((), ("a",))),
        ({}, {"pip": _row("1")}, ("pip",), ((), ())),
        ({"pip": _row("2")}, {"pip": _row("1")}, ("pip",), ((), ())),
        ({"pip": _row("2", "x")}, {"pip": _row("2")}, ("pip",), ((), ())),
    ],
)
def test_compare(
    tmp_path: Path, locked: Any, found: dict[str, dict[str, str]], own: tuple[str, ...], told: tuple[Any, Any]
) -> None:
    """Versions, missing and extra packages, other bytes; two absent digests prove nothing."""
    assert told == _compare(tmp_path, locked, found, own)


@pytest.mark.parametrize("locked", [[], 1, {"a": 1}, {"a": {}}, {"a": {"version": 1, "sha256": "x"}}])
def test_malformed(tmp_path: Path, locked: Any) -> None:
    """A bundle whose record is not a record is a bad bundle."""
    with pytest.raises(BundleRejected) as caught:
        _compare(tmp_path, locked, {})
    assert caught.value.reason == "records"


def test_missing(tmp_path: Path) -> None:
    """Without a record nothing could be held against it."""
    with pytest.raises(BundleRejected) as caught:
        compare_with_locked(tmp_path, {}, own=frozenset())
    assert caught.value.reason == "missing member"
