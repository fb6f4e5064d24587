"""The cache of digests never tells the digest of other bytes."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.inputs.stat_cache import Signature, StatCache

if TYPE_CHECKING:
    from pathlib import Path

OLD_NS = 1_000_000_000 * 10**9


def old(path: Path, data: bytes = b"x") -> Signature:
    """Make a file that looks as if it had not been changed for long, and wait until its inode is no longer young."""
    path.write_bytes(data)
    os.utime(path, ns=(OLD_NS, OLD_NS))
    return Signature.of(path.stat())


def settled(signature: Signature) -> Signature:
    """Return it as it would be some seconds later: the time of status change cannot be set by hand."""
    return Signature(
        signature.size, signature.mtime_ns, signature.ctime_ns - 10 * 10**9, signature.inode, signature.device
    )


def test_a_digest_is_kept_from_one_time_to_the_next(tmp_path: Path) -> None:
    """In a file that only its owner reads."""
    place, signature = tmp_path / "digests.sqlite3", settled(old(tmp_path / "a"))
    with StatCache(place) as cache:
        cache.put("/a", signature, "0" * 64)
    with StatCache(place) as cache:
        assert cache.get("/a", signature) == "0" * 64
    assert place.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("field", ["size", "mtime_ns", "ctime_ns", "inode", "device"])
def test_anything_else_than_the_same_signature_is_read_again(field: str, tmp_path: Path) -> None:
    """Also where only one of them differs."""
    signature = settled(old(tmp_path / "a"))
    with StatCache(tmp_path / "c") as cache:
        cache.put("/a", signature, "0" * 64)
    changed = {each: getattr(signature, each) for each in signature.__struct_fields__}
    changed[field] += 1
    with StatCache(tmp_path / "c") as cache:
        assert cache.get("/a", Signature(**changed)) is None


def test_a_young_file_is_not_kept(tmp_path: Path) -> None:
    """What was modified just now may be modified again in the same tick, unseen ("racily clean")."""
    young = old(tmp_path / "a")  # its time of modification is old, that of its status is not
    future = Signature(1, time.time_ns() + 10**12, OLD_NS, young.inode, young.device)
    with StatCache(tmp_path / "c") as cache:
        cache.put("/a", young, "0" * 64)
        cache.put("/b", future, "0" * 64)
    with StatCache(tmp_path / "c") as cache:
        assert cache.get("/a", young) is None
        assert cache.get("/b", future) is None


def test_a_file_on_another_disk_has_to_be_older(tmp_path: Path) -> None:
    """Its clock may be another machine's."""
    here = settled(old(tmp_path / "a"))
    there = Signature(here.size, here.mtime_ns, here.ctime_ns, here.inode, here.device + 1)
    long_ago = Signature(1, OLD_NS, OLD_NS, here.inode, here.device + 1)
    with StatCache(tmp_path / "c") as cache:
        cache.put("/a", there, "0" * 64)
        cache.put("/b", long_ago, "0" * 64)
    with StatCache(tmp_path / "c") as cache:
        assert cache.get("/a", there) is None
        assert cache.get("/b", long_ago) == "0" * 64


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 200])
def test_a_damaged_cache_costs_time_only(damage: bytes, tmp_path: Path) -> None:
    """It is made anew."""
    place, signature = tmp_path / "c", settled(old(tmp_path / "a"))
    place.write_bytes(damage)
    with StatCache(place) as cache:
        assert cache.get("/a", signature) is None
        cache.put("/a", signature, "0" * 64)
    with StatCache(place) as cache:
        assert cache.get("/a", signature) == "0" * 64


def test_a_cache_that_cannot_be_had_keeps_nothing(tmp_path: Path) -> None:
    """No folder, no cache; and None means none."""
    signature = settled(old(tmp_path / "a"))
    for place in (tmp_path / "gone" / "c", None):
        with StatCache(place) as cache:
            cache.put("/a", signature, "0" * 64)
            assert cache.get("/a", signature) is None


def test_another_process_that_writes_is_not_waited_for_while_files_are_read(tmp_path: Path) -> None:
    """New digests are held back until the end."""
    place, signature = tmp_path / "c", settled(old(tmp_path / "a"))
    with StatCache(place) as one:
        one.put("/a", signature, "0" * 64)
        with StatCache(place) as other:
            other.put("/b", signature, "1" * 64)
        with contextlib.closing(sqlite3.connect(place)) as found:
            assert found.execute("SELECT sha256 FROM digest").fetchall() == [("1" * 64,)]


def test_without_trust_all_is_read_and_kept(tmp_path: Path) -> None:
    """A full look serves the next quick one."""
    place, signature = tmp_path / "c", settled(old(tmp_path / "a"))
    with StatCache(place, trust=False) as cache:
        cache.put("/a", signature, "0" * 64)
    with StatCache(place, trust=False) as cache:
        assert cache.get("/a", signature) is None
    with StatCache(place) as cache:
        assert cache.get("/a", signature) == "0" * 64
