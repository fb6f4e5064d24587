"""The operations of torch, one by one, so that two runs can be laid beside each other."""

from __future__ import annotations

__all__: list[str] = []
