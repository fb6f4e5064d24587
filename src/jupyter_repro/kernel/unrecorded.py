"""A notebook that no session has seen: the same questions, the answer is always `not run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from jupyter_repro.replay.ledger import Ledger
from jupyter_repro.replay.names import Names, analyse

from . import verdict

if TYPE_CHECKING:
    from jupyter_repro.records import (
        Cell,
        CellId,
        Document,
        Environment,
        SeedPlan,
        Setting,
        Status,
        Twins,
        Version,
    )
    from jupyter_repro.records.packages import PackageChange

__all__ = ["Unrecorded"]


class Unrecorded:
    """Stands where a session would, with an empty record."""

    plan: SeedPlan | None = None
    rules_table: ClassVar[dict[str, object]] = {}

    def __init__(self) -> None:
        from IPython.core.inputtransformer2 import TransformerManager

        self.ledger = Ledger(hidden={})
        self._transform = TransformerManager().transform_cell

    def status(self, document: Document) -> Status:
        """Return the facts about a document, none of whose cells has run."""
        from jupyter_repro.environments.capture import capture_environment

        folder = Path(document.path).parent if document.path else self.folder()
        environment: Environment = capture_environment(folder)
        return verdict.status_of(self, document, environment)

    def names_of(self, cell: Cell) -> Names:
        """Return what the source of a cell reads and writes."""
        return analyse(self._transform(cell.source))

    def fresh_modules(self) -> dict[str, Version]:
        """None has been imported."""
        return {}

    def imported(self, _full: str) -> str | None:
        """Nothing is known of imports."""
        return None

    def may_set(self, _source: str) -> tuple[str, ...]:
        """Nothing has been read, so nothing can have been set otherwise."""
        return ()

    def folder(self) -> Path:
        """Return the working directory."""
        return Path.cwd()

    def running_cells(self) -> frozenset[CellId]:
        """Nothing runs."""
        return frozenset()

    def settings(self) -> tuple[Setting, ...]:
        """Nothing is governed."""
        return ()

    def twins(self) -> tuple[Twins, ...]:
        """Nothing has been made."""
        return ()

    def opening_drift(self) -> None:
        """No kernel was started."""

    def package_changes(self) -> tuple[PackageChange, ...]:
        """No kernel lived."""
        return ()

    def recording_faults(self) -> tuple[str, ...]:
        """Nothing is recorded, so nothing is missing from the record."""
        return ()

    def place(self) -> str:
        """Say why there is no record."""
        return "not recording: no kernel has loaded jupyter_repro"
