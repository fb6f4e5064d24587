"""How far an export has come: a bar in a terminal, a line a step elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID
    from typing_extensions import Self

    from jupyter_repro.bundle.progress import ExportEvent

__all__ = ["ExportBar"]


class ExportBar:
    """Shows the events of one export on stderr.

    Args:
        quiet: Show nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        from rich.console import Console

        console = Console(stderr=True)
        if self._quiet or not console.is_terminal:
            return self
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("starting", total=None)
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def show(self, event: ExportEvent) -> None:
        """Take an event."""
        if self._quiet:
            return
        if self._bar is None or self._task is None:
            click.echo(event.sentence(), err=True)
            return
        total = float(event.cells) if event.cells else float(event.of)
        done = float(event.cell_number - 1) if event.cells else float(event.number - 1)
        self._bar.update(self._task, description=event.sentence(), total=total, completed=done)
