"""Ctrl-C that falls into one of our hooks stops the cell, as the user meant.

IPython swallows a KeyboardInterrupt of an event callback and runs the cell all the same; refusing the
source in an AST transformer stops it.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ast

__all__ = ["Interrupts"]


def _refusal() -> Exception:
    """Return the error that IPython takes for a refused source, shown as one line."""
    from IPython.core.error import InputRejected

    class Interrupted(InputRejected):  # type: ignore[misc]  # IPython is not typed
        def _render_traceback_(self) -> list[str]:
            return [f"KeyboardInterrupt: {self}"]

    return Interrupted("interrupted before the cell began")


class Interrupts:
    """Refuses the cell that an interrupt was meant for.

    It is an AST transformer for that one cell: where there is any, IPython walks through the tree of every cell.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def refuse(self) -> None:
        """Refuse the cell that is about to run."""
        self.forget()
        self._shell.ast_transformers.append(self)
        self._shell.events.register("post_run_cell", self.forget)

    def visit(self, _tree: ast.AST) -> ast.AST:
        """Refuse the cell.

        Raises:
            InputRejected: Always.
        """
        self.forget()
        raise _refusal()

    def forget(self, _result: object = None) -> None:
        """Refuse no cell: this one is over, also if it ended before its tree was asked for."""
        with contextlib.suppress(ValueError):
            self._shell.ast_transformers.remove(self)
        with contextlib.suppress(ValueError):
            self._shell.events.unregister("post_run_cell", self.forget)
