"""A seeder whose code is read when its library has been imported, and not before."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from jupyter_repro.imports import complete

if TYPE_CHECKING:
    from jupyter_repro.records import Setting
    from jupyter_repro.rng.protocol import RngState, Seeder

__all__ = ["OnDemand"]


class OnDemand:
    """Stands for a library's seeder, at the cost of one look into ``sys.modules``.

    Args:
        name: The seeder's name.
        module: What must have been imported for the streams to exist.
        seeder: The seeder's class, in the module of this package with the seeder's name.
        others: Further modules whose import makes the streams exist.
    """

    def __init__(self, name: str, module: str, seeder: str, others: tuple[str, ...] = ()) -> None:
        self.name = name
        self.modules: tuple[str, ...] = (module, *others)
        self._class = seeder
        self._made: Seeder | None = None

    def loaded(self) -> bool:
        """Whether the library has been imported."""
        return any(complete(module) for module in self.modules)

    def seed(self, value: int) -> None:
        """Seed the library."""
        self._real().seed(value)

    def capture(self) -> RngState:
        """Return the state of the library's streams."""
        return self._real().capture()

    def restore(self, state: RngState) -> None:
        """Put the library's streams back."""
        self._real().restore(state)

    def digests(self) -> dict[str, str]:
        """Return a digest of each of the library's streams."""
        return self._real().digests()

    def expected(self, value: int) -> dict[str, str]:
        """Return the digest that each stream would have right after ``seed(value)``."""
        return self._real().expected(value)

    def settings(self, value: int) -> tuple[Setting, ...]:
        """Say what ``seed(value)`` did."""
        return self._real().settings(value)

    def _real(self) -> Seeder:
        if self._made is None:
            home = importlib.import_module(f".{self.name}", __package__)
            self._made = getattr(home, self._class)()
        return self._made
