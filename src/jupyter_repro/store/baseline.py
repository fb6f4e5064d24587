"""What is compared with: the environment of a session, a run, a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.canonical import to_builtins
from jupyter_repro.environments.changed_files import changed_files
from jupyter_repro.environments.drift import drift
from jupyter_repro.errors import BadWord
from jupyter_repro.records import Environment, Git
from jupyter_repro.records.drift import Drift
from jupyter_repro.secrets import known_values, redacted

from .catalog.comparing import tells_imports
from .catalog.opening import place_near
from .catalog.refreshing import refresh
from .place import record_folders
from .sidecar import read_sidecar

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.records.catalog import Run
    from jupyter_repro.records.sidecar import EnvironmentFile

    from .catalog.catalog import Catalog

__all__ = ["Baseline", "NoBaseline", "baseline_named", "drift_since", "of_run", "of_session"]


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
        return of_session(read_sidecar(path))
    found = {
        path.stem.removeprefix("env-"): path
        for place in record_folders(folder)
        for path in place.glob("env-*.json")
        if path.stem.removeprefix("env-").startswith(word)
    }
    if len(found) == 1:
        return of_session(read_sidecar(next(iter(found.values()))))
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
        return of_run(catalog, catalog.named(word))


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


def of_run(catalog: Catalog, run: Run, covers: str = "") -> Baseline:
    """Return what a run on record stood on.

    Raises:
        BadRecord: Its environment is not there any more, or was changed.
    """
    return Baseline(
        record=run.id,
        made=run.made,
        environment=catalog.environment(run),
        imports_known=tells_imports(run),
        covers=covers,
    )


def of_session(facts: EnvironmentFile, covers: str = "") -> Baseline:
    """Return what a session has left beside its journal."""
    latest = facts.latest
    return Baseline(
        record=facts.kernel,
        made=facts.captured if latest is None or facts.seen is None else facts.seen,
        environment=facts.start if latest is None else latest,
        imports_known=facts.ended is not None,
        covers=covers,
    )
