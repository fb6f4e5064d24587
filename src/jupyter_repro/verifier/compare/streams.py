"""What a cell printed: pieces joined, since where a stream is cut depends on timing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["stream_text"]


def stream_text(outputs: Sequence[Mapping[str, Any]], name: str) -> str:
    """Return all that a cell wrote to one stream."""
    texts = (o["text"] for o in outputs if o["output_type"] == "stream" and o.get("name") == name)
    return "".join("".join(text) if isinstance(text, list) else str(text) for text in texts)
