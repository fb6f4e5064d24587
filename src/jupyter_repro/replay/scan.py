"""The pass over a syntax tree that :func:`.names.analyse` makes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .asked_paths import folder_made_if_missing
from .roots import has_jump, irrefutable, leaves, never_empty, roots
from .scan_definitions import DefinitionScan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Scan"]

_SWALLOWING = ("suppress", "raises", "ExitStack", "catch", "ignore")
"""Words in the names of context managers that let their block end early without an error."""


class Scan(DefinitionScan, ast.NodeVisitor):
    """Visits statements in the order they run."""

    def module(self, tree: ast.Module) -> None:
        """Visit a whole cell."""
        self._block(tree.body)
        self.follow_aliases()

    def _branches(self, *branches: Sequence[ast.stmt]) -> None:
        """Only what every branch binds is surely bound afterwards."""
        start = set(self.bound)
        ends = []
        self.found.conditional = True
        self._depth += 1
        for branch in branches:
            self.bound = set(start)
            self._block(branch)
            if not leaves(branch):
                ends.append(self.bound)
        self._depth -= 1
        self.bound = set.intersection(*ends) if ends else start

    def visit_If(self, node: ast.If) -> None:
        """Either branch."""
        folder = None if self._in_function or self._loops else folder_made_if_missing(node)
        if folder is not None:
            self.found.ensured.add(ast.unparse(folder))
            for part in ast.walk(node):
                if isinstance(part, ast.Name):
                    self._read(part.id)
            return
        self.visit(node.test)
        self._branches(node.body, node.orelse)

    def visit_While(self, node: ast.While) -> None:
        """Perhaps never; ``while True`` at least once."""
        self.visit(node.test)
        once = isinstance(node.test, ast.Constant) and bool(node.test.value)
        self._loop_body(node.body, once=once)
        self._branches(node.orelse, [])

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self._looped(node.iter)
        self.visit(node.iter)
        self._alias(roots(node.target), roots(node.iter))
        start = set(self.bound)
        once = never_empty(node.iter)
        self._store(node.target)
        self._loop_body(node.body, once=once)
        if not once:
            self.bound = start
        self._branches(node.orelse, [])

    visit_For = visit_AsyncFor = _for  # noqa: N815 - ast's spelling

    def _loop_body(self, body: Sequence[ast.stmt], *, once: bool) -> None:
        """Visit a body; if it surely runs once, what it binds before the first way out is bound."""
        after = set(self.bound)
        straight = once
        self.found.conditional = True
        self._depth += 1
        self._loops += 1
        for statement in body:
            straight = straight and not has_jump(statement)
            self.visit(statement)
            if straight:
                after = set(self.bound)
        self._depth -= 1
        self._loops -= 1
        self.bound = after

    def _try(self, node: ast.Try) -> None:
        start = set(self.bound)
        self._depth += 1
        self._block(node.body)
        self._block(node.orelse)
        ends = [] if leaves(node.orelse or node.body) else [self.bound]
        for handler in node.handlers:
            self.bound = set(start)
            if handler.type is not None:
                self.visit(handler.type)
            if handler.name:
                self._bind(handler.name)
            self._block(handler.body)
            if handler.name:
                self._unbind(handler.name)
            if not leaves(handler.body):
                ends.append(self.bound)
        self._depth -= 1
        after = set.intersection(*ends) if ends else set(start)
        self.bound, deleted = start, len(self.found.deletes)
        self._block(node.finalbody)
        if len(self.found.deletes) == deleted:
            self.bound |= after

    visit_Try = visit_TryStar = _try  # noqa: N815 - ast's spelling

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        swallows = False
        for item in node.items:
            self.visit(item.context_expr)
            managers = self._act(roots(item.context_expr))
            self.found.may_mutate |= managers
            self.found.calls |= managers
            self._may_draw()
            if item.optional_vars is not None:
                self._alias(roots(item.optional_vars), roots(item.context_expr))
                self._store(item.optional_vars)
            manager = item.context_expr
            manager = manager.func if isinstance(manager, ast.Call) else manager
            name = getattr(manager, "attr", getattr(manager, "id", ""))
            swallows = swallows or any(word in name for word in _SWALLOWING)
        if swallows:
            self._branches(node.body, [])
        else:
            self._block(node.body)

    visit_With = visit_AsyncWith = _with  # noqa: N815 - ast's spelling

    # -- match ------------------------------------------------------------------------------------------

    def visit_Match(self, node: ast.Match) -> None:
        """Any case, or none."""
        self.visit(node.subject)
        start = set(self.bound)
        subject = set(roots(node.subject))
        ends = []
        self.found.conditional = True
        self._depth += 1
        for case in node.cases:
            self.bound = set(start)
            self.visit(case.pattern)
            self._alias(_captures(case.pattern), subject)
            if case.guard is not None:
                self.visit(case.guard)
            self._block(case.body)
            if not leaves(case.body):
                ends.append(self.bound)
        self._depth -= 1
        if not any(irrefutable(case) for case in node.cases):
            ends.append(start)
        self.bound = set.intersection(*ends) if ends else start

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        """A capture."""
        if node.pattern is not None:
            self.visit(node.pattern)
        if node.name is not None:
            self._bind(node.name)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        """A starred capture."""
        if node.name is not None:
            self._bind(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        """Keys, patterns and the rest."""
        self.generic_visit(node)
        if node.rest is not None:
            self._bind(node.rest)

    # -- stores -----------------------------------------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> None:
        """The value first, then the targets."""
        target = node.targets[0]
        alone = len(node.targets) == 1 and isinstance(target, ast.Name)
        if alone and isinstance(node.value, ast.Lambda):
            self._named_lambda(target.id, node.value)  # type: ignore[attr-defined]  # a Name
            return
        self.visit(node.value)
        sources = set(roots(node.value))
        for target in node.targets:
            if isinstance(target, (ast.Tuple, ast.List)) and not isinstance(
                node.value, (ast.Tuple, ast.List)
            ):
                self._looped(node.value)
            if sources:
                self._alias(roots(target), sources)
            self._store(target)
        if alone and not self._depth and not self._in_function and self._class is None:
            text = self._known_text(node.value)
            if text is not None:
                self._texts[target.id] = text  # type: ignore[attr-defined]  # a Name

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """An annotation alone binds nothing, but the object of ``x.a: int`` is looked at."""
        if not self._in_function or self._class is not None:
            self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self._alias(roots(node.target), roots(node.value))
            self._store(node.target)
        elif isinstance(node.target, (ast.Attribute, ast.Subscript)):
            self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """``x += 1`` reads, perhaps changes the object in place, then binds."""
        if isinstance(node.target, ast.Name):
            self._read(node.target.id)
            self.found.may_mutate |= self._act((node.target.id,))
        elif isinstance(node.target, ast.Subscript):
            self._reads_by_key(node.target)
        self._iterated(node.value)  # a list takes everything from what is added to it
        self.visit(node.value)
        self._alias(roots(node.target), roots(node.value))
        self._store(node.target)

    def visit_Delete(self, node: ast.Delete) -> None:
        """``del x`` and ``del x[0]``."""
        for target in node.targets:
            parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
            for part in parts:
                if isinstance(part, ast.Name):
                    self._delete(part.id)
                else:
                    self._store(part)

    def visit_Import(self, node: ast.Import) -> None:
        """``import a.b`` binds ``a``."""
        for alias in node.names:
            if alias.name == "__main__":
                self.found.opaque.append("`import __main__`")
            name = alias.asname or alias.name.partition(".")[0]
            bound = alias.name if alias.asname else name
            self._bind(name, imported=bound)
            self._imports[name] = bound
            self.found.imports.add((name, alias.name))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """``from a import b``; a star cannot be seen through."""
        for alias in node.names:
            if node.module == "__main__" and not node.level:
                self._read(alias.name)
            if alias.name == "*":
                self._bind_all(node)
            else:
                bound = "" if node.level else f"{node.module}.{alias.name}"
                self._bind(alias.asname or alias.name, imported=bound)
                if bound:
                    self._imports[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                    self.found.imports.add((alias.asname or alias.name, f"{node.module}.{alias.name}"))

    def _bind_all(self, node: ast.ImportFrom) -> None:
        module = "" if node.level else node.module or ""
        self.found.stars.append(module)
        names = self._stars.get(module)
        if names is None:
            self.found.opaque.append(f"`from {node.module} import *`")
            return
        for name in sorted(names):
            self._bind(name, imported=f"{module}.{name}")
            self._imports[name] = f"{module}.{name}"
            self.found.imports.add((name, f"{module}.{name}"))


def _captures(pattern: ast.pattern) -> Iterator[str]:
    for node in ast.walk(pattern):
        name = getattr(node, "rest", None) or getattr(node, "name", None)
        if isinstance(name, str):
            yield name
