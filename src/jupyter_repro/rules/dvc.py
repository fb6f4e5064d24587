"""RP507 and RP508: what DVC says of the data that cells read, held against the bytes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jupyter_repro.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import CellId, Severity

    from .engine import Facts

__all__ = ["DamagedCache", "NotAsPointed"]


class DamagedCache:
    """RP507: DVC's cache holds other bytes than those that it names.

    **Why is this bad?** DVC takes a read-only object's word for it: `dvc checkout` brings the damaged bytes, and `dvc status` calls them up to date.
    **Example**: an object of `.dvc/cache` was changed through a link, or by a disk.
    **Remedy**: remove the object and run `dvc pull`, or `dvc commit` if the file is right; `%repro trackers` names both.
    """

    code = "RP507"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each file."""
        for each in facts.data.dvc:
            if each.cache == "damaged":
                yield Finding(
                    code=self.code,
                    severity=self.severity,
                    message=f"DVC's cache holds other bytes for `{each.name}` than the MD5 {each.revision[:12]} that names them, and DVC does not see it",
                    remedy="remove the object that `%repro trackers` names and run `dvc pull`, or `dvc commit` if the file is right",
                    cell=_reader(each.name, facts),
                )


class NotAsPointed:
    """RP508: a cell read a file that is not the one that DVC's pointer names.

    **Why is this bad?** Whoever runs `dvc pull` at this commit gets other data than the results stand on.
    **Example**: `train.csv` was written anew after `dvc add train.csv`.
    **Remedy**: `dvc checkout` brings back what the pointer names, `dvc commit` takes the change over.
    """

    code = "RP508"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each file."""
        for each in facts.data.dvc:
            if each.same is False:
                yield Finding(
                    code=self.code,
                    severity=self.severity,
                    message=f"`{each.name}` is not what `{each.source}` says (MD5 {each.revision[:12]})",
                    remedy="`dvc checkout` brings that back, `dvc commit` takes this over",
                    cell=_reader(each.name, facts),
                )


def _reader(name: str, facts: Facts) -> CellId | None:
    """Return the cell that read a file."""
    for run in facts.latest:
        for use in run.reads:
            kind, _, path = use.resource.partition(":")
            if kind == "file" and os.path.normpath(path) == os.path.normpath(name):
                return run.cell
    return None
