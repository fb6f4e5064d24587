"""A bar on stderr that is gone when the work is; none where nobody looks at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn, TaskID
    from typing_extensions import Self

__all__ = ["StderrBar"]


class StderrBar:
    """Shows one piece of work.

    Args:
        quiet: Show nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def columns(self) -> tuple[ProgressColumn, ...]:
        """Return what stands in the line."""
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

        return TextColumn("{task.description}", markup=False), BarColumn(bar_width=20), TimeElapsedColumn()

    def __enter__(self) -> Self:
        from rich.console import Console

        console = Console(stderr=True)
        if self.quiet or not console.is_terminal:
            return self
        from rich.progress import Progress

        self._bar = Progress(*self.columns(), console=console, transient=True)
        self._task = self._bar.add_task("starting", total=None)
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def moved(self, line: str, done: float, of: float) -> bool:
        """Move the bar; tell whether there is one."""
        if self._bar is None or self._task is None:
            return False
        self._bar.update(self._task, description=line, completed=done, total=of)
        return True
