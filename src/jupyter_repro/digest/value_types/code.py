"""Functions by what they do, classes of the notebook by what they hold, others by their name."""

from __future__ import annotations

import functools
import types
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.digest.digester import Digester

__all__ = ["FEEDERS", "feed_class"]

_LEFT_OUT = frozenset(
    (
        "__dict__",
        "__weakref__",
        "__doc__",
        "__annotations__",
        "__firstlineno__",
        "__static_attributes__",
        "__annotate_func__",
        "__dataclass_fields__",
        "__dataclass_params__",
    )
)
_HOME = "__main__"


def _function(digester: Digester, value: types.FunctionType) -> None:
    """The code, what it closes over and its defaults; not where it was written."""
    if value.__module__ != _HOME and value.__module__ is not None:
        digester.tag("function of", f"{value.__module__}.{value.__qualname__}".encode())
        return
    contents = [_content(cell) for cell in value.__closure__ or ()]
    digester.container(
        "function",
        value,
        (value.__code__, value.__defaults__, value.__kwdefaults__, contents, dict(value.__dict__)),
    )


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _code(digester: Digester, value: types.CodeType) -> None:
    names = (value.co_name, value.co_names, value.co_varnames, value.co_freevars, value.co_cellvars)
    numbers = (value.co_argcount, value.co_posonlyargcount, value.co_kwonlyargcount, value.co_flags)
    digester.container("code", value, (value.co_code, value.co_consts, names, numbers))


def _builtin(digester: Digester, value: types.BuiltinFunctionType) -> None:
    owner = value.__self__
    if owner is not None and not isinstance(owner, (types.ModuleType, type)):
        digester.container("method of", value, (value.__name__, owner))
        return
    digester.tag("builtin", f"{value.__module__}.{value.__qualname__}".encode())


def _ufunc_like(tag: str) -> Callable[[Digester, Any], None]:
    def feed(digester: Digester, value: Any) -> None:
        digester.tag(tag, str(value.__name__).encode())

    return feed


FEEDERS: dict[type, Callable[[Digester, Any], None]] = {
    types.FunctionType: _function,
    types.CodeType: _code,
    types.BuiltinFunctionType: _builtin,
    types.MethodDescriptorType: _ufunc_like("method descriptor"),
    types.WrapperDescriptorType: _ufunc_like("wrapper descriptor"),
    types.MethodType: lambda d, v: d.container("method", v, (v.__func__, v.__self__)),
    staticmethod: lambda d, v: d.container("staticmethod", v, (v.__func__,)),
    classmethod: lambda d, v: d.container("classmethod", v, (v.__func__,)),
    property: lambda d, v: d.container("property", v, (v.fget, v.fset, v.fdel)),
    functools.partial: lambda d, v: d.container("partial", v, (v.func, v.args, v.keywords)),
}
"""What feeds a value of exactly this type."""


def feed_class(digester: Digester, value: Any) -> bool:
    """Feed a class: of the notebook by its content, of a library by its name."""
    if not isinstance(value, type):
        return False
    module = type.__getattribute__(value, "__module__")
    name = type.__getattribute__(value, "__qualname__")
    if module != _HOME:
        digester.tag("class of", f"{module}.{name}".encode("utf-8", "surrogatepass"))
        return True
    if type(value) is not type:
        raise NotLookedInside(f"classes with a metaclass ({type(value).__name__}) are not looked inside")
    held = {k: v for k, v in type.__getattribute__(value, "__dict__").items() if k not in _LEFT_OUT}
    slots = {k: v for k, v in held.items() if type(v) is not types.MemberDescriptorType}
    digester.container(
        "class",
        value,
        (name, type.__getattribute__(value, "__bases__"), tuple(slots.keys()), tuple(slots.values())),
    )
    return True
