"""Ctrl-C that falls into one of our hooks stops the cell, as the user meant.

IPython swallows a KeyboardInterrupt of an event callback and runs the cell all the same; refusing the
source in an AST transformer stops it.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ast

    from .boundary import Boundary

__all__ = ["Interrupts"]


def _refusal() -> Exception:
    """Return the error that IPython takes for a refused source, shown as one line."""
    from IPython.core.error import InputRejected

    class Interrupted(InputRejected):  # type: ignore[misc]  # IPython is not typed
        def _render_traceback_(self) -> list[str]:
            return [f"KeyboardInterrupt: {self}"]

    return Interrupted("interrupted before the cell began")


class Interrupts:
    """An AST transformer that refuses a cell once after an interrupt, and passes everything else on."""

    def __init__(self, shell: Any, boundary: Boundary) -> None:
        self._transformers = shell.ast_transformers
        self._boundary = boundary

    def visit(self, tree: ast.AST) -> ast.AST:
        """Refuse the cell if an interrupt is pending.

        Raises:
            InputRejected: The user interrupted before the cell began.
        """
        if self._boundary.interrupted:
            self._boundary.interrupted = False
            raise _refusal()
        return tree

    def put_on(self) -> None:
        """Add the transformer once."""
        if self not in self._transformers:
            self._transformers.append(self)

    def take_off(self) -> None:
        """Remove the transformer, also if another tool already did."""
        with contextlib.suppress(ValueError):
            self._transformers.remove(self)
