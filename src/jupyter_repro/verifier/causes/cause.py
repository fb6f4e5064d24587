"""One reason why a cell may give another result."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

__all__ = ["Cause", "Certainty"]

Certainty = Literal["recorded", "likely", "possible"]


@dataclasses.dataclass(frozen=True)
class Cause:
    """What differed between the two runs, in one sentence."""

    kind: str
    text: str
    certainty: Certainty
    """``recorded``: the records of this cell differ there; ``likely``, ``possible``: they would explain it."""
    cell: str = ""
    """Label of the cell above where it began."""

    def to_json(self) -> dict[str, Any]:
        """Return what ``report.json`` holds."""
        return {"kind": self.kind, "text": self.text, "certainty": self.certainty, "cell": self.cell}
