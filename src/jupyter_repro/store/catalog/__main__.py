"""Bring records that wait on this machine to their store: what a kernel leaves to a process of its own when it ends."""

from __future__ import annotations

import sys
from pathlib import Path

from jupyter_repro.errors import ReproError

from .opening import deliver, place_near

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Deliver what waits in a folder; return 1 where the store refuses, and it goes on waiting."""
    place = place_near(Path(arguments[0]), otherwise=arguments[1])
    try:
        with place.open() as catalog:
            deliver(catalog, place.folder)
    except ReproError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
