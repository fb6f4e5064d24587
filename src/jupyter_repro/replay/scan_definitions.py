"""The pass over functions and classes: what runs now, and what sleeps until it is used."""

# ruff: noqa: SLF001 - a scan makes inner scans of its own class

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from .local_names import local_names
from .roots import keeps_in_defaults, keeps_state, roots, stays_asleep
from .scan_expressions import ExpressionScan
from .scope import ClassScope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .scope import Found

__all__ = ["DefinitionScan"]

_ACCESSORS = ("deleter", "getter", "setter")


class DefinitionScan(ExpressionScan, ast.NodeVisitor):
    """Visits definitions."""

    def _block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self.visit(statement)

    # -- functions --------------------------------------------------------------------------------------

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Found:
        """Return what the body does when it is called."""
        local = local_names(node)
        inner = type(self)(analyse=self._analyse, hidden=self._hidden - self._declared_global | local)
        inner._in_function = True
        inner._imports = {name: full for name, full in self._imports.items() if name not in local}
        if isinstance(node, ast.Lambda):
            inner._act(roots(node.body))
            inner.visit(node.body)
        else:
            inner._block(node.body)
        for bodies in list(inner._dormant.values()):
            for body in bodies:
                inner._wake(body)
        inner.follow_aliases()
        self._acted |= inner._acted - local
        return inner.found

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._decorated(node.decorator_list)
        outer = self._enter_type_parameters(node)
        self._signature(node.args)
        if node.returns is not None:
            self.visit(node.returns)
        body = self._function(node)
        self._hidden = outer
        self._bind(node.name)
        kept = self._keeps(node.name)
        if kept and (keeps_state(node.decorator_list) or keeps_in_defaults(node.args)):
            body.may_mutate.add(node.name)
        if kept and stays_asleep(node.decorator_list):
            self._sleep(node.name, [body])
        else:
            self._wake(body)
            self.bodies.setdefault(node.name, []).append(body)

    visit_FunctionDef = _define  # noqa: N815 - ast's spelling
    visit_AsyncFunctionDef = _define  # noqa: N815 - as above

    def _keeps(self, name: str) -> bool:
        """Tell whether the name of a definition is seen here whenever something uses it."""
        in_class = self._class is not None and name in self._class.names
        return in_class or not self._in_function or self._is_global(name)

    def _decorated(self, decorators: Iterable[ast.expr]) -> None:
        for decorator in decorators:
            if isinstance(decorator, ast.Attribute) and decorator.attr in _ACCESSORS:
                # `@p.setter` makes a property of the one before, and calls neither
                continue
            self._called(decorator, ())
            self.visit(decorator)

    def _signature(self, args: ast.arguments) -> None:
        for default in (*args.defaults, *args.kw_defaults):
            if default is not None:
                self.visit(default)
        for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
            if arg is not None and arg.annotation is not None:
                self.visit(arg.annotation)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """A lambda is passed on at once: its body may run."""
        self._signature(node.args)
        body = self._function(node)
        self._wake(body)
        self.bodies.setdefault("<lambda>", []).append(body)

    def _named_lambda(self, name: str, node: ast.Lambda) -> None:
        """``f = lambda: x`` sleeps like ``def f``."""
        self._signature(node.args)
        body = self._function(node)
        self._bind(name)
        if self._keeps(name):
            self._sleep(name, [body])
        else:
            self._wake(body)

    def visit_Return(self, node: ast.Return | ast.Yield) -> None:
        """What a function gives away may be changed by who called it."""
        if node.value is not None:
            self.found.may_mutate |= self._act(roots(node.value))
            self.visit(node.value)

    def visit_Yield(self, node: ast.Yield) -> None:
        """As with ``return``."""
        self.visit_Return(node)

    # -- classes ----------------------------------------------------------------------------------------

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """The class body runs now, its methods when the class is used."""
        self._decorated(node.decorator_list)
        outer_hidden = self._enter_type_parameters(node)
        for expression in (*node.bases, *(keyword.value for keyword in node.keywords)):
            self.found.calls |= self._act(roots(expression))  # `__init_subclass__`, the metaclass
            self.visit(expression)
        outer, declared = self._class, self._declared_global
        self._class = inner = ClassScope(local_names(node))
        self._declared_global = set(declared)
        self._block(node.body)
        self._class, self._declared_global = outer, declared
        methods = [body for bodies in inner.dormant.values() for body in bodies]
        self._hidden = outer_hidden
        self._bind(node.name)
        base = node.bases or node.keywords
        if self._keeps(node.name) and stays_asleep(node.decorator_list) and not base:
            self._sleep(node.name, methods)
        else:
            for body in methods:
                self._wake(body)
            self.bodies.setdefault(node.name, []).extend(methods)

    # -- PEP 695 ----------------------------------------------------------------------------------------

    def _enter_type_parameters(self, node: ast.AST) -> frozenset[str]:
        """Hide ``T`` of ``def f[T]()``; return the names that were hidden before."""
        outer = self._hidden
        parameters = getattr(node, "type_params", ())
        if parameters:
            self._hidden = outer | {parameter.name for parameter in parameters}
            for parameter in parameters:
                self.generic_visit(parameter)
        return outer

    if sys.version_info >= (3, 12):

        def visit_TypeAlias(self, node: ast.TypeAlias) -> None:  # noqa: N802 - ast's spelling
            """``type A[T] = list[T]`` binds A; what it stands for is looked at when it is asked for."""
            outer = self._enter_type_parameters(node)
            self.visit(node.value)
            self._hidden = outer
            self._bind(node.name.id)
