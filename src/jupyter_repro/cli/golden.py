"""``jupyter repro golden record|check|calibrate|show``: runs of training whose numbers are the accepted reference."""

from __future__ import annotations

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.goldens.running import Target
    from jupyter_repro.records.golden import Comparison

__all__ = ["command"]

_FOLDER = click.option("--folder", default="", metavar="DIR", help="Where references lie; default `goldens` here, or beside a notebook.")  # fmt: skip
_ARGUMENTS = click.argument("arguments", nargs=-1, type=click.UNPROCESSED)


@click.group("golden")
def command() -> None:
    """Hold training runs against an accepted one: `with jupyter_repro.golden(NAME) as g: g.log(step, loss=loss)`.

    TARGET is a script, a notebook or a function (`package.module:function`); what follows it goes to the script.
    Exit codes: 0 holds, 1 differs, 2 no reference or one too many, 4 could not run or cannot be told on this machine.
    """


@command.command("record", context_settings={"ignore_unknown_options": True})
@click.argument("target")
@_ARGUMENTS
@click.option(
    "--replace", is_flag=True, help="Record over a reference that is there; its tolerances are lost."
)
@click.option(
    "--level", default="", help="`bitwise`, `envelope`, `auto` or `rtol=1e-5`; default: as the code says."
)
@_FOLDER
def record(*, target: str, arguments: tuple[str, ...], replace: bool, level: str, folder: str) -> int:
    """Run TARGET and write what it gives as the reference."""
    from jupyter_repro.goldens import acts
    from jupyter_repro.goldens.levels import check_level
    from jupyter_repro.reports.golden_text import recorded_line

    where = acts.target_of(target, arguments, folder)
    for golden, path in acts.record(where, level=check_level(level) if level else "", replace=replace):
        click.echo(recorded_line(golden, _near(path)))
    return 0


@command.command("check", context_settings={"ignore_unknown_options": True})
@click.argument("target", required=False)
@_ARGUMENTS
@click.option(
    "--level",
    default="",
    help="`bitwise`, `envelope`, `auto` or `rtol=1e-5`; default: as the code says, else the reference.",
)
@click.option("--html", type=click.Path(path_type=Path), help="Write a page with the curves.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparisons as JSON.")
@_FOLDER
def check(  # noqa: PLR0913 - one parameter an option, as click calls it
    *,
    target: str | None,
    arguments: tuple[str, ...],
    level: str,
    html: Path | None,
    as_json: bool,
    folder: str,
) -> int:
    """Run TARGET and compare; without TARGET, all that recorded the references of the folder."""
    from jupyter_repro.canonical import dumps, write_atomic
    from jupyter_repro.goldens import acts
    from jupyter_repro.goldens.levels import check_level
    from jupyter_repro.reports.golden_html import page
    from jupyter_repro.reports.golden_text import comparison_text

    level = check_level(level) if level else ""
    targets, unknown = ([acts.target_of(target, arguments, folder)], []) if target else _recorded(folder)
    found: list[Comparison] = []
    for each in targets:
        now = acts.check(each, level=level)
        found += now
        if not as_json:
            click.echo("\n".join(comparison_text(one) for one in now))
    if html is not None:
        write_atomic(html, page(found))
        click.echo(f"wrote {html}", err=True)
    if as_json:
        click.echo(dumps([_facts(each) for each in found]).decode().rstrip("\n"))
    for name in unknown:
        click.echo(f"not checked: `{name}` tells nothing that could be run; name its TARGET, or record it by this command", err=True)  # fmt: skip
    return 1 if any(each.verdict == "differs" for each in found) else 4 if unknown else 0


@command.command("calibrate", context_settings={"ignore_unknown_options": True})
@click.argument("target")
@_ARGUMENTS
@click.option(
    "--runs",
    type=click.IntRange(1, 1000),
    default=6,
    show_default=True,
    help="Runs with one weight moved by its last bit.",
)
@click.option(
    "--factor",
    type=float,
    default=10.0,
    show_default=True,
    help="Tolerances are so many times what they show.",
)
@_FOLDER
def calibrate(*, target: str, arguments: tuple[str, ...], runs: int, factor: float, folder: str) -> int:
    """Find out what rounding can do to TARGET, and write it into its reference as a tolerance a step."""
    from jupyter_repro.goldens import acts
    from jupyter_repro.reports.golden_text import calibrated_text

    where = acts.target_of(target, arguments, folder)
    for golden, _ in acts.calibrate(where, runs=runs, factor=factor, progress=_progress()):
        click.echo(calibrated_text(golden))
    return 0


@command.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the file, with plain numbers.")
@_FOLDER
def show(*, name: str, as_json: bool, folder: str) -> int:
    """Say what the reference NAME holds; a path to its file does as well."""
    from jupyter_repro.canonical import dumps
    from jupyter_repro.goldens.file import FOLDER, golden_path, read_golden
    from jupyter_repro.reports.golden_text import golden_text

    path = Path(name) if name.endswith(".json") and not folder else golden_path(Path(folder or FOLDER), name)
    golden = read_golden(path)
    click.echo(dumps(golden).decode().rstrip("\n") if as_json else golden_text(golden))
    return 0


def _near(path: Path) -> Path:
    """Return the path as it is from here, where it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _recorded(folder: str) -> tuple[list[Target], list[str]]:
    """Return the targets of all references, to be run from the folder above them."""
    from jupyter_repro.errors import NoGolden
    from jupyter_repro.goldens.acts import recorded_targets, target_of
    from jupyter_repro.goldens.file import FOLDER

    place = Path(folder or FOLDER)
    targets, unknown = recorded_targets(place)
    if not targets and not unknown:
        raise NoGolden(
            f"there is no reference in `{place}`", remedy="record one: `jupyter repro golden record SCRIPT`"
        )
    rows = []
    for told in targets:
        word, *arguments = shlex.split(told)
        above = Path() if place.parent == Path() else place.parent
        word = str(above / word) if word.endswith((".py", ".ipynb")) else word
        rows.append(target_of(word, tuple(arguments), str(place)))
    return rows, unknown


def _facts(found: Comparison) -> dict[str, Any]:
    """Return a comparison without the two runs, which are files of their own."""
    import math

    from jupyter_repro.canonical import to_builtins

    facts: dict[str, Any] = to_builtins(found)
    for name in ("reference", "now"):
        del facts[name]
    for each in facts["differences"]:
        for key in ("reference", "now", "tolerance"):
            if isinstance(each[key], float) and not math.isfinite(each[key]):
                each[key] = str(each[key])  # JSON has no such number
    return facts


def _progress() -> Callable[[int, int], None]:
    started = time.monotonic()

    def told(done: int, count: int) -> None:
        what = "unchanged" if done == 0 else f"one weight moved by its last bit ({done})"
        click.echo(f"run {done + 1} of {count}: {what}, after {time.monotonic() - started:.0f} s", err=True)

    return told
