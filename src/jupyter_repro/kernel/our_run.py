"""Our run as trackers are told of it: its name before its record is made, and what it stands on."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.environments.git import git_state
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.records import Missing
from jupyter_repro.records.trackers import Ours
from jupyter_repro.secrets import redact
from jupyter_repro.store.catalog.ids import new_run_id, noise_of
from jupyter_repro.version import __version__

from .exporting import INSIDE
from .run_records import told_path

if TYPE_CHECKING:
    from jupyter_repro.records import Git

    from .session import Session

__all__ = ["OurRun"]


class OurRun:
    """The run of one kernel life.

    Args:
        session: Whose life it is.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._code: tuple[int, Git | Missing] | None = None
        noise = noise_of(session.kernel_id)  # nobody's generator is asked inside a cell
        self.name = "" if os.environ.get(INSIDE) else new_run_id(time.time_ns(), noise)
        """Empty in a run of export, prove or verify, which leaves no record."""

    def facts(self, bundle: str) -> Ours:
        """Return what is known at this moment; the repository is asked once a cell.

        Args:
            bundle: The digest of the bundle that this kernel has exported last.
        """
        session, plan = self._session, self._session.plan
        path = session.path()
        found = Ours(
            run=self.name,
            kernel=session.kernel_id,
            notebook="" if path is None else told_path(path),
            seed="" if plan is None or plan.seed is None else str(plan.seed),
            strictness="" if plan is None else plan.strictness,
            bundle=bundle,
            version=__version__,
        )
        code = self._code_now()
        if isinstance(code, Missing):
            return msgspec.structs.replace(found, no_code=redact(code.reason))
        return msgspec.structs.replace(
            found,
            commit=code.commit,
            branch=code.branch or "",
            remote=code.remote or "",
            dirty=code.dirty,
            diff=code.diff,
        )

    def _code_now(self) -> Git | Missing:
        order = len(self._session.ledger.runs)
        if self._code is None or self._code[0] != order:
            with unwatched():
                self._code = (order, git_state(self._session.folder()))
        return self._code[1]
