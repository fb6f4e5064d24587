"""The pass over functions and classes: what runs now, and what sleeps until it is used."""

# ruff: noqa: SLF001 - a scan makes inner scans of its own class

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from .local_names import local_names
from .roots import stays_asleep
from .scan_expressions import ExpressionScan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .scope import Found

__all__ = ["DefinitionScan"]


class DefinitionScan(ExpressionScan, ast.NodeVisitor):
    """Visits definitions."""

    def _block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self.visit(statement)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Found:
        """Return what the body does when it is called."""
        inner = type(self)(analyse=self._analyse, hidden=self._hidden | local_names(node))
        inner._in_function = True
        if isinstance(node, ast.Lambda):
            inner.visit(node.body)
        else:
            inner._block(node.body)
        for bodies in list(inner._dormant.values()):
            for body in bodies:
                inner._wake(body)
        return inner.found

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._decorated(node.decorator_list)
        parameters = self._enter_type_parameters(node)
        self._signature(node.args)
        if node.returns is not None:
            self.visit(node.returns)
        body = self._function(node)
        self._hidden = parameters
        self._bind(node.name)
        if not stays_asleep(node.decorator_list) or (self._in_function and not self._is_global(node.name)):
            self._wake(body)
            self.bodies.setdefault(node.name, []).append(body)
        else:
            self._sleep(node.name, [body])

    visit_FunctionDef = _define  # noqa: N815 - ast's spelling
    visit_AsyncFunctionDef = _define  # noqa: N815 - as above

    def _decorated(self, decorators: Iterable[ast.expr]) -> None:
        for decorator in decorators:
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
        self._wake(self._function(node))

    def _named_lambda(self, name: str, node: ast.Lambda) -> None:
        """``f = lambda: x`` sleeps like ``def f``."""
        self._signature(node.args)
        body = self._function(node)
        self._bind(name)
        self._sleep(name, [body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """The class body runs now, its methods when the class is used."""
        self._decorated(node.decorator_list)
        outer = self._enter_type_parameters(node)
        for expression in (*node.bases, *(keyword.value for keyword in node.keywords)):
            self.visit(expression)
        inner = type(self)(analyse=self._analyse, hidden=self._hidden)
        inner.bound = set(self.bound)
        inner._depth = self._depth
        inner._block(node.body)
        methods = [body for bodies in inner._dormant.values() for body in bodies]
        own = inner.found
        mutates = own.mutates - own.writes
        own.mutates &= mutates
        own.writes &= inner._declared_global
        own.deletes &= inner._declared_global
        self._wake(own)
        self._hidden = outer
        self._bind(node.name)
        local = self._in_function and not self._is_global(node.name)
        if local or not stays_asleep(node.decorator_list) or node.bases or node.keywords:
            for body in methods:
                self._wake(body)
            self.bodies.setdefault(node.name, []).extend(methods)
        else:
            self._sleep(node.name, methods)

    # -- PEP 695 ----------------------------------------------------------------------------------------

    def _enter_type_parameters(self, node: ast.AST) -> frozenset[str]:
        """Hide ``T`` of ``def f[T]()``; return the names that were hidden before."""
        outer = self._hidden
        parameters = getattr(node, "type_params", ())
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
