"""Questions whether a file is there, of which the source tells what path they are about.

No event tells of ``os.path.exists``; but where its argument is a text, a name, or a path put together of these,
it can be worked out afterwards, and what is there is a file that the cell read like any other.
"""

from __future__ import annotations

import ast
import os
import pathlib
from typing import TYPE_CHECKING, Any

from .roots import dotted

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["folder_made_if_missing", "path_asked", "worked_out"]

_FUNCTIONS = frozenset(f"os.path.{name}" for name in ("exists", "getsize", "isdir", "isfile", "lexists"))
_METHODS = frozenset(("exists", "is_dir", "is_file"))
_PATHS = frozenset(("Path", "pathlib.Path"))
_MAKERS = frozenset(("os.makedirs", "os.mkdir"))
_PATH_TYPES = (pathlib.PosixPath, pathlib.WindowsPath, pathlib.PurePosixPath, pathlib.PureWindowsPath)


def path_asked(call: ast.Call, full: str) -> ast.expr | None:
    """Return the path that a call asks about, None if it asks something else or the path cannot be worked out.

    Args:
        call: ``os.path.exists("data.csv")``, ``(FOLDER / "data.csv").exists()``.
        full: The full name of what is called, as far as the source tells.
    """
    found: ast.expr | None = None
    if full in _FUNCTIONS and len(call.args) == 1 and not call.keywords:
        found = call.args[0]
    elif (
        isinstance(call.func, ast.Attribute)
        and call.func.attr in _METHODS
        and not (call.args or call.keywords)
    ):
        found = call.func.value
    return found if found is not None and _is_plain(found) else None


def folder_made_if_missing(statement: ast.If) -> ast.expr | None:
    """Return the path of ``if not os.path.exists(path): os.makedirs(path)`` and the like, else None.

    Whether the folder was there or not, it is there afterwards, and nothing else has happened.
    """
    test, body = statement.test, statement.body
    if (
        statement.orelse
        or len(body) != 1
        or not isinstance(test, ast.UnaryOp)
        or not isinstance(test.op, ast.Not)
    ):
        return None
    made = body[0].value if isinstance(body[0], ast.Expr) else None
    if not isinstance(test.operand, ast.Call) or not isinstance(made, ast.Call):
        return None
    asked = path_asked(test.operand, dotted(test.operand.func))
    by_method = isinstance(made.func, ast.Attribute) and made.func.attr == "mkdir" and not made.args
    by_function = dotted(made.func) in _MAKERS and len(made.args) == 1
    if asked is None or not (by_method or by_function):
        return None
    target = made.args[0] if by_function else made.func.value  # type: ignore[attr-defined]  # an attribute, as tested
    return asked if ast.dump(target) == ast.dump(asked) else None


def worked_out(path: str, namespace: Mapping[str, Any]) -> str | None:
    """Return the absolute path that an expression means now; None if it is none of text and plain paths.

    Args:
        path: The expression, in Python.
        namespace: The user's names; no code of theirs is called.
    """
    found = _value(ast.parse(path, mode="eval").body, namespace)
    return None if found is None else os.path.abspath(found)  # noqa: PTH100 - plain strings, as files are named


def _is_plain(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Div) and _is_plain(node.left) and _is_plain(node.right)
    if isinstance(node, ast.Call):
        joins = dotted(node.func) in _PATHS or dotted(node.func) == "os.path.join"
        return joins and bool(node.args) and not node.keywords and all(map(_is_plain, node.args))
    return isinstance(node, ast.Name)


def _value(node: ast.expr, namespace: Mapping[str, Any]) -> str | None:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name):
        value = namespace.get(node.id)
        return value if type(value) is str else str(value) if type(value) in _PATH_TYPES else None
    parts = [node.left, node.right] if isinstance(node, ast.BinOp) else getattr(node, "args", [])
    texts = [_value(part, namespace) for part in parts]
    return os.path.join(*texts) if texts and None not in texts else None  # type: ignore[arg-type]  # noqa: PTH118 - as above
