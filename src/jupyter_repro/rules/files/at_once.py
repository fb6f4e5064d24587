"""What of a source runs as the cell runs: not the bodies of functions that it only defines."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["run_at_once"]

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def run_at_once(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the nodes that run with the cell, also those in functions of its own that it calls by name."""
    functions = {node.name: node for node in tree.body if isinstance(node, _Function)}
    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in _outside_functions(waiting.pop()):
            yield node
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called = functions.pop(node.func.id, None)
                waiting += called.body if called is not None else ()


def _outside_functions(top: ast.AST) -> Iterator[ast.AST]:
    waiting = [top]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += _parts(node)


def _parts(node: ast.AST) -> Iterable[ast.AST]:
    """Return what runs where a node stands: of a function its decorators, defaults and annotations."""
    if isinstance(node, _Function):
        return [*node.decorator_list, node.args, *([node.returns] if node.returns else [])]
    if isinstance(node, ast.Lambda):
        return [node.args]
    return ast.iter_child_nodes(node)
