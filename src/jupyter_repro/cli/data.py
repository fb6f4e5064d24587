"""``jupyter repro data``: track files by digest, compare them, take a change over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.data import Compared

__all__ = ["command"]

_MANIFEST = click.option(
    "--manifest", type=click.Path(path_type=Path), help="The manifest, or its folder; else the nearest above."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
_QUIET = click.option("--quiet", "-q", is_flag=True, help="Print nothing if all is well.")
_FULL = click.option("--full", is_flag=True, help="Read every byte, also of files that look unchanged.")


@click.group("data")
def command() -> None:
    """Keep the SHA-256 of data files in `data.repro.jsonl`, a file to commit with the notebook."""


@command.command("track")
@click.argument("paths", nargs=-1, required=True)
@_MANIFEST
@_JSON
@_QUIET
def track(*, paths: tuple[str, ...], **options: Any) -> int:
    """Write down the digests of files, or of all files below folders.

    A file that is tracked and has changed since is told, and stays as tracked. `.reproignore` beside the manifest
    names what is passed over. Exit code 1: a tracked file differs, or one cannot be read.
    """
    return _do("track", paths, full=False, **options)


@command.command("verify")
@click.argument("paths", nargs=-1)
@_MANIFEST
@_FULL
@_JSON
@_QUIET
def verify(*, paths: tuple[str, ...], **options: Any) -> int:
    """Compare files with what was tracked of them; without PATHS all of them.

    Exit code 1: a file has changed, is gone, is new in a tracked folder, or cannot be read.
    """
    return _do("verify", paths, **options)


@command.command("accept")
@click.argument("paths", nargs=-1, required=True)
@_MANIFEST
@_JSON
@_QUIET
def accept(*, paths: tuple[str, ...], **options: Any) -> int:
    """Take over what differs: changed bytes, new files, files that are gone. `.` means everything."""
    return _do("accept", paths, full=False, **options)


@command.command("list")
@click.argument("paths", nargs=-1)
@_MANIFEST
@_JSON
def list_(*, paths: tuple[str, ...], manifest: Path | None, as_json: bool) -> int:
    """Say what is tracked, without reading any of it."""
    from jupyter_repro.canonical import dumps
    from jupyter_repro.inputs.tracking import project_at, select
    from jupyter_repro.reports.data_text import tracked_text

    project = project_at(Path.cwd(), manifest)
    files = select(project, paths)
    click.echo(
        dumps(files, indent=2).decode().rstrip() if as_json else tracked_text(files, project.path.name)
    )
    return 0


def _do(  # noqa: PLR0913 - one verb's words and options, all keyword-only
    act: Literal["track", "verify", "accept"],
    paths: tuple[str, ...],
    *,
    manifest: Path | None,
    full: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    from jupyter_repro.canonical import dumps
    from jupyter_repro.inputs import tracking
    from jupyter_repro.reports.data_text import compared_text
    from jupyter_repro.store.digests import cache_beside

    from .file_progress import BarProgress

    project = tracking.project_at(Path.cwd(), manifest)
    do: Callable[..., Compared] = getattr(tracking, act)
    with cache_beside(project.top, trust=not full) as cache:
        found = do(project, paths, cache, BarProgress())
    if as_json:
        click.echo(dumps(found, indent=2).decode().rstrip())
    elif not quiet or found.changes:
        click.echo(compared_text(found, act, command="jupyter repro data"))
    return 1 if found.changes else 0
