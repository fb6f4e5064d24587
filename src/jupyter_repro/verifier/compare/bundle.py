"""One output in several forms: the richest form that can be compared decides.

``text/plain`` is the fallback of richer forms (an address, a size in pixels) and is compared only where it
is the richest. A richer form on one side alone is a difference.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .html import compare_html
from .image import compare_base64, compare_bytes, compare_png
from .outcome import Outcome, differs, equivalent, worst
from .pdf import compare_pdf
from .structure import compare_json
from .svg import compare_svg
from .text import compare_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .tolerance import Tolerance

__all__ = ["compare_forms"]

_PLAIN = "text/plain"
_WIDGET = "application/vnd.jupyter.widget-view+json"
_TEXTS = frozenset(("text/markdown", "text/latex", "application/javascript", _PLAIN))

_BASE64 = ("image/", "audio/", "video/")


def compare_forms(reference: dict[str, Any], fresh: dict[str, Any], tolerance: Tolerance) -> Outcome:
    """Compare two MIME bundles."""
    if reference.keys() - {_PLAIN} != fresh.keys() - {_PLAIN}:
        gone = sorted(reference.keys() - fresh.keys() - {_PLAIN})
        new = sorted(fresh.keys() - reference.keys() - {_PLAIN})
        return differs(f"the form {gone[0]} is missing" if gone else f"there is a new form {new[0]}")
    if _WIDGET in reference:
        widget = equivalent("a widget: its state is not in the notebook, so only its fallbacks are compared")
        forms = sorted((reference.keys() | fresh.keys()) - {_WIDGET})
        beside = (_compare(mime, reference.get(mime, ""), fresh.get(mime, ""), tolerance) for mime in forms)
        return worst([widget, *beside])
    forms = sorted(reference.keys() - {_PLAIN}) or [_PLAIN]
    if forms == [_PLAIN] and (_PLAIN in reference) != (_PLAIN in fresh):
        return differs("the text is missing" if _PLAIN in reference else "there is a new text")
    return worst(_compare(mime, reference.get(mime, ""), fresh.get(mime, ""), tolerance) for mime in forms)


def _compare(mime: str, reference: Any, fresh: Any, tolerance: Tolerance) -> Outcome:
    comparer: Callable[..., Outcome] = compare_bytes
    if mime == "text/html":
        comparer = compare_html
    elif mime == "image/png":
        comparer = compare_png
    elif mime == "application/pdf":
        comparer = compare_pdf
    elif mime == "image/svg+xml":
        comparer = compare_svg
    elif mime in _TEXTS:
        comparer = compare_text
    elif mime.startswith(_BASE64):
        comparer = compare_base64
    elif mime == "application/json" or mime.endswith("+json"):
        return _named(mime, compare_json(reference, fresh, tolerance))
    return _named(mime, comparer(_joined(reference), _joined(fresh), tolerance))


def _named(mime: str, outcome: Outcome) -> Outcome:
    if outcome.verdict != "differs" or mime == _PLAIN:
        return outcome
    return differs(f"{mime}: {outcome.why}")


def _joined(value: Any) -> str:
    """Return a form as one text: lines joined; what is no text, as JSON."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
