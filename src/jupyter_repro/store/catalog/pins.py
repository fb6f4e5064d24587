"""Runs that are kept for good: golden runs, and whatever the user names."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from jupyter_repro.canonical import dumps
from jupyter_repro.secrets import redacted

from .form import PINS

if TYPE_CHECKING:
    from .places import Store

__all__ = ["pin", "pinned", "unpin"]


def pin(store: Store, run_id: str, why: str) -> bool:
    """Keep a run for good; False if it was kept already.

    Raises:
        StorageFailed: The store refuses.
    """
    return store.put(_name(run_id), dumps(redacted({"run": run_id, "why": why, "at": round(time.time(), 3)})))


def unpin(store: Store, run_id: str) -> None:
    """Leave a run to retention again."""
    store.remove(_name(run_id))


def pinned(store: Store) -> dict[str, str]:
    """Return the runs that are kept for good, each with the reason."""
    found = {}
    for name in store.names(PINS):
        try:
            told = json.loads(store.read(f"{PINS}/{name}") or b"{}")
            why = str(told.get("why", ""))
        except (ValueError, AttributeError):
            why = "its reason cannot be read"
        found[name.removesuffix(".json")] = why
    return found


def _name(run_id: str) -> str:
    return f"{PINS}/{run_id}.json"
