"""JSON outputs: the same structure, numbers by tolerance, ids that a display makes up left out."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from .comparer import Comparer
from .outcome import IDENTICAL, Outcome, differs, equivalent, worst
from .text import compare_text

if TYPE_CHECKING:
    from .tolerance import Tolerance

__all__ = ["COMPARER", "compare_json"]

_MADE_UP = frozenset(("model_id", "uid"))


def compare_json(reference: Any, fresh: Any, tolerance: Tolerance) -> Outcome:
    """Compare two JSON values."""
    try:
        # as text, because Python holds 1, 1.0 and True for equal
        if json.dumps(reference, sort_keys=True) == json.dumps(fresh, sort_keys=True):
            return IDENTICAL
        return worst(_outcomes(reference, fresh, tolerance, "it"))
    except RecursionError:
        return differs("it is nested too deeply to be looked into")


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
