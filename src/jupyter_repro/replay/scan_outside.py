"""The pass over what reaches past the names that a source spells."""

from __future__ import annotations

import ast

from .asked_paths import path_asked
from .outside import REFLECTION, TEXT_METHODS, names_in_call, names_in_text
from .roots import dotted, roots
from .scope import Scope
from .unrepeatable import FILE_METHODS, TAKES_MODULES, Called, is_telling, spelled_out, why_unrepeatable

__all__ = ["OutsideScan"]

_ASK_WHO = frozenset(("isinstance", "repr", "str", "type"))
"""Asked about the shell, they tell which front end this is."""


class OutsideScan(Scope, ast.NodeVisitor):
    """Notes clocks, entropy, the shell itself, frames, and texts that name variables."""

    def _is_builtin(self, name: str) -> bool:
        return self._is_global(name) and name not in self.bound

    def _reaches_out(self, node: ast.Call) -> None:
        """Clocks, entropy, the shell itself, modules and texts that name variables."""
        called = dotted(node.func)
        top = called.partition(".")[0]
        if called and self._is_global(top):
            self._gives_else(called, node)
            if called == "dir" and not node.args and not self._in_function and self._is_builtin("dir"):
                self.found.opaque.append("`dir()`")
            if called in ("setattr", "delattr", "reload", "importlib.reload") and node.args:
                self._changed(node.args[0])
        if called.rpartition(".")[2] == "get_ipython" and node is not self._asked:
            self.found.opaque.append("`get_ipython()`")
        if called in _ASK_WHO and node.args:
            self._asked = node.args[0]
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in FILE_METHODS
            and not self._is_told(called)
            and not self._asks_of_path(node, "")
        ):
            self.found.unrepeatable.append(f"it asks what files are there (`{called or node.func.attr}`)")
        if isinstance(node.func, ast.Attribute) and node.func.attr in TEXT_METHODS:
            texts = [
                part.value
                for argument in (*node.args, *node.keywords)
                for part in ast.walk(argument)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            for name in sorted(names_in_text(texts)):
                self._read(name)
        for name in sorted(names_in_call(called, node)):
            self._read(name)

    def _is_told(self, called: str) -> bool:
        """Tell whether :meth:`_gives_else` has looked at the call."""
        return bool(called) and self._is_global(called.partition(".")[0])

    def _gives_else(self, dotted: str, node: ast.Call) -> None:
        """Clocks, entropy and addresses give something else each time; what is taken away is gone the next time."""
        if dotted in TAKES_MODULES:
            self.found.unrepeatable.append(f"it takes modules away (`{dotted}`)")
            return
        if not is_telling(dotted) and dotted not in ("hash", "id"):
            return
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        only = arguments[0] if len(arguments) == 1 else None
        called = Called(
            dotted,
            len(arguments),
            none=isinstance(only, ast.Constant) and only.value is None,
            argument=only.id if isinstance(only, ast.Name) else "",
        )
        reason = why_unrepeatable(spelled_out(dotted, self._imports), called)
        if dotted == "id" and self._is_builtin("id"):
            reason = "it asks for the address of an object (`id`)"
        elif dotted == "hash" and self._is_builtin("hash") and not self._in_function and not _is_number(only):
            reason = "it depends on the hash seed of this process (`hash`)"
        if reason and self._asks_of_path(node, spelled_out(dotted, self._imports)):
            return
        if reason:
            self.found.unrepeatable.append(reason)
        elif dotted.partition(".")[0] not in self.bound:
            self.found.called.add(called)

    def _asks_of_path(self, node: ast.Call, full: str) -> bool:
        """Tell whether the call only asks what is at a path that can be worked out after the run."""
        path = None if self._in_function or self._loops else path_asked(node, full)
        if path is not None:
            self.found.asked.add(ast.unparse(path))
        return path is not None

    def _reflects(self, node: ast.Attribute) -> None:
        """Frames and functions hand out every name; ``get_ipython().__class__`` only tells who asks."""
        if node.attr in REFLECTION:
            self.found.opaque.append(f"`{node.attr}`")
        if node.attr == "__class__":
            self._asked = node.value
        if node.attr == "execution_count" and isinstance(node.ctx, ast.Load) and _is_shell(node.value):
            self._asked = node.value
            self.found.history.add(node.attr)

    def _asks_who(self, node: ast.Compare) -> bool:
        """``__name__ == "__main__"`` and ``get_ipython() is None`` reach nothing."""
        if isinstance(node.left, ast.Name) and node.left.id == "__name__":
            self._read("__name__")
            return all(isinstance(right, ast.Constant) for right in node.comparators)
        if isinstance(node.ops[0], (ast.Is, ast.IsNot)):
            self._asked = node.left
        elif all(isinstance(side, ast.Call) and dotted(side.func) == "id" for side in _sides(node)):
            for side in _sides(node):  # whether two addresses are the same is no matter of the address
                self._read("id")
                for argument in side.args:  # type: ignore[attr-defined]  # a call
                    self.visit(argument)
            return True
        return False

    def visit_Constant(self, node: ast.Constant) -> None:
        """The module of all names, asked for by its name."""
        if type(node.value) is str and node.value == "__main__":
            self.found.opaque.append("`__main__`")

    def _may_draw(self) -> None:
        self.found.has_calls = True
        self.found.branching = self.found.branching or self._depth > 0

    def _store(self, target: ast.expr) -> None:
        """Bind a target, or change what it is a part of."""
        if isinstance(target, (ast.Subscript, ast.Attribute)):
            self._changed(target)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self._store(part)
            return
        elif isinstance(target, ast.Starred):
            self._store(target.value)
            return
        self.visit(target)

    def _changed(self, target: ast.expr) -> None:
        """Under a condition it is only perhaps changed."""
        names = self._act(roots(target))
        if self._depth or self._in_function:
            self.found.may_mutate |= names
        else:
            self.found.mutates |= names


def _is_shell(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func) == "get_ipython" and not node.args


def _sides(node: ast.Compare) -> list[ast.expr]:
    return [node.left, *node.comparators]


def _is_number(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float, complex))
