"""Bundles: written and verified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jupyter_repro.records import SeedPlan
from jupyter_repro.rng.seeds import check_seed

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from jupyter_repro.bundle.export import Exported
    from jupyter_repro.records import Strictness
    from jupyter_repro.records.proof import Proof

__all__ = ["export", "prove", "verify"]


def export(  # noqa: PLR0913 - the settings of one export, all keyword-only
    notebook: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    seed: int | None = None,
    strictness: Strictness = "off",
    cell_timeout_s: float | None = None,
    allowed_secrets: Iterable[str] = (),
    calibrate: int = 0,
    profile: Literal["cpu", "gpu"] = "cpu",
    progress: Callable[[str], None] | None = None,
) -> Exported:
    """Run a notebook top to bottom in a fresh kernel and write its bundle.

    Args:
        notebook: The ``.ipynb`` file.
        output: The ``.zip`` file to write; an existing one is replaced when the new one is whole.
        seed: Seed for a notebook that does not load jupyter_repro itself.
        strictness: As :func:`seed`.
        cell_timeout_s: Longest time for one cell, in seconds; None sets no limit.
        allowed_secrets: Packed files, or lines of them, that look like a credential and are none: ``settings.py:12``.
        calibrate: How many more runs are made to learn what differs from run to run.
        profile: Which tolerance readers compare numbers with.
        progress: Called with each step's name.

    Raises:
        ReproError: One of its kinds, with what, where and the remedy.
    """
    from jupyter_repro.bundle.export import ExportOptions
    from jupyter_repro.bundle.export import export as write

    plan = SeedPlan(seed=None if seed is None else check_seed(seed), strictness=strictness)
    options = ExportOptions(
        output=Path(output),
        plan=plan,
        cell_timeout_s=cell_timeout_s,
        allowed_secrets=tuple(allowed_secrets),
        calibrate=calibrate,
        profile=profile,
        progress=progress or _silent,
    )
    return write(Path(notebook), options=options)


def verify(
    bundle: str | os.PathLike[str],
    *,
    output: str | os.PathLike[str] | None = None,
    sandbox: str | None = None,
    network: bool = False,
) -> dict[str, Any]:
    """Rebuild the bundle's environment, re-run its notebook, and return the report as plain data.

    The code of the bundle is run, in a bubblewrap sandbox unless you say otherwise. The report's format is described in docs/report-json.md; its
    ``exit_code`` is 0 only if every cell was reproduced.

    Args:
        bundle: The ``.repro.zip`` file.
        output: Folder for ``report.json`` and ``report.html``; None writes them beside the bundle.
        sandbox: ``required``, ``if-possible`` (without one where there is none, which the report says) or ``off``; None
            takes the variable ``JUPYTER_REPRO_SANDBOX``, or else ``required``.
        network: Whether the notebook may use the network.

    Raises:
        RunFailed: There is no sandbox, and one is required.
        BadWord: ``sandbox`` is none of these.
    """
    from jupyter_repro.bundle.verify import verify as run

    return run(
        Path(bundle), output=Path(output) if output is not None else None, sandbox=sandbox, network=network
    )


def prove(  # noqa: PLR0913 - the settings of one proof, all keyword-only
    notebook: str | os.PathLike[str],
    *,
    seed: int | None = None,
    strictness: Strictness = "off",
    profile: Literal["cpu", "gpu"] = "cpu",
    cell_timeout_s: float | None = None,
    allowed: Iterable[str] = (),
    progress: Callable[[str], None] | None = None,
) -> Proof:
    """Run a notebook top to bottom in a fresh kernel, in a copy of its folder, and compare with what it shows.

    Args:
        notebook: The ``.ipynb`` file.
        seed: Seed for a notebook that does not load jupyter_repro itself.
        strictness: As :func:`seed`.
        profile: Which tolerance numbers are compared with.
        cell_timeout_s: Longest time for one cell, in seconds; None sets no limit.
        allowed: Folders outside the project that cells may write to.
        progress: Called with each step's name.

    Raises:
        ReproError: One of its kinds, with what, where and the remedy.
    """
    from jupyter_repro.shadow.proving import ProofOptions, Proving

    options = ProofOptions(
        plan=SeedPlan(seed=None if seed is None else check_seed(seed), strictness=strictness),
        profile=profile,
        cell_timeout_s=cell_timeout_s,
        allowed=tuple(map(str, allowed)),
    )
    return Proving(Path(notebook), options, progress or _silent).run()


def _silent(_step: str) -> None:
    """Take no notice of progress."""
