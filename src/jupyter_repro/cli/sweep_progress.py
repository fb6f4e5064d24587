"""How far a sweep has come: a bar in a terminal, a line at the tenths elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_repro.reports.sweep_text import progress_line

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID
    from typing_extensions import Self

    from jupyter_repro.study.sweep.running import Progress

__all__ = ["SweepBar"]

_LINES = 10


class SweepBar:
    """Shows on stderr how many runs are done.

    Args:
        quiet: Show nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._tenth = -1

    def __enter__(self) -> Self:
        from rich.console import Console

        console = Console(stderr=True)
        if self._quiet or not console.is_terminal:
            return self
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            TimeElapsedColumn(),
        )
        self._bar = Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
        self._task = self._bar.add_task("starting", total=None)
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def show(self, progress: Progress) -> None:
        """Take how far it is."""
        if self._quiet:
            return
        line = progress_line(progress.done, progress.of, found=progress.found, failed=progress.failed)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=line, completed=progress.done, total=progress.of)
            return
        tenth = progress.done * _LINES // max(1, progress.of)
        if tenth != self._tenth:
            self._tenth = tenth
            click.echo(line, err=True)
