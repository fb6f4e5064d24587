"""The local names of a function or class: what it binds without declaring it global."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["local_names"]


def local_names(scope: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef) -> frozenset[str]:
    """Return parameters and names bound in the body, not those of functions and comprehensions inside it."""
    if isinstance(scope, ast.Lambda):
        return frozenset(_parameters(scope) | _walruses(scope.body))
    in_class = isinstance(scope, ast.ClassDef)
    names = set() if isinstance(scope, ast.ClassDef) else _parameters(scope)
    declared: set[str] = set()
    todo: list[Any] = list(scope.body)
    while todo:
        node = todo.pop()
        kind = type(node)
        if kind is ast.Name:
            if type(node.ctx) is not ast.Load:
                names.add(node.id)
        elif kind in _PLAIN:
            for field in node._fields:
                value = getattr(node, field)
                todo += value if type(value) is list else (value,)
        elif kind in _OTHERS:
            names |= _OTHERS[kind](node, todo)
        elif kind is ast.Global or (kind is ast.Nonlocal and in_class):
            declared.update(node.names)
    return frozenset(names - declared)


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    args = function.args
    named = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
    return {arg.arg for arg in named if arg is not None}


# Each of these returns what a node binds, and adds to the second argument what is evaluated around it.


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, todo: list[Any]) -> set[str]:
    args = node.args
    todo += node.decorator_list
    todo += [default for default in (*args.defaults, *args.kw_defaults) if default is not None]
    annotated = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
    todo += [arg.annotation for arg in annotated if arg is not None and arg.annotation is not None]
    if node.returns is not None:
        todo.append(node.returns)
    return {node.name}


def _class(node: ast.ClassDef, todo: list[Any]) -> set[str]:
    todo += [*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)]
    return {node.name}


def _lambda(node: ast.Lambda, todo: list[Any]) -> set[str]:
    todo += [default for default in (*node.args.defaults, *node.args.kw_defaults) if default is not None]
    return set()


def _import(node: ast.Import | ast.ImportFrom, _: list[Any]) -> set[str]:
    return {alias.asname or alias.name.partition(".")[0] for alias in node.names}


def _named(
    node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar | ast.MatchMapping, todo: list[Any]
) -> set[str]:
    todo += _children(node)
    name = node.rest if isinstance(node, ast.MatchMapping) else node.name
    return {name} if name else set()


def _annotated(node: ast.AnnAssign, todo: list[Any]) -> set[str]:
    """``(x): int`` makes no local of x."""
    if node.simple or node.value is not None:
        todo.append(node.target)
    todo.append(node.annotation)
    if node.value is not None:
        todo.append(node.value)
    return set()


def _comprehension(node: ast.AST, _: list[Any]) -> set[str]:
    return _walruses(node)


def _walruses(expression: ast.AST) -> set[str]:
    """Return what an expression binds in the function around it."""
    found = set()
    todo = [expression]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.NamedExpr):
            found.add(node.target.id)
        if not isinstance(node, ast.Lambda):
            todo += _children(node)
    return found


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what ``ast.iter_child_nodes`` does, faster."""
    for field in node._fields:
        value = getattr(node, field, None)
        if type(value) is list:
            for part in value:
                if isinstance(part, ast.AST):
                    yield part
        elif isinstance(value, ast.AST):
            yield value


_OTHERS: dict[type[ast.AST], Any] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Lambda: _lambda,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.ExceptHandler: _named,
    ast.MatchAs: _named,
    ast.MatchStar: _named,
    ast.MatchMapping: _named,
    ast.AnnAssign: _annotated,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
}

_PLAIN = frozenset(
    kind
    for kind in vars(ast).values()
    if isinstance(kind, type)
    and issubclass(kind, ast.AST)
    and kind not in (ast.Constant, ast.Global, ast.Nonlocal)
    and kind not in _OTHERS
    and not issubclass(kind, (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop))
)
"""Nodes that bind nothing themselves."""
