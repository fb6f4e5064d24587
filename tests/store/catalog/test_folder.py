"""A store in a folder."""

from __future__ import annotations

import errno
import os
import stat
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.errors import BadSettings, StorageFailed
from jupyter_repro.store.catalog.folder import FolderStore
from jupyter_repro.store.catalog.places import open_store

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_written_stays(tmp_path: Path) -> None:
    """A second write of a name changes nothing and says so."""
    store = FolderStore(tmp_path / "new" / "store")
    assert store.read("runs/a.json") is None
    assert store.names("runs") == ()
    assert store.put("runs/a.json", b"1")
    assert not store.put("runs/a.json", b"2")
    assert store.read("runs/a.json") == b"1"
    assert store.names("runs") == ("a.json",)
    assert (store.size("runs/a.json"), store.size("runs/b.json")) == (1, 0)
    store.remove("runs/a.json")
    store.remove("runs/a.json")
    assert store.names("runs") == ()
    assert store.changed("runs/a.json") is None


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The same promises, by renaming."""

    def no_link(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", no_link)
    store = FolderStore(tmp_path)
    assert store.put("runs/a.json", b"1")
    assert not store.put("runs/a.json", b"2")
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["a.json"]


def test_of_many_writers_one_wins(tmp_path: Path) -> None:
    """Nobody sees half a file, nothing is left over."""
    stores = [FolderStore(tmp_path) for _ in range(8)]
    gate = threading.Barrier(8)
    won: list[bool] = []

    def write(number: int) -> None:
        gate.wait()
        won.append(stores[number].put("runs/a.json", str(number).encode() * 100_000))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(won) == 1
    found = stores[0].read("runs/a.json")
    assert found is not None
    assert (len(found), len(set(found))) == (100_000, 1)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["a.json"]


@pytest.mark.parametrize("call", ["write", "fsync", "link"])
def test_a_disk_that_refuses_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The reason is told."""
    store = FolderStore(tmp_path)
    store.put("runs/first.json", b"1")

    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if call == "write":
        monkeypatch.setattr(os, "fdopen", refuse)
    else:
        monkeypatch.setattr(os, call, refuse)
    with pytest.raises(StorageFailed, match="the disk is full"):
        store.put("runs/a.json", b"1")
    monkeypatch.undo()
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["first.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX's")
@pytest.mark.parametrize(("private", "mode"), [(True, 0o600), (False, 0o640)])
def test_who_may_read_it(tmp_path: Path, private: bool, mode: int) -> None:  # noqa: FBT001 - a table
    """A notebook's own records belong to its owner, those of a team to whom the umask allows."""
    before = os.umask(0o027)
    try:
        FolderStore(tmp_path, private=private).put("runs/a.json", b"1")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "runs" / "a.json").stat().st_mode) == mode


@pytest.mark.parametrize("told", ["runs", "{}/runs", "file://{}/runs"])
def test_addresses_of_folders(tmp_path: Path, told: str) -> None:
    """Relative to what is given, absolute, or as a URL."""
    store = open_store(told.format(tmp_path), beside=tmp_path)
    assert store.local
    assert store.where == str(tmp_path / "runs")


def test_a_password_in_an_address_is_refused(tmp_path: Path) -> None:
    """It would be in every message."""
    with pytest.raises(BadSettings, match="holds a password"):
        open_store("s3://key:secret@bucket/runs", beside=tmp_path)
