"""``%repro sweep`` and ``%%repro sweep``: begin a sweep beside the user's kernel, and show what it says."""

from __future__ import annotations

import difflib
import itertools
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord, ProofRefused
from jupyter_repro.rng.swept import SWEPT_ENV

from .exporting import INSIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.sweeps import Sweep as Swept
    from jupyter_repro.study.sweep.running import Progress

    from .requests import Sweep
    from .session import Session

__all__ = ["sweep", "sweep_cell"]

_SHOW_EVERY_S = 0.5
_numbers = itertools.count(1)


def sweep(session: Session, request: Sweep, *, tell: Callable[[str], None]) -> None:
    """Do what ``%repro sweep`` asks for.

    Raises:
        BadWord: Nothing, or something that is not there, is to be swept.
        NoNotebook: The front end does not tell the notebook's path.
        ProofRefused: The file is not what ran.
        ReproError: Why the sweep could not be made.
    """
    function = request.subject not in ("", "notebook")
    if os.environ.get(SWEPT_ENV) or (os.environ.get(INSIDE) and not function):
        tell("repro: sweep is left out in a run that sweep, export, verify or prove has started")
    elif function:
        _show(session, lambda told: _function(session, request, told), request, tell)
    elif request.subject or request.cell:
        _show(session, lambda told: _notebook(session, request, told), request, tell)
    else:
        raise BadWord(
            "nothing to sweep is named",
            remedy="write `%repro sweep train` for a function, `sweep notebook`, `sweep cell=3`, or `%%repro sweep` above a cell",
        )


def sweep_cell(session: Session, request: Sweep, body: str, *, tell: Callable[[str], None]) -> None:
    """Sweep a cell: the notebook above it as it is saved, then the body, in fresh kernels and not in this one.

    Raises:
        BadWord: Something else is to be swept too, or the cell cannot be told from others.
        ReproError: As for :func:`sweep`.
    """
    if request.subject or request.cell:
        raise BadWord(
            "`%%repro sweep` is about its own cell", remedy="write `%repro sweep ...` for anything else"
        )
    if os.environ.get(SWEPT_ENV) or os.environ.get(INSIDE):
        tell("repro: sweep is left out in a run that sweep, export, verify or prove has started")
        return
    running = session.running_cells()
    if len(running) != 1:
        raise BadWord(
            "this front end does not say which cell runs",
            remedy="write `%repro sweep cell=3` with its number",
        )
    (cell,) = map(str, running)
    _show(session, lambda told: _notebook(session, request, told, cell=cell, body=body), request, tell)


def _function(session: Session, request: Sweep, progress: Callable[[Progress], None]) -> Swept:
    from jupyter_repro.study.sweep.asking import sweep_function

    names = session.shell.user_ns
    if request.subject not in names:
        close = difflib.get_close_matches(request.subject, [n for n, v in names.items() if callable(v)], n=1)
        raise BadWord(
            f"`{request.subject}` is no name of this notebook",
            remedy=f"did you mean `{close[0]}`?" if close else "name a function, `notebook`, or `cell=3`",
        )
    places, settings = _asked(request)
    return sweep_function(
        names[request.subject], settings, seed=request.seed, places=places, progress=progress
    )


def _notebook(
    session: Session,
    request: Sweep,
    progress: Callable[[Progress], None],
    *,
    cell: str = "",
    body: str | None = None,
) -> Swept:
    from jupyter_repro.study.sweep.asking import sweep_notebook
    from jupyter_repro.study.sweep.notebooks import NotebookOptions

    from .saved import few, unsaved

    path = session.notebook()
    later = unsaved(session, path)
    if later:
        raise ProofRefused(
            f"`{path.name}` does not hold {few(later)} as they ran, and runs of a sweep begin from the file",
            remedy="save the notebook and sweep again",
        )
    plan = session.plan
    in_force = None if plan is None else plan.seed
    options = NotebookOptions(
        seed=in_force if request.seed is None else request.seed,
        seed_from="as given" if request.seed is not None else "the seed in force",
        strictness="off" if plan is None else plan.strictness,
        seed_parameter=request.seed_parameter,
        cell=cell or request.cell,
        body=body,
    )
    places, settings = _asked(request)
    return sweep_notebook(path, settings, options=options, places=places, progress=progress)


def _asked(request: Sweep) -> tuple[Any, Any]:
    from jupyter_repro.study.sweep.asking import Places
    from jupyter_repro.study.sweep.parameters import literal
    from jupyter_repro.study.sweep.plan import Settings

    settings = Settings(
        indices=request.seeds,
        metrics=request.metrics,
        claim=request.claim,
        params={name: literal(value) for name, value in request.params},
        repeats=request.repeats,
        ulp=request.ulp,
        other_threads=request.threads,
        hash_seeds=request.hash_seeds,
        threads=request.pin,
        timeout_s=request.timeout_s,
    )
    return Places(engine=request.engine, jobs=request.jobs, keep=request.keep), settings


def _show(
    session: Session,
    run: Callable[[Callable[[Progress], None]], Swept],
    request: Sweep,
    tell: Callable[[str], None],
) -> None:
    """Run it, show how far it is, and put the result in the place of that."""
    from jupyter_repro.reports.sweep_html import sweep_html, sweep_page
    from jupyter_repro.reports.sweep_text import sweep_text

    shown = _Shown(session.shell)
    try:
        found = run(shown.progress)
    except KeyboardInterrupt:
        tell("repro: the sweep was interrupted; the same line goes on where it was")
        raise
    finally:
        shown.end()
    if request.html:
        from jupyter_repro.canonical import write_atomic

        write_atomic(Path(request.html), sweep_page(found).encode("utf-8", "backslashreplace"))
    shown.result(sweep_text(found), sweep_html(found), tell)


class _Shown:
    """One output of the cell that first says how far the sweep is, and then is the result."""

    def __init__(self, shell: Any) -> None:
        from .status_display import shows_html

        self._shell = shell
        self._rich = shows_html(shell)
        self._id = f"jupyter_repro sweep {os.getpid()} {next(_numbers)}"
        self._shown = False
        self._last = 0.0

    def progress(self, progress: Progress) -> None:
        """Take how far it is; shown twice a second at most."""
        from jupyter_repro.reports.sweep_text import progress_line

        now = time.monotonic()
        if now - self._last < _SHOW_EVERY_S and progress.done < progress.of:
            return
        self._last = now
        line = progress_line(progress.done, progress.of, found=progress.found, failed=progress.failed)
        if self._rich:
            self._publish({"text/plain": line})
        else:
            sys.stderr.write(f"\rrepro: {line}")
            sys.stderr.flush()
            self._shown = True

    def end(self) -> None:
        """End the line in a terminal."""
        if self._shown and not self._rich:
            sys.stderr.write("\n")

    def result(self, text: str, html: str, tell: Callable[[str], None]) -> None:
        """Show the result."""
        if self._rich:
            self._publish({"text/plain": text, "text/html": html})
        else:
            tell(text)

    def _publish(self, data: dict[str, str]) -> None:
        self._shell.display_pub.publish(
            data=data, metadata={}, transient={"display_id": self._id}, update=self._shown
        )
        self._shown = True
