"""Objects of the notebook's own plain classes, by their class and their attributes."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]

_HOME = "__main__"


def feed(digester: Digester, value: Any) -> bool:
    """Feed an object whose state is all in its attributes; tell whether it was one."""
    kind = type(value)
    if type(kind) is not type or type.__getattribute__(kind, "__module__") != _HOME:
        return False
    lineage = type.__getattribute__(kind, "__mro__")[:-1]
    if not all(type(base) is type and type.__getattribute__(base, "__module__") == _HOME for base in lineage):
        return False
    name = type.__getattribute__(kind, "__qualname__")
    current = digester.namespace.get(name, kind) is kind
    state: dict[str, Any] = {}
    for base in reversed(lineage):
        held = type.__getattribute__(base, "__dict__")
        dictionary = held.get("__dict__")
        if type(dictionary) is types.GetSetDescriptorType:
            state.update(dictionary.__get__(value))
        for key, slot in held.items():
            if type(slot) is types.MemberDescriptorType:
                try:
                    state[f"{name}.{key}"] = slot.__get__(value)
                except AttributeError:
                    continue
    digester.container("object" if current else "object of a former class", value, (kind, state))
    return True
