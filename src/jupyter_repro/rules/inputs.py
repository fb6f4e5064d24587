"""RP502 to RP506: the data that cells read, and whom they talk to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jupyter_repro.records import ABSENT, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import CellRun, Severity, Version

    from .engine import Facts

__all__ = ["ForeignFile", "NotAsTracked", "UnrecordedNetwork", "UnseenReaders", "UntrackedData"]

_SHA256 = 64
_NAMED = 4
_SOURCES = (".py", ".ipynb", ".pyx", ".so", ".pyd")
_KEPT = ".http.json"


class NotAsTracked:
    """RP502: a cell read a file that is not the one that was tracked.

    **Why is this bad?** The results stand on other data than those that the project has agreed on.
    **Example**: `train.csv` was downloaded anew after `%repro data track train.csv`.
    **Remedy**: restore the file, or take the change over with `%repro data accept train.csv`.
    """

    code = "RP502"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each file."""
        for path, run, version in _data_read(facts):
            known = facts.data.tracked.get(path)
            if known is not None and _differs(version, *known):
                yield Finding(
                    code=self.code,
                    severity=self.severity,
                    message=f"`{_spelled(path, facts)}` is not the file that was tracked: "
                    f"{_found(version)} was read, SHA-256 {known[0][:12]} ({known[1]} bytes) was tracked",
                    remedy=f"restore it, or accept it with `%repro data accept {_spelled(path, facts)}`",
                    cell=run.cell,
                )


class UntrackedData:
    """RP503: a project that tracks its data has a cell that reads a file which is not tracked.

    **Why is this bad?** Nobody would notice that it has changed.
    **Example**: `pd.read_csv("extra.csv")` beside a `data.repro.jsonl` that does not name it.
    **Remedy**: `%repro data track extra.csv`.
    """

    code = "RP503"
    severity: Severity = "info"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        if not facts.data.tracked:
            return
        found = {
            _spelled(path, facts): run
            for path, run, _ in _data_read(facts)
            if path not in facts.data.tracked and _is_inside(path, facts)
        }
        if found:
            names = list(found)
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"cells read data that are not tracked: {_listed(names)}",
                remedy=f"track {'it' if len(names) == 1 else 'them'} with `%repro data track {names[0]}`",
                cell=next(iter(found.values())).cell,
            )


class ForeignFile:
    """RP504: a cell read a file from outside the project.

    **Why is this bad?** No clone of the project has it, and another machine has it elsewhere, if at all.
    **Example**: `pd.read_csv("/home/me/Downloads/train.csv")`.
    **Remedy**: move it into the project, or fetch it by a name that others have too.
    """

    code = "RP504"
    severity: Severity = "info"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        found = {
            path: run
            for path, run, version in _data_read(facts)
            if not _is_inside(path, facts) and not version.order
        }
        if found and facts.data.top:
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"cells read files from outside the project: {_listed(list(found))}",
                remedy="move them into the project, or fetch them by a name that others have too",
                cell=next(iter(found.values())).cell,
            )


class UnrecordedNetwork:
    """RP505: a cell used the network, and nothing keeps what came back.

    **Why is this bad?** The answer may be another one tomorrow, or none; the cell cannot be verified.
    **Example**: `requests.get("https://api.example.org/prices").json()`.
    **Remedy**: `%%repro http record` above the cell keeps the answers in a file beside the notebook.
    """

    code = "RP505"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        runs = [
            run for run in facts.latest if any(each.startswith("it used the network") for each in run.effects)
        ]
        if not runs:
            return
        hosts = sorted({host for run in runs for host in run.hosts})
        cells = "a cell" if len(runs) == 1 else f"{len(runs)} cells"
        yield Finding(
            code=self.code,
            severity=self.severity,
            message=f"{cells} talked to {_listed(hosts) if hosts else 'the network'}, and nothing keeps the answers",
            remedy="write `%%repro http record` above what asks a web API, or keep what it fetched in a file and read that",
            cell=runs[0].cell,
        )


class UnseenReaders:
    """RP506: a library is imported that may read files without our seeing it.

    **Why is this bad?** A file that is not seen is not compared, and not packed.
    **Example**: `import duckdb`, which opens files in C.
    **Remedy**: ask for the data with `jupyter_repro.data(PATH)`: then they count as read, whoever reads them.
    """

    code = "RP506"
    severity: Severity = "info"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        if facts.data.unseen:
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"files that {_listed(list(facts.data.unseen))} open cannot be seen",
                remedy="ask for such data with `jupyter_repro.data(PATH)`, then they count as read",
            )


def _data_read(facts: Facts) -> Iterator[tuple[str, CellRun, Version]]:
    """Yield each file of data that the latest runs read before any cell wrote it."""
    seen = set()
    for run in facts.latest:
        for use in run.reads:
            kind, _, name = use.resource.partition(":")
            path = os.path.normpath(os.path.join(facts.data.folder, name))  # noqa: PTH118 - plain strings
            if kind != "file" or path in seen or use.version.order or _is_other(path, use.version):
                continue
            seen.add(path)
            yield path, run, use.version


def _is_other(path: str, version: Version) -> bool:
    return version.digest in (ABSENT, "folder") or path.endswith((*_SOURCES, _KEPT))


def _differs(version: Version, sha256: str, size: int) -> bool:
    """Whether what was read is surely not what was tracked."""
    digest = version.digest or ""
    if len(digest) == _SHA256:
        return digest != sha256
    return digest.startswith("size ") and not digest.startswith(f"size {size},")


def _found(version: Version) -> str:
    digest = version.digest or ""
    return f"SHA-256 {digest[:12]}" if len(digest) == _SHA256 else f"one of {digest.split(',')[0]}"


def _is_inside(path: str, facts: Facts) -> bool:
    top = facts.data.top
    return not top or path.startswith(top.rstrip(os.sep) + os.sep)


def _spelled(path: str, facts: Facts) -> str:
    return os.path.relpath(path, facts.data.folder).replace(os.sep, "/") if facts.data.folder else path


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_NAMED])
    return shown + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
