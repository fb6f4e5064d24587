"""How far a sweep has come: a bar in a terminal, a line at the tenths elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_repro.reports.sweep_text import progress_line

from .stderr_bar import StderrBar

if TYPE_CHECKING:
    from rich.progress import ProgressColumn

    from jupyter_repro.study.sweep.running import Progress

__all__ = ["SweepBar"]

_LINES = 10


class SweepBar(StderrBar):
    """Shows on stderr how many runs are done."""

    _tenth = -1

    def columns(self) -> tuple[ProgressColumn, ...]:
        """As for every bar, with the time that is left: runs are alike."""
        from rich.progress import TimeRemainingColumn

        return *super().columns(), TimeRemainingColumn()

    def show(self, progress: Progress) -> None:
        """Take how far it is."""
        line = progress_line(progress.done, progress.of, found=progress.found, failed=progress.failed)
        if self.quiet or self.moved(line, progress.done, progress.of):
            return
        tenth = progress.done * _LINES // max(1, progress.of)
        if tenth != self._tenth:
            self._tenth = tenth
            click.echo(line, err=True)
