"""``jupyter repro runs``: the run catalog."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_repro.records.catalog import Run
    from jupyter_repro.store.catalog.catalog import Catalog

__all__ = ["command", "opened", "where"]


@click.group("runs")
def command() -> None:
    """Look at recorded runs: what ran, on what, with which results, and what explains that two differ."""


def where(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which catalog is meant."""
    folder = click.option(
        "--in",
        "folder",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        default=Path(),
        help="Folder of the notebooks; default this one.",
    )
    store = click.option(
        "--store", default="", help="A store by its folder or address, whatever the project says."
    )
    return folder(store(function))


def opened(folder: Path, store: str) -> Catalog:
    """Open the catalog, and bring it up to date: what waits is delivered, killed kernels get their records."""
    from jupyter_repro.store.catalog.opening import place_near
    from jupyter_repro.store.catalog.refreshing import refresh

    place = place_near(folder, told=store)
    if not place.there:
        raise BadWord(
            f"no run is on record in `{place.folder}`",
            remedy="name the folder of the notebooks with --in, or a store with --store",
        )
    catalog = place.open()
    for each in refresh(catalog, place, only_read=bool(store)):
        click.echo(f"warning: {each}", err=True)
    return catalog


@command.command("list")
@where
@click.option("--notebook", default="", help="Only runs of this notebook, by its name.")
@click.option("--since", type=click.DateTime(), help="Only runs from this date on (UTC).")
@click.option("--until", type=click.DateTime(), help="Only runs before this date (UTC).")
@click.option("--commit", default="", help="Only runs of code whose commit begins so.")
@click.option("--verdict", default="", help="Only runs with this verdict, such as `reproduced`.")
@click.option(
    "--kind", type=click.Choice(["session", "snapshot", "note", "export"]), help="Only runs of this kind."
)
@click.option("-n", "--limit", type=click.IntRange(min=1), help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print whole records as JSON.")
def listed(*, folder: Path, store: str, as_json: bool, **asked: Any) -> int:
    """List runs, the newest first."""
    from datetime import timezone

    from jupyter_repro.store.catalog.index import Wanted

    moments = {key: asked.pop(key) for key in ("since", "until")}
    seconds = {
        key: at.replace(tzinfo=timezone.utc).timestamp() for key, at in moments.items() if at is not None
    }
    given = {key: value for key, value in asked.items() if value}
    with opened(folder, store) as catalog:
        runs = catalog.find(Wanted(**seconds, **given))
    if as_json:
        _json([run.to_json() for run in runs])
        return 0
    _table(runs)
    return 0


@command.command("show")
@click.argument("run")
@where
@click.option(
    "--json", "as_json", is_flag=True, help="Print the record, its environment and its code as JSON."
)
def shown(*, run: str, folder: Path, store: str, as_json: bool) -> int:
    """Show one RUN: the beginning of its name, `last`, or `@2` for the one before the last."""
    from jupyter_repro.canonical import to_builtins
    from jupyter_repro.reports.runs_text import run_text

    with opened(folder, store) as catalog:
        try:
            found = catalog.named(run)
        except BadWord:
            _refuse_promised(run, folder)
            raise
        if as_json:
            _json({**found.to_json(), "environment_record": to_builtins(catalog.environment(found))})
            return 0
    click.echo(run_text(found))
    return 0


@command.command("diff")
@click.argument("first")
@click.argument("second", default="last")
@where
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Also tell one by one what cannot change numbers.")
def diff(  # noqa: PLR0913 - one parameter an option, as click calls it
    *, first: str, second: str, folder: Path, store: str, as_json: bool, verbose: bool
) -> int:
    """Say what differs between the runs FIRST and SECOND, and what of it could explain other results.

    Exit code 1: a cell shows something else.
    """
    from jupyter_repro.reports.run_diff_text import run_diff_text
    from jupyter_repro.store.catalog.comparing import compared

    with opened(folder, store) as catalog:
        found = compared(catalog, catalog.named(first), catalog.named(second), folder=folder.resolve())
    if as_json:
        _json(found.to_json())
    else:
        click.echo(run_diff_text(found, verbose=verbose))
    return 1 if found.outputs else 0


@command.command("fsck")
@where
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def fsck(*, folder: Path, store: str, as_json: bool) -> int:
    """Read every record and every object, and tell all damage. Exit code 1: there is some."""
    from jupyter_repro.canonical import to_builtins
    from jupyter_repro.store.catalog.check import check_store

    with opened(folder, store) as catalog:
        found = check_store(catalog)
        told = catalog.store.where
    if as_json:
        _json({**to_builtins(found), "whole": found.whole})
        return 0 if found.whole else 1
    for each in found.damage:
        click.echo(f"damaged: {each}")
    state = "whole" if found.whole else f"{len(found.damage)} damaged"
    click.echo(f"{told}: {found.runs} runs, {found.objects} objects, {state}")
    if found.unused:
        click.echo(f"{len(found.unused)} objects belong to no run; `jupyter repro gc` removes them")
    return 0 if found.whole else 1


@command.command("reindex")
@where
def reindex(*, folder: Path, store: str) -> int:
    """Make the index anew from the records."""
    with opened(folder, store) as catalog:
        click.echo(f"{catalog.reindex()} runs in the index of {catalog.store.where}")
    return 0


@command.command("pin")
@click.argument("run")
@where
@click.option("--why", default="", help="The reason, which is kept: a golden run, a figure of the paper.")
def pin(*, run: str, folder: Path, store: str, why: str) -> int:
    """Keep RUN for good, whatever `jupyter repro gc` is told."""
    from jupyter_repro.store.catalog.pins import pin as keep

    with opened(folder, store) as catalog:
        found = catalog.named(run)
        new = keep(catalog.store, found.id, why)
    click.echo(f"{found.id} is kept for good" if new else f"{found.id} was kept already")
    return 0


@command.command("unpin")
@click.argument("run")
@where
def unpin(*, run: str, folder: Path, store: str) -> int:
    """Leave RUN to `jupyter repro gc` again."""
    from jupyter_repro.store.catalog.pins import unpin as leave

    with opened(folder, store) as catalog:
        found = catalog.named(run)
        leave(catalog.store, found.id)
    click.echo(f"{found.id} may go again")
    return 0


def _refuse_promised(run: str, folder: Path) -> None:
    """Say that a run which a tracker names is still under way.

    Raises:
        BadWord: It is.
    """
    from jupyter_repro.store.place import record_folders
    from jupyter_repro.store.tracked import kernel_of_run

    if any(kernel_of_run(each, run.lower()) for each in record_folders(folder.resolve())):
        raise BadWord(
            f"the kernel of run `{run}` has not ended, and its record is made then",
            remedy="for a record of this moment run `%repro snapshot` in it",
        )


def _json(plain: Any) -> None:
    import json

    click.echo(json.dumps(plain, indent=2, ensure_ascii=False, sort_keys=True))


def _table(runs: tuple[Run, ...]) -> None:
    """Print the table; where it is longer than the screen, in a pager."""
    from jupyter_repro.reports.runs_text import runs_text

    text = runs_text(runs)
    if not sys.stdout.isatty():
        click.echo(text)
        return
    import shutil

    lines = list(_colored(runs)) if runs else [text]
    if len(lines) >= shutil.get_terminal_size().lines:
        click.echo_via_pager("\n".join(lines) + "\n")
    else:
        click.echo("\n".join(lines))


def _colored(runs: tuple[Run, ...]) -> Iterator[str]:
    """Yield the lines of the table for a screen: verdicts in colour, no line longer than the screen is wide."""
    from io import StringIO

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from jupyter_repro.reports.runs_text import HEAD, run_rows

    colors = {"reproduced": "green", "differs": "red", "unknown": "yellow"}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in HEAD:
        table.add_column(name, no_wrap=True, overflow="ellipsis", min_width=13 if name == "run" else None)
    for row in run_rows(runs):
        cells = [Text(value) for value in row]
        cells[HEAD.index("verdict")].stylize(colors.get(row[HEAD.index("verdict")], ""))
        table.add_row(*cells)
    out = StringIO()
    Console(file=out, force_terminal=True).print(table)
    yield from out.getvalue().rstrip("\n").split("\n")
