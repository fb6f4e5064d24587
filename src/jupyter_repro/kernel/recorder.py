"""Extension for the canonical run: writes down which files and modules the notebook used.

It is loaded by ``%repro export`` through the kernel's command line, adds nothing to outputs, and does
nothing unless ``JUPYTER_REPRO_INPUTS`` names the file to write.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.canonical import dumps, write_atomic
from jupyter_repro.inputs.opened import FileWatch, blind_spots, unwatched
from jupyter_repro.shadow.guard import WRITABLE_ENV, hold_back

from .boundary import Boundary
from .hooks import Hooks
from .namespace import ShellNames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.bundle.standing import CellFacts
    from jupyter_repro.inputs.opened import Opened
    from jupyter_repro.records.configs import Config
    from jupyter_repro.records.system import Loaded

__all__ = ["load_ipython_extension"]

VARIABLE = "JUPYTER_REPRO_INPUTS"


class _Recorder:
    def __init__(self, target: Path, shell: Any) -> None:
        self.target = target
        self.shell = shell
        self.names = ShellNames(shell)
        self.folder = Path.cwd()
        """The notebook's, as the kernel begins there."""
        self.watch = FileWatch()
        self.modules_before = frozenset(sys.modules)
        self.read: dict[str, None] = {}
        self.written: dict[str, None] = {}
        self.products: dict[str, None] = {}
        self.effects: dict[str, None] = {}
        self.programs: dict[str, None] = {}
        self.loaded: Loaded | None = None
        self.asked_for: set[str] = set()
        """Modules that we have imported to ask."""
        self.asking = Boundary()
        """What fails there must not keep the files from being told."""
        self.counted = 0
        """How many modules were imported when the libraries were last asked."""

    def begin(self, _info: Any) -> None:
        self.watch.start()

    def end(self, result: Any) -> None:
        taken = self.watch.take()
        with unwatched():
            self.asking.guard(self._ask)(getattr(result.info, "raw_cell", None) or "")
        self.read.update(dict.fromkeys(self.watch.take_beside()))
        products = frozenset((*taken.written_first, *taken.absent_first))
        for path in taken.read:
            if path in self.written or path in products:
                self.products[path] = None
            elif path not in self.read:
                self.read[path] = None
        with unwatched():
            configs = self.asking.guard(self._configs)()
            cells = self.asking.guard(self._cells)()
        self.written.update(dict.fromkeys(taken.written))
        self.effects.update(dict.fromkeys(_with_hosts(taken)))
        write_atomic(
            self.target,
            dumps(
                {
                    "read": list(self.read),
                    "written": list(self.written),
                    "products": list(self.products),
                    "modules": self._modules(),
                    "effects": list(self.effects),
                    "blind_spots": list(blind_spots()),
                    "programs": list(self.programs),
                    "loaded": self.loaded,
                    "configs": configs,
                    "cells": cells or {},
                }
            ),
        )

    def _ask(self, source: str) -> None:
        """Ask what cells have called and what the libraries tell, if more of them are there than before."""
        before = frozenset(sys.modules)
        self._ask_all(source)
        self.asked_for.update(name for name in sys.modules if name not in before)

    def _ask_all(self, source: str) -> None:
        from jupyter_repro.environments.programs import command_names, named_in

        self.programs.update(dict.fromkeys(named_in(source)))
        for use, text in self.watch.take_programs():
            self.programs.update(dict.fromkeys([text] if use == "program" else command_names(text)))
        if len(sys.modules) != self.counted:
            from jupyter_repro.environments.system import loaded

            self.loaded = loaded()
            self.counted = len(sys.modules)

    def _configs(self) -> tuple[Config, ...]:
        """Return the configurations as they are now; after the last cell they are those of the run."""
        from jupyter_repro.inputs.configs import find_configs

        names = {name: each for name, each in list(self.shell.user_ns.items()) if not self.names[name]}
        ran = [each for each in self.shell.user_ns.get("In", ()) if isinstance(each, str)]
        return find_configs(
            names,
            files=dict.fromkeys(self.read),
            sources=map(self.names.python_of, ran),
            folder=self.folder,
        )

    def _cells(self) -> dict[str, CellFacts]:
        """Return what jupyter_repro has seen of the cells, where the notebook or the export has loaded it."""
        loaded = sys.modules.get("jupyter_repro.kernel.extension")
        session = None if loaded is None else loaded.session_of(self.shell)
        if session is None:
            return {}
        from jupyter_repro.bundle.standing import facts_of_runs

        return facts_of_runs(session.ledger.runs)

    def _modules(self) -> list[str]:
        files = {
            getattr(module, "__file__", None)
            for name, module in list(sys.modules.items())
            if name not in self.modules_before and name not in self.asked_for
        }
        return sorted(file for file in files if isinstance(file, str))


def _with_hosts(taken: Opened) -> Iterator[str]:
    """Yield the effects; the network with those who were talked to."""
    for effect in taken.effects:
        yield f"network ({', '.join(taken.hosts)})" if effect == "network" and taken.hosts else effect


def load_ipython_extension(shell: Any) -> None:
    """Start to watch, if the exporter asks for it."""
    target = os.environ.get(VARIABLE)
    if not target:
        return
    writable = os.environ.get(WRITABLE_ENV)
    if writable:
        hold_back(writable.split(os.pathsep))
    recorder = _Recorder(Path(target), shell)
    Hooks(shell, Boundary(), begin=recorder.begin, end=recorder.end).put_on()
