"""What is another between two states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from .events import Delta

if TYPE_CHECKING:
    from .facts import State

__all__ = ["delta_between", "headline_between", "with_short_of"]

_PLAIN = (
    "verdict",
    "headline",
    "more_findings",
    "plan",
    "governed",
    "settings",
    "document",
    "recording",
    "recording_on",
    "notices",
)
_SHORT = ("verdict", "headline", "recording_on", "notices")


def delta_between(old: State, new: State, *, seq: int) -> Delta | None:
    """Return what changed, None if nothing did.

    Args:
        old: What the client knows.
        new: What is so now.
        seq: The number of the event.
    """
    changed = _plain(old, new, _PLAIN)
    known = {cell.id: cell for cell in old.cells}
    cells = tuple(cell for cell in new.cells if known.get(cell.id) != cell)
    if cells:
        changed["cells"] = cells
    order = tuple(cell.id for cell in new.cells)
    if order != tuple(known):
        changed["order"] = order
    had = {found.key: found for found in old.findings}
    has = {found.key for found in new.findings}
    findings = tuple(found for found in new.findings if had.get(found.key) != found)
    gone = tuple(key for key in had if key not in has)
    if findings:
        changed["findings"] = findings
    if gone:
        changed["findings_gone"] = gone
    return Delta(seq=seq, at=new.at, **changed) if changed else None


def headline_between(old: State, new: State, *, seq: int) -> Delta | None:
    """Return what changed in what a hidden panel shows, None if nothing did."""
    changed = _plain(old, new, _SHORT)
    return Delta(seq=seq, at=new.at, **changed) if changed else None


def with_short_of(old: State, new: State) -> State:
    """Return what a client knows that knew the old state and was told what :func:`headline_between` tells."""
    return msgspec.structs.replace(old, busy=new.busy, **{name: getattr(new, name) for name in _SHORT})


def _plain(old: State, new: State, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(new, name) for name in names if getattr(old, name) != getattr(new, name)}
