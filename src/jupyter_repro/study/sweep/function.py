"""A function as what a sweep runs: what names it, and the bytes in which it travels."""

from __future__ import annotations

import hashlib
import inspect
import types
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.values import Budget, value_digest
from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["carried", "function_digest", "function_name"]

_BYTES, _ITEMS = 1 << 32, 10_000_000


def carried(function: Callable[..., Any], params: Mapping[str, Any]) -> bytes:
    """Return the function and its parameters as bytes.

    Raises:
        BadWord: Something that it uses cannot be carried to another process.
    """
    import cloudpickle  # loky brings it

    try:
        found: bytes = cloudpickle.dumps((function, dict(params)))
    except Exception as error:
        raise BadWord(
            f"`{function_name(function)}` cannot be carried to another process: {type(error).__name__}: {error}",
            remedy="let it open files and connections itself, and take what it needs as parameters",
        ) from error
    return found


def function_digest(function: Callable[..., Any], params: Mapping[str, Any]) -> str | None:
    """Return a digest of what is called, of the values it finds in its module, and of its parameters.

    None where something of that cannot be looked into: then nobody can say that two functions are the same.
    """
    content = {"function": function, "params": dict(params), "names": dict(_names_read(function))}
    found = value_digest(content, budget=Budget(bytes=_BYTES, items=_ITEMS))
    return None if found is None else hashlib.sha256(f"function {found}".encode()).hexdigest()


def function_name(function: Callable[..., Any]) -> str:
    """Return its name for people."""
    return str(getattr(function, "__name__", type(function).__name__))


def _names_read(function: Any) -> Iterator[tuple[str, Any]]:
    """Yield the values of its module that a function reads, also through functions that it calls."""
    waiting, seen = [function], set()
    while waiting:
        found = inspect.unwrap(waiting.pop())
        each = getattr(found, "__func__", found)
        if not isinstance(each, types.FunctionType) or id(each) in seen:
            continue
        seen.add(id(each))
        for name in sorted(_names_in(each.__code__)):
            if name not in each.__globals__:
                continue
            value = each.__globals__[name]
            told = f"{each.__qualname__}.{name}"
            if isinstance(value, types.ModuleType):
                yield told, f"module {value.__name__}"
            else:
                yield told, value
                waiting.append(value)


def _names_in(code: types.CodeType) -> set[str]:
    inner = [const for const in code.co_consts if isinstance(const, types.CodeType)]
    return set(code.co_names).union(*map(_names_in, inner))
