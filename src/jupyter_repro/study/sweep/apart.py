"""The process of one run of a function: ``python -m jupyter_repro.study.sweep.apart``, asked on stdin, told on stdout."""

from __future__ import annotations

import os
import pickle
import sys

import msgspec

from .calling import call_here

__all__ = ["main"]


def main() -> int:
    """Read a task, run it, write what came of it; return the exit status."""
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    task = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - our own bytes
    with channel:
        channel.write(msgspec.json.encode(call_here(task)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
