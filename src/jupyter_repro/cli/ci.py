"""``jupyter repro ci github``: a workflow that verifies bundles, and checks golden runs, on push and on schedule."""

from __future__ import annotations

import importlib.resources
import json
import platform
import re
import shlex
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
    "--golden",
    multiple=True,
    metavar="TARGET",
    help="Also check the golden runs of this script, notebook or function; may be given again.",
)
@click.option(
    "--install",
    default="",
    metavar="COMMAND",
    help="What installs the project for golden runs; default by requirements.txt or pyproject.toml.",
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
    golden: tuple[str, ...],
    install: str,
    output: Path | None,
    force: bool,
) -> int:
    """Write a workflow that verifies BUNDLES, by default all `*.repro.zip` below this folder, and checks golden runs."""
    from jupyter_repro.canonical import write_atomic

    target = output or _PLACES[provider]
    if target.exists() and not force:
        raise BadWord(f"`{target}` is there already", remedy=_in_the_way(provider, target))
    named = _named(bundles, needed=not golden)
    how = (install or _install()) if golden else ""
    text = workflow(provider, named, schedule=schedule, minutes=minutes, golden=golden, install=how)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(target, text.encode())
    count = "1 bundle" if len(named) == 1 else f"{len(named)} bundles"
    if golden:
        count += f", golden runs of {', '.join(golden)}"
    click.echo(f"wrote {target}: {count}, on push and {_WHEN[schedule]}")
    if provider == "gitlab":
        click.echo(f"make the schedule under Build > Pipeline schedules: `{_CRONS[schedule]}`", err=True)
    return 0


def workflow(  # noqa: PLR0913 - what a workflow is made of, keyword-only
    provider: Provider,
    bundles: list[str],
    *,
    schedule: str,
    minutes: int,
    golden: tuple[str, ...] = (),
    install: str = "",
) -> str:
    """Return the workflow's text.

    Args:
        provider: Whose format.
        bundles: Paths relative to the top of the repository.
        schedule: ``daily``, ``weekly`` or ``monthly``.
        minutes: Longest time for one bundle, and for the golden runs.
        golden: Scripts, notebooks or functions whose golden runs are checked.
        install: The command that installs what these need.
    """
    folder = importlib.resources.files(__package__).joinpath("ci_templates")
    parts = [
        provider,
        *([f"{provider}_verify"] if bundles else []),
        *([f"{provider}_golden"] if golden else []),
    ]
    template = "".join(folder.joinpath(f"{part}.yml").read_text(encoding="utf-8") for part in parts)
    cron = _CRONS[schedule]
    python = ".".join(platform.python_version_tuple()[:2])
    values = {
        "bundles": json.dumps(bundles),  # a list in JSON is one in YAML
        "checks": json.dumps(" && ".join(_checks(golden))),
        "cron": json.dumps(cron) if provider == "github" else cron,
        "image": f"python:{python}",
        "install": json.dumps(install),
        "minutes": str(minutes),
        "python": json.dumps(python),
        "when": _WHEN[schedule],
    }
    return re.sub(r"@([a-z]+)@", lambda match: values[match[1]], template)


def _checks(golden: tuple[str, ...]) -> list[str]:
    pages = ["golden.html"] if len(golden) == 1 else [f"golden-{i}.html" for i in range(1, len(golden) + 1)]
    return [
        f"jupyter-repro golden check {shlex.quote(target)} --html {page}"
        for target, page in zip(golden, pages, strict=True)
    ]


def _install() -> str:
    """Return the command that installs the project of this folder.

    Raises:
        BadWord: Nothing says what it needs.
    """
    if Path("requirements.txt").is_file():
        return "pip install jupyter_repro -r requirements.txt"
    if Path("pyproject.toml").is_file():
        return "pip install jupyter_repro ."
    raise BadWord(
        "nothing here says what the golden runs need",
        remedy="name it: `--install 'pip install jupyter_repro torch==2.13.0'`, or write a requirements.txt",
    )


def _in_the_way(provider: Provider, target: Path) -> str:
    if provider == "gitlab":
        return (
            f"write to another file with `-o reproduce.yml` and add `include: {{local: reproduce.yml}}` to `{target}`; "
            "or replace it with --force"
        )
    return "write to another file with -o, or replace it with --force"


def _named(bundles: tuple[Path, ...], *, needed: bool) -> list[str]:
    """Return the bundles as the runner finds them.

    Args:
        bundles: Those that are named; none: all below this folder.
        needed: Whether a workflow without one would do nothing.

    Raises:
        NoNotebook: There is none.
        BadWord: One does not lie below this folder, or is no file.
    """
    here = Path.cwd()
    found = list(bundles) or sorted(here.rglob("*.repro.zip"))
    if not found and needed:
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
