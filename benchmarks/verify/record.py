"""Run a notebook of the kinds several times, each in a kernel of its own, and print the runs as JSON.

Run inside an environment that has the libraries; ``python record.py 4``.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from changes import SOURCES
from nbclient import NotebookClient
from volatile import KINDS

__all__ = ["main"]

_HOMES = ("/home/ada/paper", "/home/bo/review")
"""Where the environment is said to lie: the last run is a reader's."""


def _notebook() -> nbformat.NotebookNode:
    node = nbformat.v4.new_notebook()
    sources = [(f"kind-{i:02}", kind.source, kind.tags) for i, kind in enumerate(KINDS, 1)]
    sources += [(name, source, ("raises-exception",)) for name, source in SOURCES.items()]
    for name, source, tags in sources:
        cell = nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})
        cell["id"] = name
        node.cells.append(cell)
    return node


def _run(folder: str) -> nbformat.NotebookNode:
    node = _notebook()
    NotebookClient(node, timeout=120, resources={"metadata": {"path": folder}}).execute()
    for cell in node.cells:
        cell.metadata.pop("execution", None)
    node.metadata.clear()
    return node


def main() -> None:
    """Print the runs."""
    count = int(sys.argv[1])
    os.environ["PYTHONHASHSEED"] = "0"
    with tempfile.TemporaryDirectory(prefix="kinds-") as folder:
        Path(folder, "data").mkdir()
        texts = [json.dumps(_run(folder)) for _ in range(count)]
    homes = [_HOMES[0]] * (count - 1) + [_HOMES[1]]
    print(
        json.dumps(
            [json.loads(text.replace(sys.prefix, home)) for text, home in zip(texts, homes, strict=True)]
        )
    )


if __name__ == "__main__":
    main()
