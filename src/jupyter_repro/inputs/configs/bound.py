"""By which call a name was bound last, as the sources that ran tell."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

__all__ = ["Call", "call_of", "last_call"]


class Call(NamedTuple):
    """A call whose value a name was bound to."""

    function: str
    """Its last part: ``compose`` of ``hydra.compose``."""
    arguments: tuple[ast.expr, ...]
    named: dict[str, ast.expr]


def last_call(names: Collection[str], sources: Iterable[str]) -> Call | None:
    """Return the call in the last statement that bound one of the names; None: it was bound otherwise.

    Args:
        names: What is looked for.
        sources: As Python runs them, in the order in which they ran.
    """
    for source in reversed(list(sources)):
        if not any(name in source for name in names):
            continue
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        bound = [(node, value) for node, target, value in _bindings(tree) if target in names]
        if bound:
            return call_of(max(bound, key=lambda each: each[0].lineno)[1])
    return None


def call_of(node: ast.expr) -> Call | None:
    """Return what an expression calls, None if it is no plain call."""
    if not isinstance(node, ast.Call) or any(isinstance(each, ast.Starred) for each in node.args):
        return None
    function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return Call(function, tuple(node.args), {each.arg: each.value for each in node.keywords if each.arg})


def _bindings(tree: ast.Module) -> Iterator[tuple[ast.stmt | ast.expr, str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield node, target.id, node.value
        elif (
            isinstance(node, (ast.AnnAssign, ast.NamedExpr))
            and isinstance(node.target, ast.Name)
            and node.value is not None
        ):
            yield node, node.target.id, node.value
