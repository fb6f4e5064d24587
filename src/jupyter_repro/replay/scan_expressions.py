"""The pass over expressions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .magics import harmless, magic_of
from .outside import STATE_ATTRIBUTES, TEXT_METHODS, names_in_text, unrepeatable_call
from .purity import CONSUMING_CALLS, PURE_CALLS
from .roots import dotted, roots
from .scope import Found, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .magics import Magic

__all__ = ["ExpressionScan"]


class ExpressionScan(Scope, ast.NodeVisitor):
    """Visits expressions in the order they are evaluated."""

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """``(x := ...)`` binds in the cell, also from inside a comprehension."""
        self.visit(node.value)
        self.visit(node.target)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        first = node.generators[0]
        self._iterated(first.iter)
        self.visit(first.iter)
        outer, bound = self._hidden, set(self.bound)
        targets = {
            name.id
            for generator in node.generators
            for name in ast.walk(generator.target)
            if isinstance(name, ast.Name)
        }
        self._hidden = outer | targets
        declared, self._declared_global = self._declared_global, self._declared_global - targets
        self._depth += 1
        for position, generator in enumerate(node.generators):
            if position:
                self._iterated(generator.iter)
                self.visit(generator.iter)
            for condition in generator.ifs:
                self.visit(condition)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(part)
        self._depth -= 1
        self._hidden, self.bound, self._declared_global = outer, bound, declared

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815 - ast's spelling

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """What a later operand binds may not be bound."""
        self.visit(node.values[0])
        bound = set(self.bound)
        self._depth += 1
        for value in node.values[1:]:
            self.visit(value)
        self._depth -= 1
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
        self.bound = bound

    def visit_YieldFrom(self, node: ast.YieldFrom) -> None:
        """Uses up what it delegates to."""
        self._iterated(node.value)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """``in`` reads an iterator."""
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, (ast.In, ast.NotIn)):
                self._iterated(right)
        self.generic_visit(node)

    def visit_Starred(self, node: ast.Starred) -> None:
        """``*x`` reads x to its end."""
        if isinstance(node.ctx, ast.Load):
            self._iterated(node.value)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """The state of a generator may be read without a trace."""
        if node.attr in STATE_ATTRIBUTES:
            self.found.rng_state = True
        self.generic_visit(node)

    def _iterated(self, expression: ast.expr) -> None:
        self.found.iterates |= self._globals(roots(expression))

    # -- calls ------------------------------------------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> None:
        """A call may change its arguments, and what its method belongs to."""
        magic = magic_of(node)
        if magic is not None:
            self._magic(magic)
            return
        if self._runs_text(node):
            return
        self._called(node.func, (*node.args, *node.keywords))
        self._reaches_out(node)
        self.generic_visit(node)

    def _called(self, func: ast.expr, arguments: Sequence[ast.expr | ast.keyword]) -> None:
        found = self.found
        owners = self._globals(roots(func))
        found.calls |= owners
        names = {name for argument in arguments for name in self._globals(roots(argument))}
        if isinstance(func, ast.Name):
            if func.id in CONSUMING_CALLS:
                found.iterates |= names
            if func.id in PURE_CALLS and func.id not in found.writes and self._is_global(func.id):
                for argument in arguments:
                    if isinstance(argument, ast.keyword) and argument.arg == "file":
                        found.may_mutate |= self._globals(roots(argument))
                return
        else:
            found.may_mutate |= owners
        found.may_mutate |= names
        found.has_calls = True
        found.branching = found.branching or self._depth > 0

    def _reaches_out(self, node: ast.Call) -> None:
        """Clocks, entropy, the shell itself, and texts that name variables."""
        called = dotted(node.func)
        reason = unrepeatable_call(
            called,
            arguments=len(node.args) + len(node.keywords),
            none=all(isinstance(arg, ast.Constant) and arg.value is None for arg in node.args),
        )
        if reason and self._is_global(called.partition(".")[0]):
            self.found.unrepeatable.append(reason)
        if called == "get_ipython":
            self.found.opaque.append("`get_ipython()`")
        if called in ("dir", "vars") and not node.args and self._is_global(called):
            self.found.opaque.append(f"`{called}()`")
        if isinstance(node.func, ast.Attribute) and node.func.attr in TEXT_METHODS:
            texts = [
                part.value
                for argument in (*node.args, *node.keywords)
                for part in ast.walk(argument)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            for name in sorted(names_in_text(texts)):
                self._read(name)

    # -- code as text -----------------------------------------------------------------------------------

    def _runs_text(self, node: ast.Call) -> bool:
        """Look into ``exec("...")``; say where the text is not known."""
        if not isinstance(node.func, ast.Name) or not self._is_global(node.func.id):
            return False
        name = node.func.id
        if name in ("globals", "locals"):
            self.found.opaque.append(f"`{name}()`")
            return True
        if name not in ("exec", "eval"):
            return False
        text = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        if not isinstance(text, str) or len(node.args) > 1 or node.keywords:
            self.found.opaque.append(f"`{name}` of computed text")
            self.found.has_calls = True
            for argument in (*node.args, *node.keywords):
                self.visit(argument)
            return True
        self._text(text.strip() if name == "eval" else text, who=f"`{name}`")
        return True

    def _magic(self, magic: Magic) -> None:
        if magic.body is not None:
            if magic.name == "capture" and magic.line.split():
                self._bind(next((w for w in magic.line.split() if not w.startswith("-")), "_"))
            if magic.name == "timeit":
                self.found.repeats = True
            self._text(magic.body, who=f"`{magic.spelled}`", binds=magic.name != "timeit")
        elif magic.kind != "run_line_magic" or not harmless(magic):
            self.found.opaque.append(magic.spelled if not magic.name else f"`{magic.spelled}`")

    def _text(self, text: str, *, who: str, binds: bool = True) -> None:
        names = self._analyse(text)
        if not names.compiles:
            self.found.opaque.append(f"the body of {who}")
            return
        self._wake(
            Found(
                reads=set(names.reads),
                writes=set(names.writes) if binds else set(),
                deletes=set(names.deletes),
                mutates=set(names.mutates),
                may_mutate=set(names.may_mutate),
                iterates=set(names.iterates),
                calls=set(names.calls),
                has_calls=names.has_calls,
                branching=names.branching,
                repeats=names.repeats,
                rng_state=names.rng_state,
                opaque=list(names.opaque),
                unrepeatable=list(names.unrepeatable),
                history=set(names.history),
            )
        )
        if not self._depth:
            self.found.mutates |= names.mutates
        if binds and not self._in_function:
            self.bound |= names.writes - names.maybe_writes - names.deletes
            self.bound -= names.deletes
