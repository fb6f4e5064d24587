"""The author's environment as a bundle carries it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.canonical import to_builtins
from jupyter_repro.environments.capture import capture_environment
from jupyter_repro.environments.conflicts import conflicts
from jupyter_repro.environments.imports import with_imports
from jupyter_repro.environments.loading import as_loaded
from jupyter_repro.process import imported_by
from jupyter_repro.records import Git, Missing
from jupyter_repro.secrets import known_values, redacted

from .paths import without_home

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_repro.records import Environment

    from .canonical import Trace

__all__ = ["author_facts", "environment_facts", "exported_environment"]

_NO_PYTHON = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
_FORMER = {"python", "hardware", "packages", "variables", "git", "gpus"}
"""What ``repro.json`` tells; all is in the member of its own."""
_PACKAGE = ("name", "version", "origin")


def exported_environment(
    notebook: Path,
    *,
    output: Path,
    sources: Iterable[str],
    trace: Trace,
    edited: Mapping[str, tuple[str, ...]],
) -> Environment:
    """Return what the canonical run stood on, without what changes from moment to moment.

    Args:
        notebook: Whose revision is told.
        output: The bundle, which is no untracked file of the project.
        sources: The sources of its cells.
        trace: What the run used; its libraries told there what only they know.
        edited: Installed files that were edited by hand, by package.
    """
    called: dict[str, tuple[int, ...]] = dict.fromkeys(trace.programs, ())
    found = as_loaded(
        capture_environment(notebook.resolve().parent, called=called, libraries=False), trace.loaded
    )
    named = {name for source in sources for name in imported_by(_NO_PYTHON.sub(r"\1pass", source))}
    packages = with_imports(
        found.packages,
        {str(number): file for number, file in enumerate(trace.modules)},
        named=sorted(named),
        before=frozenset(),
    )
    git, gpus = found.git, found.gpus
    if isinstance(git, Git):
        untracked = tuple(name for name in git.untracked if Path(name).name != output.name)
        git = msgspec.structs.replace(git, untracked=untracked)
    if not isinstance(gpus, Missing):
        gpus = tuple(msgspec.structs.replace(gpu, performance=None) for gpu in gpus)
    return msgspec.structs.replace(
        found,
        git=git,
        gpus=gpus,
        configs=trace.configs,
        conflicts=conflicts(),
        packages=tuple(msgspec.structs.replace(each, edited=edited.get(each.name, ())) for each in packages),
    )


def environment_facts(environment: Environment) -> dict[str, Any]:
    """Return the environment as plain data; patch and sources of the revision are members of their own."""
    facts: dict[str, Any] = redacted(without_home(to_builtins(environment)), known=known_values())
    for part in ("diff", "sources"):
        facts["git"].pop(part, None)
    for package in facts["packages"]:
        origin = package.get("source")
        if isinstance(origin, dict) and isinstance(origin.get("url"), str):
            origin["url"] = _shared(origin["url"])
    return facts


def _shared(url: str) -> str:
    """Return an address, of a folder or file of the author's machine no more than its name."""
    scheme, mark, rest = url.rpartition("://")
    if mark and scheme.rpartition("+")[2] != "file":
        return url
    name = re.split(r"[/\\]", (rest if mark else url).rstrip("/\\"))[-1]
    return f".../{name}"


def author_facts(environment: Environment) -> dict[str, Any]:
    """Return what ``repro.json`` tells of the author's environment."""
    facts = {key: value for key, value in environment_facts(environment).items() if key in _FORMER}
    facts["packages"] = [{key: each[key] for key in _PACKAGE} for each in facts["packages"]]
    return facts
