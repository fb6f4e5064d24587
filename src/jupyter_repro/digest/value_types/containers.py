"""Containers of Python itself, and what they hold in a value whose class inherits from one."""

from __future__ import annotations

import collections
import gc
import types
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import itself_or_below

from .flat import ATOMS, feed_flat, feed_flat_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_repro.digest.digester import Digester

__all__ = ["BASES", "FEEDERS"]


def _list(digester: Digester, value: list[Any]) -> None:
    if not feed_flat(digester, "list", value, value):
        digester.expect_items(len(value))
        digester.container("list", value, value)


def _tuple(digester: Digester, value: tuple[Any, ...]) -> None:
    if not feed_flat(digester, "tuple", value, value):
        digester.expect_items(len(value))
        digester.container("tuple", value, value)


def _dict(digester: Digester, value: dict[Any, Any]) -> None:
    if not feed_flat(digester, "dict", value, value.keys(), value.values()):
        digester.container("dict", value, _in_dict(digester, value))


def _set(digester: Digester, value: set[Any] | frozenset[Any]) -> None:
    tag = type(value).__name__
    if not feed_flat_set(digester, tag, value):
        digester.container(tag, value, _in_set(digester, value))


def _in_list(digester: Digester, value: list[Any]) -> Iterable[Any]:
    digester.expect_items(list.__len__(value))
    return (list(list.__iter__(value)),)


def _in_tuple(digester: Digester, value: tuple[Any, ...]) -> Iterable[Any]:
    digester.expect_items(tuple.__len__(value))
    return (tuple(tuple.__iter__(value)),)


def _in_dict(digester: Digester, value: dict[Any, Any]) -> Iterable[Any]:
    digester.expect_items(2 * dict.__len__(value))
    return list(dict.keys(value)), list(dict.values(value))


def _in_set(digester: Digester, value: set[Any] | frozenset[Any]) -> Iterable[Any]:
    base: Any = set if itself_or_below(type(value), set) else frozenset
    digester.expect_items(base.__len__(value))
    return (b"".join(sorted(digester.apart(part) for part in list(base.__iter__(value)))),)


def _in_default_dict(digester: Digester, value: Any) -> Iterable[Any]:
    factory = collections.defaultdict.__dict__["default_factory"].__get__(value)
    return factory, *_in_dict(digester, value)


def _in_ordered_dict(digester: Digester, value: Any) -> Iterable[Any]:
    """An ordered dict asks each key for its hash to follow its own order: plain keys only."""
    digester.expect_items(2 * dict.__len__(value))
    if not all(type(type(key)) is type and type(key) in ATOMS for key in dict.keys(value)):
        raise NotLookedInside("ordered dicts with keys other than text and numbers are not looked inside")
    keys = list(collections.OrderedDict.__iter__(value))
    return keys, [dict.__getitem__(value, key) for key in keys]


def _in_deque(digester: Digester, value: Any) -> Iterable[Any]:
    digester.expect_items(collections.deque.__len__(value))
    bound = collections.deque.__dict__["maxlen"].__get__(value)
    return bound, list(collections.deque.__iter__(value))


def _in_mapping_proxy(_digester: Digester, value: Any) -> Iterable[Any]:
    """What it stands for is asked of the garbage collector: the mapping may be of a class of the user's."""
    return gc.get_referents(value)


def _in_namespace(_digester: Digester, value: Any) -> Iterable[Any]:
    return (types.SimpleNamespace.__dict__["__dict__"].__get__(value),)


BASES: dict[type, Callable[[Digester, Any], Iterable[Any]]] = {
    list: _in_list,
    tuple: _in_tuple,
    dict: _in_dict,
    set: _in_set,
    frozenset: _in_set,
    collections.OrderedDict: _in_ordered_dict,
    collections.defaultdict: _in_default_dict,
    collections.deque: _in_deque,
    types.MappingProxyType: _in_mapping_proxy,
    types.SimpleNamespace: _in_namespace,
}
"""What a value of such a type, or of a class that inherits from it, holds, as plain parts."""


def _by_parts(kind: type) -> Callable[[Digester, Any], None]:
    def feed(digester: Digester, value: Any) -> None:
        digester.container(kind.__name__, value, BASES[kind](digester, value))

    return feed


FEEDERS: dict[type, Callable[[Digester, Any], None]] = {
    **{kind: _by_parts(kind) for kind in BASES},
    list: _list,
    tuple: _tuple,
    dict: _dict,
    set: _set,
    frozenset: _set,
}
"""What feeds a value of exactly this type."""
