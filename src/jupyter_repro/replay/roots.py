"""Small questions about expressions and blocks of statements."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "dotted",
    "has_jump",
    "irrefutable",
    "is_plain",
    "leaves",
    "never_empty",
    "roots",
    "stays_asleep",
]

_WRAPPERS = frozenset(("enumerate", "list", "reversed", "sorted", "tuple"))
_SLEEPY = frozenset(
    (
        "abstractmethod", "cache", "cached_property", "classmethod", "dataclass", "deleter", "final", "getter",
        "lru_cache", "override", "property", "setter", "staticmethod", "total_ordering", "wraps",
    )
)  # fmt: skip

_CACHES = frozenset(("cache", "cached_property", "lru_cache"))
"""Of these, what keeps something from call to call."""

_HANDS_ON = frozenset(
    (
        "enumerate", "filter", "getattr", "iter", "list", "map", "max", "min", "next", "reversed", "set", "sorted",
        "tuple", "vars", "zip",
    )
)  # fmt: skip
"""Builtins that give back their arguments, or parts of them."""


def roots(expression: ast.AST) -> Iterator[str]:
    """Yield the names through which the object may be reached: ``x``, ``x.a[0]``, ``[x, *y]``."""
    kind = type(expression)
    while kind in _INSIDE:
        if kind is ast.Subscript and type(expression.value) is ast.Call:  # type: ignore[attr-defined]  # by its kind
            yield from _by_key(expression)  # type: ignore[arg-type]  # as above
        expression = expression.value  # type: ignore[attr-defined]  # all of these kinds have one
        kind = type(expression)
    if kind is ast.Name:
        yield expression.id  # type: ignore[attr-defined]  # a Name, by its kind
    elif kind is ast.Constant:
        return
    else:
        for part in _parts(expression):
            yield from roots(part)


_INSIDE = frozenset((ast.Attribute, ast.Subscript, ast.Starred, ast.Await, ast.NamedExpr, ast.keyword))


def _by_key(expression: ast.Subscript) -> Iterator[str]:
    """Yield x for ``globals()["x"]``."""
    key = expression.slice
    if dotted(expression.value.func) in ("globals", "locals", "vars") and isinstance(key, ast.Constant):  # type: ignore[attr-defined]  # a call
        yield str(key.value)


def _parts(expression: ast.AST) -> Iterator[ast.expr]:
    if isinstance(expression, ast.Call):
        if isinstance(expression.func, ast.Attribute):
            yield expression.func
        elif isinstance(expression.func, ast.Name) and expression.func.id in _HANDS_ON:
            yield from expression.args
    elif isinstance(expression, (ast.List, ast.Tuple, ast.Set)):
        yield from expression.elts
    elif isinstance(expression, (ast.Dict, ast.BoolOp)):
        yield from expression.values
    elif isinstance(expression, ast.IfExp):
        yield expression.body
        yield expression.orelse
    elif isinstance(expression, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        yield expression.elt
        yield from (generator.iter for generator in expression.generators)
    elif isinstance(expression, ast.DictComp):
        yield expression.value
        yield from (generator.iter for generator in expression.generators)


_HELD = (ast.Attribute, ast.Await, ast.BoolOp, ast.IfExp, ast.Name, ast.NamedExpr, ast.Subscript)


def is_plain(iterable: ast.expr) -> bool:
    """Tell whether a loop over the expression runs no code that its text does not show.

    A call tells by itself what it does; what has been held in a name may be a loader or a generator.
    """
    while isinstance(iterable, ast.Starred):
        iterable = iterable.value
    return not isinstance(iterable, _HELD)


def dotted(expression: ast.AST) -> str:
    """Return ``a.b.c`` as text, or an empty string for anything else."""
    parts: list[str] = []
    while isinstance(expression, ast.Attribute):
        parts.append(expression.attr)
        expression = expression.value
    return ".".join([expression.id, *reversed(parts)]) if isinstance(expression, ast.Name) else ""


def leaves(branch: Sequence[ast.stmt]) -> bool:
    """Tell whether the branch never gets to its end."""
    return bool(branch) and isinstance(branch[-1], (ast.Raise, ast.Return, ast.Continue, ast.Break))


def has_jump(statement: ast.stmt) -> bool:
    """Tell whether the statement may leave the loop it stands in, or its present turn."""
    if isinstance(statement, (ast.Break, ast.Continue)):
        return True
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return False
    return any(isinstance(node, (ast.Break, ast.Continue)) for node in ast.walk(statement))


def never_empty(iterable: ast.expr) -> bool:
    """Tell whether a loop over the expression surely runs once, by its text."""
    if isinstance(iterable, (ast.List, ast.Tuple, ast.Set)):
        return any(not isinstance(part, ast.Starred) for part in iterable.elts)
    if isinstance(iterable, ast.Dict):
        return any(key is not None for key in iterable.keys)
    if isinstance(iterable, ast.Constant):
        return isinstance(iterable.value, (str, bytes)) and bool(iterable.value)
    if not isinstance(iterable, ast.Call) or not isinstance(iterable.func, ast.Name) or iterable.keywords:
        return False
    if iterable.func.id == "range":
        numbers = [ast.literal_eval(arg) for arg in iterable.args if _is_integer(arg)]
        return (
            bool(numbers)
            and len(numbers) == len(iterable.args)
            and 0 not in numbers[2:]
            and bool(range(*numbers))
        )
    if iterable.func.id == "zip":
        return bool(iterable.args) and all(never_empty(arg) for arg in iterable.args)
    return iterable.func.id in _WRAPPERS and len(iterable.args) == 1 and never_empty(iterable.args[0])


def _is_integer(argument: ast.expr) -> bool:
    if isinstance(argument, ast.UnaryOp) and isinstance(argument.op, ast.USub):
        argument = argument.operand
    return isinstance(argument, ast.Constant) and type(argument.value) is int


def irrefutable(case: ast.match_case) -> bool:
    """Tell whether the case matches everything."""
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


_CHANGEABLE = (
    ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Call, ast.Name, ast.Subscript
)  # fmt: skip
"""Expressions of which the value may change in place."""


def keeps_state(decorators: Sequence[ast.expr]) -> bool:
    """Tell whether a call may change what the name is bound to: a cache, or a decorator that nobody knows."""
    names = (
        dotted(each.func if isinstance(each, ast.Call) else each).rpartition(".")[2] for each in decorators
    )
    return any(name in _CACHES or name not in _SLEEPY for name in names)


def keeps_in_defaults(args: ast.arguments) -> bool:
    """Tell whether a call may change what a default argument holds, which is kept with the function."""
    defaults = (*args.defaults, *args.kw_defaults)
    return any(isinstance(each, _CHANGEABLE) for each in defaults)


def stays_asleep(decorators: Sequence[ast.expr]) -> bool:
    """Tell whether what is decorated is only kept, not called: no decorators, or well-known ones."""
    return all(
        dotted(decorator.func if isinstance(decorator, ast.Call) else decorator).rpartition(".")[2] in _SLEEPY
        for decorator in decorators
    )
