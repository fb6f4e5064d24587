"""``jupyter repro sweep notebook.ipynb --seeds 0:32 --metric acc``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jupyter_repro.canonical import dumps, write_atomic
from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from jupyter_repro.records import Strictness
    from jupyter_repro.records.sweeps import Sweep

__all__ = ["command"]


@click.command("sweep")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option(
    "--seeds",
    default="16",
    show_default=True,
    metavar="N|A:B|A,B",
    help="How many children of the root seed, or which.",
)
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="NAME",
    help="A variable (or expression) of the notebook to look at when it has run; can be repeated.",
)
@click.option("--claim", default="", help='What should hold whatever the seed, such as "acc_a > acc_b".')
@click.option(
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="Assign in place of the cell tagged `parameters`; can be repeated.",
)
@click.option("--seed", type=int, help="The root seed of a notebook that does not seed itself.")
@click.option(
    "--seed-param",
    default="",
    metavar="NAME",
    help="The parameter that gets the child seed; default one named seed, random_state or alike.",
)
@click.option("--cell", default="", metavar="N|ID", help="End each run after this code cell.")
@click.option("--strict", "strictness", flag_value="strict", help="Forbid nondeterministic algorithms.")
@click.option("--warn", "strictness", flag_value="warn", help="Report nondeterministic algorithms.")
@click.option(
    "--repeats",
    type=click.IntRange(0),
    default=2,
    show_default=True,
    help="Run the first seed so often again.",
)
@click.option(
    "--ulp",
    type=click.IntRange(0),
    default=0,
    help="Run the first seed so often with float parameters moved by a unit in the last place.",
)
@click.option("--threads", default="", metavar="N,N", help="Run the first seed with so many threads each.")
@click.option(
    "--hash-seeds",
    type=click.IntRange(0),
    default=0,
    help="Run the first seed under so many other hash seeds.",
)
@click.option(
    "--pin", type=click.IntRange(1), default=1, show_default=True, help="Threads of every other run."
)
@click.option(
    "--engine", metavar="ADDRESS", help="Where runs take place, such as dask://host:8786; default here."
)
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="Runs at once; default one a core.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds a run may take.")
@click.option(
    "--allow",
    "allowed",
    multiple=True,
    metavar="FOLDER",
    help="A folder outside the project that cells may write to; can be repeated.",
)
@click.option("--fresh", is_flag=True, help="Neither take nor keep results of runs in .jupyter_repro/sweeps.")
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a page with the picture and every run.",
)
@click.option("--json", "as_json", is_flag=True, help="Print every run and all statistics as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
def command(  # noqa: PLR0913 - one parameter an option, as click calls it
    *,
    notebook: Path,
    seeds: str,
    metrics: tuple[str, ...],
    claim: str,
    params: tuple[str, ...],
    seed: int | None,
    seed_param: str,
    cell: str,
    strictness: Strictness | None,
    repeats: int,
    ulp: int,
    threads: str,
    hash_seeds: int,
    pin: int,
    engine: str | None,
    jobs: int | None,
    timeout: float | None,
    allowed: tuple[str, ...],
    fresh: bool,
    html: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Run NOTEBOOK under many seeds, each in a fresh kernel and in a copy of its folder, and say what the results hang on.

    Exit code 0 if the claim survives or none is made, 1 if it does not, or is undecided, or a run failed.
    """
    from jupyter_repro.study.sweep.asking import Places, sweep_notebook
    from jupyter_repro.study.sweep.notebooks import NotebookOptions
    from jupyter_repro.study.sweep.parameters import literal
    from jupyter_repro.study.sweep.plan import Settings, indices_from, threads_from

    from .sweep_progress import SweepBar

    settings = Settings(
        indices=indices_from(seeds),
        metrics=metrics,
        claim=claim,
        params={name: literal(value) for name, value in map(_pair, params)},
        repeats=repeats,
        ulp=ulp,
        other_threads=threads_from(threads),
        hash_seeds=hash_seeds,
        threads=pin,
        timeout_s=timeout,
    )
    options = NotebookOptions(
        seed=seed, strictness=strictness or "off", seed_parameter=seed_param, cell=cell, allowed=allowed
    )
    with SweepBar(quiet=quiet or as_json) as bar:
        found = sweep_notebook(
            notebook, settings, options=options, places=Places(engine=engine, jobs=jobs, keep=not fresh),
            progress=bar.show,
        )  # fmt: skip
    _told(found, html, as_json=as_json)
    failed = any(point.error for point in found.points)
    return int(failed or (found.claim is not None and found.claim.verdict != "survives"))


def _told(found: Sweep, html: Path | None, *, as_json: bool) -> None:
    from jupyter_repro.reports.sweep_html import sweep_page
    from jupyter_repro.reports.sweep_text import sweep_text

    if html is not None:
        write_atomic(html, sweep_page(found).encode("utf-8", "backslashreplace"))
    click.echo(dumps(found).decode() if as_json else sweep_text(found), nl=not as_json)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise BadWord(f"`--param {text}` is no assignment", remedy="write `--param lr=0.1`")
    return name, value
