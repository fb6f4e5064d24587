"""Objects whose state is all in their attributes, their slots and a base that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.raw_types import is_python_made, module_of, qualname_of

from . import atoms, containers, exceptions, moments, standard
from .homes import HOME
from .layout import layout_of, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jupyter_repro.digest.digester import Digester

__all__ = ["BASES", "feed", "feed_object"]

BASES: dict[type, Callable[[Digester, Any], Iterable[Any]]] = {
    **atoms.BASES,
    **containers.BASES,
    **exceptions.BASES,
    **moments.BASES,
    **standard.BASES,
}
"""What a value holds as each of the bases that Python made in C does."""


def feed(digester: Digester, value: Any) -> bool:
    """Feed an object whose state is all in sight; tell whether it was one."""
    kind = type(value)
    if not is_python_made(kind) and kind not in BASES:
        return False
    return feed_object(digester, value, BASES)


def feed_object(
    digester: Digester,
    value: Any,
    bases: Mapping[type, Callable[[Digester, Any], Iterable[Any]]],
    *,
    without: frozenset[str] = frozenset(),
) -> bool:
    """Feed an object by its class, its attributes and slots, and what it holds as its base in C does.

    Tell whether that is all of its state; if not, nothing was fed.

    Args:
        digester: Where to.
        value: The object.
        bases: The bases in C whose content can be read.
        without: Attributes that are caches.
    """
    kind = type(value)
    layout = layout_of(kind, bases)
    if layout is None:
        return False
    attributes, slots = state_of(layout, value)
    if without and type(attributes) is dict:
        attributes = {key: held for key, held in attributes.items() if key not in without}
    held = bases[layout.base](digester, value) if layout.base is not object else ()
    digester.container(
        "object of a former class" if _is_former(digester, kind) else "object",
        value,
        (kind, attributes, slots, *held),
    )
    return True


def _is_former(digester: Digester, kind: type) -> bool:
    """Tell whether the notebook has defined a class of that name anew since the object was made."""
    return module_of(kind) == HOME and digester.namespace.get(qualname_of(kind), kind) is not kind
