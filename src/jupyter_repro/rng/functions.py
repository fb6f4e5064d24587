"""Seed functions that packages offer to pytest-randomly, as seeders."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.imports import complete
from jupyter_repro.records import Setting

from .protocol import RngState

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["FUNCTIONS", "FunctionSeeder"]

FUNCTIONS = "pytest_randomly.random_seeder"
"""Entry point group; each entry is a function that takes a seed."""

_LIMIT = 2**32


class FunctionSeeder:
    """Seeds a package through its entry point; what its state is cannot be asked.

    The function is loaded when the package is imported by the user, never before.
    """

    def __init__(self, point: EntryPoint) -> None:
        self.name = point.name
        self.modules: tuple[str, ...] = (point.module.partition(".")[0],)
        self._point = point

    def loaded(self) -> bool:
        """Whether the package that offers the function has been imported."""
        return complete(self.modules[0]) and self.modules[0] in sys.modules

    def seed(self, value: int) -> None:
        """Call the function with the seed modulo 2**32, which all of them take."""
        function: Any = self._point.load()
        function(value % _LIMIT)

    def capture(self) -> RngState:
        """Return nothing: there is no way to ask."""
        return RngState(streams={})

    def restore(self, state: RngState) -> None:  # noqa: ARG002 - the protocol has it
        """Say that the former state is not known.

        Raises:
            RuntimeError: Always.
        """
        raise RuntimeError(f"`{self._point.value}` only seeds, so the state before is not known")

    def digests(self) -> dict[str, str]:
        """Return nothing: there is no way to ask."""
        return {}

    def expected(self, value: int) -> dict[str, str]:  # noqa: ARG002 - the protocol has it
        """Return nothing: there is no way to ask."""
        return {}

    def settings(self, value: int) -> tuple[Setting, ...]:
        """Say that the function was called, and that nobody can look what it did."""
        return (
            Setting(
                name=f"seed.{self.name}",
                requested=str(value),
                effective=str(value % _LIMIT),
                effect="in force",
                verified_by=f"not verified: `{self._point.value}` was called; its state cannot be read",
                note="`%repro off` cannot give it back, and its draws are not seen",
            ),
        )
