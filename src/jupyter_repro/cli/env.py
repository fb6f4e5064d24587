"""``jupyter repro env``: what the Python that runs the command stands on."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.command("env")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@click.option("-v", "--verbose", is_flag=True, help="All packages, and why something is absent.")
@click.option("--check", is_flag=True, help="Read every installed file, to find those edited by hand.")
def command(*, folder: Path, as_json: bool, verbose: bool, check: bool) -> int:
    """Say what this Python stands on, and the git revision of FOLDER."""
    from jupyter_repro.environments.now import environment_now
    from jupyter_repro.reports.environment_text import environment_json, environment_text

    found = environment_now(folder.resolve())
    if check:
        from jupyter_repro.bundle.edited import with_edits

        found = with_edits(found)
    if as_json:
        click.echo(environment_json(found))
        return 0
    click.echo(environment_text(found, verbose=verbose))
    return 0
