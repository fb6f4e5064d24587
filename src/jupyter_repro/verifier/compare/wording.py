"""Saying in one line how two texts differ."""

from __future__ import annotations

__all__ = ["became", "first_difference", "short"]

_MOST = 60
_BEFORE = 20
"""Characters shown before a difference in a long text."""


def first_difference(reference: str, fresh: str) -> str:
    """Name the first line that is another, or how many lines are missing or more."""
    before, after = reference.splitlines(), fresh.splitlines()
    for number, (was, now) in enumerate(zip(before, after, strict=False), start=1):
        if was != now:
            if was.split() == now.split():
                return f"line {number}: `{short(was)}` has other white space"
            return f"line {number}: {became(was, now)}"
    count = abs(len(before) - len(after))
    if not count:
        return "the line ends are not the same"
    lines = "1 line" if count == 1 else f"{count} lines"
    rest = (before if len(before) > len(after) else after)[min(len(before), len(after))]
    return f"{lines} {'missing' if len(before) > len(after) else 'more'}, first `{short(rest)}`"


def became(was: str, now: str) -> str:
    """Say what became of a text, from shortly before the place where the two part."""
    was, now = " ".join(was.split()), " ".join(now.split())
    place = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), 0)
    start = max(0, place - _BEFORE) if max(len(was), len(now)) > _MOST else 0
    mark = "..." if start else ""
    return f"`{mark}{short(was[start:])}` became `{mark}{short(now[start:])}`"


def short(text: str, *, most: int = _MOST) -> str:
    """Return the text on one line, cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 3] + "..."
