"""The pass over code that is written as text, and over names that are written as text."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

from .magics import magic_of, names_in_line, row_of
from .roots import dotted
from .scan_outside import OutsideScan
from .scope import Found

if TYPE_CHECKING:
    from .magics import Magic

__all__ = ["TextScan"]

_NAMESPACES = frozenset(("globals", "locals", "vars"))
_RUNNING = _NAMESPACES | {"eval", "exec"}


class TextScan(OutsideScan, ast.NodeVisitor):
    """Looks into ``exec("...")``, ``globals()["x"]`` and magics; says where the text is not known."""

    def _known_text(self, node: ast.expr) -> str | None:
        """Return the text of a literal, or of a name that is surely bound to one here."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if (
            isinstance(node, ast.Name)
            and node.id in self.bound
            and not self._loops
            and self._is_global(node.id)
        ):
            return self._texts.get(node.id)
        if isinstance(node, ast.Call) and dotted(node.func) == "compile" and node.args:
            return self._known_text(node.args[0])
        return None

    # -- text that is run -------------------------------------------------------------------------------

    def _runs_text(self, node: ast.Call) -> bool:
        func = node.func
        if not isinstance(func, ast.Name):
            if not isinstance(func, ast.Attribute) or type(func.value) is not ast.Call:
                return False
            magic = magic_of(node)
            if magic is not None:
                self._magic(magic)
            return magic is not None or self._namespace_call(node)
        if func.id not in _RUNNING or not self._is_builtin(func.id):
            return False
        if func.id in _NAMESPACES:
            return self._namespace_call(node)
        text = self._known_text(node.args[0]) if node.args else None
        at_home = all(_is_namespace(argument) for argument in node.args[1:]) and not node.keywords
        if text is None or not at_home:
            self.found.opaque.append(f"`{func.id}` of computed text")
            self.found.has_calls = True
            for argument in (*node.args, *node.keywords):
                self.visit(argument)
            return True
        self._text(text.strip() if func.id == "eval" else text, who=f"`{func.id}`")
        return True

    def _namespace_call(self, node: ast.Call) -> bool:
        """``globals()`` alone hands out every name; ``globals().get('x')`` one."""
        func = node.func
        if isinstance(func, ast.Attribute) and self._is_namespace_here(func.value):
            name = self._known_text(node.args[0]) if node.args else None
            if name is None or func.attr not in ("get", "pop", "setdefault", "__getitem__"):
                return False
            self._read(name)
            if func.attr == "pop":
                self._delete(name)
            elif func.attr == "setdefault":
                self._bind(name)
            for argument in node.args[1:]:
                self.visit(argument)
            return True
        if not self._is_namespace_here(node):
            return False
        if func.id == "globals" or not self._in_function or self._class is not None:  # type: ignore[attr-defined]  # a Name, see _is_namespace
            self.found.opaque.append(f"`{func.id}()`")  # type: ignore[attr-defined]  # as above
        return True

    def _is_namespace_here(self, node: ast.expr) -> bool:
        return _is_namespace(node) and self._is_builtin(node.func.id)  # type: ignore[attr-defined]  # a call of a Name

    def _is_cell_namespace(self, node: ast.expr) -> bool:
        """In a function ``locals()`` holds only what is local."""
        return self._is_namespace_here(node) and (
            node.func.id == "globals" or not (self._in_function or self._class)  # type: ignore[attr-defined]  # as above
        )

    def _names_by_key(self, node: ast.Subscript) -> bool:
        """``globals()['x']``, read, bound or deleted."""
        if type(node.value) is ast.Name:
            return False
        if dotted(node.value) == "sys.modules" and not isinstance(node.slice, ast.Constant):
            self.found.opaque.append("`sys.modules` by a computed name")
        if dotted(node.value) == "sys.modules" and isinstance(node.ctx, ast.Del):
            self.found.unrepeatable.append("it takes modules away (`del sys.modules[...]`)")
        if not self._is_cell_namespace(node.value):
            return False
        name = self._known_text(node.slice)
        if name is None:
            return False
        if isinstance(node.ctx, ast.Load):
            self._read(name)
        elif isinstance(node.ctx, ast.Del):
            self._delete(name)
        else:
            self.found.writes.add(name)
            if not self._in_function:
                self.bound.add(name)
        return True

    def _reads_by_key(self, node: ast.Subscript) -> None:
        """``globals()['x'] += 1`` reads x first."""
        name = self._known_text(node.slice) if self._is_cell_namespace(node.value) else None
        if name is not None:
            self._read(name)

    def _looks_up(self, node: ast.Compare) -> bool:
        """``'x' in globals()``."""
        if len(node.ops) != 1 or not isinstance(node.ops[0], (ast.In, ast.NotIn)):
            return False
        right = node.comparators[0]
        name = self._known_text(node.left)
        if name is None:
            return False
        if isinstance(right, ast.Call) and dotted(right.func) == "dir" and not right.args:
            if not self._is_builtin("dir") or self._in_function:
                return False
        elif not self._is_cell_namespace(right):
            return False
        self._read(name)
        return True

    def _text(self, text: str, *, who: str, binds: bool = True) -> None:
        if binds and not self._in_function and self._class is None:
            self._text_here(text, who)
            return
        names = self._analyse(text)
        if not names.compiles:
            self.found.opaque.append(f"the body of {who}")
            return
        found = Found(
            reads=self._globals(names.reads),
            writes=set(names.writes) if "global" in text else set(),
            may_mutate=self._globals(names.mutates | names.may_mutate),
            iterates=self._globals(names.iterates),
            calls=self._globals(names.calls),
            has_calls=names.has_calls,
            branching=names.branching,
            conditional=names.conditional,
            repeats=names.repeats,
            rng_state=names.rng_state,
            opaque=list(names.opaque),
            unrepeatable=list(names.unrepeatable),
            called=set(names.called),
            stars=list(names.stars),
            history=set(names.history),
        )
        self._wake(found)
        self._acted |= found.may_mutate | found.calls | found.iterates
        for name in sorted(found.reads):
            self._read(name)

    def _text_here(self, text: str, who: str) -> None:
        """Visit the text as if it stood in its place."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.found.opaque.append(f"the body of {who}")
            return
        self.visit(tree)

    def _magic(self, magic: Magic) -> None:
        row = row_of(magic)
        for text in names_in_line(magic):
            self._text(text, who=f"`{magic.spelled}`", binds=False)
        for name in magic.binds:
            self._bind(name)
        self.found.reads |= magic.reads - self.bound
        if magic.calls:
            self.found.calls |= magic.calls
            self.found.has_calls = True
        repeats = magic.name == "timeit"
        self.found.repeats = self.found.repeats or repeats
        if magic.body is not None:
            self._text(magic.body, who=f"`{magic.spelled}`", binds=not repeats)
        elif row.kind == "code" and magic.kind != "run_line_magic":
            self.found.opaque.append(f"the body of `{magic.spelled}`")
        if row.hides:
            self._may_draw()
            self.found.opaque.append(f"`{magic.spelled}`, which {row.sentence}")
        elif row.says:
            self.found.unrepeatable.append(f"`{magic.spelled}` {row.sentence}")


def _is_namespace(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _NAMESPACES
        and not node.args
        and not node.keywords
    )
