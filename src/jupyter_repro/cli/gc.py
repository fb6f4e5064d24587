"""``jupyter repro gc``: remove old records of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .runs import opened, where

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]

_SHOWN = 20


@click.command("gc")
@where
@click.option("--keep", type=click.IntRange(min=0), help="Keep so many runs of each notebook, the newest.")
@click.option("--keep-days", type=click.FloatRange(min=0), help="Keep runs of the last so many days.")
@click.option("--notebook", default="", help="Only runs of this notebook may go.")
@click.option(
    "--environments", is_flag=True, help="Built environments that --keep-days have not used, not records."
)
@click.option("--yes", is_flag=True, help="Really remove; without it nothing is.")
@click.option("--json", "as_json", is_flag=True, help="Print what goes as JSON.")
def command(  # noqa: PLR0913 - one parameter an option, as click calls it
    *,
    folder: Path,
    store: str,
    keep: int | None,
    keep_days: float | None,
    notebook: str,
    environments: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Say which records of runs would go, or which built environments, and remove them with --yes.

    What a bundle was made from, what is pinned and what holds a decision always stays. Nothing is removed
    while a record cannot be read.
    """
    import json

    from jupyter_repro.reports.runs_text import runs_text
    from jupyter_repro.store.catalog.retention import Policy, collect, what_goes

    if environments:
        return _environments(keep_days, yes=yes, as_json=as_json)
    if keep is None and keep_days is None:
        raise click.UsageError("say what stays: --keep 20, --keep-days 90, or both")
    with opened(folder, store) as catalog:
        going = what_goes(catalog, Policy(keep=keep, keep_days=keep_days, notebook=notebook))
        if yes:
            collect(catalog, going)
    if as_json:
        facts = {
            "removed": yes,
            "runs": [run.id for run in going.runs],
            "objects": list(going.objects),
            "kept": going.kept,
            "bytes": going.bytes,
        }
        click.echo(json.dumps(facts, indent=2, sort_keys=True))
        return 0
    if going.runs:
        click.echo(runs_text(going.runs[:_SHOWN]))
        if len(going.runs) > _SHOWN:
            click.echo(f"and {len(going.runs) - _SHOWN} more")
    done = "removed" if yes else "would go"
    click.echo(f"{len(going.runs)} runs and {len(going.objects)} objects {done} ({going.bytes / 1e6:.3g} MB)")
    for reason, count in going.kept.items():
        click.echo(f"{count} stay: {reason}")
    if not yes and (going.runs or going.objects):
        click.echo("nothing was removed; --yes does it")
    return 0


def _environments(days: float | None, *, yes: bool, as_json: bool) -> int:
    import json

    from jupyter_repro.study.bundles import environments_folder
    from jupyter_repro.verifier.environments import evict

    if days is None:
        raise click.UsageError("say which stay: --environments --keep-days 30")
    folder = environments_folder()
    going = evict(folder, days=days, remove=yes)
    size = sum(each.bytes for each in going)
    if as_json:
        facts = {
            "removed": yes,
            "folder": str(folder),
            "environments": [str(each.folder) for each in going],
            "bytes": size,
        }
        click.echo(json.dumps(facts, indent=2, sort_keys=True))
        return 0
    done = "removed" if yes else "would go"
    click.echo(
        f"{len(going)} environments in {folder} {done} ({size / 1e6:.3g} MB); one that is in use stays"
    )
    if going and not yes:
        click.echo("nothing was removed; --yes does it")
    return 0
