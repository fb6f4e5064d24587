"""Writing without letting go of the interpreter.

``os.write`` releases the GIL. At the end of a short cell IPython's history thread waits for it, takes it, and
gives it back when SQLite has committed: on two busy cores that made a trivial cell 1.5 ms slower, while the
write itself takes 20 microseconds. A file that once was slow is written with ``os.write`` from then on, so that
no hanging disk stops other threads.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
import time
from typing import Any

__all__ = ["HeldWrite"]

_SLOW_S = 0.1
"""A busy machine alone may well keep a process waiting for some hundredths of a second."""


def _of_libc() -> Any:
    if sys.platform == "win32":
        return None
    try:
        # PyDLL, unlike CDLL, calls with the GIL held
        write = ctypes.PyDLL(None, use_errno=True).write
    except (OSError, AttributeError):
        return None
    write.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t)
    write.restype = ctypes.c_ssize_t
    return write


_WRITE = _of_libc()


class HeldWrite:
    """Writes bytes to a file as ``os.write`` does, for one file."""

    def __init__(self) -> None:
        self._write = _WRITE

    def __call__(self, handle: int, data: bytes) -> int:
        """Write what the file takes of the data; return how many bytes that was.

        Raises:
            OSError: As ``os.write``.
        """
        if self._write is None:
            return os.write(handle, data)
        began = time.perf_counter()
        done: int = self._write(handle, data, len(data))
        if time.perf_counter() - began > _SLOW_S:
            self._write = None
        if done >= 0:
            return done
        code = ctypes.get_errno()
        if code == errno.EINTR:
            return 0
        raise OSError(code, os.strerror(code))
