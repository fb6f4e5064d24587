"""Iterators of Python itself that tell what is left of them without being used up.

Their ``__reduce__`` is C code that returns the iterable and the position (copy and pickle ask for the same);
a generator has no such thing, and those of :mod:`itertools` warn from Python 3.12 on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.digest.digester import Digester

__all__ = ["FEEDERS"]


def _by_reduction(digester: Digester, value: Any) -> None:
    kind: Any = type(value)
    hint = getattr(kind, "__length_hint__", None)
    if hint is not None:
        digester.expect_items(hint(value))
    made, parts, *state = kind.__reduce__(value)
    name = f"{kind.__name__} {made.__name__}"
    digester.container(name, value, (*parts, *state))


def _dummy() -> None:
    return None


FEEDERS: dict[type, Callable[[Digester, Any], None]] = dict.fromkeys(
    (
        type(iter([])), type(iter(())), type(iter("")), type(iter("\u0394")), type(iter(b"")),
        type(iter(bytearray())), type(iter(range(0))), type(iter(range(1 << 100))), type(iter({})),
        type(iter({}.values())), type(iter({}.items())), type(iter(set())), type(reversed([])),
        type(reversed({})), type(reversed({}.values())), type(reversed({}.items())),
        type(iter(_dummy, None)), enumerate, zip, map, filter, reversed,
    ),
    _by_reduction,
)  # fmt: skip
"""What feeds a value of exactly this type."""
