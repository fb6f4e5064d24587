"""What becomes of a listing, in the whole notebook: whether its order can reach a result at all."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_repro.entropy.calls import called_name

if TYPE_CHECKING:
    from .notebook import NotebookFile

__all__ = ["order_is_idle"]

_REMOVES = frozenset(("remove", "removedirs", "rmdir", "rmtree", "unlink"))
_ORDERLESS = frozenset(("Counter", "all", "any", "bool", "frozenset", "len", "max", "min", "set", "sorted"))


def order_is_idle(call: ast.Call, statement: ast.stmt, notebook: NotebookFile) -> bool:
    """Tell whether a listing is only gone through to delete files, or only asked what is in it.

    Args:
        call: The listing.
        statement: The statement in which it stands.
        notebook: All cells, since a later one may use what it is bound to.
    """
    if isinstance(statement, ast.For) and statement.iter is call:
        return _only_removes(statement.body)
    if not isinstance(statement, ast.Assign) or not _is_list_of(statement.value, call):
        return False
    if len(statement.targets) != 1 or not isinstance(statement.targets[0], ast.Name):
        return False
    name = statement.targets[0].id
    uses, calm = 0, 0
    for cell in notebook.cells:
        uses += sum(
            isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
            for node in cell.nodes
        )
        calm += sum(_is_calm(node, name) for node in cell.nodes)
    return 0 < uses <= calm


def _is_list_of(value: ast.expr, call: ast.Call) -> bool:
    return value is call or (isinstance(value, ast.ListComp) and value.generators[0].iter is call)


def _is_calm(node: ast.AST, name: str) -> bool:
    """Whether a node uses a name without its order."""
    if isinstance(node, ast.Compare):
        return isinstance(node.ops[-1], (ast.In, ast.NotIn)) and _names(node.comparators[-1], name)
    if isinstance(node, ast.For):
        return _names(node.iter, name) and _only_removes(node.body)
    if isinstance(node, ast.Call) and called_name(node) in _ORDERLESS:
        return any(
            _names(each, name)
            or (isinstance(each, ast.GeneratorExp) and _names(each.generators[0].iter, name))
            for each in node.args
        )
    return False


def _names(expression: ast.expr, name: str) -> bool:
    return isinstance(expression, ast.Name) and expression.id == name


def _only_removes(body: list[ast.stmt]) -> bool:
    """Whether statements do nothing but delete, perhaps under a condition."""
    for statement in body:
        if isinstance(statement, ast.If):
            if not _only_removes([*statement.body, *statement.orelse]):
                return False
        elif not (
            isinstance(statement, (ast.Pass, ast.Continue))
            or (
                isinstance(statement, ast.Expr)
                and isinstance(statement.value, ast.Call)
                and called_name(statement.value) in _REMOVES
            )
        ):
            return False
    return True
