"""Names that a source leaves with a value which its text says outright, whatever the rest of it is fed.

A cell that draws from a generator and then says ``n = 4`` leaves 4 in ``n`` in run-all too, if run-all gets to its end.
"""

from __future__ import annotations

import ast
import collections
import functools
import re
from typing import NamedTuple

__all__ = ["Said", "is_calm", "reaches_names_unseen", "settled_by"]

_ATOMS = (bool, int, float, str, bytes, type(None))
_CALM = (
    ast.Assign, ast.Expr, ast.Pass, ast.Import, ast.ImportFrom, ast.alias, ast.Name, ast.Constant, ast.List, ast.Tuple, ast.Dict,
    ast.Set, ast.Load, ast.Store, ast.UnaryOp, ast.USub,
)  # fmt: skip
"""What changes no object in place."""
_REACHES = re.compile(
    r"\b(?:exec|eval|globals|locals|vars|setattr|delattr|__main__|user_ns|get_ipython|gc|_getframe|f_globals|__globals__|inspect|ctypes)\b"
)
_CODE = re.compile(r"\b(?:def|lambda|class)\b")


_KNOWN = (
    "it asks what files are there",
    "it depends on the hash seed",
    "it draws from the system's entropy",
    "it goes through a set",
    "it reads the clock",
    "it uses the history of this kernel",
    "it used the network",
)


def is_calm(effect: str) -> bool:
    """Tell whether what escapes of a run surely binds no name."""
    return effect.startswith(_KNOWN)


def _digest(value: object) -> str | None:
    """Return the digest that a literal has where a cell leaves it."""
    from jupyter_repro.digest.values import Budget, value_digest

    return value_digest(value, budget=Budget(bytes=1 << 20, items=1 << 14))


class Said(NamedTuple):
    """A name that is left bound to a literal."""

    name: str
    digest: str
    """Of the value."""
    fixed: bool
    """Nothing can change it in place."""


@functools.lru_cache(maxsize=4096)
def settled_by(source: str) -> tuple[Said, ...]:
    """Return the names that a source surely leaves bound to a literal.

    Names that functions, also of other cells, may bind or change are for the caller to leave out.
    """
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    if _REACHES.search(source):
        return ()
    statements = [each for statement in body for each in _surely_run(statement)]
    bound, met = _bindings(body), _mentions(body)
    if bound["*"]:
        return ()
    found = []
    for place, statement in enumerate(statements):
        for name, value in _said_by(statement):
            calm = all(
                isinstance(node, _CALM) for later in statements[place + 1 :] for node in ast.walk(later)
            )
            fixed, digest = isinstance(value, _ATOMS), _digest(value)
            if digest is not None and bound[name] == 1 and (fixed or (calm and met[name] == 1)):
                found.append(Said(name, digest, fixed=fixed))
    return tuple(found)


@functools.lru_cache(maxsize=4096)
def reaches_names_unseen(source: str) -> bool:
    """Tell whether functions of a source may bind names that it does not spell."""
    return bool(_CODE.search(source) and _REACHES.search(source))


def _surely_run(statement: ast.stmt) -> list[ast.stmt]:
    """Return the statement, or what of a ``try`` runs in any case."""
    return [statement, *statement.finalbody] if isinstance(statement, ast.Try) else [statement]


def _said_by(statement: ast.stmt) -> list[tuple[str, object]]:
    if not isinstance(statement, ast.Assign) or not all(
        isinstance(each, ast.Name) for each in statement.targets
    ):
        return []
    try:
        value = ast.literal_eval(statement.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return []
    names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
    if len(names) > 1 and not isinstance(value, _ATOMS):
        return []
    return [(name, value) for name in names if not name.startswith("_") and name not in ("In", "Out")]


def _bindings(body: list[ast.stmt]) -> collections.Counter[str]:
    """Count how often each name is bound, deleted or declared, wherever in the source."""
    found: collections.Counter[str] = collections.Counter()
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                found[node.id] += 1
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found[node.name] += 1
            elif isinstance(node, ast.alias):
                found[(node.asname or node.name).partition(".")[0]] += 1
                found.update({"*": 1} if node.name == "*" else {})
            elif isinstance(node, (ast.Global, ast.Nonlocal)):
                found.update(node.names)
            elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
                found[node.name] += 1
            elif isinstance(node, ast.MatchMapping) and node.rest:
                found[node.rest] += 1
    return found


def _mentions(body: list[ast.stmt]) -> collections.Counter[str]:
    return collections.Counter(
        node.id for statement in body for node in ast.walk(statement) if isinstance(node, ast.Name)
    )
