"""Who asked: the user's line behind a call, found from the frames above it."""

from __future__ import annotations

from .sites import Place, Site, asked_by, is_users, place_of

__all__ = ["Place", "Site", "asked_by", "is_users", "place_of"]
