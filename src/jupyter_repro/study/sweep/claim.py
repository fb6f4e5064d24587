"""A statement about metrics, ``acc_a > acc_b + 0.01``: read without running anything, and asked of each run."""

from __future__ import annotations

import ast
import math
import operator
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Claim"]

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {"abs": abs, "max": max, "min": min}
_ALLOWED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Name, ast.Load,
    ast.Constant, *_OPERATORS,
)  # fmt: skip


class Claim:
    """One statement.

    Args:
        text: Comparisons of metrics and numbers, joined by ``and``, ``or`` and ``not``; ``abs``, ``min`` and ``max``.

    Raises:
        BadWord: It is something else.
    """

    def __init__(self, text: str) -> None:
        self.text = " ".join(text.split())
        try:
            self._tree = ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError) as error:
            raise self._refused("it cannot be read") from error
        for node in ast.walk(self._tree):
            self._check(node)
        if not any(isinstance(node, ast.Compare) for node in ast.walk(self._tree)):
            raise self._refused("it compares nothing")
        called = {id(node.func) for node in ast.walk(self._tree) if isinstance(node, ast.Call)}
        names = [n.id for n in ast.walk(self._tree) if isinstance(n, ast.Name) and id(n) not in called]
        self.metrics = tuple(dict.fromkeys(names))
        """The metrics that it is about."""
        if not self.metrics:
            raise self._refused("it names no metric")

    def holds(self, values: Mapping[str, float | None]) -> bool | None:
        """Return whether it is true of a run; None where a metric is missing or no finite number."""
        numbers: dict[str, float] = {}
        for name in self.metrics:
            value = values.get(name)
            if value is None or not math.isfinite(value):
                return None
            numbers[name] = value
        try:
            return bool(_value(self._tree, numbers))
        except (ZeroDivisionError, OverflowError):
            return None

    def _check(self, node: ast.AST) -> None:
        if not isinstance(node, _ALLOWED):
            raise self._refused(f"`{ast.unparse(node) or type(node).__name__}` is more than a comparison")
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
            raise self._refused(f"`{node.value!r}` is no number")
        if isinstance(node, ast.Call) and (
            not isinstance(node.func, ast.Name)
            or node.func.id not in _FUNCTIONS
            or node.keywords
            or not node.args
        ):
            raise self._refused(f"`{ast.unparse(node.func)}` is none of {', '.join(_FUNCTIONS)}")

    def _refused(self, why: str) -> BadWord:
        return BadWord(
            f"`{self.text}` is no claim: {why}",
            remedy='compare metrics, such as `claim="acc_a > acc_b"`',
        )


def _value(node: ast.AST, numbers: Mapping[str, float]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return numbers[node.id]
    if isinstance(node, ast.UnaryOp):
        return _OPERATORS[type(node.op)](_value(node.operand, numbers))
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_value(node.left, numbers), _value(node.right, numbers))
    if isinstance(node, ast.BoolOp):
        found = [bool(_value(each, numbers)) for each in node.values]
        return all(found) if isinstance(node.op, ast.And) else any(found)
    if isinstance(node, ast.Compare):
        sides = [_value(each, numbers) for each in (node.left, *node.comparators)]
        return all(
            _OPERATORS[type(op)](left, right)
            for op, left, right in zip(node.ops, sides, sides[1:], strict=False)
        )
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _FUNCTIONS[node.func.id](*(_value(each, numbers) for each in node.args))
    raise TypeError(type(node).__name__)
