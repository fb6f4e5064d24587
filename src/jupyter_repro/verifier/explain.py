"""Both sides of a cell that differs, for a reader to look at."""

from __future__ import annotations

from typing import Any

from .compare.streams import stream_text

__all__ = ["first_difference"]

_MOST = 12


def first_difference(reference: dict[str, Any], fresh: dict[str, Any]) -> list[dict[str, Any]]:
    """Return pairs of outputs that are not the same: kind (``text``, ``image``), reference, fresh.

    A side is None where it has no such output.
    """
    before, after = _parts(reference), _parts(fresh)
    pairs = []
    for number in range(max(len(before), len(after))):
        was = before[number] if number < len(before) else None
        now = after[number] if number < len(after) else None
        if was == now:
            continue
        images = all(side is None or side[0] == "image" for side in (was, now))
        pairs.append(
            {
                "kind": "image" if images else "text",
                "reference": _value(was, images),
                "fresh": _value(now, images),
            }
        )
    return pairs[:_MOST]


def _parts(cell: dict[str, Any]) -> list[tuple[str, str] | None]:
    outputs = cell.get("outputs", ())
    printed = stream_text(outputs, "stdout")
    parts: list[tuple[str, str] | None] = [("text", printed) if printed else None]
    for output in outputs:
        if output["output_type"] == "error":
            parts.append(("text", f"{output.get('ename')}: {output.get('evalue')}"))
        elif output["output_type"] != "stream":
            parts.append(_shown(output.get("data", {})))
    return parts


def _shown(data: dict[str, Any]) -> tuple[str, str]:
    if "image/png" in data:
        return "image", _joined(data["image/png"])
    for mime in ("text/plain", "text/markdown", "text/html"):
        if mime in data:
            return "text", _joined(data[mime])
    return "text", ", ".join(sorted(data))


def _value(side: tuple[str, str] | None, images: bool) -> str | None:  # noqa: FBT001 - of the pair, decided above
    if side is None:
        return None
    return side[1] if images or side[0] == "text" else "(a figure)"


def _joined(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)
