"""RP4: what is installed, and the devices."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from jupyter_repro.records import CellId, Finding, Missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.records import Severity
    from jupyter_repro.records.packages import PackageChange

    from .engine import Facts

__all__ = ["DirtyEditable", "FaultyDevice", "PackagesChanged", "UnmetRequirements"]

_NAMED = 3


class PackagesChanged:
    """RP401: a package was installed, removed or replaced while the kernel lived.

    **Why is this bad?** Cells before it ran in another environment; what was imported before goes on as it was.
    **Example**: `%pip install pandas==2.3.3` in the middle of a notebook.
    **Remedy**: restart and run all.
    """

    code = "RP401"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each cell run after which something had changed."""
        for order, group in groupby(facts.package_changes, key=lambda change: change.order):
            changes = tuple(group)
            stays = [change.name for change in changes if change.imported]
            goes_on = (
                f"; the kernel goes on with the {', '.join(stays)} that it had imported" if stays else ""
            )
            cell = changes[0].cell
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"run {order} changed what is installed ({_named(changes)}): cells before it had another "
                f"environment{goes_on}",
                remedy="restart and run all, so that every cell has this one",
                cell=None if cell is None else CellId(cell),
            )


def _named(changes: Sequence[PackageChange]) -> str:
    words = [
        f"{each.name} {each.before or 'not there'} -> {each.after or 'gone'}" for each in changes[:_NAMED]
    ]
    more = f" and {len(changes) - _NAMED} more" if len(changes) > _NAMED else ""
    return ", ".join(words) + more


class UnmetRequirements:
    """RP402: installed packages do not get along, as ``pip check`` says.

    **Why is this bad?** An installer gives readers other versions than yours, or nothing.
    **Example**: `pip check` says that `numba` requires `numpy<2.3`.
    **Remedy**: install what is required.
    """

    code = "RP402"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding; nothing where nobody has looked."""
        unmet = (facts.environment.conflicts if facts.environment else None) or ()
        if unmet:
            more = f" and {len(unmet) - 1} more" if len(unmet) > 1 else ""
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"a requirement of an installed package is not met: {unmet[0]}{more}",
                remedy="install what is required, then restart; `%repro env` lists them",
            )


class DirtyEditable:
    """RP403: an editable install differs from its commit.

    **Why is this bad?** Neither version nor commit give the code that ran.
    **Example**: `pip install -e ../library`, where a file was changed after its last commit.
    **Remedy**: commit there.
    """

    code = "RP403"
    severity: Severity = "info"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each such package."""
        for package in facts.environment.packages if facts.environment else ():
            source = package.source
            if source is not None and source.dirty:
                yield Finding(
                    code=self.code,
                    severity=self.severity,
                    message=f"`{package.name}` is installed from `{source.url}`, which differs from its commit "
                    f"{source.commit[:10]}",
                    remedy="commit the changes there; a bundle carries the package as it is",
                )


class FaultyDevice:
    """RP404: a device has met memory errors that it could not correct.

    **Why is this bad?** What it computed since may be wrong, and no seed brings it back.
    **Example**: an A100 with 2 uncorrected errors since its driver was loaded.
    **Remedy**: compute it again on a sound device.
    """

    code = "RP404"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each such device."""
        gpus = facts.environment.gpus if facts.environment else ()
        for gpu in () if isinstance(gpus, Missing) else gpus:
            errors = gpu.health.uncorrected_volatile if gpu.health else None
            failed = bool(gpu.health and gpu.health.remapping_failed)
            if errors or failed:
                what = (
                    f"{errors} uncorrected memory errors since its driver was loaded"
                    if errors
                    else "memory that could not be replaced"
                )
                yield Finding(
                    code=self.code,
                    severity=self.severity,
                    message=f"GPU {gpu.index} ({gpu.name}) has {what}: what it computed may be wrong",
                    remedy="compute it again on another device, and have this one looked at",
                )
