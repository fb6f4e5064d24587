"""``jupyter repro export notebook.ipynb -o paper.repro.zip``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jupyter_repro.canonical import dumps
from jupyter_repro.errors import ReproError
from jupyter_repro.records import SeedPlan, Strictness
from jupyter_repro.rng.seeds import check_seed

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.bundle.export import Exported

__all__ = ["command"]

_WISHES: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--calibrate",
        type=click.IntRange(0, 9),
        default=0,
        metavar="N",
        help="Run N more times, and learn what is volatile.",
    ),
    click.option(
        "--profile",
        type=click.Choice(["cpu", "gpu"]),
        default="cpu",
        help="Tolerance of numbers: 1e-9 of their size, or 1e-5 for results of a GPU.",
    ),
    click.option(
        "--prove",
        type=click.Choice(["yes", "no"]),
        default="yes",
        help="`no` runs nothing: the saved outputs are the reference, and the bundle says `not proven`.",
    ),
    click.option("--offline", is_flag=True, help="Carry every wheel, so that readers need no network."),
    click.option(
        "--anonymous", is_flag=True, help="For double-blind review: leave out who and where you are."
    ),
    click.option(
        "--max-data",
        metavar="SIZE",
        default="",
        help="Data that are packed, at most; default 1GB. Larger files go by address and digest.",
    ),
    click.option(
        "--data-url",
        "addresses",
        multiple=True,
        metavar="FILE=URL",
        help="Where readers get a file that is not packed; can be repeated.",
    ),
    click.option(
        "--include",
        multiple=True,
        metavar="FILE",
        help="Pack a file that the run was not seen to read; can be repeated.",
    ),
    click.option(
        "--claim",
        "claims",
        multiple=True,
        metavar="CELL:TEXT",
        help='Tie what a paper says to a cell: "cell 7: Table 2, row 3". Can be repeated.',
    ),
    click.option(
        "--waive",
        "waivers",
        multiple=True,
        metavar="CODE=WHY",
        help='Export in spite of a finding: RP801="...". Readers see it. Can be repeated.',
    ),
    click.option(
        "--allow-secret",
        "allowed",
        multiple=True,
        metavar="FILE[:LINE]",
        help="A packed file, or a line of it, that looks like a credential and is none; can be repeated.",
    ),
    click.option(
        "--image", metavar="NAME@sha256:...", default="", help="The base of the Dockerfile, by digest."
    ),
    click.option(
        "--sign",
        metavar="KEY|sigstore",
        default="",
        help="Sign with this private key of ssh, or with sigstore.",
    ),
    click.option(
        "--cell-timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds a cell may take."
    ),
)


def _wishes(function: Any) -> Any:
    for option in reversed(_WISHES):
        function = option(function)
    return function


@click.command("export")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write; default NOTEBOOK.repro.zip."
)
@click.option("--seed", type=int, help="Seed for a notebook that does not run `%repro seed=...` itself.")
@click.option("--strict", "strictness", flag_value="strict", help="Forbid nondeterministic algorithms.")
@click.option("--warn", "strictness", flag_value="warn", help="Report nondeterministic algorithms.")
@_wishes
@click.option(
    "--plan", "planned", is_flag=True, help="Say what the bundle would hold and weigh; run nothing."
)
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(  # noqa: PLR0913 - one parameter an option, as click calls it
    *,
    notebook: Path,
    output: Path | None,
    seed: int | None,
    strictness: Strictness | None,
    planned: bool,
    quiet: bool,
    as_json: bool,
    **asked: Any,
) -> int:
    """Run NOTEBOOK top to bottom in a fresh kernel and write its bundle."""
    from jupyter_repro.bundle.export import export
    from jupyter_repro.bundle.options import as_options

    from .export_progress import ExportBar

    bar = ExportBar(quiet=quiet or as_json)
    options = as_options(
        _wish(asked),
        output=output or notebook.with_suffix(".repro.zip"),
        plan=SeedPlan(seed=None if seed is None else check_seed(seed), strictness=strictness or "off"),
        progress=bar.show,
    )
    if planned:
        return _plan(notebook, options, as_json=as_json)
    with bar:
        exported = export(notebook, options=options)
    _record(exported, notebook)
    if as_json:
        click.echo(dumps(exported).decode(), nl=False)
        return 0
    _tell(exported)
    return 0


def _wish(asked: dict[str, Any]) -> Any:
    from jupyter_repro.bundle.options import (
        MAX_DATA,
        ExportWish,
        address_from,
        image_from,
        size_from,
        waiver_from,
    )

    return ExportWish(
        calibrate=asked["calibrate"],
        profile=asked["profile"],
        prove=asked["prove"] == "yes",
        offline=asked["offline"],
        anonymous=asked["anonymous"],
        max_data=size_from(asked["max_data"]) if asked["max_data"] else MAX_DATA,
        addresses=tuple(map(address_from, asked["addresses"])),
        include=asked["include"],
        claims=asked["claims"],
        waivers=tuple(map(waiver_from, asked["waivers"])),
        allowed_secrets=asked["allowed"],
        image=image_from(asked["image"]) if asked["image"] else "",
        sign=asked["sign"],
        cell_timeout_s=asked["cell_timeout"],
    )


def _tell(exported: Exported) -> None:
    click.echo(exported.sentence())
    for sentence in exported.calibrated:
        click.echo(sentence, err=True)
    for finding in exported.findings:
        click.echo(f"{finding.code} {finding.severity}: {finding.message}; {finding.remedy}", err=True)


def _plan(notebook: Path, options: Any, *, as_json: bool) -> int:
    from jupyter_repro.bundle.plan import plan_export

    plan = plan_export(notebook, options=options)
    if as_json:
        click.echo(dumps(plan, indent=2).decode(), nl=False)
    else:
        for line in plan.lines():
            click.echo(line)
    return 0


def _record(exported: Exported, notebook: Path) -> None:
    """Put the run that made the bundle on record; the bundle is whole also where that fails."""
    from jupyter_repro.bundle.run_record import parcel_of_bundle
    from jupyter_repro.store.catalog.opening import place_near, publish

    try:
        parcel = parcel_of_bundle(exported.path, durations=exported.durations)
        publish(parcel, place_near(notebook.parent), tell=lambda text: click.echo(text, err=True))
    except ReproError as error:
        click.echo(f"the bundle is written, but its run is not on record: {error}", err=True)
