"""``%repro env`` and ``%repro gpu``: what the run stands on, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .requests import ShowEnvironment, ShowGpu
    from .session import Session

__all__ = ["show_environment", "show_gpu"]


def show_environment(session: Session, request: ShowEnvironment, *, tell: Callable[[str], None]) -> None:
    """Show the environment as a table or as JSON."""
    from jupyter_repro.reports.environment_text import environment_json, environment_text

    found = session.environment()
    if request.check:
        from jupyter_repro.bundle.edited import with_edits

        tell(f"repro: reading the files of {len(found.packages)} packages ...")
        found = with_edits(found)
    if request.json:
        tell(environment_json(found))
        return
    tell(environment_text(found, verbose=request.verbose))
    if request.check and not any(package.edited for package in found.packages):
        tell("No installed file was edited by hand.")


def show_gpu(session: Session, request: ShowGpu, *, tell: Callable[[str], None]) -> None:
    """Show the devices, or begin and end looking at them every second."""
    if request.sample is None:
        from jupyter_repro.reports.gpu_text import gpu_text

        sampler = session.standing.sampler
        tell(gpu_text(session.environment(), () if sampler is None else sampler.samples))
        return
    if request.sample:
        why = session.standing.sample()
        tell(
            f"repro: the GPUs are not looked at: {why}"
            if why
            else "repro: the GPUs are looked at every second"
        )
        return
    session.standing.sample_no_more()
    tell("repro: the GPUs are not looked at any more; `%repro gpu` shows what was seen")
