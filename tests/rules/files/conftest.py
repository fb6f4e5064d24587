"""Notebook files made for a test."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def code_cell(source: str, **parts: Any) -> dict[str, Any]:
    """Return a code cell as Jupyter writes it."""
    return {
        "cell_type": "code",
        "execution_count": parts.pop("count", None),
        "id": parts.pop("id", f"c{abs(hash(source)) % 10**8:08}"),
        "metadata": {"tags": parts.pop("tags")} if "tags" in parts else {},
        "outputs": parts.pop("outputs", []),
        "source": source.splitlines(keepends=True),
    }


def document(*cells: str | dict[str, Any], language: str = "python", **more: Any) -> dict[str, Any]:
    """Return a notebook of these cells, as JSON."""
    made = [
        code_cell(each) | {"id": f"cell-{n}"} if isinstance(each, str) else each
        for n, each in enumerate(cells)
    ]
    return {
        "cells": made,
        "metadata": {"kernelspec": {"display_name": "x", "language": language, "name": "x"}},
        "nbformat": 4,
        "nbformat_minor": 5,
        **more,
    }


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a notebook file and return its path."""

    def written(*cells: str | dict[str, Any], name: str = "n.ipynb", **more: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document(*cells, **more), indent=1) + "\n", encoding="utf-8")
        return path

    return written


@pytest.fixture
def code() -> Callable[..., dict[str, Any]]:
    """Make one code cell."""
    return code_cell
