"""Shells and notebooks that tests share."""

from __future__ import annotations

import importlib.util
import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jupyter_repro.records import Status

if importlib.util.find_spec("hypothesis"):  # not where only the tests of large libraries run
    from hypothesis import HealthCheck, settings

    # a busy machine makes no test fail
    settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("no clock")

# a machine whose kernel forbids sandboxes runs our own bundles all the same; tests of the sandbox skip there
os.environ.setdefault("JUPYTER_REPRO_SANDBOX", "if-possible")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse names that hold an address: each worker would give such a test another one."""
    named = [item.nodeid for item in items if re.search(r" at 0x[0-9a-f]{12}\b", item.nodeid)]
    if named:
        raise pytest.UsageError(f"give these an id of their own: {', '.join(named)}")


class Bench:
    """A notebook on disk and a real in-process shell that runs its cells, as a front end would."""

    def __init__(self, shell: Any, path: Path) -> None:
        self.shell = shell
        self.path = path
        self.sources: dict[str, str] = {}

    def write(self, **cells: str) -> None:
        """Save a notebook with these cells, in this order."""
        self.sources = dict(cells)
        self.save()

    def save(self) -> None:
        """Write the notebook file."""
        nodes = [
            {
                "cell_type": "code",
                "id": name,
                "source": source,
                "metadata": {},
                "outputs": [],
                "execution_count": None,
            }
            for name, source in self.sources.items()
        ]
        self.path.write_text(
            json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": nodes}), encoding="utf-8"
        )

    def edit(self, name: str, source: str) -> None:
        """Change a cell and save."""
        self.sources[name] = source
        self.save()

    def delete(self, name: str) -> None:
        """Delete a cell and save."""
        del self.sources[name]
        self.save()

    def run(self, *names: str) -> Any:
        """Run cells in this order; return the last result."""
        result = None
        for name in names:
            result = self.shell.run_cell(self.sources[name], store_history=True, cell_id=name)
        return result

    def run_all(self) -> None:
        """Run every cell, top to bottom."""
        self.run(*self.sources)

    def status(self) -> Status:
        """Return the status of the notebook."""
        import jupyter_repro

        return jupyter_repro.status(self.path, shell=self.shell)

    def verdicts(self) -> dict[str, str]:
        """Return cell id -> verdict."""
        return {cell.id: cell.verdict for cell in self.status().cells}


def make_shell() -> Any:
    """Return a new in-process shell that keeps no history on disk."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    return InteractiveShell(config=config)


@pytest.fixture
def new_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Any]]:
    """Make shells; what they govern is given back at the end."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    shells: list[Any] = []

    def make() -> Any:
        shells.append(make_shell())
        return shells[-1]

    yield make
    for shell in shells:
        shell.run_line_magic("unload_ext", "jupyter_repro")


@pytest.fixture
def shell(new_shell: Callable[[], Any]) -> Any:
    """Return a shell with the extension loaded."""
    shell = new_shell()
    shell.run_line_magic("load_ext", "jupyter_repro")
    return shell


@pytest.fixture
def bench(shell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return a notebook file that the shell knows to be its own."""
    path = tmp_path / "analysis.ipynb"
    path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}', encoding="utf-8")
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    return Bench(shell, path)


@pytest.fixture
def shell_maker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Return what makes a bare shell, for tests that make many."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return make_shell
