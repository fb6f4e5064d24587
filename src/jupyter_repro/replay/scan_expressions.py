"""The pass over expressions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .outside import STATE_ATTRIBUTES
from .purity import CONSUMING_CALLS, DRAINING_CALLS, FUNCTION_FIRST, PURE_CALLS
from .roots import is_plain, roots
from .scan_texts import TextScan

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ExpressionScan"]


class ExpressionScan(TextScan, ast.NodeVisitor):
    """Visits expressions in the order they are evaluated."""

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """``(x := ...)`` binds in the cell, also from inside a comprehension."""
        self.visit(node.value)
        self.visit(node.target)
        self._alias((node.target.id,), roots(node.value))

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        first = node.generators[0]
        self._looped(first.iter)
        self.visit(first.iter)
        outer, bound, around = self._hidden, set(self.bound), self._class
        targets = {
            name.id
            for generator in node.generators
            for name in ast.walk(generator.target)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        }
        self._hidden = outer | targets
        declared, self._declared_global = self._declared_global, self._declared_global - targets
        self._class = None
        self._depth += 1
        self._loops += 1
        for position, generator in enumerate(node.generators):
            if position:
                self._looped(generator.iter)
                self.visit(generator.iter)
            self._alias(roots(generator.target), roots(generator.iter))
            self._store(generator.target)
            for condition in generator.ifs:
                self.visit(condition)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(part)
        self.found.conditional = True
        self._depth -= 1
        self._loops -= 1
        self._hidden, self.bound, self._declared_global, self._class = outer, bound, declared, around

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815 - ast's spelling

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """What a later operand binds may not be bound."""
        self.visit(node.values[0])
        bound = set(self.bound)
        self._depth += 1
        for value in node.values[1:]:
            self.visit(value)
        self._depth -= 1
        self.found.conditional = True
        self.bound = bound

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """One of two."""
        self.visit(node.test)
        bound = set(self.bound)
        self._depth += 1
        self.visit(node.body)
        self.bound = set(bound)
        self.visit(node.orelse)
        self._depth -= 1
        self.found.conditional = True
        self.bound = bound

    def visit_YieldFrom(self, node: ast.YieldFrom) -> None:
        """Uses up what it delegates to."""
        self._looped(node.value)
        self.visit(node.value)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """A shift is how some libraries write a change in place: ``stream << x``, ``task >> other``."""
        if isinstance(node.op, (ast.LShift, ast.RShift)):
            self.found.may_mutate |= self._act((*roots(node.left), *roots(node.right)))
        self.visit(node.left)
        self.visit(node.right)

    def visit_Compare(self, node: ast.Compare) -> None:
        """``in`` reads an iterator; ``'x' in globals()`` reads x."""
        if self._looks_up(node) or self._asks_who(node):
            return
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, (ast.In, ast.NotIn)):
                self._iterated(right)
        self.visit(node.left)
        for right in node.comparators:
            self.visit(right)

    def visit_Starred(self, node: ast.Starred) -> None:
        """``*x`` reads x to its end."""
        if isinstance(node.ctx, ast.Load):
            self._looped(node.value)
        self.visit(node.value)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """The state of a generator, or a frame's names, may be read without a trace."""
        if node.attr in STATE_ATTRIBUTES:
            self.found.rng_state = True
        self._reflects(node)
        self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """``globals()['x']`` is x."""
        if not self._names_by_key(node):
            self.visit(node.value)
            self.visit(node.slice)

    def _iterated(self, expression: ast.expr) -> None:
        self.found.iterates |= self._act(roots(expression))

    def _looped(self, expression: ast.expr) -> None:
        """To loop over a loader or generator draws, though nothing is called by name."""
        self._iterated(expression)
        if not is_plain(expression):
            self.found.has_calls = True

    # -- calls ------------------------------------------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> None:
        """A call may change its arguments, and what its method belongs to."""
        if self._runs_text(node):
            return
        arguments: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        self._called(node.func, arguments)
        self._reaches_out(node)
        self.visit(node.func)
        for argument in arguments:
            self.visit(argument)

    def _called(self, func: ast.expr, arguments: Sequence[ast.expr | ast.keyword]) -> None:
        found = self.found
        owners = self._act(roots(func))
        found.calls |= owners
        if isinstance(func, ast.Name):
            name = func.id
            if name in CONSUMING_CALLS:
                found.iterates |= self._act(_all_roots(arguments))
            if name in PURE_CALLS and name not in found.writes and self._is_global(name):
                self._purely_called(name, arguments)
                return
        else:
            found.may_mutate |= owners
        found.may_mutate |= self._act(_all_roots(arguments))
        self._may_draw()

    def _purely_called(self, name: str, arguments: Sequence[ast.expr | ast.keyword]) -> None:
        """``print`` writes to its file, ``sorted`` calls its key, ``next`` goes on with a generator."""
        for position, argument in enumerate(arguments):
            if isinstance(argument, ast.keyword):
                if argument.arg in ("file", None):
                    self.found.may_mutate |= self._act(roots(argument))
                elif argument.arg == "key":
                    self._passed(argument.value)
            elif not position and name in FUNCTION_FIRST:
                self._passed(argument)
            elif name in DRAINING_CALLS and not is_plain(argument):
                self.found.has_calls = True
                if name == "next":
                    self._may_draw()

    def _passed(self, function: ast.expr) -> None:
        """A function is given to a builtin, which calls it; a lambda tells by itself what it does."""
        if isinstance(function, (ast.Lambda, ast.Constant)):
            return
        used = self._act(roots(function))
        self.found.may_mutate |= used
        self.found.calls |= used
        if not (isinstance(function, ast.Name) and function.id in PURE_CALLS):
            self._may_draw()


def _all_roots(arguments: Sequence[ast.expr | ast.keyword]) -> set[str]:
    return {name for argument in arguments for name in roots(argument)}
