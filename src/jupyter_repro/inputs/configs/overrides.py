"""What one configuration has otherwise than another, value by value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.records.configs import Override
from jupyter_repro.secrets import known_values, redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["alike", "clean", "differences", "leaves", "text_override"]

_NONE: Any = object()


def differences(default: Any, given: Any) -> tuple[Override, ...]:
    """Return the values in ``given`` that differ from ``default``, both plain JSON data, in the order of their keys."""
    before, after = dict(leaves(default)), dict(leaves(given))
    found = [
        Override(key=key, given=value, default=before.get(key), known=key in before)
        for key, value in after.items()
        if not _same(before.get(key, _NONE), value)
    ]
    found += [
        Override(key=key, default=value, known=True, gone=True)
        for key, value in before.items()
        if key not in after
    ]
    return tuple(sorted(found, key=lambda each: each.key))


def leaves(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value with its key, dots between levels; lists are one value, as tools override them."""
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from leaves(each, f"{prefix}.{key}" if prefix else str(key))
    else:
        yield prefix, value


def alike(default: Any, given: Any) -> float:
    """Return which part of one is found in the other, from 0 to 1: half for a key, half for its value."""
    before, after = dict(leaves(default)), dict(leaves(given))
    same = sum(_same(after.get(key, _NONE), value) for key, value in before.items())
    return (len(before.keys() & after.keys()) + same) / (2 * len(before)) if before else 0.0


def text_override(text: str) -> Override:
    """Return an override as it was given in words: ``lr=0.5``, ``+model=large``, ``~dropout``."""
    key, equals, value = text.partition("=")
    name = key.lstrip("+~").strip()
    return Override(key=name, given=text if key != name or not equals else value, gone=text.startswith("~"))


def clean(override: Override) -> Override:
    """Return the override without credentials, which are also known by the key they stand under."""
    last = override.key.rpartition(".")[2]
    known = known_values()
    given, default = (
        next(iter(redacted({last: value}, strict=True, known=known).values()))
        for value in (override.given, override.default)
    )
    return msgspec.structs.replace(override, given=given, default=default)


def _same(one: Any, other: Any) -> bool:
    """Whether two plain values are one; True is not 1, but 1 is 1.0, as in YAML."""
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    return bool(one == other)
