"""`HeldWrite`: as `os.write`, without letting go of the interpreter."""

from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from jupyter_repro.store import held_write
from jupyter_repro.store.held_write import HeldWrite


def test_what_is_written_is_in_the_file(tmp_path: Path) -> None:
    """Bytes with zeros among them, several times, at the end of the file."""
    path = tmp_path / "file"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    write = HeldWrite()
    try:
        assert write(handle, b"a\0b\n") == len(b"a\0b\n")
        assert write(handle, b"c") == 1
    finally:
        os.close(handle)
    assert path.read_bytes() == b"a\0b\nc"


def test_a_refusal_has_its_reason() -> None:
    """A handle that is closed."""
    handle = os.open(os.devnull, os.O_WRONLY)
    os.close(handle)
    with pytest.raises(OSError, match=os.strerror(errno.EBADF)) as caught:
        HeldWrite()(handle, b"x")
    assert caught.value.errno == errno.EBADF


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_says_so() -> None:
    """`OSError` with ENOSPC, as from `os.write`."""
    handle = os.open("/dev/full", os.O_WRONLY)
    try:
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            HeldWrite()(handle, b"x")
    finally:
        os.close(handle)


def test_a_slow_file_is_written_as_others_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After one slow write other threads go on while the next ones last."""
    monkeypatch.setattr(held_write, "_SLOW_S", -1.0)
    seen: list[int] = []
    real = os.write

    def noted(handle: int, data: bytes) -> int:
        seen.append(len(data))
        return real(handle, data)

    monkeypatch.setattr("jupyter_repro.store.held_write.os.write", noted)
    handle = os.open(tmp_path / "file", os.O_WRONLY | os.O_CREAT)
    write = HeldWrite()
    try:
        write(handle, b"one")
        write(handle, b"four")
    finally:
        os.close(handle)
    assert seen == [4]
    assert (tmp_path / "file").read_bytes() == b"onefour"


@pytest.mark.skipif(held_write._WRITE is None, reason="there is no libc to ask")
def test_no_other_thread_runs_meanwhile() -> None:
    """A write that waits for a slow reader lets no thread in: here it waits, so that it can be seen."""
    slow = "import sys, time; time.sleep(0.5); sys.stdin.buffer.read()"
    reader = subprocess.Popen([sys.executable, "-c", slow], stdin=subprocess.PIPE)
    assert reader.stdin is not None
    turns: list[float] = []
    go_on = True

    def spin() -> None:
        while go_on:
            turns.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=spin, daemon=True)
    thread.start()
    try:
        HeldWrite()(reader.stdin.fileno(), bytes(1_000_000))
    finally:
        go_on = False
        thread.join()
        reader.stdin.close()
        reader.wait()
    pauses = [after - before for before, after in itertools.pairwise(turns)]
    assert max(pauses, default=0.5) > 0.2
