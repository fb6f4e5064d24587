"""scikit-learn's compiled objects, trees and losses, by what they give to be pickled; estimators are plain objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import is_python_made, module_of, mro_of, qualname_of

from .instances import feed_object

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]

_SEARCH_TREE = 13
"""Parts of the state of a search tree; those from 7 to 10 count its queries."""


def feed(digester: Digester, value: Any) -> bool:
    """Feed an object whose class is, or inherits from, one that scikit-learn compiled; tell whether it was one."""
    compiled: Any = next((each for each in mro_of(type(value))[:-1] if not is_python_made(each)), None)
    if compiled is None or module_of(compiled).partition(".")[0] != "sklearn":
        return False
    if compiled.__reduce__ is object.__reduce__:
        raise NotLookedInside(f"values of type {qualname_of(compiled)} are not looked inside")

    def parts(_digester: Digester, whole: Any) -> Iterable[Any]:
        try:
            pickled = compiled.__reduce__(whole)[1:]
        except TypeError as error:
            raise NotLookedInside(f"values of type {qualname_of(compiled)} are not looked inside") from error
        state = compiled.__getstate__(whole) if hasattr(compiled, "__getstate__") else None
        if type(state) is tuple and len(state) == _SEARCH_TREE:
            pickled, state = pickled[:1], (*state[:7], *state[11:])
        return (*pickled, state)

    if type(value) is compiled:
        digester.container(f"compiled {qualname_of(compiled)}", value, parts(digester, value))
        return True
    return feed_object(digester, value, {compiled: parts})
