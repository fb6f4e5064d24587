"""What a second run of a cell needs: copies of what the first one may change, and what tells the two apart."""

from __future__ import annotations

__all__: list[str] = []
