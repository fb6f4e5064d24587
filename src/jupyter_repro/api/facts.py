"""What is known of a notebook: its verdicts, chance, environment, drift, runs and files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import NoNotebook
from jupyter_repro.kernel.extension import session_of
from jupyter_repro.kernel.unrecorded import Unrecorded

from .asked import running_shell, session_and_document, sure

if TYPE_CHECKING:
    import os

    from jupyter_repro.records import ChanceReport, Environment, Status
    from jupyter_repro.records.catalog import Run
    from jupyter_repro.records.drift import Drift
    from jupyter_repro.records.inputs import SeenInputs

__all__ = ["drift", "environment", "input_files", "report", "runs", "status"]


def status(document: str | os.PathLike[str] | dict[str, Any] | None = None, shell: Any = None) -> Status:
    """Return whether Restart & Run All would give the results on the screen, cell by cell.

    Args:
        document: The notebook to judge: a path, or a notebook as nested dicts (an nbformat node).
            None takes the notebook of the shell's kernel, or the cells it ran in the order of first run.
        shell: The IPython shell whose record counts; None takes the running one. Without a shell, or where
            the extension is not loaded in it, no cell has been recorded.

    Raises:
        BadNotebook: The document is not a notebook.
        NoNotebook: Neither a document nor a shell with the extension is there.
    """
    session, given = session_and_document(document, shell)
    return Unrecorded().status(sure(given)) if session is None else session.status(given)


def report(
    document: str | os.PathLike[str] | dict[str, Any] | None = None, shell: Any = None
) -> ChanceReport:
    """Return what lets two runs of a notebook differ, what it changed, and what was not looked at.

    The facts of ``%repro report``; its ``to_json()`` is what ``%repro report json`` writes.

    Args:
        document: As for :func:`status`.
        shell: As for :func:`status`.

    Raises:
        BadNotebook: As for :func:`status`.
        NoNotebook: As for :func:`status`.
    """
    from jupyter_repro.kernel.reporting import report_of
    from jupyter_repro.reports.chance import chance_report

    session, given = session_and_document(document, shell)
    if session is None:
        return chance_report(Unrecorded().status(sure(given)), (), loaded=frozenset(sys.modules))
    return report_of(session, given)


def environment(shell: Any = None) -> Environment:
    """Return what the run stands on at this moment: Python, machine, devices, packages, code.

    The facts of ``%repro env``. What is absent is a ``Missing`` with its reason. In a kernel where the extension is
    loaded it is also told which packages cells name in imports, which programs they called and what they installed.

    Args:
        shell: As for :func:`status`.
    """
    from jupyter_repro.environments.now import environment_now

    shell = running_shell() if shell is None else shell
    session = session_of(shell) if shell is not None else None
    return environment_now(Path.cwd()) if session is None else session.environment()


def drift(notebook: str | os.PathLike[str] | None = None, run: str = "", *, shell: Any = None) -> Drift:
    """Return what differs now from the environment that made the saved outputs, the worst first.

    The facts of ``%repro drift``; ``to_json()`` is described in docs/drift-json.md. Where there is nothing to compare
    with, ``record`` is empty and ``sentence`` says why.

    Args:
        notebook: The file; None takes the notebook of the shell's kernel.
        run: What to compare with, by the beginning of its name; empty: the run that made the saved outputs.
        shell: As for :func:`status`.

    Raises:
        BadNotebook: The file is not a notebook.
        BadWord: There is no such run.
        NoNotebook: No notebook is given, and there is no shell with the extension.
    """
    from jupyter_repro.bundle.baseline import baseline_from
    from jupyter_repro.environments.now import environment_now
    from jupyter_repro.kernel.drifting import drift_of
    from jupyter_repro.store.baseline import drift_since
    from jupyter_repro.store.makers import baseline_of

    shell = running_shell() if shell is None else shell
    session = session_of(shell) if shell is not None else None
    if notebook is None:
        if session is None:
            raise NoNotebook(
                "there is no notebook and no shell with jupyter_repro loaded", remedy="give a notebook"
            )
        return drift_of(session, run)
    path = Path(notebook).resolve()
    found = baseline_from(path.parent, run) if run else baseline_of(path)
    now = environment_now(path.parent) if session is None else session.environment()
    return drift_since(found, now, folder=path.parent, notebook=path.name)


def runs(  # noqa: PLR0913 - what one may ask for, all keyword-only
    folder: str | os.PathLike[str] = ".",
    *,
    store: str = "",
    notebook: str = "",
    since: float | None = None,
    until: float | None = None,
    commit: str = "",
    verdict: str = "",
    limit: int | None = None,
) -> tuple[Run, ...]:
    """Return recorded runs, the newest first; the facts of ``jupyter repro runs list``.

    Args:
        folder: Of the notebooks.
        store: A store by its folder or address; empty: the project's, else the folder's own.
        notebook: Only runs of this one, by its name.
        since: Only runs from this moment on, in seconds since 1970.
        until: Only runs before this moment.
        commit: Only runs of code whose commit begins so.
        verdict: Only runs with this verdict.
        limit: At most so many.

    Raises:
        BadSettings: The store is not understood.
        StorageFailed: It cannot be read.
    """
    from jupyter_repro.store.catalog.index import Wanted
    from jupyter_repro.store.catalog.opening import place_near
    from jupyter_repro.store.catalog.refreshing import refresh

    wanted = Wanted(notebook=notebook, since=since, until=until, commit=commit, verdict=verdict, limit=limit)
    place = place_near(Path(folder), told=store)
    if not place.there:
        return ()
    with place.open() as catalog:
        refresh(catalog, place, only_read=bool(store))
        return catalog.find(wanted)


def input_files(shell: Any = None) -> SeenInputs:
    """Return the files that cells read and wrote, each with digest, cells and revision, and whom they talked to.

    The facts of ``%repro inputs``; ``to_json()`` is what ``%repro inputs json`` writes. A large file is read here.

    Args:
        shell: The IPython shell whose record counts; None takes the running one.

    Raises:
        NoNotebook: There is no shell with the extension.
        BadManifest: The manifest of data cannot be read.
    """
    shell = running_shell() if shell is None else shell
    session = session_of(shell) if shell is not None else None
    if session is None:
        raise NoNotebook(
            "no cell has been recorded: there is no shell with jupyter_repro loaded",
            remedy="run `%load_ext jupyter_repro` first",
        )
    return session.inputs()
