"""The digest is of the bytes, and a file that is no file is never read."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_repro.digest import file_digest, files

if TYPE_CHECKING:
    from pathlib import Path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary())
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    """SHA-256 and size."""
    path = tmp_path / "a"
    path.write_bytes(data)
    assert file_digest(path) == (hashlib.sha256(data).hexdigest(), len(data))


@pytest.mark.parametrize("size", [0, 1, files._CHUNK - 1, files._CHUNK, files._CHUNK + 1, 3 * files._CHUNK])
def test_sizes_around_the_chunk(tmp_path: Path, size: int) -> None:
    """Streaming loses no byte at its seams."""
    path = tmp_path / "a"
    data = bytes(index % 251 for index in range(997)) * (size // 997 + 1)
    path.write_bytes(data[:size])
    assert file_digest(path) == (hashlib.sha256(data[:size]).hexdigest(), size)


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "loop", "missing"])
def test_what_is_no_regular_file_is_an_error_and_no_hang(tmp_path: Path, kind: str) -> None:
    """A pipe without a writer would wait for ever, ``/dev/zero`` never end."""
    path = tmp_path / "x"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    with pytest.raises(OSError, match=r"/x|directory"):
        file_digest(path)


@pytest.mark.parametrize("change", ["grow", "rewrite"])
def test_a_file_that_changes_while_it_is_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """A digest of half old and half new bytes is nobody's."""
    path = tmp_path / "a"
    path.write_bytes(b"12345678")
    os.utime(path, ns=(1, 1))
    real = hashlib.sha256

    class Changing:
        """SHA-256 during whose work somebody writes the file."""

        def __init__(self) -> None:
            self.real = real()

        def update(self, data: bytes) -> None:
            self.real.update(data)
            if change == "grow":
                with path.open("ab") as out:
                    out.write(b"9")
            else:
                path.write_bytes(b"87654321")
            monkeypatch.setattr(Changing, "update", lambda _self, _data: None)

        def hexdigest(self) -> str:
            return self.real.hexdigest()

    monkeypatch.setattr(files.hashlib, "sha256", Changing)
    with pytest.raises(OSError, match="changed while it was read"):
        file_digest(path)


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    """Also where the digest fails."""
    opened = os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else []  # noqa: PTH208, PTH112 - a count
    if not opened:
        pytest.skip("needs /proc")
    os.mkfifo(tmp_path / "pipe")
    for _ in range(20):
        with pytest.raises(OSError, match="regular"):
            file_digest(tmp_path / "pipe")
    assert len(os.listdir("/proc/self/fd")) <= len(opened)  # noqa: PTH208 - as above
