"""What compares one kind of output. A file a comparer, and the file holds it as ``COMPARER``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from .outcome import Outcome
    from .tolerance import Tolerance

__all__ = ["Comparer", "joined"]


class Comparer(NamedTuple):
    """Compares values of some MIME types."""

    mimes: tuple[str, ...]
    """``text/html``; ``image/*`` and ``*+json`` take what no exact name takes."""
    compare: Callable[[Any, Any, Tolerance], Outcome]
    """Gets the author's value, the fresh one and the tolerance. It raises nothing."""
    text: Callable[[Any], str] | None = None
    """Writes a value as the text in which calibration looks for volatile parts; None: it has no such parts."""
    takes_json: bool = False
    """Whether values come as parsed JSON; otherwise as one text."""

    def takes(self, mime: str) -> bool:
        """Tell whether a pattern of this comparer fits a type."""
        return any(
            (mark.startswith("*") and mime.endswith(mark[1:]))
            or (mark.endswith("*") and mime.startswith(mark[:-1]))
            for mark in self.mimes
        )


def joined(value: Any) -> str:
    """Return a form as one text: lines joined; what is no text, as JSON."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
