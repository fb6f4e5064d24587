"""How far the reading of files has come, as a bar on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["BarProgress"]


class BarProgress:
    """A bar in a terminal; nothing where stderr is none."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._files = 0
        self._all = 0

    def begin(self, files: int, size: int) -> None:
        """So many files and bytes are to be read."""
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True)
        if not console.is_terminal:
            return
        self._files, self._all = 0, files
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task(f"0 of {files:,} files", total=size)
        self._bar.start()

    def done(self, files: int, size: int) -> None:
        """So many more have been read."""
        self._files += files
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, advance=size, description=f"{self._files:,} of {self._all:,} files")

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
