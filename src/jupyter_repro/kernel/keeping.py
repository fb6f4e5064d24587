"""Where cell runs are kept: the journal beside the notebook, or the reason why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.errors import StorageFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from jupyter_repro.records import CellRun
    from jupyter_repro.store.journal import Journal

__all__ = ["Keeping"]


class Keeping:
    """Writes cell runs to disk as they end; where that fails it says so and goes on.

    Args:
        kernel_id: The name of this kernel life.
        folder: Returns the notebook's folder, where the journal is begun with the first run.
        header: Returns what is said of the kernel at its head.
    """

    def __init__(
        self, kernel_id: str, folder: Callable[[], Path], header: Callable[[], Mapping[str, str]]
    ) -> None:
        self.kernel_id = kernel_id
        self._beside = folder
        self._header = header
        self._journal: Journal | None = None
        self.fault = ""
        """Why the last run was not written, or nothing."""
        self.place = ""
        """Where the journal is, in words; empty before the first run."""
        self.folder: Path | None = None
        """Where the journal is; None before the first run."""

    @property
    def alone(self) -> bool:
        """Whether no other kernel has left a journal beside this one's."""
        folder = self.folder
        return folder is None or sum(1 for _ in folder.glob("run-*.jsonl")) <= 1

    @property
    def has_project(self) -> bool:
        """Whether a project may say where runs are kept."""
        folder = self.folder
        return folder is not None and any((each / "pyproject.toml").is_file() for each in folder.parents)

    def write(self, runs: Iterable[CellRun]) -> None:
        """Append runs in the order they ended."""
        try:
            if self._journal is None:
                self._journal = self._open()
            for run in runs:
                self._journal.append(run)
            self.fault = self._journal.fault
        except StorageFailed as error:
            self.fault = str(error)

    def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._journal.close()

    def _open(self) -> Journal:
        from jupyter_repro.store.journal import Journal
        from jupyter_repro.store.place import journal_folder
        from jupyter_repro.store.prune import prune

        place = journal_folder(self._beside())
        journal = Journal.open(place.folder, kernel_id=self.kernel_id, header=self._header())
        self.place, self.folder = place.sentence, place.folder
        prune(place.folder)
        return journal
