"""The whole road: check, unpack, rebuild, re-run, compare, report."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .archive import open_bundle
from .claims.judge import judged
from .compare.notebook import compare_notebooks
from .compare.outcome import SAME
from .compare.tolerance import Tolerance
from .errors import LimitReached, RunFailed, VerifierError
from .execute import Limits
from .rebuild import BuildOptions, Built, changed_packages, rebuild
from .recipe import NAME as RECIPE
from .recipe import Recipe
from .report import Report, environment_facts, headline
from .shape import checked_notebook
from .workspace import Workspace, module_command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .archive import Bundle
    from .progress import Progress

__all__ = ["Options", "verify"]


@dataclasses.dataclass(frozen=True)
class Options:
    """What the reader asks for."""

    bundle: Path
    build: BuildOptions = dataclasses.field(default_factory=BuildOptions)
    limits: Limits = dataclasses.field(default_factory=Limits)
    keep: Path | None = None
    """Folder to keep the workspace in."""


@dataclasses.dataclass(frozen=True)
class _Rerun:
    notebook: dict[str, Any]
    cells: list[dict[str, Any]]
    died: str | None
    limit: bool


def verify(options: Options, progress: Progress) -> Report:
    """Verify a bundle; what keeps it from a verdict becomes a report with the exit code that says so."""
    started = time.monotonic()
    report = Report(bundle=str(options.bundle))
    try:
        with _folder(options) as folder:
            _verify(options, progress, Workspace(folder), report)
    except VerifierError as error:
        report.fail(error)
    except OSError as error:
        report.fail(
            RunFailed(
                f"a file of the workspace cannot be written or read: {error}",
                remedy="free some space, or name another folder with --keep",
            )
        )
    report.seconds = round(time.monotonic() - started, 1)
    return report


def _verify(options: Options, progress: Progress, workspace: Workspace, report: Report) -> None:
    progress.step("checking every byte against the manifest")
    bundle = open_bundle(options.bundle)
    recipe = Recipe.from_json(bundle.read_json(RECIPE))
    reference = checked_notebook(bundle.read_json("reference.ipynb"), "reference.ipynb")
    checked_notebook(bundle.read_json("notebook.ipynb"), "notebook.ipynb")
    report.begin(bundle, recipe)
    progress.about(bundle, recipe)
    workspace.fill(bundle, recipe)
    _need_external(recipe)
    progress.step("rebuilding the environment")
    built = rebuild(workspace, recipe, options=options.build, tell=progress.detail)
    report.environment = environment_facts(built, recipe)
    progress.step("re-running the notebook in a fresh kernel")
    request = _request(bundle, recipe, workspace, options.limits)
    request["packages"] = changed_packages(built)
    rerun = _rerun(built, request, workspace, progress)
    _conclude(report, recipe, reference, rerun, built)
    progress.table(report.rows)


def _folder(options: Options) -> Any:
    if options.keep is None:
        return _Temporary()
    options.keep.mkdir(parents=True)
    return _Kept(options.keep.resolve())


class _Temporary:
    """A workspace that goes when it is done with."""

    def __enter__(self) -> Path:
        self._folder = tempfile.TemporaryDirectory(prefix="repro-verify-", ignore_cleanup_errors=True)
        return Path(self._folder.name).resolve()

    def __exit__(self, *_exc: object) -> None:
        self._folder.cleanup()


@dataclasses.dataclass
class _Kept:
    """A workspace that stays."""

    folder: Path

    def __enter__(self) -> Path:
        return self.folder

    def __exit__(self, *_exc: object) -> None:
        """Leave it."""


def _need_external(recipe: Recipe) -> None:
    """Files outside the project are not packed: they have to be at their place, as they were.

    Raises:
        RunFailed: One is missing or another.
    """
    for file in recipe.external_files:
        try:
            digest = _file_digest(Path(file.path).expanduser())
        except (OSError, ValueError, RuntimeError) as error:  # no such file, no possible name, no such user
            raise RunFailed(
                f"the notebook reads `{file.path}`, which is not in the bundle and not on this machine",
                remedy=f"put the file there (SHA-256 {file.sha256[:16]}..., {file.size} bytes)",
            ) from error
        if digest != file.sha256:
            raise RunFailed(
                f"`{file.path}` is not the file that the author read", remedy="ask the author for it"
            )


def _file_digest(path: Path) -> str:
    """Return the SHA-256 of a regular file; a bundle may name a pipe or an endless device, which is not read."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(None, "it is not a regular file")
        digest = hashlib.sha256()
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _request(bundle: Bundle, recipe: Recipe, workspace: Workspace, limits: Limits) -> dict[str, Any]:
    """Say what is to be run, for :mod:`.execute_main`."""
    notebook = workspace.folder / "run.ipynb"
    notebook.write_bytes(bundle.read("notebook.ipynb"))
    return {
        "notebook": str(notebook),
        "cwd": str(workspace.working_folder(recipe)),
        "root": str(workspace.project),
        "arguments": list(recipe.kernel_arguments),
        "environment": recipe.kernel_environment,
        "limits": dataclasses.asdict(limits),
        "expected": [cell.id for cell in recipe.cells if cell.expects_error],
        "result": str(workspace.folder / "result.json"),
    }


def _rerun(built: Built, asked: dict[str, Any], workspace: Workspace, progress: Progress) -> _Rerun:
    """Run the notebook with the rebuilt environment's own Python, and follow its events."""
    request, result = workspace.folder / "request.json", Path(asked["result"])
    request.write_text(json.dumps(asked), encoding="utf-8")
    failed: dict[str, Any] | None = None
    log = workspace.folder / "execute.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [*module_command(built.python, "execute_main"), str(request)],
            cwd=workspace.tools,
            env=_clean_environment(workspace),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        with process:
            for row in _rows(process):
                if "failed" in row:
                    failed = row
                else:
                    progress.cell(row)
    if failed is not None:
        raise RunFailed(failed["failed"], remedy=failed["remedy"])
    if process.returncode != 0 or not result.is_file():
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        reason = lines[-1] if lines else f"exit status {process.returncode}"
        raise RunFailed(
            f"the notebook could not be run: {reason}", remedy="run with --keep and look into execute.log"
        )
    return _Rerun(**json.loads(result.read_text(encoding="utf-8")))


def _rows(process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    for line in process.stdout or ():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            yield row


def _clean_environment(workspace: Workspace) -> dict[str, str]:
    """Return the reader's variables with a home of its own: settings and caches of the reader stay out."""
    home = workspace.folder / "home"
    home.mkdir(exist_ok=True)
    left_out = (
        "PYTHONPATH",
        "PYTHONHOME",
        "VIRTUAL_ENV",
        "MPLCONFIGDIR",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
    )
    environ = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**environ, "HOME": str(home), "USERPROFILE": str(home)}


def _conclude(report: Report, recipe: Recipe, reference: Any, rerun: _Rerun, built: Built) -> None:
    tolerance = Tolerance(recipe.rtol, recipe.atol)
    compared = compare_notebooks(reference, rerun.notebook, tolerance=tolerance, masks=recipe.volatile)
    report.compared(compared, reference, rerun.notebook, rerun.cells)
    report.claims = judged(recipe.claims, compared, reference, rerun.notebook, tolerance)
    if rerun.died is not None:
        message, _, remedy = rerun.died.partition("; ")
        kind = LimitReached if rerun.limit else RunFailed
        raise kind(message, remedy=remedy or "look at the cell where it ended")
    if not compared:
        raise RunFailed(
            "the notebook has no code cell to compare", remedy="ask the author for the right notebook"
        )
    same = all(cell.verdict in (*SAME, "volatile") for cell in compared)
    same = same and any(cell.verdict in SAME for cell in compared)  # volatile cells alone show nothing
    same = same and report.claims_hold
    report.conclude(
        "reproduced" if same else "differs", 0 if same else 1, headline(compared, built, tolerance)
    )
