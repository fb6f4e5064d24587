"""``jupyter repro merge FOLDER``."""

from __future__ import annotations

from pathlib import Path

import click

from jupyter_repro.canonical import dumps, write_atomic
from jupyter_repro.errors import BadRecord
from jupyter_repro.reports.table import table

__all__ = ["command"]


@click.command("merge")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where the joined record goes; default FOLDER/merged.json.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the joined record as JSON.")
def command(*, folder: Path, output: Path | None, as_json: bool) -> int:
    """Join the journals that the ranks of a job left in FOLDER, and check them.

    Exit code 0 if all ranks are there, came to their end, ran the same code in the same environment, and none has
    another's seed; 1 if not.
    """
    from jupyter_repro.store.ranks.journal import rank_files, read_rank
    from jupyter_repro.store.ranks.merge import merged

    files = rank_files(folder)
    if not files:
        raise BadRecord(
            f"`{folder}` holds no journal of a rank",
            remedy="let each rank run under `with jupyter_repro.rank_run(FOLDER, seed=42):`",
        )
    found = merged([read_rank(path) for path in files])
    write_atomic(output or folder / "merged.json", dumps(found, indent=1))
    if as_json:
        click.echo(dumps(found).decode(), nl=False)
        return int(bool(found.problems))
    rows = [
        (
            str(each.begun.rank),
            str(each.begun.rank_seed),
            str(len(each.steps)),
            "did not end" if each.ended is None else each.ended.error or "came to its end",
        )
        for each in found.ranks
    ]
    for line in table(("rank", "own seed", "steps", "how it ended"), rows):
        click.echo(line)
    for problem in found.problems:
        click.echo(f"problem: {problem}")
    if not found.problems:
        click.echo(
            f"{found.size} of {found.size} ranks, root seed {found.ranks[0].begun.seed}: the same code, environment and job, "
            "no seed twice"
        )
    return int(bool(found.problems))
