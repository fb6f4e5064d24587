"""Sensitivity: a function or a notebook under many seeds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jupyter_repro.records import Strictness
    from jupyter_repro.records.sweeps import Sweep
    from jupyter_repro.study.sweep.running import Progress

__all__ = ["SweepResult", "sweep"]


class SweepResult:
    """A sweep that any front end can show: the record, and how it reads.

    Args:
        record: The facts.
    """

    def __init__(self, record: Sweep) -> None:
        self.record = record
        """Every run, the distributions, the spreads, the claim."""

    @property
    def survives(self) -> bool | None:
        """Whether the claim survives other seeds; None without a claim, and where they leave it open."""
        claim = self.record.claim
        return None if claim is None or claim.verdict == "undecided" else claim.verdict == "survives"

    def values(self, metric: str | None = None) -> list[float | None]:
        """Return a metric seed by seed, in order; None where a run failed.

        Args:
            metric: Its name; None takes the first.
        """
        name = self.record.metrics[0] if metric is None else metric
        if name not in self.record.metrics:
            raise BadWord(
                f"no metric is called `{name}`", remedy=f"take one of {', '.join(self.record.metrics)}"
            )
        return [point.value(name) for point in self.record.of_kind("seed")]

    def __repr__(self) -> str:
        from jupyter_repro.reports.sweep_text import sweep_text

        return sweep_text(self.record)

    def _repr_html_(self) -> str:
        from jupyter_repro.reports.sweep_html import sweep_html

        return sweep_html(self.record)


def sweep(  # noqa: PLR0913 - the settings of one sweep, all keyword-only
    subject: Callable[..., Any] | str | os.PathLike[str],
    *,
    seeds: int | Iterable[int] = 16,
    metric: str | Iterable[str] = (),
    claim: str = "",
    params: Mapping[str, Any] | None = None,
    repeats: int = 2,
    ulp: int = 0,
    threads: Iterable[int] = (),
    hash_seeds: int = 0,
    pin: int = 1,
    seed: int | None = None,
    strictness: Strictness = "off",
    seed_parameter: str = "",
    cell: str = "",
    engine: str | None = None,
    jobs: int | None = None,
    timeout_s: float | None = None,
    keep: bool = True,
    progress: Callable[[Progress], None] | None = None,
) -> SweepResult:
    """Run a function or a notebook under many seeds, and say how far its results lie apart and whether a claim survives.

    Nothing of this process is changed: functions run in worker processes, notebooks in fresh kernels and in copies of
    their project. Each run has a child seed of its own, by its number, so that the results hang neither on the engine
    nor on the order.

    Args:
        subject: A function that returns a number or a mapping of metrics (it gets ``seed=`` if it takes one), or the
            path of a notebook.
        seeds: How many, or which children of the root seed.
        metric: Names of metrics; of a notebook, expressions over its names at the end.
        claim: A statement about metrics, such as ``"acc_a > acc_b"``.
        params: Arguments of the function, or what to assign in place of the notebook's cell tagged ``parameters``.
        repeats: How often the first seed is run again, unchanged.
        ulp: Runs of the first seed with floating-point parameters moved by a unit in the last place.
        threads: Runs of the first seed with so many threads each.
        hash_seeds: Runs of the first seed under so many other hash seeds.
        pin: Threads of every other run.
        seed: The root; None takes the notebook's own, or the seed in force, or 0.
        strictness: As for :func:`seed`, for a notebook that does not govern itself.
        seed_parameter: The notebook's parameter that gets the child seed; empty takes one named ``seed`` or alike.
        cell: The notebook's cell after which its runs end, by number or id; empty: the last one.
        engine: ``local``, ``serial``, or an address such as ``dask://host:8786``; None is ``local``.
        jobs: Runs at once, where the engine lets us say; None takes one a core.
        timeout_s: Longest time for one run, in seconds.
        keep: Whether results are kept in ``.jupyter_repro/sweeps``, so that a sweep that was ended goes on.
        progress: Called after each run.

    Raises:
        ReproError: One of its kinds, with what, where and the remedy.
    """
    from jupyter_repro.study.sweep.asking import Places, sweep_function, sweep_notebook
    from jupyter_repro.study.sweep.notebooks import NotebookOptions
    from jupyter_repro.study.sweep.plan import Settings

    settings = Settings(
        indices=tuple(range(seeds) if isinstance(seeds, int) else seeds),
        metrics=(metric,) if isinstance(metric, str) and metric else tuple(metric),
        claim=claim,
        params=dict(params or {}),
        repeats=repeats,
        ulp=ulp,
        other_threads=tuple(threads),
        hash_seeds=hash_seeds,
        threads=pin,
        timeout_s=timeout_s,
    )
    places = Places(engine=engine, jobs=jobs, keep=keep)
    tell = progress or _silent
    if isinstance(subject, (str, os.PathLike)):
        options = NotebookOptions(seed=seed, strictness=strictness, seed_parameter=seed_parameter, cell=cell)
        return SweepResult(
            sweep_notebook(Path(subject), settings, options=options, places=places, progress=tell)
        )
    return SweepResult(sweep_function(subject, settings, seed=seed, places=places, progress=tell))


def _silent(_progress: Progress) -> None:
    """Take no notice of progress."""
