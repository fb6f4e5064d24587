"""``jupyter repro checkpoint``: look at checkpoints of training, and check every byte of them."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]

_PATH = click.Path(path_type=Path)


@click.group("checkpoint")
def command() -> None:
    """List, show and verify checkpoints; torch is not needed, and nothing in them is run."""


@command.command("list")
@click.argument("folder", type=_PATH, default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def listed(*, folder: Path, as_json: bool) -> int:
    """List the checkpoints below FOLDER, by run and step. Exit code 5: one of them cannot be read."""
    from jupyter_repro.canonical import dumps
    from jupyter_repro.checkpoints.reading import find
    from jupyter_repro.reports.checkpoint_text import checkpoints_text, listed_json

    found = find(folder)
    click.echo(dumps(listed_json(found), indent=2).decode().rstrip() if as_json else checkpoints_text(found))
    return 5 if any(each.manifest is None for each in found) else 0


@command.command("show")
@click.argument("path", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print its manifest as JSON.")
def shown(*, path: Path, as_json: bool) -> int:
    """Show what the checkpoint at PATH holds, and what it does not, with the reason."""
    from jupyter_repro.canonical import dumps
    from jupyter_repro.checkpoints.reading import read_manifest
    from jupyter_repro.reports.checkpoint_text import checkpoint_text

    _, manifest = read_manifest(path)
    click.echo(dumps(manifest, indent=2).decode().rstrip() if as_json else checkpoint_text(path, manifest))
    return 0


@command.command("verify")
@click.argument("paths", type=_PATH, nargs=-1, required=True)
@click.option("--digest", default="", help="The SHA-256 that it must have, as `save` returned it.")
def verified(*, paths: tuple[Path, ...], digest: str) -> int:
    """Read every byte of the checkpoints at PATHS and compare with their digests.

    Exit code 5: one is damaged, or was changed. Whether training goes on bit for bit is shown by
    `jupyter_repro.checkpoint.verify()`, which takes steps.
    """
    return max(_verify(path, digest) for path in paths)


def _verify(path: Path, digest: str) -> int:
    from jupyter_repro.checkpoints.reading import read_manifest, refuse_faults, refuse_other
    from jupyter_repro.errors import BadCheckpoint
    from jupyter_repro.reports.checkpoint_text import checked_line

    try:
        folder, manifest = read_manifest(path)
        refuse_other(path, manifest, digest)
        refuse_faults(path, folder, manifest)
    except BadCheckpoint as error:
        click.echo(f"error: {error.message}\n\nhint: {error.remedy}", err=True)
        return 5
    click.echo(checked_line(path, manifest))
    return 0
