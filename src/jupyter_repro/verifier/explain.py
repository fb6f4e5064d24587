"""Both sides of a cell that differs, for a reader to look at."""

from __future__ import annotations

from typing import Any

from .compare.comparer import joined
from .compare.normal import normalised
from .compare.streams import stream_text

__all__ = ["first_difference"]

_MOST = 12
_TEXTS = ("text/plain", "text/markdown", "text/latex", "text/html")
"""Forms that a reader may look at, the most readable first."""

_IMAGES = ("image/png", "image/jpeg", "image/svg+xml")

Part = dict[str, str]
"""The forms of one output as texts; what a cell printed, and an error, are ``text/plain``."""


def first_difference(reference: dict[str, Any], fresh: dict[str, Any]) -> list[dict[str, Any]]:
    """Return pairs of outputs that are not the same: kind (``text``, ``image``), reference, fresh.

    A side is None where it has no such output.
    """
    before, after = _parts(reference), _parts(fresh)
    pairs = []
    for number in range(max(len(before), len(after))):
        was = before[number] if number < len(before) else {}
        now = after[number] if number < len(after) else {}
        if was != now:
            pairs.append(_pair(was, now))
    return pairs[:_MOST]


def _parts(cell: dict[str, Any]) -> list[Part]:
    outputs = cell.get("outputs", ())
    printed = stream_text(outputs, "stdout")
    parts: list[Part] = [{"text/plain": printed} if printed else {}]
    for output in outputs:
        if output["output_type"] == "error":
            parts.append({"text/plain": f"{output.get('ename')}: {output.get('evalue')}"})
        elif output["output_type"] != "stream":
            parts.append({mime: joined(value) for mime, value in output.get("data", {}).items()})
    return parts


def _pair(was: Part, now: Part) -> dict[str, Any]:
    """Return the form that tells most about how two outputs differ."""
    for mime in _IMAGES:
        if was.get(mime) != now.get(mime) and (set(was) & set(now) or not (was and now)):
            return {"kind": "image", "mime": mime, "reference": was.get(mime), "fresh": now.get(mime)}
    other = sorted({*was, *now} - {*_TEXTS})
    different = [mime for mime in (*_TEXTS, *other) if was.get(mime) != now.get(mime)]
    # two addresses are no difference to look at, as long as there is another
    telling = (mime for mime in different if _bare(was, mime) != _bare(now, mime))
    form = next(telling, different[0] if different else "")
    return {"kind": "text", "mime": form, "reference": _said(was, form), "fresh": _said(now, form)}


def _bare(part: Part, form: str) -> str | None:
    return normalised(part[form])[0] if form in part else None


def _said(part: Part, form: str) -> str | None:
    if not part:
        return None
    return part.get(form, "(a figure)" if part.keys() & set(_IMAGES) else ", ".join(sorted(part)))
