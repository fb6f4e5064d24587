"""Saying in one line how two texts differ."""

from __future__ import annotations

__all__ = ["first_difference", "short"]


def first_difference(reference: str, fresh: str) -> str:
    """Name the first line that is another, or how many lines are missing or more."""
    before, after = reference.splitlines(), fresh.splitlines()
    for number, (was, now) in enumerate(zip(before, after, strict=False), start=1):
        if was != now:
            if was.split() == now.split():
                return f"line {number}: `{short(was)}` has other white space"
            return f"line {number}: `{short(was)}` became `{short(now)}`"
    count = abs(len(before) - len(after))
    if not count:
        return "the line ends are not the same"
    lines = "1 line" if count == 1 else f"{count} lines"
    rest = (before if len(before) > len(after) else after)[min(len(before), len(after))]
    return f"{lines} {'missing' if len(before) > len(after) else 'more'}, first `{short(rest)}`"


def short(text: str, *, most: int = 60) -> str:
    """Return the text on one line, cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 3] + "..."
