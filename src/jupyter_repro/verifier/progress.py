"""What the reader sees while it runs: steps by name, a line a cell, a table at the end."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any, TextIO

from .report_text import report_lines, shown

if TYPE_CHECKING:
    from .archive import Bundle
    from .recipe import Recipe
    from .sandbox import Isolation

__all__ = ["Progress", "shown"]


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

    def told(self, report: dict[str, Any]) -> None:
        """Print the verdict of each cell and claim, and why."""
        if report["cells"]:
            self._say("")
            for line in report_lines(report, width=shutil.get_terminal_size((120, 24)).columns):
                self._say(line)
            self._say("")

    def _say(self, line: str) -> None:
        if not self._quiet:
            self._stream.write(line + "\n")
            self._stream.flush()
