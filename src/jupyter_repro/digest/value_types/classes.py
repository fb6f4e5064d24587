"""Classes of the user's by what they hold, those of libraries by their name."""

from __future__ import annotations

import dataclasses
import enum
import types
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import (
    dict_of,
    is_class,
    is_python_made,
    itself_or_below,
    module_of,
    plain_text,
    qualname_of,
    read_of_type,
)

from .homes import HOME, is_users, is_where_it_says
from .layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_repro.digest.digester import Digester

__all__ = ["FEEDERS", "feed_class"]

_LEFT_OUT = frozenset(
    (
        "__dict__",
        "__weakref__",
        "__doc__",
        "__annotations__",
        "__annotations_cache__",
        "__annotate__",
        "__annotate_func__",
        "__firstlineno__",
        "__slotnames__",
        "__static_attributes__",
        "__type_params__",
        "_abc_impl",
    )
)
"""What says nothing about what the class does, or is a cache."""


_CACHE_OF_ENUM = frozenset(("_value2member_map_",))
"""Combinations of flags are added to it as they are met."""


def feed_class(digester: Digester, value: Any) -> bool:
    """Feed a class; tell whether the value was one."""
    if not is_class(value):
        return False
    module, name = module_of(value), qualname_of(value)
    if _is_told_by_name(value, module, name):
        digester.text("class of", f"{module}.{name}")
        return True
    kind = type(value)
    if kind is not type and layout_of(kind, {type: None}) is None:
        raise NotLookedInside(f"classes with the metaclass {qualname_of(kind)} are not looked inside")
    digester.once("class", value, lambda: _parts(value, kind, name))
    return True


def _is_told_by_name(value: type, module: str, name: str) -> bool:
    if not is_python_made(value):
        return True
    return module != HOME and not is_users(module) and is_where_it_says(value, module, name)


def _parts(value: type, kind: type, name: str) -> Iterator[Any]:
    left_out = _LEFT_OUT | _CACHE_OF_ENUM if itself_or_below(kind, enum.EnumMeta) else _LEFT_OUT
    held = {
        key: part
        for key, part in dict_of(value).items()
        if type(key) is str and key not in left_out and type(part) is not types.MemberDescriptorType
    }
    yield name
    yield read_of_type("__bases__", value)
    if kind is not type:
        yield kind
    yield tuple(held)
    yield from held.values()


def _field(digester: Digester, value: dataclasses.Field[Any]) -> None:
    """A field of a data class, without its annotation."""
    digester.container(
        "field",
        value,
        (
            plain_text(value.name),
            value.default,
            value.default_factory,
            (value.repr, value.hash, value.init, value.compare, getattr(value, "kw_only", None)),
            value.metadata,
        ),
    )


def _slot(digester: Digester, value: Any) -> None:
    digester.text("slot", f"{value.__objclass__.__name__}.{value.__name__}")


FEEDERS: dict[type, Callable[[Digester, Any], None]] = {
    dataclasses.Field: _field,
    types.MemberDescriptorType: _slot,
    types.GetSetDescriptorType: _slot,
    types.ClassMethodDescriptorType: _slot,
}
"""What feeds a value of exactly this type."""
