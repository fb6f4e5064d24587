"""A file is whole or absent, whatever happens in between."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from typing import IO, TYPE_CHECKING

import pytest

from jupyter_repro.canonical import write_atomic
from jupyter_repro.canonical.write import replacing
from jupyter_repro.errors import StorageFailed

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_holds_the_bytes_and_nothing_else_is_left(tmp_path: Path) -> None:
    """New and replaced files alike."""
    path = tmp_path / "a.json"
    for data in (b"one", b"", b"two"):
        write_atomic(path, data)
        assert path.read_bytes() == data
    assert names(tmp_path) == ["a.json"]


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_the_mode_is_that_of_any_new_file(tmp_path: Path, mask: int) -> None:
    """Not the private mode of a temporary file; and the user's umask is left as it was."""
    former = os.umask(mask)
    try:
        write_atomic(tmp_path / "a", b"x")
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o666 & ~mask
    finally:
        assert os.umask(former) == mask


def _fail_in_the_midst(out: IO[bytes]) -> None:
    out.write(b"half")
    raise KeyError


def test_an_error_in_the_block_leaves_the_old_file(tmp_path: Path) -> None:
    """The caller's own error comes through as it is."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(KeyError), replacing(path) as out:
        _fail_in_the_midst(out)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize(
    "step", ["os.fsync", "tempfile.mkstemp", "pathlib.Path.replace", "pathlib.Path.chmod"]
)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS])
def test_a_failing_step_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    """The fault of a disk is injected at each operation; one clear error, and no temporary file stays."""
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(step, fail)
        with pytest.raises(StorageFailed, match="cannot write"):
            write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_full_disk_leaves_the_old_file(tiny_disk: Path) -> None:
    """A real disk without space."""
    path = tiny_disk / "a"
    path.write_bytes(b"old")
    with pytest.raises(StorageFailed, match="the disk is full"):
        write_atomic(path, b"x" * 100_000)
    assert path.read_bytes() == b"old"
    assert names(tiny_disk) == ["a"]


KILLED = """
import os, signal, sys
from pathlib import Path
import jupyter_repro.canonical.write as write
step, path = sys.argv[1], Path(sys.argv[2])
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
if step == "fsync":
    os.fsync = die
elif step == "rename":
    Path.replace = die
elif step == "folder":
    write.sync_folder = die
write.write_atomic(path, b"new" * 1000)
"""


@pytest.mark.parametrize(
    ("step", "expected"), [("fsync", b"old"), ("rename", b"old"), ("folder", b"new" * 1000)]
)
def test_a_kill_between_two_steps_leaves_a_whole_file(tmp_path: Path, step: str, expected: bytes) -> None:
    """Old before the rename, new after it; never a part. Only a stray temporary file may stay."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", KILLED, step, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == expected
    assert all(name == "a" or (name.startswith(".jr-") and name.endswith(".tmp")) for name in names(tmp_path))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: folder / "missing" / "a", "the folder does not exist"),
        (lambda folder: folder, "a folder has that name"),
        (lambda folder: folder / "file" / "a", "its parent is not a folder"),
    ],
)
def test_a_bad_target_is_one_clear_error(tmp_path: Path, make: object, reason: str) -> None:
    """What, where, and what to do."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed, match=reason) as caught:
        write_atomic(make(tmp_path), b"x")  # type: ignore[operator]  # a function from the table
    assert caught.value.remedy
