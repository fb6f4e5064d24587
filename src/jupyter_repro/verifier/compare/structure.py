"""JSON outputs: the same structure, numbers by tolerance, ids that a display makes up left out."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from .comparer import Comparer
from .outcome import IDENTICAL, Outcome, differs, equivalent, worst
from .text import compare_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .tolerance import Tolerance

__all__ = ["COMPARER", "compare_json"]

_ID_NAMES = frozenset(("id", "uid", "uuid", "docid", "elementid", "divid", "root_id", "model_id"))
_RANDOM = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_MADE_UP = frozenset(("model_id", "uid"))


def compare_json(reference: Any, fresh: Any, tolerance: Tolerance) -> Outcome:
    """Compare two JSON values."""
    try:
        # as text, because Python holds 1, 1.0 and True for equal
        if json.dumps(reference, sort_keys=True) == json.dumps(fresh, sort_keys=True):
            return IDENTICAL
        was, now = _renamed(reference), _renamed(fresh)
        if was is not reference and json.dumps(was, sort_keys=True) == json.dumps(now, sort_keys=True):
            return equivalent("the same but for made-up ids")
        return worst(_outcomes(was, now, tolerance, "it"))
    except RecursionError:
        return differs("it is nested too deeply to be looked into")


def _renamed(value: Any) -> Any:
    """Return a value with each made-up id replaced by its number; the same object if there is none."""
    numbers: dict[str, str] = {}
    for name in _ids(value):
        numbers.setdefault(name, f"id{len(numbers)}")
    return _with_names(value, numbers) if numbers else value


def _ids(value: Any, key: str = "") -> Iterator[str]:
    """Yield what stands under a name of ids and looks like one that nobody chose."""
    if isinstance(value, dict):
        for name in sorted(value):
            yield from _ids(value[name], name)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each, key)
    elif isinstance(value, str) and key.lower() in _ID_NAMES and _RANDOM.fullmatch(value):
        yield value


def _with_names(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(key, key): _with_names(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_names(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


def _outcomes(was: Any, now: Any, tolerance: Tolerance, where: str) -> list[Outcome]:
    if isinstance(was, dict) and isinstance(now, dict):
        if was.keys() - _MADE_UP != now.keys() - _MADE_UP:
            return [differs(f"{where} has other keys")]
        found = [equivalent("made-up ids left out")] if _MADE_UP & (was.keys() | now.keys()) else []
        for key in sorted(was.keys() - _MADE_UP):
            found += _outcomes(was[key], now[key], tolerance, f"`{key}`")
        return found
    if isinstance(was, list) and isinstance(now, list):
        if len(was) != len(now):
            return [differs(f"{where} has {len(now)} items instead of {len(was)}")]
        return [o for a, b in zip(was, now, strict=True) for o in _outcomes(a, b, tolerance, where)]
    if isinstance(was, float) and isinstance(now, float):
        return [_floats(was, now, tolerance, where)]
    if isinstance(was, str) and isinstance(now, str):
        outcome = compare_text(was, now, tolerance)
        return [differs(f"{where}: {outcome.why}") if outcome.verdict == "differs" else outcome]
    return [
        IDENTICAL
        if was == now and type(was) is type(now)
        else differs(f"{where} is {now!r:.40} instead of {was!r:.40}")
    ]


def _floats(was: float, now: float, tolerance: Tolerance, where: str) -> Outcome:
    if was == now or (math.isnan(was) and math.isnan(now)):
        return IDENTICAL
    size = max(abs(was), abs(now))
    if math.isfinite(size) and abs(was - now) <= tolerance.atol + tolerance.rtol * size:
        return Outcome("within tolerance", "numbers differ within the tolerance", abs(was - now) / size)
    return differs(f"{where} is {now!r} instead of {was!r}")


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, indent=1)


COMPARER = Comparer(("application/json", "*+json"), compare_json, text=_text, takes_json=True)
