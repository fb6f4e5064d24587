"""Start a command under a memory limit: ``python limited.py BYTES COMMAND...``."""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main(arguments: list[str]) -> None:
    """Set the limit and become the command."""
    import resource

    size = int(arguments[0])
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    os.execv(arguments[1], arguments[1:])  # noqa: S606 - no shell on purpose


if __name__ == "__main__":
    main(sys.argv[1:])
