"""``jupyter repro export notebook.ipynb -o paper.repro.zip``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from jupyter_repro.canonical import dumps
from jupyter_repro.errors import ReproError
from jupyter_repro.records import SeedPlan, Strictness
from jupyter_repro.rng.seeds import check_seed

if TYPE_CHECKING:
    from jupyter_repro.bundle.export import Exported

__all__ = ["command"]


@click.command("export")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write; default NOTEBOOK.repro.zip."
)
@click.option("--seed", type=int, help="Seed for a notebook that does not run `%repro seed=...` itself.")
@click.option("--strict", "strictness", flag_value="strict", help="Forbid nondeterministic algorithms.")
@click.option("--warn", "strictness", flag_value="warn", help="Report nondeterministic algorithms.")
@click.option("--cell-timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds a cell may take.")
@click.option(
    "--allow-secret",
    "allowed",
    multiple=True,
    metavar="FILE[:LINE]",
    help="A packed file, or a line of it, that looks like a credential and is none; can be repeated.",
)
@click.option(
    "--calibrate",
    type=click.IntRange(0, 9),
    default=0,
    metavar="N",
    help="Run N more times, and learn what is volatile.",
)
@click.option(
    "--profile",
    type=click.Choice(["cpu", "gpu"]),
    default="cpu",
    help="Tolerance of numbers: 1e-9 of their size, or 1e-5 for results of a GPU.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(  # noqa: PLR0913 - one parameter an option, as click calls it
    *,
    notebook: Path,
    output: Path | None,
    seed: int | None,
    strictness: Strictness | None,
    cell_timeout: float | None,
    allowed: tuple[str, ...],
    calibrate: int,
    profile: Literal["cpu", "gpu"],
    quiet: bool,
    as_json: bool,
) -> int:
    """Run NOTEBOOK top to bottom in a fresh kernel and write its bundle."""
    from jupyter_repro.bundle.export import ExportOptions, export

    def progress(step: str) -> None:
        if not quiet and not as_json:
            click.echo(step, err=True)

    exported = export(
        notebook,
        options=ExportOptions(
            output=output or notebook.with_suffix(".repro.zip"),
            plan=SeedPlan(seed=None if seed is None else check_seed(seed), strictness=strictness or "off"),
            cell_timeout_s=cell_timeout,
            allowed_secrets=allowed,
            calibrate=calibrate,
            profile=profile,
            progress=progress,
        ),
    )
    _record(exported, notebook)
    if as_json:
        click.echo(dumps(exported).decode(), nl=False)
        return 0
    click.echo(exported.sentence())
    for sentence in exported.calibrated:
        click.echo(sentence, err=True)
    for finding in exported.findings:
        click.echo(f"{finding.code} {finding.severity}: {finding.message}; {finding.remedy}", err=True)
    return 0


def _record(exported: Exported, notebook: Path) -> None:
    """Put the run that made the bundle on record; the bundle is whole also where that fails."""
    from jupyter_repro.bundle.run_record import parcel_of_bundle
    from jupyter_repro.store.catalog.opening import place_near, publish

    try:
        parcel = parcel_of_bundle(exported.path)
        publish(parcel, place_near(notebook.parent), tell=lambda text: click.echo(text, err=True))
    except ReproError as error:
        click.echo(f"the bundle is written, but its run is not on record: {error}", err=True)
