"""The numbers in what a run gives, as bits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TOLD", "as_hex", "numbers_of"]

TOLD = "application/vnd.jupyter_repro.metrics+json"
"""The type of the output by which a run of a notebook tells its metrics."""

_ALONE = "value"


def numbers_of(result: Any, metrics: Sequence[str]) -> dict[str, str]:
    """Return ``float.hex()`` by metric of a result: a number, a mapping, or an object with attributes of that name.

    Args:
        result: What a function returned.
        metrics: What is asked for; empty takes every number of a mapping, or the number itself as ``value``.

    Raises:
        BadWord: It has no such number.
    """
    if isinstance(result, Mapping):
        if not metrics:
            found = {str(key): told for key, each in result.items() if (told := as_hex(each)) is not None}
            if not found:
                raise BadWord("it returned a mapping without a number", remedy="return the metrics in it")
            return found
        return {name: _needed(result.get(name), name, _keys(result)) for name in metrics}
    alone = as_hex(result)
    if alone is not None and len(metrics) <= 1:
        return {metrics[0] if metrics else _ALONE: alone}
    kind = type(result).__name__
    if not metrics or alone is not None:
        raise BadWord(
            f"it returned one {kind}" + (f" for {len(metrics)} metrics" if metrics else ""),
            remedy="return a number, or a dict of metrics",
        )
    return {name: _needed(getattr(result, name, None), name, f"a {kind}") for name in metrics}


def as_hex(value: Any) -> str | None:
    """Return the bits of a number, None of anything else; arrays and tensors of one element are numbers."""
    item = getattr(value, "item", None)
    if callable(item) and not isinstance(value, (int, float)):
        try:
            value = item()
        except (TypeError, ValueError, RuntimeError):
            return None  # more than one element
    if not isinstance(value, (int, float)):
        return None
    try:
        return float(value).hex()
    except OverflowError:
        return None


def _needed(value: Any, name: str, given: str) -> str:
    told = as_hex(value)
    if told is None:
        what = f"no `{name}`, but {given}" if value is None else f"`{name}` as a {type(value).__name__}"
        raise BadWord(f"it returned {what}", remedy="return every metric as a number")
    return told


def _keys(result: Mapping[Any, Any]) -> str:
    return ", ".join(f"`{key}`" for key in list(result)[:8]) or "nothing"
