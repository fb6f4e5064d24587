"""The whole road: check, unpack, rebuild, re-run, compare, report."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import stat
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .archive import open_bundle
from .claims.judge import judged
from .compare.notebook import compare_notebooks
from .compare.outcome import SAME
from .compare.tolerance import Tolerance
from .environments import environment_of
from .errors import LimitReached, RunFailed, VerifierError
from .fetch import fetch_files
from .quick import caveats, only_quick, quick_recipe, reference_of
from .rebuild import BuildOptions, Built
from .recipe import NAME as RECIPE
from .recipe import Recipe
from .report import Report, environment_facts, headline
from .rerun import rerun, wanted_network
from .shape import checked_notebook
from .signature import check_signer
from .sigstore_check import Identity
from .workspace import Workspace, discard

if TYPE_CHECKING:
    from .progress import Progress
    from .rerun import Rerun
    from .terms import Terms

__all__ = ["Options", "verify"]


@dataclasses.dataclass(frozen=True)
class Options:
    """What the reader asks for."""

    bundle: Path
    terms: Terms
    build: BuildOptions = dataclasses.field(default_factory=BuildOptions)
    keep: Path | None = None
    """Folder to keep the workspace in."""
    environments: Path | None = None
    """Folder to keep environments in, and to take them from."""
    quick: bool = False
    """Whether only the quick variant is run."""
    allowed_signers: Path | None = None
    """List of signers, one of whom must have signed the bundle."""
    identity: Identity = dataclasses.field(default_factory=Identity)
    """Who must have signed it with sigstore."""
    data: Path | None = None
    """Folder with files that the bundle does not carry."""


def verify(options: Options, progress: Progress) -> Report:
    """Verify a bundle; what keeps it from a verdict becomes a report with the exit code that says so."""
    started = time.monotonic()
    report = Report(bundle=str(options.bundle), at=time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()))
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
    reference = reference_of(bundle, recipe, quick=options.quick)
    notebook = checked_notebook(bundle.read_json("notebook.ipynb"), "notebook.ipynb")
    report.begin(bundle, recipe)
    report.signature = check_signer(bundle, options.allowed_signers, options.identity).sentence()
    report.isolation = options.terms.to_json()
    progress.about(bundle, recipe, options.terms.isolation)
    workspace.fill(bundle, recipe)
    fetch_files(
        recipe,
        workspace.project,
        folder=options.data,
        offline=options.build.offline,
        tell=progress.detail,
    )
    _need_external(recipe)
    progress.step("rebuilding the environment")
    with environment_of(
        workspace, recipe, options=options.build, folder=options.environments, tell=progress.detail
    ) as built:
        report.environment = environment_facts(built, recipe)
        progress.step("re-running the notebook in a fresh kernel")
        asked = quick_recipe(recipe) if options.quick else recipe
        only = asked.quick.cells if options.quick and asked.quick else None
        fresh = rerun(
            built, workspace, asked, notebook=notebook, terms=options.terms, tell=progress.cell, only=only
        )
        _conclude(report, recipe, reference, fresh, built, quick=options.quick)
    progress.told(report.to_json())


def _folder(options: Options) -> Any:
    if options.keep is None:
        return _Temporary()
    options.keep.mkdir(parents=True)
    return _Kept(options.keep.resolve())


class _Temporary:
    """A workspace that goes when it is done with."""

    def __enter__(self) -> Path:
        self._folder = Path(tempfile.mkdtemp(prefix="repro-verify-")).resolve()
        return self._folder

    def __exit__(self, *_exc: object) -> None:
        discard(self._folder)


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


def _conclude(  # noqa: PLR0913 - both sides, where they ran, and how much of them
    report: Report, recipe: Recipe, reference: Any, fresh: Rerun, built: Built, *, quick: bool
) -> None:
    tolerance = Tolerance(recipe.rtol, recipe.atol)
    compared = compare_notebooks(reference, fresh.notebook, tolerance=tolerance, masks=recipe.volatile)
    if quick:
        compared = only_quick(compared, recipe)
    report.compared(compared, reference, fresh.notebook, fresh.cells)
    claims = () if quick else recipe.claims  # the quick variant has other numbers than the paper
    report.claims = judged(claims, compared, reference, fresh.notebook, tolerance)
    report.claims_not_judged = len(recipe.claims) - len(claims)
    if fresh.died is not None:
        message, _, remedy = fresh.died.partition("; ")
        kind = LimitReached if fresh.limit else RunFailed
        raise kind(message, remedy=remedy or "look at the cell where it ended")
    if not compared:
        raise RunFailed(
            "the notebook has no code cell to compare", remedy="ask the author for the right notebook"
        )
    same = all(cell.verdict in (*SAME, "volatile") for cell in compared)
    same = same and any(cell.verdict in SAME for cell in compared)  # volatile cells alone show nothing
    same = same and report.claims_hold
    sentence = headline(compared, built, tolerance)
    word = "reproduced" if same else "differs"
    if same and built.elsewhere:
        word = "reproduced elsewhere"
        sentence = sentence.replace("reproduced", word, 1)
    report.conclude(word, 0 if same else 1, sentence + caveats(recipe, quick=quick))
    if not same and not report.isolation["network"] and any(map(wanted_network, fresh.notebook["cells"])):
        report.remedy = (
            "a cell failed for want of the network, which the sandbox keeps away; --allow-network lets it"
        )
