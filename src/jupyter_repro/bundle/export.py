"""From a notebook to a bundle: canonical run, lock, inputs, one file."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from jupyter_repro.canonical.write import storage_failed
from jupyter_repro.errors import BadWord
from jupyter_repro.records import Finding, SeedPlan, Setting
from jupyter_repro.records.proof import CellProof  # noqa: TC001 - msgspec resolves the field types at run time
from jupyter_repro.rules.configured import settings_near
from jupyter_repro.verifier.compare.tolerance import PROFILES

from .archive import write_bundle
from .calibrate import Calibration, calibrate, check_tags
from .canonical import canonical_run
from .contents import Facts, members
from .dists import read_interpreter
from .environment import exported_environment
from .findings import as_project_decides, export_findings
from .gather import gather
from .guard import exposed_in_files, exposed_in_notebook, exposed_in_wheels, refuse_secrets
from .lock import lock_environment
from .notebook import read_notebook
from .proof import prove

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.rules.configured import RuleSettings

    from .canonical import CanonicalRun
    from .notebook import Notebook

__all__ = ["ExportOptions", "Exported", "export"]

_UNITS = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB"))


def _silent(_step: str) -> None:
    """Take no notice of progress."""


class ExportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How one export is made."""

    output: Path
    """The ``.zip`` to write; an older one is replaced when the new one is whole."""
    plan: SeedPlan = SeedPlan()
    """Put in force for a notebook that does not govern itself."""
    settings: tuple[Setting, ...] = ()
    """What was in force in the author's kernel, told to the reader."""
    python: str = sys.executable
    """The interpreter of the kernel; its environment is locked."""
    cell_timeout_s: float | None = None
    """Longest time for one cell, in seconds; None sets no limit."""
    allowed_secrets: tuple[str, ...] = ()
    """Places in packed files that look like a credential and are none: ``settings.py:12``."""
    calibrate: int = 0
    """How many more canonical runs are made to learn what is volatile."""
    profile: Literal["cpu", "gpu"] = "cpu"
    """Which tolerance readers compare numbers with."""
    progress: Any = _silent
    """Called with each step's name."""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written, and what the author should know."""

    path: Path
    bundle_id: str
    size: int
    """Bytes."""
    cells: tuple[CellProof, ...]
    """The saved outputs against those of the canonical run."""
    findings: tuple[Finding, ...]
    seconds: float
    calibrated: tuple[str, ...] = ()
    """What calibration found, one sentence a cell."""

    def sentence(self) -> str:
        """Return the outcome in one line."""
        unit, word = next(((u, w) for u, w in _UNITS if self.size >= u), (1, "bytes"))
        shown = [cell for cell in self.cells if cell.verdict != "not run"]
        same = sum(cell.verdict not in {"differs", "error"} for cell in shown)
        agree = (
            f"{same} of {len(shown)} shown cells agree with a fresh run" if shown else "no cell shows a run"
        )
        return (
            f"wrote {self.path.name} ({self.size / unit:.3g} {word}, id {self.bundle_id[:12]}) "
            f"in {self.seconds:.0f} s: {agree}"
        )


def export(notebook: Path, *, options: ExportOptions) -> Exported:
    """Write the bundle of ``notebook``.

    Nothing at ``options.output`` changes before the new bundle is complete.

    Raises:
        BadWord: The output's name does not end in ``.zip``, or a cell's tag on comparing is not understood.
        BadNotebook: The notebook cannot be read, or is not for Python.
        BadSettings: What `pyproject.toml` says of rules is not understood.
        StorageFailed: The output cannot be written.
        RunFailed: The canonical run failed.
        LockFailed: The environment cannot be locked exactly.
        ExportRefused: The bundle would hold a credential, or would not be one that readers accept.
    """
    progress: Callable[[str], None] = options.progress
    started = time.monotonic()
    _check_output(options.output)
    progress(f"reading {notebook.name}")
    author = read_notebook(notebook)
    check_tags(author)
    refuse_secrets(exposed_in_notebook(author, author.node))
    rules = settings_near(notebook.parent)
    interpreter = read_interpreter(options.python)
    run = canonical_run(
        author,
        plan=options.plan,
        interpreter=interpreter,
        cell_timeout_s=options.cell_timeout_s,
        progress=progress,
    )
    calibration = calibrate(
        author,
        run,
        runs=options.calibrate,
        plan=options.plan,
        interpreter=interpreter,
        cell_timeout_s=options.cell_timeout_s,
        progress=progress,
    )
    with tempfile.TemporaryDirectory(prefix="jr-export-", ignore_cleanup_errors=True) as folder:
        facts = _facts(author, run, calibration, options, rules=rules, stage=Path(folder))
        progress(f"writing {options.output.name}")
        bundle_id = write_bundle(options.output, members(facts, Path(folder)), stage=Path(folder))
    return Exported(
        path=options.output,
        bundle_id=bundle_id,
        size=options.output.stat().st_size,
        cells=facts.proofs,
        findings=facts.findings,
        seconds=time.monotonic() - started,
        calibrated=calibration.told,
    )


def _facts(  # noqa: PLR0913 - what the steps before found out, and the settings
    notebook: Notebook,
    run: CanonicalRun,
    calibration: Calibration,
    options: ExportOptions,
    *,
    rules: RuleSettings,
    stage: Path,
) -> Facts:
    """Lock the environment into ``stage``, and put together all that the bundle tells."""
    tolerance = PROFILES[options.profile]
    proofs = prove(notebook, run, tolerance=tolerance, masks=calibration.masks)
    try:
        locked = lock_environment(python=options.python, out=stage, progress=options.progress)
    except OSError as error:
        raise storage_failed(stage, error) from error
    interpreter = read_interpreter(options.python)  # as the run left it: a cell may have installed something
    gathered = gather(notebook.path, run.trace, interpreter=interpreter, locked=locked)
    refuse_secrets(
        (
            *exposed_in_notebook(notebook, run.node),
            *exposed_in_files(gathered, allowed=options.allowed_secrets),
            *exposed_in_wheels(locked, interpreter, allowed=options.allowed_secrets),
        )
    )
    return Facts(
        notebook=notebook,
        run=run,
        proofs=proofs,
        interpreter=interpreter,
        locked=locked,
        gathered=gathered,
        environment=exported_environment(
            notebook.path,
            output=options.output,
            sources=[cell.source for cell in notebook.cells],
            trace=run.trace,
            edited=locked.edited_files,
        ),
        plan=options.plan,
        settings=options.settings,
        findings=as_project_decides(
            export_findings(
                notebook=notebook, proofs=proofs, trace=run.trace, gathered=gathered, locked=locked
            ),
            notebook,
            rules,
        ),
        tolerance=tolerance,
        volatile=calibration.masks,
    )


def _check_output(path: Path) -> None:
    """Find out before the long run whether the bundle can be written."""
    if path.suffix != ".zip":
        raise BadWord(f"`{path.name}` does not end in .zip", remedy="call it, say, `paper.repro.zip`")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise storage_failed(path, error) from error
