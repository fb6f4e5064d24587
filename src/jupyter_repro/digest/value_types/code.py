"""Functions by what they do: their code, what they close over, their defaults."""

from __future__ import annotations

import collections
import functools
import gc
import sys
import types
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import dict_of, plain_text, qualname_of

from .flat import marshalled
from .homes import is_users, is_where_it_says

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_repro.digest.digester import Digester

__all__ = ["FEEDERS", "feed_compiled"]


def _function(digester: Digester, value: types.FunctionType) -> None:
    """A library's function that its name leads to is told by it; any other by its content."""
    module, name = plain_text(value.__module__), plain_text(value.__qualname__)
    if not is_users(module) and is_where_it_says(value, module, name):
        digester.text("function of", f"{module}.{name}")
        return
    contents = [_content(cell) for cell in value.__closure__ or ()]
    attributes = types.FunctionType.__dict__["__dict__"].__get__(value)
    digester.container(
        "function", value, (value.__code__, value.__defaults__, value.__kwdefaults__, contents, attributes)
    )


_EMPTY = "an empty cell"


def _content(cell: types.CellType) -> Any:
    try:
        return (cell.cell_contents,)
    except ValueError:
        return _EMPTY


def _code(digester: Digester, value: types.CodeType) -> None:
    names = (value.co_name, value.co_names, value.co_varnames, value.co_freevars, value.co_cellvars)
    numbers = (value.co_argcount, value.co_posonlyargcount, value.co_kwonlyargcount, value.co_flags)
    jumps = getattr(value, "co_exceptiontable", b"")
    try:
        digester.tag("code", marshalled((value.co_code, jumps, names, numbers)))
    except ValueError as error:
        raise NotLookedInside("code with names of a class of the user's") from error
    digester.feed(value.co_consts)


def _method(digester: Digester, value: types.MethodType) -> None:
    digester.container("method", value, (value.__func__, _owner(value.__self__)))


def _owner(owner: Any) -> Any:
    """The generators behind ``random.random`` and ``numpy.random.random`` are resources of their own."""
    if owner is getattr(sys.modules.get("random"), "_inst", None):
        return "the generator of random"
    if owner is getattr(sys.modules.get("numpy.random.mtrand"), "_rand", None):
        return "the generator of numpy.random"
    return owner


def _builtin(digester: Digester, value: types.BuiltinFunctionType) -> None:
    owner = value.__self__
    if owner is None or type(owner) is types.ModuleType:
        digester.text("builtin", f"{plain_text(value.__module__)}.{value.__name__}")
    else:
        digester.container("method of", value, (value.__name__, _owner(owner)))


def _by_owner(tag: str) -> Callable[[Digester, Any], None]:
    def feed(digester: Digester, value: Any) -> None:
        digester.container(tag, value, (plain_text(value.__name__), value.__objclass__))

    return feed


def _method_wrapper(digester: Digester, value: Any) -> None:
    digester.container("method-wrapper", value, (plain_text(value.__name__), value.__self__))


_UNTOLD = ("__doc__", "__annotations__", "__annotate__")


def _cached(digester: Digester, value: Any) -> None:
    """A function with ``lru_cache``: what its cache holds decides whether it runs at the next call."""
    kind = type(value)
    attributes = kind.__dict__["__dict__"].__get__(value)
    counts = tuple(kind.cache_info(value))
    digester.expect_items(2 * counts[3])
    calls = list(_cached_calls(gc.get_referents(value), attributes))
    if len(calls) < 2 * counts[3]:
        raise NotLookedInside("a function whose cache cannot be seen")
    told = {key: part for key, part in attributes.items() if key not in _UNTOLD}
    digester.container("lru_cache", value, (told, counts, *calls))


def _cached_calls(held: list[Any], attributes: Any) -> Iterator[Any]:
    """Yield the arguments and results that a cache holds, the latest used last."""
    for each in held:
        name = qualname_of(each if type(each) is type else type(each))
        if each is attributes or name in _PARTS_OF_CACHE:
            continue
        if type(each) is not dict:
            yield _unmarked(each)
        elif not any(qualname_of(type(result)) == "_lru_list_elem" for result in each.values()):
            for key, result in each.items():
                yield _unmarked(key)
                yield result


_PARTS_OF_CACHE = ("_lru_list_elem", "_lru_cache_wrapper", "CacheInfo")


def _unmarked(key: Any) -> Any:
    """A bare object stands between arguments and keywords."""
    if type(key) is object:
        return ...
    return tuple(... if type(part) is object else part for part in key) if type(key) is tuple else key


def _partial(digester: Digester, value: functools.partial[Any]) -> None:
    attributes = functools.partial.__dict__["__dict__"].__get__(value)
    digester.container("partial", value, (value.func, value.args, value.keywords, attributes))


def _cached_property(digester: Digester, value: functools.cached_property[Any]) -> None:
    digester.container("cached_property", value, (value.func, value.attrname))


FEEDERS: dict[type, Callable[[Digester, Any], None]] = {
    types.FunctionType: _function,
    types.CodeType: _code,
    types.BuiltinFunctionType: _builtin,
    types.MethodDescriptorType: _by_owner("method descriptor"),
    types.WrapperDescriptorType: _by_owner("wrapper descriptor"),
    types.MethodWrapperType: _method_wrapper,
    types.MethodType: _method,
    types.CellType: lambda d, v: d.container("cell", v, (_content(v),)),
    staticmethod: lambda d, v: d.container("staticmethod", v, (v.__func__,)),
    classmethod: lambda d, v: d.container("classmethod", v, (v.__func__,)),
    property: lambda d, v: d.container("property", v, (v.fget, v.fset, v.fdel)),
    functools.partial: _partial,
    functools.cached_property: _cached_property,
    type(functools.lru_cache(int)): _cached,
    type(collections.namedtuple("_", "one").one): lambda d, v: d.tag("field", b"%d" % v.__reduce__()[1][0]),  # type: ignore[attr-defined]  # the type has no other name  # noqa: PYI024
}
"""What feeds a value of exactly this type."""


def feed_compiled(digester: Digester, value: Any) -> bool:
    """Feed a function that Cython compiled, if its name leads to it; tell whether it was one."""
    kind = type(value)
    held = dict_of(kind)
    told = held.get("__module__"), held.get("__qualname__")
    if tuple(map(type, told)) != (types.MemberDescriptorType, types.GetSetDescriptorType):
        return False
    module, name = (plain_text(descriptor.__get__(value)) for descriptor in told)
    if not is_where_it_says(value, module, name):
        raise NotLookedInside("a compiled function that its name does not lead to")
    digester.text("function of", f"{module}.{name}")
    return True
