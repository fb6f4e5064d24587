"""Results of runs, each in a file named by all that it hangs on: a sweep that was killed goes on where it was."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.canonical import dumps, to_builtins, write_atomic
from jupyter_repro.errors import StorageFailed
from jupyter_repro.records.sweeps import SweepPoint  # noqa: TC001 - msgspec resolves the field types at run time

from .calling import Ran  # noqa: TC001 - as above
from .standing import stands
from .surroundings import environment_digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["KeptRuns"]

SCHEMA = 1


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The file."""

    schema: int = SCHEMA
    point: SweepPoint
    ran: Ran


class KeptRuns:
    """The results of one subject.

    Args:
        folder: Where they lie; None keeps none.
        subject: Digest of what is run; None keeps none.
        metrics: What is asked of each run.
    """

    def __init__(self, folder: Path | None, subject: str | None, metrics: Sequence[str]) -> None:
        self._folder = folder if subject is not None else None
        self._about = (SCHEMA, subject, tuple(metrics), environment_digest())

    def find(self, point: SweepPoint) -> Ran | None:
        """Return what a run gave before, if it would give that again: same code, parameters, packages and files."""
        if self._folder is None:
            return None
        try:
            kept = msgspec.json.decode(self._path(self._folder, point).read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError):
            return None
        if kept.point != point or kept.ran.error or not kept.ran.values or not stands(kept.ran.stands_on):
            return None
        return kept.ran

    def keep(self, point: SweepPoint, ran: Ran) -> None:
        """Write what a run gave, whole or not at all; one that failed is tried again next time.

        A result of other packages than ours, as of a worker elsewhere, is not kept under our name.

        Raises:
            StorageFailed: The file cannot be written.
        """
        if self._folder is None or ran.error or ran.environment != self._about[-1]:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageFailed(
                f"`{self._folder}` cannot be made: {error.strerror}",
                remedy="make room, or sweep with `keep=no`",
            ) from error
        write_atomic(self._path(self._folder, point), dumps(_Kept(point=point, ran=ran)))

    def _path(self, folder: Path, point: SweepPoint) -> Path:
        name = hashlib.sha256(dumps([*self._about, to_builtins(point)])).hexdigest()
        return folder / f"{name}.json"
