"""Cells that seed a generator: before anything could draw from it, or after."""

from __future__ import annotations

import ast
import functools
import types
from typing import TYPE_CHECKING

from .magics import magic_of
from .reach import reach

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["draws_before_seeding", "seeds_first", "seeds_with_none"]

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


def draws_before_seeding(source: str, namespace: Mapping[str, object]) -> frozenset[str]:
    """Return the streams that a cell may draw from before it seeds them itself.

    Such a cell may leave a stream as it found it, and hang on it nevertheless. Calls of libraries count as
    draws if they are of the stream's own library or have the name of something that draws.

    Args:
        source: The cell, as Python runs it.
        namespace: The globals before the run.
    """
    return frozenset(
        stream
        for stream, draws, called in _late_seeding(source)
        if draws or any(_leads_to(stream, name, namespace) for name in called)
    )


_HOMES = {"python": "random", "numpy": "numpy", "torch": "torch"}
_DRAWS_FROM = {"python": "random.", "numpy": "numpy.random.", "torch": "torch."}
_DRAWING = frozenset(
    ("bootstrap", "cross_val_score", "dropout", "fit", "fit_predict", "fit_transform", "permutation_importance", "resample",
     "rvs", "sample", "shuffle", "train_test_split")
)  # fmt: skip
_CALM = frozenset(
    ("compile", "cuda", "device", "from_numpy", "is_available", "load", "no_grad", "save", "tensor")
)
"""Functions of torch that draw nothing."""


@functools.lru_cache(maxsize=4096)
def _late_seeding(source: str) -> tuple[tuple[str, bool, frozenset[str]], ...]:
    """Return each seeded stream, whether a call before is a draw, and which names are called before."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    aliases = dict(_USUAL)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            _note_import(node, aliases)
    calls = sorted(
        (node for node in ast.walk(tree) if isinstance(node, ast.Call)),
        key=lambda call: (call.lineno, call.col_offset),
    )
    names = [_dotted(call.func, aliases) for call in calls]
    found: dict[str, tuple[bool, frozenset[str]]] = {}
    for place, name in enumerate(names):
        stream = _SEEDING.get(name)
        if stream is None or stream in found:
            continue
        before = [*zip(calls[:place], names[:place], strict=True)]
        draws = any(_may_draw(stream, call, full) for call, full in before)
        found[stream] = draws, frozenset(full.partition(".")[0] for _, full in before if full)
    return tuple((stream, draws, called) for stream, (draws, called) in found.items())


def _may_draw(stream: str, call: ast.Call, full: str) -> bool:
    last = call.func.attr if isinstance(call.func, ast.Attribute) else full.rpartition(".")[2]
    if full in _SEEDING:
        return False
    if full.startswith(_DRAWS_FROM[stream]):
        return last not in _CALM and not last.startswith(("get_", "set_", "is_"))
    return last in _DRAWING


def _leads_to(stream: str, name: str, namespace: Mapping[str, object]) -> bool:
    """Tell whether a function or class of the notebook uses the stream's library."""
    home = _HOMES[stream]
    return any(home == _home_of(namespace.get(read)) for read in reach((name,), namespace).reads)


def _home_of(value: object) -> str:
    """Return the library that a module or function is of."""
    told: object = ""
    if type(value) is types.ModuleType:
        told = value.__dict__.get("__name__")
    elif isinstance(value, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        told = value.__module__ or type(value.__self__).__module__  # type: ignore[union-attr]  # a method of C has one
    return told.partition(".")[0] if isinstance(told, str) else ""


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
