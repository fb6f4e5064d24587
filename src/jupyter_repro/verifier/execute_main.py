"""``python -m verifier.execute_main request.json``: run a notebook with this interpreter's jupyter_client.

The outer program has only the standard library, so it starts this one with the rebuilt environment's Python.
Events go to stdout as JSON lines, the last one is the notebook with fresh outputs: a pipe that the kernel does not
hold, so that no cell can write another result.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import functools
import json
import os
import sys
from pathlib import Path
from typing import Any, TextIO

from .errors import VerifierError
from .execute import KernelSpec, Limits, execute
from .installed import imported_as

__all__ = ["main"]

_SET_DUMPABLE = 4


def main(arguments: list[str]) -> int:
    """Serve one request; return an exit code of the verifier's."""
    out = _own_pipe()
    say = functools.partial(_write, out)
    request = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    notebook = json.loads(Path(request["notebook"]).read_text(encoding="utf-8"))
    kernel = KernelSpec(
        python=sys.executable,
        cwd=Path(request["cwd"]),
        arguments=tuple(request["arguments"]),
        environment=request["environment"],
        root=Path(request["root"]),
    )
    allow_errors(notebook, request["expected"])
    try:
        executed = execute(
            notebook,
            kernel=kernel,
            limits=Limits(**request["limits"]),
            on_event=lambda event: say(dataclasses.asdict(event)),
            only=request.get("only"),
        )
    except VerifierError as error:
        say({"failed": error.message, "remedy": error.remedy})
        return error.exit_code
    ours = executed.notebook["metadata"].setdefault("jupyter_repro", {})
    ours["modules_of"] = {name: imported_as(name) for name in request["packages"]}
    result = {
        "notebook": executed.notebook,
        "cells": [dataclasses.asdict(cell) for cell in executed.cells],
        "died": executed.died,
        "limit": executed.limit,
    }
    say({"result": result})
    return 0


def allow_errors(notebook: dict[str, Any], cells: list[str]) -> None:
    """Let the run go on after the errors that the author's own run had."""
    for cell in notebook["cells"]:
        if cell.get("id") in cells:
            metadata = cell.setdefault("metadata", {})
            metadata["tags"] = [*metadata.get("tags", ()), "raises-exception"]


def _own_pipe() -> TextIO:
    """Keep stdout for our own lines, and our memory and files from other processes of the same user."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="\n")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    return out


def _write(out: TextIO, row: dict[str, Any]) -> None:
    out.write(json.dumps(row) + "\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
