"""Cells that seed a generator before anything could draw from it."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING

from .magics import magic_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["seeds_first", "seeds_with_none"]

_EVERY = frozenset(("python", "numpy", "torch"))
_SEEDING = {
    "random.seed": "python",
    "numpy.random.seed": "numpy",
    "torch.manual_seed": "torch",
    "torch.random.manual_seed": "torch",
}
_USUAL = {"np": "numpy", "numpy": "numpy", "random": "random", "torch": "torch"}


def seeds_first(source: str, namespace: Mapping[str, object]) -> frozenset[str]:
    """Return the streams that a cell seeds with a number before any statement that could draw.

    Only imports, constants, definitions without decorators, and other seeding may come before.

    Args:
        source: The cell, as Python runs it.
        namespace: The globals before the run; ``seed(SEED)`` counts only if ``SEED`` is not None there,
            since None seeds from the operating system.
    """
    return frozenset(
        stream for stream, names in _seeding(source) if all(namespace.get(name) is not None for name in names)
    )


def seeds_with_none(source: str, namespace: Mapping[str, object]) -> bool:
    """Tell whether a cell seeds with a variable that is None: the operating system's entropy, then."""
    return any(
        name in namespace and namespace[name] is None for _, names in _seeding(source) for name in names
    )


@functools.lru_cache(maxsize=4096)
def _seeding(source: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the seeded streams, each with the names of the cell's past that its seed depends on."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    aliases = dict(_USUAL)
    constants: set[str] = set()
    seeded: list[tuple[str, frozenset[str]]] = []
    for statement in tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            _note_import(statement, aliases)
            continue
        streams = _seeded_by(statement, aliases)
        names = (
            {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
            - aliases.keys()
            - constants
        )
        seeded += [(stream, frozenset(names - {"get_ipython"})) for stream in sorted(streams)]
        if not streams and not _draws_nothing(statement):
            break
        if isinstance(statement, ast.Assign) and statement.value.value is not None:  # type: ignore[attr-defined]  # a constant, see _draws_nothing
            constants |= {target.id for target in statement.targets if isinstance(target, ast.Name)}
    return tuple(seeded)


def _note_import(statement: ast.Import | ast.ImportFrom, aliases: dict[str, str]) -> None:
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            aliases[alias.asname or alias.name] = f"{statement.module}.{alias.name}"
        elif alias.asname:
            aliases[alias.asname] = alias.name
        else:
            top = alias.name.partition(".")[0]
            aliases[top] = top


def _seeded_by(statement: ast.stmt, aliases: dict[str, str]) -> frozenset[str]:
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
        return frozenset()
    call = statement.value
    magic = magic_of(call)
    if magic is not None:
        return (
            _EVERY
            if magic.name == "repro" and magic.kind == "run_line_magic" and "seed" in magic.line
            else frozenset()
        )
    stream = _SEEDING.get(_dotted(call.func, aliases))
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if stream is None or not arguments or not all(_is_plain(argument) for argument in arguments):
        return frozenset()
    return frozenset((stream,))


def _dotted(expression: ast.expr, aliases: dict[str, str]) -> str:
    parts: list[str] = []
    while isinstance(expression, ast.Attribute):
        parts.append(expression.attr)
        expression = expression.value
    if not isinstance(expression, ast.Name):
        return ""
    return ".".join([aliases.get(expression.id, expression.id), *reversed(parts)])


def _is_plain(expression: ast.expr) -> bool:
    """A number or a name: seeding with a call's result may itself draw. None seeds from the system."""
    if isinstance(expression, ast.Constant):
        return expression.value is not None
    return isinstance(expression, ast.Name)


def _draws_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return (
            not statement.decorator_list
            and not statement.args.defaults
            and not any(statement.args.kw_defaults)
        )
    if isinstance(statement, ast.Expr):
        magic = magic_of(statement.value) if isinstance(statement.value, ast.Call) else None
        return isinstance(statement.value, ast.Constant) or (
            magic is not None and magic.name in ("load_ext", "matplotlib")
        )
    return isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
