"""The call that a frame is making, as its source spells it."""

from __future__ import annotations

import ast
import functools
import inspect
import itertools
import linecache
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["argument_is_none", "call_in", "called_name", "code_of", "gone_through", "spelled", "value_called"]

_LONG = 80
_KEPT = 1024
_MISSING = object()
_known: dict[tuple[types.CodeType, int], Any] = {}
"""The calls found so far, by their instructions."""
_NEVER_NONE = frozenset(
    ("abs", "hash", "int", "len", "max", "min", "round", "sum", "getrandbits", "integers", "randint")
)


def call_in(frame: FrameType) -> ast.Call | None:
    """Return the call that the frame is in the midst of; None if the source does not tell which.

    Python 3.11 knows the columns of each instruction; before, a line with one call tells it too.
    """
    code, at = frame.f_code, frame.f_lasti
    known = _known.get((code, at), _MISSING)
    if known is _MISSING:
        if len(_known) >= _KEPT:
            _known.clear()
        known = _known[code, at] = _read_call(frame)
    return known  # type: ignore[no-any-return]  # what was put there


def _read_call(frame: FrameType) -> ast.Call | None:
    text = _expression(frame)
    if text is not None:
        tree = _parsed(text)
        return tree if isinstance(tree, ast.Call) else None
    calls = list(_calls_in_line(linecache.getline(frame.f_code.co_filename, frame.f_lineno, frame.f_globals)))
    return calls[0] if len(calls) == 1 else None


def gone_through(frame: FrameType) -> ast.expr | None:
    """Return what the frame goes through: the iterable of its loop or comprehension, or the call it makes."""
    text = _expression(frame)
    if text is None:
        return call_in(frame)
    try:
        statement = ast.parse(text).body[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError, IndexError):
        return call_in(frame)
    if isinstance(statement, (ast.For, ast.AsyncFor)):
        return statement.iter
    found = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(found, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return found.generators[0].iter
    return found if isinstance(found, ast.Call) else None


def called_name(call: ast.Call) -> str:
    """Return the last name of what is called: ``default_rng`` of ``np.random.default_rng()``."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


@functools.lru_cache(maxsize=4096)
def spelled(call: ast.expr) -> str:
    """Return the call as text of one line, cut where it is long."""
    text = " ".join(ast.unparse(call).split())
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def argument_is_none(call: ast.Call, frame: FrameType) -> bool | None:
    """Tell whether the call's seed is missing or None; None if that cannot be seen.

    Nothing of the user's is called: only constants, names and plain attributes are looked up.
    """
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if not arguments:
        return True
    if len(arguments) > 1 or isinstance(arguments[0], ast.Starred):
        return None
    return _is_none(arguments[0], frame)


def value_called(call: ast.Call, frame: FrameType) -> Any:
    """Return what is called, None if looking it up would run code."""
    try:
        return _value(call.func, frame)
    except LookupError:
        return None


def _is_none(expression: ast.expr, frame: FrameType) -> bool | None:
    if isinstance(expression, (ast.BinOp, ast.UnaryOp, ast.Tuple, ast.List, ast.Compare)):
        return False
    if isinstance(expression, ast.Call):
        return False if called_name(expression) in _NEVER_NONE else None
    try:
        return _value(expression, frame) is None
    except LookupError:
        return None


def _value(expression: ast.expr, frame: FrameType) -> Any:
    """Return the value of a constant, a name, or an attribute or item that runs no code.

    Raises:
        LookupError: It is not of these, or is not there.
    """
    if isinstance(expression, ast.Constant):
        return expression.value
    if isinstance(expression, ast.Name):
        for names in (frame.f_locals, frame.f_globals):
            if expression.id in names:
                return names[expression.id]
    if isinstance(expression, ast.Attribute):
        holder = _value(expression.value, frame)
        if type(holder) is types.ModuleType:
            return vars(holder)[expression.attr]
        value = inspect.getattr_static(holder, expression.attr, _MISSING)
        if value is not _MISSING and not hasattr(type(value), "__get__"):
            return value
    if isinstance(expression, ast.Subscript):
        holder, key = _value(expression.value, frame), _value(expression.slice, frame)
        if type(holder) in (dict, list, tuple) and type(key) in (str, int):
            return holder[key]
    raise LookupError


def _expression(frame: FrameType) -> str | None:
    """Return the text between the columns of the frame's instruction."""
    positions = getattr(frame.f_code, "co_positions", None)
    if positions is None:
        return None
    found = next(itertools.islice(positions(), frame.f_lasti // 2, None), None)
    if found is None or None in found:
        return None
    first, last, start, end = found
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)[first - 1 : last]
    if len(lines) != last - first + 1:
        return None
    encoded = [line.encode() for line in lines]
    encoded[-1] = encoded[-1][:end]
    encoded[0] = encoded[0][start:]
    return b"".join(encoded).decode(errors="replace")


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(f"({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _calls_in_line(line: str) -> Iterator[ast.Call]:
    text = line.strip()
    for attempt in (text, f"{text}\n    pass", text.partition("#")[0].rstrip().rstrip(",")):
        try:
            tree = ast.parse(attempt)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        return


def code_of(function: Any) -> types.CodeType | None:
    """Return the code object of a Python function or method, None for anything else."""
    inner = getattr(function, "__func__", function)
    return inner.__code__ if type(inner) is types.FunctionType else None
