"""One output in several forms: the richest form that can be compared decides.

``text/plain`` is the fallback of richer forms (an address, a size in pixels) and is compared only where it
is the richest. A richer form on one side alone is a difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .comparer import joined
from .opaque import compare_bytes
from .outcome import Outcome, differs, equivalent, worst
from .registry import comparer_for
from .volatile import readable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .tolerance import Tolerance
    from .volatile import Mask

__all__ = ["compare_forms"]

_PLAIN = "text/plain"
_WIDGET = "application/vnd.jupyter.widget-view+json"
_NO_MASKS: Mapping[str, Mask] = {}


def compare_forms(
    reference: dict[str, Any],
    fresh: dict[str, Any],
    tolerance: Tolerance,
    masks: Mapping[str, Mask] = _NO_MASKS,
) -> Outcome:
    """Compare two MIME bundles; ``masks`` are the volatile places by form."""
    if reference.keys() - {_PLAIN} != fresh.keys() - {_PLAIN}:
        gone = sorted(reference.keys() - fresh.keys() - {_PLAIN})
        new = sorted(fresh.keys() - reference.keys() - {_PLAIN})
        return differs(f"the form {gone[0]} is missing" if gone else f"there is a new form {new[0]}")
    if _WIDGET in reference:
        widget = equivalent("a widget: its state is not in the notebook, so only its fallbacks are compared")
        forms = sorted((reference.keys() | fresh.keys()) - {_WIDGET})
        return worst([widget, *(_judged(mime, reference, fresh, tolerance, masks) for mime in forms)])
    forms = sorted(reference.keys() - {_PLAIN}) or [_PLAIN]
    if forms == [_PLAIN] and (_PLAIN in reference) != (_PLAIN in fresh):
        return differs("the text is missing" if _PLAIN in reference else "there is a new text")
    return worst(_judged(mime, reference, fresh, tolerance, masks) for mime in forms)


def _judged(
    mime: str,
    reference: dict[str, Any],
    fresh: dict[str, Any],
    tolerance: Tolerance,
    masks: Mapping[str, Mask],
) -> Outcome:
    now = fresh.get(mime, "")
    outcome = _compare(mime, reference.get(mime, ""), now, tolerance)
    if outcome.verdict == "differs" and mime in masks:
        return masks[mime].judge(readable(mime, now), tolerance, outcome.why) or outcome
    return outcome


def _compare(mime: str, reference: Any, fresh: Any, tolerance: Tolerance) -> Outcome:
    comparer = comparer_for(mime)
    if comparer is None:
        return _named(mime, compare_bytes(joined(reference), joined(fresh), tolerance))
    if not comparer.takes_json:
        reference, fresh = joined(reference), joined(fresh)
    try:
        return _named(mime, comparer.compare(reference, fresh, tolerance))
    except Exception as error:  # noqa: BLE001 - a comparer of others must not end the verification, nor pass
        return differs(f"{mime}: its comparer failed ({type(error).__name__}: {error})")


def _named(mime: str, outcome: Outcome) -> Outcome:
    if outcome.verdict != "differs" or mime == _PLAIN:
        return outcome
    return differs(f"{mime}: {outcome.why}")
