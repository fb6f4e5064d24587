"""What a class is, read where ``type`` itself keeps it: no code of a metaclass or a class runs."""

from __future__ import annotations

from typing import Any

__all__ = [
    "dict_of",
    "is_class",
    "is_python_made",
    "itself_or_below",
    "module_of",
    "mro_of",
    "plain_text",
    "qualname_of",
    "read_of_type",
]

_HEAP_TYPE = 1 << 9


def read_of_type(name: str, kind: type) -> Any:
    """Return an attribute that every class has, whatever its metaclass says."""
    return type.__dict__[name].__get__(kind)


def mro_of(kind: type) -> tuple[type, ...]:
    """Return the class and the classes it inherits from."""
    mro: tuple[type, ...] = read_of_type("__mro__", kind)
    return mro


def dict_of(kind: type) -> Any:
    """Return the read-only dictionary of a class."""
    return read_of_type("__dict__", kind)


def module_of(kind: type) -> str:
    """Return the name of the module that a class says it is of; empty if it says something else."""
    module = read_of_type("__module__", kind)
    return module if type(module) is str else ""


def qualname_of(kind: type) -> str:
    """Return the name of a class within its module."""
    return plain_text(read_of_type("__qualname__", kind))


def plain_text(text: Any) -> str:
    """Return text as a plain ``str``, also if it is of a class of the user's; empty if it is no text."""
    if type(text) is str:
        return text
    return str.__str__(text) if itself_or_below(type(text), str) else ""


def itself_or_below(kind: type, base: type) -> bool:
    """Tell whether a class is, or inherits from, another one."""
    # a loop: `in` would ask a metaclass whether classes are equal, and a generator costs as much again
    for each in mro_of(kind):  # noqa: SIM110 - see above
        if each is base:
            return True
    return False


def is_class(value: Any) -> bool:
    """Tell whether a value is a class."""
    return itself_or_below(type(value), type)


def is_python_made(kind: type) -> bool:
    """Tell whether a class was made by a statement or a call, and is not one of Python's own in C."""
    return bool(read_of_type("__flags__", kind) & _HEAP_TYPE)
