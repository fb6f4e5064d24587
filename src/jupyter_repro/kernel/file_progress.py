"""How far the reading of files has come, as one line of text that is taken away at the end."""

from __future__ import annotations

import sys
import time

__all__ = ["LineProgress"]

_PATIENCE_S = 1.0
_BETWEEN_S = 0.5
_GB = 1 << 30


class LineProgress:
    """Writes to stderr, and only if it takes longer than a second."""

    def __init__(self) -> None:
        self._next = 0.0
        self._width = 0
        self._files = self._size = 0
        self._all_files = self._all_size = 0

    def begin(self, files: int, size: int) -> None:
        """So many files and bytes are to be read."""
        self._next = time.monotonic() + _PATIENCE_S
        self._files = self._size = 0
        self._all_files, self._all_size = files, size

    def done(self, files: int, size: int) -> None:
        """So many more have been read."""
        self._files += files
        self._size += size
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _BETWEEN_S
        self._show(
            f"repro: read {self._files:,} of {self._all_files:,} files, "
            f"{self._size / _GB:.1f} of {self._all_size / _GB:.1f} GB"
        )

    def end(self) -> None:
        """Take the line away."""
        if self._width:
            self._show("")
            self._width = 0

    def _show(self, text: str) -> None:
        sys.stderr.write(f"\r{text.ljust(self._width)}" + ("" if text else "\r"))
        sys.stderr.flush()
        self._width = max(self._width, len(text))
