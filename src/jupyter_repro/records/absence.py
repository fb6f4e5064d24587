"""An absence is a fact, too."""

from __future__ import annotations

import msgspec

__all__ = ["Missing"]


class Missing(msgspec.Struct, frozen=True, tag="missing", tag_field="is"):
    """An absence, with its reason."""

    reason: str
