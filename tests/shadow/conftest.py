"""Notebooks that were run and saved, as an author leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def run_notebook() -> Callable[..., Path]:
    """Return what writes cells to a notebook, runs them and saves it."""

    def make(path: Path, *sources: str, run: bool = True) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = [nbformat.v4.new_code_cell(source, id=f"c{at}") for at, source in enumerate(sources, 1)]
        node = nbformat.v4.new_notebook(cells=cells)
        if run:
            NotebookClient(
                node, allow_errors=True, resources={"metadata": {"path": str(path.parent)}}
            ).execute()
        nbformat.write(node, path)
        return path

    return make
