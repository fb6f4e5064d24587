"""Exceptions, by what they hold; not by the traceback, which tells where they were raised."""

from __future__ import annotations

import builtins
import types
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.raw_types import dict_of, itself_or_below, mro_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_repro.digest.digester import Digester

__all__ = ["BASES"]

_OF_PYTHON = tuple(
    each for each in vars(builtins).values() if type(each) is type and itself_or_below(each, BaseException)
)
_HELD = {
    kind: tuple(
        (name, held)
        for each in mro_of(kind)
        for name, held in dict_of(each).items()
        if type(held) is types.MemberDescriptorType or name in {"args", "__cause__", "__context__"}
    )
    for kind in _OF_PYTHON
}


def _in_exception(kind: type) -> Callable[[Digester, Any], Iterable[Any]]:
    def parts(_digester: Digester, value: Any) -> Iterable[Any]:
        for name, descriptor in _HELD[kind]:
            try:
                held = descriptor.__get__(value)
            except AttributeError:
                continue
            yield name
            yield held

    return parts


BASES: dict[type, Callable[[Digester, Any], Iterable[Any]]] = {
    kind: _in_exception(kind) for kind in _OF_PYTHON
}
"""What an exception of such a class, or of one that inherits from it, holds."""
