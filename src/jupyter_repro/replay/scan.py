"""The pass over a syntax tree that :func:`.names.analyse` makes."""

from __future__ import annotations

import ast
import dataclasses
import re
from typing import TYPE_CHECKING

from .local_names import local_names
from .magics import HARMLESS, magic_of
from .purity import CONSUMING_CALLS, PURE_CALLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .magics import Magic
    from .names import Names

__all__ = ["Found", "Scan"]

_HISTORY = re.compile(r"^(_{1,3}|_\d+|_i{1,3}|_i\d+|_ih|_oh|In|Out)$")
_Function = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclasses.dataclass
class Found:
    """What has been met so far; the words are those of :class:`.names.Names`."""

    reads: set[str] = dataclasses.field(default_factory=set)
    writes: set[str] = dataclasses.field(default_factory=set)
    deletes: set[str] = dataclasses.field(default_factory=set)
    mutates: set[str] = dataclasses.field(default_factory=set)
    may_mutate: set[str] = dataclasses.field(default_factory=set)
    iterates: set[str] = dataclasses.field(default_factory=set)
    calls: set[str] = dataclasses.field(default_factory=set)
    has_calls: bool = False
    opaque: list[str] = dataclasses.field(default_factory=list)
    history: set[str] = dataclasses.field(default_factory=set)


class Scan(ast.NodeVisitor):
    """Visits statements in the order they run.

    ``bound`` holds the global names that are surely bound at this point; ``hidden`` the local names of the
    function, class or comprehension that is being visited, which are not global.
    """

    def __init__(self, *, analyse: Callable[[str], Names], hidden: frozenset[str] = frozenset()) -> None:
        self.found = Found()
        self.bound: set[str] = set()
        self._analyse = analyse
        self._hidden = hidden
        self._in_function = False
        self._declared_global: set[str] = set()
        self._dormant: dict[str, list[Found]] = {}
        """Bodies of functions defined here that nothing has used yet, by name."""

    def module(self, tree: ast.Module) -> None:
        """Visit a whole cell."""
        self._block(tree.body)

    # -- names ------------------------------------------------------------------------------------------

    def visit_Name(self, node: ast.Name) -> None:
        """A read, a binding or a deletion."""
        if isinstance(node.ctx, ast.Load):
            self._read(node.id)
        elif isinstance(node.ctx, ast.Store):
            self._bind(node.id)
        else:
            self._delete(node.id)

    def _is_global(self, name: str) -> bool:
        return name in self._declared_global or name not in self._hidden

    def _read(self, name: str) -> None:
        if not self._is_global(name):
            return
        for body in self._dormant.pop(name, ()):
            self._wake(body)
        if name in self.bound:
            return
        if _HISTORY.match(name):
            self.found.history.add(name)
        else:
            self.found.reads.add(name)

    def _bind(self, name: str) -> None:
        if self._in_function and name not in self._declared_global:
            return
        if not self._is_global(name):
            return
        self.found.writes.add(name)
        self._dormant.pop(name, None)
        if not self._in_function:
            self.bound.add(name)

    def _delete(self, name: str) -> None:
        if self._is_global(name):
            self._read(name)
            self.found.deletes.add(name)
            self.bound.discard(name)

    def _wake(self, body: Found) -> None:
        """A function defined here may be called from now on: its names count."""
        found = self.found
        found.reads |= body.reads - self.bound
        found.writes |= body.writes
        found.deletes |= body.deletes
        found.may_mutate |= body.mutates | body.may_mutate
        found.iterates |= body.iterates
        found.calls |= body.calls
        found.has_calls = found.has_calls or body.has_calls
        found.opaque += body.opaque
        found.history |= body.history - self.bound
        for name in body.reads:
            for inner in self._dormant.pop(name, ()):
                self._wake(inner)

    # -- functions, classes, comprehensions ---------------------------------------------------------------

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Found:
        """Return what the body does when it is called."""
        inner = Scan(analyse=self._analyse, hidden=self._hidden | local_names(node))
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
        for decorator in node.decorator_list:
            self._called(decorator, ())
            self.visit(decorator)
        self._signature(node.args)
        if node.returns is not None:
            self.visit(node.returns)
        body = self._function(node)
        self._bind(node.name)
        if node.decorator_list or (self._in_function and not self._is_global(node.name)):
            self._wake(body)
        else:
            self._dormant.setdefault(node.name, []).append(body)

    visit_FunctionDef = _define  # noqa: N815 - ast's spelling
    visit_AsyncFunctionDef = _define  # noqa: N815 - as above

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

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """The class body runs now, its methods when the class is used."""
        for decorator in node.decorator_list:
            self._called(decorator, ())
        for expression in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            self.visit(expression)
        inner = Scan(analyse=self._analyse, hidden=self._hidden)
        inner.bound = set(self.bound)
        inner._block(node.body)
        methods = [body for bodies in inner._dormant.values() for body in bodies]
        own = inner.found
        own.writes.clear()
        own.deletes.clear()
        self._wake(own)
        self._bind(node.name)
        if node.decorator_list or node.bases or node.keywords:
            for body in methods:
                self._wake(body)
        else:
            self._dormant.setdefault(node.name, []).extend(methods)

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
        for position, generator in enumerate(node.generators):
            if position:
                self._iterated(generator.iter)
                self.visit(generator.iter)
            for condition in generator.ifs:
                self.visit(condition)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(part)
        self._hidden, self.bound = outer, bound

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815 - ast's spelling

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """``(x := ...)`` binds in the cell, also from inside a comprehension."""
        self.visit(node.value)
        self.visit(node.target)

    def visit_Global(self, node: ast.Global) -> None:
        """Names that a function binds in the cell."""
        self._declared_global.update(node.names)

    # -- statements ---------------------------------------------------------------------------------------

    def _block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self.visit(statement)

    def _branches(self, *branches: Sequence[ast.stmt]) -> None:
        """Only what every branch binds is surely bound afterwards."""
        start = set(self.bound)
        ends = []
        for branch in branches:
            self.bound = set(start)
            self._block(branch)
            if not _leaves(branch):
                ends.append(self.bound)
        self.bound = set.intersection(*ends) if ends else start

    def visit_If(self, node: ast.If) -> None:
        """Either branch."""
        self.visit(node.test)
        self._branches(node.body, node.orelse)

    def visit_While(self, node: ast.While) -> None:
        """Perhaps never."""
        self.visit(node.test)
        self._branches([*node.body], [])
        self._branches(node.orelse, [])

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self._iterated(node.iter)
        self.visit(node.iter)
        start = set(self.bound)
        self.visit(node.target)
        self._block(node.body)
        self.bound = start
        self._branches(node.orelse, [])

    visit_For = visit_AsyncFor = _for  # noqa: N815 - ast's spelling

    def _try(self, node: ast.Try) -> None:
        start = set(self.bound)
        self._block(node.body)
        self._block(node.orelse)
        ends = [self.bound]
        for handler in node.handlers:
            self.bound = set(start)
            if handler.type is not None:
                self.visit(handler.type)
            if handler.name:
                self._bind(handler.name)
            self._block(handler.body)
            if handler.name:
                self.bound.discard(handler.name)
            if not _leaves(handler.body):
                ends.append(self.bound)
        after = set.intersection(*ends)
        self.bound = start
        self._block(node.finalbody)
        self.bound |= after

    visit_Try = visit_TryStar = _try  # noqa: N815 - ast's spelling

    def visit_Match(self, node: ast.Match) -> None:
        """Any case, or none."""
        self.visit(node.subject)
        start = set(self.bound)
        for case in node.cases:
            self.bound = set(start)
            self.visit(case.pattern)
            if case.guard is not None:
                self.visit(case.guard)
            self._block(case.body)
        self.bound = start

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

    def visit_Assign(self, node: ast.Assign) -> None:
        """The value first, then the targets."""
        self.visit(node.value)
        for target in node.targets:
            self._store(target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """An annotation alone binds nothing."""
        if not self._in_function:
            self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self._store(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """``x += 1`` reads, then binds."""
        if isinstance(node.target, ast.Name):
            self._read(node.target.id)
        self.visit(node.value)
        self._store(node.target)

    def _store(self, target: ast.expr) -> None:
        if isinstance(target, (ast.Subscript, ast.Attribute)):
            self.found.mutates |= {name for name in _roots(target) if self._is_global(name)}
        elif isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self._store(part)
            return
        elif isinstance(target, ast.Starred):
            self._store(target.value)
            return
        self.visit(target)

    def visit_Delete(self, node: ast.Delete) -> None:
        """``del x`` and ``del x[0]``."""
        for target in node.targets:
            if not isinstance(target, (ast.Tuple, ast.List)):
                self._store_or_delete(target)
                continue
            for part in target.elts:
                self._store_or_delete(part)

    def _store_or_delete(self, target: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._delete(target.id)
        else:
            self._store(target)

    def visit_Import(self, node: ast.Import) -> None:
        """``import a.b`` binds ``a``."""
        for alias in node.names:
            self._bind(alias.asname or alias.name.partition(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """``from a import b``; a star cannot be seen through."""
        for alias in node.names:
            if alias.name == "*":
                self.found.opaque.append(f"`from {node.module} import *`")
            else:
                self._bind(alias.asname or alias.name)

    # -- expressions --------------------------------------------------------------------------------------

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """What a later operand binds may not be bound."""
        self.visit(node.values[0])
        bound = set(self.bound)
        for value in node.values[1:]:
            self.visit(value)
        self.bound = bound

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """One of two."""
        self.visit(node.test)
        bound = set(self.bound)
        self.visit(node.body)
        self.visit(node.orelse)
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
        self._iterated(node.value)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """A call may change its arguments, and what its method belongs to."""
        magic = magic_of(node)
        if magic is not None:
            self._magic(magic)
            return
        if self._runs_text(node):
            return
        arguments = (*node.args, *(keyword.value for keyword in node.keywords))
        self._called(node.func, arguments)
        self.generic_visit(node)

    def _called(self, func: ast.expr, arguments: Sequence[ast.expr]) -> None:
        roots = [name for name in _roots(func) if self._is_global(name)]
        self.found.calls.update(roots)
        names = {name for argument in arguments for name in _roots(argument) if self._is_global(name)}
        if isinstance(func, ast.Name):
            if func.id in CONSUMING_CALLS:
                self.found.iterates |= names
            if func.id in PURE_CALLS and func.id not in self.found.writes:
                return
        else:
            self.found.may_mutate.update(roots)
        self.found.may_mutate |= names
        self.found.has_calls = True

    def _iterated(self, expression: ast.expr) -> None:
        self.found.iterates |= {name for name in _roots(expression) if self._is_global(name)}

    def _runs_text(self, node: ast.Call) -> bool:
        """Look into ``exec("...")``; say where the text is not known."""
        if not isinstance(node.func, ast.Name):
            return False
        name = node.func.id
        if name in ("globals", "locals") or (name == "vars" and not node.args):
            self.found.opaque.append(f"`{name}()`")
            return False
        if name not in ("exec", "eval"):
            return False
        text = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        if not isinstance(text, str) or len(node.args) > 1 or node.keywords:
            self.found.opaque.append(f"`{name}` of computed text")
            return False
        self._text(text.strip() if name == "eval" else text, who=f"`{name}`")
        return True

    def _magic(self, magic: Magic) -> None:
        if magic.body is not None:
            if magic.name == "capture" and magic.line.split():
                self._bind(next((w for w in magic.line.split() if not w.startswith("-")), "_"))
            self._text(magic.body, who=f"`{magic.spelled}`", binds=magic.name != "timeit")
        elif magic.name not in HARMLESS or magic.kind != "run_line_magic":
            self.found.opaque.append(magic.spelled if not magic.name else f"`{magic.spelled}`")

    def _text(self, text: str, *, who: str, binds: bool = True) -> None:
        names = self._analyse(text)
        if not names.compiles:
            self.found.opaque.append(f"the body of {who}")
            return
        body = Found(
            reads=set(names.reads),
            writes=set(names.writes) if binds else set(),
            deletes=set(names.deletes),
            mutates=set(names.mutates),
            may_mutate=set(names.may_mutate),
            iterates=set(names.iterates),
            calls=set(names.calls),
            has_calls=names.has_calls,
            opaque=list(names.opaque),
            history=set(names.history),
        )
        self._wake(body)
        self.found.mutates |= names.mutates
        if binds and not self._in_function:
            self.bound |= names.writes - names.maybe_writes - names.deletes


def _roots(expression: ast.expr) -> Iterator[str]:
    """Yield the names through which the object may be reached: ``x``, ``x.a[0]``, ``[x, *y]``."""
    if isinstance(expression, ast.Name):
        yield expression.id
    elif isinstance(expression, (ast.Attribute, ast.Subscript, ast.Starred, ast.Await, ast.NamedExpr)):
        yield from _roots(expression.value)
    elif isinstance(expression, ast.Call):
        yield from _roots(expression.func) if isinstance(expression.func, ast.Attribute) else ()
    elif isinstance(expression, (ast.List, ast.Tuple, ast.Set)):
        for part in expression.elts:
            yield from _roots(part)
    elif isinstance(expression, ast.Dict) or isinstance(expression, ast.BoolOp):
        for part in expression.values:
            yield from _roots(part)
    elif isinstance(expression, ast.IfExp):
        yield from _roots(expression.body)
        yield from _roots(expression.orelse)


def _leaves(branch: Sequence[ast.stmt]) -> bool:
    """Tell whether the branch never gets to its end."""
    return bool(branch) and isinstance(branch[-1], (ast.Raise, ast.Return, ast.Continue, ast.Break))
