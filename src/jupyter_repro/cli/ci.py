"""``jupyter repro ci github``: a workflow that verifies the bundles on push and on schedule."""

from __future__ import annotations

import importlib.resources
import json
import re
from pathlib import Path
from typing import Literal

import click

from jupyter_repro.errors import BadWord, NoNotebook

__all__ = ["command", "workflow"]

Provider = Literal["github", "gitlab"]

_PLACES = {"github": Path(".github/workflows/reproduce.yml"), "gitlab": Path(".gitlab-ci.yml")}
_CRONS = {"daily": "17 4 * * *", "weekly": "17 4 * * 1", "monthly": "17 4 1 * *"}
"""Not at the full hour, when every other schedule begins."""
_WHEN = {"daily": "every day", "weekly": "every week", "monthly": "every month"}


@click.command("ci")
@click.argument("provider", type=click.Choice(["github", "gitlab"]))
@click.argument("bundles", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--schedule",
    type=click.Choice(sorted(_CRONS)),
    default="weekly",
    show_default=True,
    help="How often it is verified without a push.",
)
@click.option(
    "--minutes",
    type=click.IntRange(1, 4320),
    default=60,
    show_default=True,
    help="Longest time for one bundle.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write; default the provider's own."
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def command(  # noqa: PLR0913 - one parameter an option, as click calls it
    *,
    provider: Provider,
    bundles: tuple[Path, ...],
    schedule: str,
    minutes: int,
    output: Path | None,
    force: bool,
) -> int:
    """Write a workflow that verifies BUNDLES, by default all `*.repro.zip` below this folder."""
    from jupyter_repro.canonical import write_atomic

    target = output or _PLACES[provider]
    if target.exists() and not force:
        raise BadWord(f"`{target}` is there already", remedy=_in_the_way(provider, target))
    named = _named(bundles)
    text = workflow(provider, named, schedule=schedule, minutes=minutes)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(target, text.encode())
    count = "1 bundle" if len(named) == 1 else f"{len(named)} bundles"
    click.echo(f"wrote {target}: {count}, on push and {_WHEN[schedule]}")
    if provider == "gitlab":
        click.echo(f"make the schedule under Build > Pipeline schedules: `{_CRONS[schedule]}`", err=True)
    return 0


def workflow(provider: Provider, bundles: list[str], *, schedule: str, minutes: int) -> str:
    """Return the workflow's text.

    Args:
        provider: Whose format.
        bundles: Paths relative to the top of the repository.
        schedule: ``daily``, ``weekly`` or ``monthly``.
        minutes: Longest time for one bundle.
    """
    template = importlib.resources.files(__package__).joinpath("ci_templates").joinpath(f"{provider}.yml")
    cron = _CRONS[schedule]
    values = {
        "bundles": json.dumps(bundles),  # a list in JSON is one in YAML
        "cron": json.dumps(cron) if provider == "github" else cron,
        "minutes": str(minutes),
        "when": _WHEN[schedule],
    }
    return re.sub(r"@([a-z]+)@", lambda match: values[match[1]], template.read_text(encoding="utf-8"))


def _in_the_way(provider: Provider, target: Path) -> str:
    if provider == "gitlab":
        return (
            f"write to another file with `-o reproduce.yml` and add `include: {{local: reproduce.yml}}` to `{target}`; "
            "or replace it with --force"
        )
    return "write to another file with -o, or replace it with --force"


def _named(bundles: tuple[Path, ...]) -> list[str]:
    """Return the bundles as the runner finds them.

    Raises:
        NoNotebook: There is none.
        BadWord: One does not lie below this folder, or is no file.
    """
    here = Path.cwd()
    found = list(bundles) or sorted(here.rglob("*.repro.zip"))
    if not found:
        raise NoNotebook(
            "there is no `*.repro.zip` below this folder",
            remedy="write one with `jupyter repro export NOTEBOOK` and commit it, or name it",
        )
    names = []
    for each in found:
        path = here / each
        if not path.is_file() or not path.resolve().is_relative_to(here.resolve()):
            raise BadWord(
                f"`{each}` is no file below this folder",
                remedy="run this at the top of the repository that holds it",
            )
        names.append(path.resolve().relative_to(here.resolve()).as_posix())
    return names
