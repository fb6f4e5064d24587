"""The table of many verifications: live on a terminal, a line a bundle elsewhere."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.verifier.progress import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_repro.study.bundles import Verified

__all__ = ["VerifyTable"]

_STYLES = {"reproduced": "green", "reproduced elsewhere": "cyan", "differs": "red"}
_SAME = ("identical", "equivalent", "within tolerance")
_MOST_ROWS = 30


class VerifyTable:
    """What is known of each bundle; use it as a context.

    Args:
        paths: All bundles.
        engine: Where they run, for people.
        quiet: Print the failures only.
    """

    def __init__(self, paths: Sequence[str], engine: str, *, quiet: bool) -> None:
        self._paths, self._engine, self._quiet = list(paths), engine, quiet
        self._ended: dict[str, tuple[Verified, str]] = {}
        self._begun: dict[str, float] = {}
        self._live: Any = None

    def __enter__(self) -> VerifyTable:  # noqa: PYI034 - Self needs Python 3.11 or another package
        if not self._quiet:
            if sys.stderr.isatty():
                from rich.console import Console
                from rich.live import Live

                self._live = Live(
                    get_renderable=self._rendered, console=Console(stderr=True), refresh_per_second=2
                )
                self._live.start()
            else:
                sys.stderr.write(f"{len(self._paths)} bundles on {self._engine}\n")
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._live is not None:
            self._live.stop()
            for each, page in self._ended.values():
                if each.exit_code:
                    _say(each, page)

    def running(self, paths: Sequence[str]) -> None:
        """Note which bundles run now."""
        for path in paths:
            self._begun.setdefault(path, time.monotonic())

    def ended(self, each: Verified, page: str) -> None:
        """Note what came of one."""
        self._ended[each.path] = (each, page)
        if self._live is None and (not self._quiet or each.exit_code):
            _say(each, page)

    def _rendered(self) -> Any:
        from rich.table import Table
        from rich.text import Text

        table = Table(
            title=f"{len(self._ended)} of {len(self._paths)} bundles, {self._engine}", title_justify="left"
        )
        for name in ("bundle", "verdict", "cells", "seconds", "worker"):
            table.add_column(name, justify="right" if name in ("cells", "seconds") else "left")
        for path in self._shown():
            table.add_row(*(Text(*cell) for cell in self._row(path)))
        hidden = len(self._paths) - min(len(self._paths), _MOST_ROWS)
        if hidden:
            table.caption = f"and {hidden} more"
        return table

    def _shown(self) -> list[str]:
        """Return what fits on a screen: what runs, then what ended otherwise than reproduced, then the rest."""

        def rank(path: str) -> int:
            if path in self._ended:
                return 1 if self._ended[path][0].exit_code else 3
            return 0 if path in self._begun else 2

        first = sorted(self._paths, key=rank)[:_MOST_ROWS]
        return [path for path in self._paths if path in first]

    def _row(self, path: str) -> tuple[tuple[str, str], ...]:
        name = shown(Path(path).name)
        if path in self._ended:
            each = self._ended[path][0]
            verdict, cells = each.report["verdict"], each.report["cells"]
            same = sum(cell["verdict"] in _SAME for cell in cells)
            count = f"{same}/{len(cells)}" if cells else ""
            return (
                (name, ""),
                (verdict, _STYLES.get(verdict, "yellow")),
                (count, ""),
                (f"{each.seconds:.1f}", ""),
                (each.worker, "dim"),
            )
        if path in self._begun:
            return (
                (name, ""),
                ("running", "bold"),
                ("", ""),
                (f"{time.monotonic() - self._begun[path]:.0f}", "dim"),
                ("", ""),
            )
        return (name, "dim"), ("waiting", "dim"), ("", ""), ("", ""), ("", "")


def _say(each: Verified, page: str) -> None:
    place = f"  {page}" if page else ""
    sys.stderr.write(f"{shown(Path(each.path).name)}: {shown(each.report['headline'])}{place}\n")
    sys.stderr.flush()
