"""RP212: a result that holds the time at which it was made."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_repro.entropy.calls import spelled

from .protocol import Spotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .notebook import NotebookFile

__all__ = ["ClockUsed"]

_CLOCKS = frozenset(
    ("datetime.date.today", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow",
     "pandas.Timestamp.now", "pandas.Timestamp.today", "pandas.Timestamp.utcnow", "time.asctime", "time.ctime")
)  # fmt: skip


class ClockUsed:
    """RP212: a cell asks what time it is, and does more with it than measure how long something took.

    **Why is this bad?** Every run gives something else: an age, a window "of the last 30 days", a name of a file.
    **Example**: `recent = df[df.day > datetime.now() - timedelta(days=30)]`.
    **Remedy**: write the date down, `TODAY = date(2026, 11, 21)`, or allow it where only a log shows it.
    """

    code = "RP212"
    severity: Severity = "info"
    remedy = "write the date down: `TODAY = date(2026, 11, 21)`; or allow it where only a log shows it"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each such call."""
        measured = {
            ast.unparse(side)
            for cell in notebook.cells
            for node in cell.nodes
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
            for side in (node.left, node.right)
            if not _is_span(node.right)
        }
        for cell in notebook.cells:
            timers = {
                id(node.value)
                for node in cell.nodes
                if isinstance(node, ast.Assign) and any(ast.unparse(to) in measured for to in node.targets)
            }
            for call in cell.calls:
                if notebook.full(call.func) not in _CLOCKS or id(call) in timers:
                    continue
                if ast.unparse(call) not in measured:
                    message = f"asks what time it is (`{spelled(call)}`)"
                    yield Spotted(cell=cell.index, line=call.lineno, message=message)


def _is_span(expression: ast.expr) -> bool:
    """Whether it is a length of time, so that what is left is a moment, not how long something took."""
    called = expression.func if isinstance(expression, ast.Call) else None
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in ("DateOffset", "Timedelta", "relativedelta", "timedelta", "to_timedelta")
