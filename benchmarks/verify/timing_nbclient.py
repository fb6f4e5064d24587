"""Run a notebook with nbclient and nothing else; with a second path, save it there."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

path = Path(sys.argv[1])
node = nbformat.read(path, as_version=4)
NotebookClient(node, resources={"metadata": {"path": str(path.parent)}}).execute()
if len(sys.argv) > 2:
    nbformat.write(node, sys.argv[2])
