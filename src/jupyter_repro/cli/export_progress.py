"""How far an export has come: a bar in a terminal, a line a step elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .stderr_bar import StderrBar

if TYPE_CHECKING:
    from rich.progress import ProgressColumn

    from jupyter_repro.bundle.progress import ExportEvent

__all__ = ["ExportBar"]


class ExportBar(StderrBar):
    """Shows the events of one export on stderr."""

    def columns(self) -> tuple[ProgressColumn, ...]:
        """As for every bar, behind something that turns: steps are long."""
        from rich.progress import SpinnerColumn

        return SpinnerColumn(), *super().columns()

    def show(self, event: ExportEvent) -> None:
        """Take an event."""
        done, of = (event.cell_number, event.cells) if event.cells else (event.number, event.of)
        if not self.quiet and not self.moved(event.sentence(), float(done - 1), float(of)):
            click.echo(event.sentence(), err=True)
