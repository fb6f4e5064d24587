"""``python -m verifier.execute_main request.json``: run a notebook with this interpreter's jupyter_client.

The outer program has only the standard library, so it starts this one with the rebuilt environment's Python.
Events go to stdout as JSON lines; the notebook with fresh outputs goes to the path that the request names.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

from .errors import VerifierError
from .execute import Event, KernelSpec, Limits, execute
from .installed import imported_as

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Serve one request; return an exit code of the verifier's."""
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
        executed = execute(notebook, kernel=kernel, limits=Limits(**request["limits"]), on_event=_tell)
    except VerifierError as error:
        _say({"failed": error.message, "remedy": error.remedy})
        return error.exit_code
    ours = executed.notebook["metadata"].setdefault("jupyter_repro", {})
    ours["modules_of"] = {name: imported_as(name) for name in request["packages"]}
    result = {
        "notebook": executed.notebook,
        "cells": [dataclasses.asdict(cell) for cell in executed.cells],
        "died": executed.died,
        "limit": executed.limit,
    }
    Path(request["result"]).write_text(json.dumps(result), encoding="utf-8")
    return 0


def allow_errors(notebook: dict[str, Any], cells: list[str]) -> None:
    """Let the run go on after the errors that the author's own run had."""
    for cell in notebook["cells"]:
        if cell.get("id") in cells:
            metadata = cell.setdefault("metadata", {})
            metadata["tags"] = [*metadata.get("tags", ()), "raises-exception"]


def _tell(event: Event) -> None:
    _say(dataclasses.asdict(event))


def _say(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
