"""The environment that made the saved outputs of a notebook."""

from __future__ import annotations

import os
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.canonical import to_builtins
from jupyter_repro.environments.changed_files import changed_files
from jupyter_repro.environments.drift import drift
from jupyter_repro.errors import BadWord, StorageFailed
from jupyter_repro.records import Environment, Git
from jupyter_repro.records.drift import Drift
from jupyter_repro.secrets import known_values, redacted

from .catalog.comparing import tells_imports
from .catalog.opening import place_near
from .catalog.refreshing import refresh
from .place import record_folders
from .prune import journals
from .reading import read_journal
from .saved_outputs import Shown, shown_cells
from .sidecar import read_sidecar, sidecar_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_repro.records.sidecar import EnvironmentFile

    from .reading import JournalContent

__all__ = ["Baseline", "NoBaseline", "baseline_named", "baseline_of", "drift_since"]

_MOST_SESSIONS = 20
"""Older ones are not looked at."""


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """What a run stood on."""

    record: str
    made: float | None
    """None: it is not told."""
    environment: Environment
    imports_known: bool
    """It tells everything that was imported."""
    covers: str = ""
    """What of the saved outputs that run made, in words."""


class NoBaseline(msgspec.Struct, frozen=True):
    """There is nothing to compare with."""

    reason: str


def baseline_of(notebook: Path, *, but: str = "") -> Baseline | NoBaseline:
    """Return the environment of the session that made most of the saved outputs.

    A cell's outputs are those of the newest session that ran its present source before the file was saved.

    Args:
        notebook: The file.
        but: The kernel that asks, which is left out.

    Raises:
        BadNotebook: The file cannot be read, or is no notebook.
    """
    shown = shown_cells(notebook)
    if not shown:
        return NoBaseline("the notebook has no saved outputs")
    saved_s = notebook.stat().st_mtime
    makers: dict[int, str] = {}
    environments: dict[str, EnvironmentFile] = {}
    for journal, content in islice(_sessions(notebook, but=but), _MOST_SESSIONS):
        kernel = content.header.kernel if content.header else ""
        ran = {(run.cell or "", run.digest) for run in content.runs if run.started <= saved_s}
        digests = {digest for _, digest in ran}
        new = [
            number for number, cell in enumerate(shown) if number not in makers and _made(cell, ran, digests)
        ]
        facts = _environment_of(journal, kernel) if new else None
        if facts is not None:
            environments[kernel] = facts
        makers.update(dict.fromkeys(new, kernel))
        if len(makers) == len(shown):
            break
    counts = Counter(kernel for kernel in makers.values() if kernel in environments)
    if not counts:
        if not makers:
            return NoBaseline("no recorded session made the saved outputs")
        return NoBaseline("the session that made the saved outputs ended before its environment was captured")
    kernel, made = counts.most_common(1)[0]
    of = f"{made} of {len(shown)} saved outputs" if made < len(shown) else "all saved outputs"
    return _of_session(environments[kernel], covers=of)


def baseline_named(folder: Path, word: str, *, otherwise: str = "") -> Baseline:
    """Return the environment of a run, a session or a file.

    Args:
        folder: The notebook's.
        word: The beginning of a session's name, a run as :meth:`.Catalog.named` takes it, or a file: the environment
            that a session has left.
        otherwise: The store where the project names none.

    Raises:
        BadWord: It names none, or several.
        StorageFailed: The file cannot be read.
    """
    path = folder / os.path.expandvars(os.path.expanduser(word))  # noqa: PTH111 - a user that does not exist stays as written
    if word.endswith(".json") and path.is_file():
        return _of_session(read_sidecar(path))
    found = {
        path.stem.removeprefix("env-"): path
        for place in record_folders(folder)
        for path in place.glob("env-*.json")
        if path.stem.removeprefix("env-").startswith(word)
    }
    if len(found) == 1:
        return _of_session(read_sidecar(next(iter(found.values()))))
    if found:
        raise BadWord(
            f"`{word}` begins the names of {len(found)} sessions",
            remedy=f"say which: {', '.join(sorted(found))}",
        )
    place = place_near(folder, otherwise=otherwise)
    if not place.there:
        raise BadWord(f"there is no run `{word}`", remedy="nothing is on record in the notebook's folder")
    with place.open() as catalog:
        refresh(catalog, place)
        run = catalog.named(word)
        return Baseline(
            record=run.id,
            made=run.made,
            environment=catalog.environment(run),
            imports_known=tells_imports(run),
        )


def drift_since(
    baseline: Baseline | NoBaseline, now: Environment, *, folder: Path, notebook: str = ""
) -> Drift:
    """Return what differs now from a baseline, with what is compared.

    Args:
        baseline: What the results stood on.
        now: The environment of this moment.
        folder: The notebook's, whose commits are compared.
        notebook: Its name.
    """
    if isinstance(baseline, NoBaseline):
        return Drift(notebook=notebook, sentence=f"there is nothing to compare with: {baseline.reason}")
    before, after = baseline.environment.git, now.git
    files = (
        changed_files(folder, before.commit, after.commit)
        if isinstance(before, Git) and isinstance(after, Git) and before.commit != after.commit
        else None
    )
    now = _as_written(now)
    found = drift(baseline.environment, now, imports_known=baseline.imports_known, changed_files=files)
    return msgspec.structs.replace(
        found, notebook=notebook, record=baseline.record, made=baseline.made, covers=baseline.covers
    )


def _as_written(environment: Environment) -> Environment:
    """Return the environment as a record of it would read: credentials are marks there, too."""
    return msgspec.convert(redacted(to_builtins(environment), known=known_values()), Environment)


def _of_session(facts: EnvironmentFile, covers: str = "") -> Baseline:
    latest = facts.latest
    return Baseline(
        record=facts.kernel,
        made=facts.captured if latest is None or facts.seen is None else facts.seen,
        environment=facts.start if latest is None else latest,
        imports_known=facts.ended is not None,
        covers=covers,
    )


def _sessions(notebook: Path, *, but: str) -> Iterator[tuple[Path, JournalContent]]:
    """Yield the journals of a notebook, the one written last first."""
    found = [path for place in record_folders(notebook.parent) for path in journals(place)]
    for path in found:
        try:
            content = read_journal(path)
        except StorageFailed:
            continue  # it is of a newer version, or gone since
        header = content.header
        if header is not None and header.kernel != but and header.facts.get("notebook") == notebook.name:
            yield path, content


def _made(cell: Shown, ran: set[tuple[str, str]], digests: set[str]) -> bool:
    return (
        (cell.id, cell.digest) in ran or (not cell.id and cell.digest in digests) or ("", cell.digest) in ran
    )


def _environment_of(journal: Path, kernel: str) -> EnvironmentFile | None:
    path = sidecar_path(journal.parent, kernel)
    try:
        return read_sidecar(path)
    except StorageFailed:
        return None
