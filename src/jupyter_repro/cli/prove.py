"""``jupyter repro prove notebook.ipynb``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from jupyter_repro.canonical import dumps
from jupyter_repro.records import SeedPlan, Strictness
from jupyter_repro.rng.seeds import check_seed

__all__ = ["command"]


@click.command("prove")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--seed", type=int, help="Seed for a notebook that does not run `%repro seed=...` itself.")
@click.option("--strict", "strictness", flag_value="strict", help="Forbid nondeterministic algorithms.")
@click.option("--warn", "strictness", flag_value="warn", help="Report nondeterministic algorithms.")
@click.option("--cell-timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds a cell may take.")
@click.option(
    "--profile",
    type=click.Choice(["cpu", "gpu"]),
    default="cpu",
    help="Tolerance of numbers: 1e-9 of their size, or 1e-5 for results of a GPU.",
)
@click.option(
    "--allow",
    "allowed",
    multiple=True,
    metavar="FOLDER",
    help="A folder outside the project that cells may write to, such as a cache; can be repeated.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(  # noqa: PLR0913 - one parameter an option, as click calls it
    *,
    notebook: Path,
    seed: int | None,
    strictness: Strictness | None,
    cell_timeout: float | None,
    profile: Literal["cpu", "gpu"],
    allowed: tuple[str, ...],
    quiet: bool,
    as_json: bool,
) -> int:
    """Run NOTEBOOK top to bottom in a fresh kernel, in a copy of its folder, and compare with what it shows.

    Exit code 0 only if every cell gave what the saved notebook shows, 1 if one did not.
    """
    from jupyter_repro.reports.proof_text import proof_text
    from jupyter_repro.shadow.proving import ProofOptions, Proving

    def progress(step: str) -> None:
        if not quiet and not as_json:
            click.echo(step, err=True)

    proof = Proving(
        notebook,
        ProofOptions(
            plan=SeedPlan(seed=None if seed is None else check_seed(seed), strictness=strictness or "off"),
            profile=profile,
            cell_timeout_s=cell_timeout,
            allowed=allowed,
        ),
        progress,
    ).run()
    if as_json:
        click.echo(dumps(proof).decode(), nl=False)
    else:
        click.echo(proof_text(proof))
    return 0 if proof.reproduced else 1
