"""Extension for the canonical run: writes down which files and modules the notebook used.

It is loaded by ``%repro export`` through the kernel's command line, adds nothing to outputs, and does
nothing unless ``JUPYTER_REPRO_INPUTS`` names the file to write.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from jupyter_repro.canonical import dumps, write_atomic
from jupyter_repro.inputs.opened import FileWatch, blind_spots

from .boundary import Boundary
from .hooks import Hooks

__all__ = ["load_ipython_extension"]

VARIABLE = "JUPYTER_REPRO_INPUTS"


class _Recorder:
    def __init__(self, target: Path) -> None:
        self.target = target
        self.watch = FileWatch()
        self.modules_before = frozenset(sys.modules)
        self.read: dict[str, None] = {}
        self.written: dict[str, None] = {}
        self.products: dict[str, None] = {}
        self.effects: dict[str, None] = {}

    def begin(self, _info: Any) -> None:
        self.watch.start()

    def end(self, _result: Any) -> None:
        taken = self.watch.take()
        products = frozenset((*taken.written_first, *taken.absent_first))
        for path in taken.read:
            if path in self.written or path in products:
                self.products[path] = None
            elif path not in self.read:
                self.read[path] = None
        self.written.update(dict.fromkeys(taken.written))
        self.effects.update(dict.fromkeys(taken.effects))
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
                }
            ),
        )

    def _modules(self) -> list[str]:
        files = {
            getattr(module, "__file__", None)
            for name, module in list(sys.modules.items())
            if name not in self.modules_before
        }
        return sorted(file for file in files if isinstance(file, str))


def load_ipython_extension(shell: Any) -> None:
    """Start to watch, if the exporter asks for it."""
    target = os.environ.get(VARIABLE)
    if not target:
        return
    recorder = _Recorder(Path(target))
    Hooks(shell, Boundary(), begin=recorder.begin, end=recorder.end).put_on()
