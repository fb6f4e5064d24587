"""What the reader sees while it runs: steps by name, a line a cell, a table at the end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .archive import Bundle
    from .recipe import Recipe
    from .sandbox import Isolation

__all__ = ["Progress", "shown"]

_MARKS = {
    "identical": "=",
    "equivalent": "=",
    "within tolerance": "~",
    "volatile": "?",
    "differs": "!",
    "error": "!",
    "not run": "-",
}


class Progress:
    """Prints to one stream, nothing if quiet. Steps and cells are talk; the table is the result."""

    def __init__(self, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._number = 0

    def step(self, name: str) -> None:
        """Begin a step."""
        self._number += 1
        self._say(f"[{self._number}/3] {name}")

    def detail(self, text: str) -> None:
        """Say how the step goes."""
        self._say(f"      {text}")

    def about(self, bundle: Bundle, recipe: Recipe, isolation: Isolation) -> None:
        """Say what is going to be run."""
        self._say(f"      {len(bundle.digests)} files as the author packed them, bundle id {bundle.id[:16]}")
        self._say(f"      this runs the author's code ({shown(recipe.notebook)}) on this machine")
        self._say(f"      {shown(isolation.sentence)}")

    def cell(self, event: dict[str, Any]) -> None:
        """Say that a cell has ended."""
        if event.get("kind") == "end":
            ended = "" if event["ended"] == "ok" else f"  {event['ended']}"
            self._say(
                f"      cell {event['position']} of {event['total']}  {event['duration_s']:.1f} s{ended}"
            )

    def table(self, rows: Sequence[dict[str, Any]]) -> None:
        """Print the verdict of each cell."""
        if not rows:
            return
        width = max(len(row["label"]) for row in rows)
        words = max(len(row["verdict"]) for row in rows)
        self._say("")
        for row in rows:
            mark = _MARKS.get(row["verdict"], "?")
            why = f"  {shown(row['why'])}" if row["why"] else ""
            self._say(f"  {mark} {row['label']:<{width}}  {row['verdict']:<{words}}{why}".rstrip())
        self._say("")

    def _say(self, line: str) -> None:
        if not self._quiet:
            self._stream.write(line + "\n")
            self._stream.flush()


def shown(text: str, *, most: int = 300) -> str:
    """Make a string from a bundle harmless for a terminal: one line, no control or direction characters."""
    line = " ".join(text.split())
    safe = "".join(c if c.isprintable() else "?" for c in line)
    return safe if len(safe) <= most else safe[: most - 3] + "..."
