"""What tells who an author is: names of the account, the machine, the folders, the repository and its commits."""

from __future__ import annotations

import getpass
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .notebook import Notebook

__all__ = ["authors_of", "commit_date", "identities"]

_SHORTEST = 3
_NOBODY = frozenset(
    ("admin", "build", "data", "debian", "docker", "home", "jovyan", "localhost", "main", "none", "notebook", "project",
     "root", "runner", "test", "ubuntu", "user", "users", "work", "workspace")
)  # fmt: skip
"""Names of accounts and machines that name nobody."""
_TIMEOUT_S = 20.0
_AUTHOR = "an author of the project"
_COMMITS = "500"


def identities(notebook: Notebook) -> dict[str, str]:
    """Return texts that tell who the author is, the longest first, each with what it is."""
    folder = notebook.path.resolve().parent
    found: dict[str, str] = {}
    for kind, value in (*_machine(), *_git(folder), *_project(folder), *_told(notebook.node)):
        text = value.strip()
        if len(text) >= _SHORTEST and text.lower() not in _NOBODY:
            found.setdefault(text, kind)
    return {text: found[text] for text in sorted(found, key=lambda text: (-len(text), text))}


def authors_of(notebook: Notebook) -> tuple[str, ...]:
    """Return who the author is: as the notebook says, else the project, else git."""
    folder = notebook.path.resolve().parent
    told = [value for _, value in _told(notebook.node)]
    told = told or [value for kind, value in _project(folder) if kind == _AUTHOR]
    told = told or [_asked(folder, "config", "--get", "user.name")]
    return tuple(dict.fromkeys(name.strip() for name in told if name.strip()))


def commit_date(notebook: Notebook) -> str:
    """Return when the revision was made, empty if there is none."""
    return _asked(notebook.path.resolve().parent, "show", "-s", "--format=%aI", "HEAD")


def _machine() -> Iterator[tuple[str, str]]:
    yield "the name of your machine", socket.gethostname()
    yield "the name of your machine", socket.gethostname().partition(".")[0]
    try:
        yield "the name of your account", getpass.getuser()
        home = Path.home()
    except (OSError, KeyError, RuntimeError):  # an account without a name
        return
    yield "your home folder", str(home) if home.name.lower() not in _NOBODY else ""
    if sys.platform != "win32":
        import os
        import pwd

        try:
            yield "your name", pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0]
        except KeyError:
            return


def _git(folder: Path) -> Iterator[tuple[str, str]]:
    yield "your name in git", _asked(folder, "config", "--get", "user.name")
    yield "your address in git", _asked(folder, "config", "--get", "user.email")
    for line in set(_asked(folder, "log", "-n", _COMMITS, "--format=%an%n%ae").splitlines()):
        yield "the author of a commit", line
    for line in _asked(folder, "remote", "-v").splitlines():
        url = line.split()[1] if len(line.split()) > 1 else ""
        path = (urlsplit(url).path if "://" in url else url.partition(":")[2]).removesuffix(".git").strip("/")
        yield "the address of the repository", path if "/" in path else ""
        yield "the owner of the repository", path.split("/")[0] if "/" in path else ""
    yield "the folder of the project", _asked(folder, "rev-parse", "--show-toplevel") or str(folder)


def _asked(folder: Path, *words: str) -> str:
    """Return what git says, empty if it is not there or says nothing."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, check=False, timeout=_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""


def _project(folder: Path) -> Iterator[tuple[str, str]]:
    for each in (folder, *folder.parents):
        try:
            project = tomllib.loads((each / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
        except (OSError, ValueError):
            continue
        people = [*project.get("authors", ()), *project.get("maintainers", ())]
        for person in (person for person in people if isinstance(person, dict)):
            yield _AUTHOR, str(person.get("name", ""))
            yield "the address of an author of the project", str(person.get("email", ""))
        return


def _told(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    authors = node.get("metadata", {}).get("authors", ())
    for author in authors if isinstance(authors, list) else ():
        yield (
            "an author in the notebook",
            str(author.get("name", "")) if isinstance(author, dict) else str(author),
        )
