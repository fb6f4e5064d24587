"""Which files below a folder are passed over: what machines leave behind, and what ``.reproignore`` names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from jupyter_repro.errors import BadManifest

__all__ = ["IGNORE_FILE", "IgnoreRules", "read_ignore_rules"]

IGNORE_FILE = ".reproignore"
"""Beside the manifest, in the syntax of ``.gitignore``."""

_ALWAYS = frozenset(
    (".DS_Store", ".bzr", ".dvc", ".git", ".hg", ".ipynb_checkpoints", ".jupyter_repro", ".svn", "Thumbs.db", "__pycache__",
     "desktop.ini")
)  # fmt: skip
_HALF_WRITTEN = re.compile(r"\.jr-.*\.tmp\Z|\.~lock\..*#\Z")
_PIECE = re.compile(
    r"\\(?P<plain>.)|(?P<set>\[[!^]?\]?[^\]]*\])|(?P<stars>\*+)|(?P<one>\?)|(?P<literal>.)", re.DOTALL
)


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    keeps: bool
    """It begins with ``!``: what fits is not passed over."""
    folders_only: bool


class IgnoreRules:
    """Tells which paths are passed over; as in git, the last line that fits decides."""

    def __init__(self, lines: tuple[str, ...] = ()) -> None:
        self._rules = tuple(rule for line in lines if (rule := _rule(line)) is not None)

    def skips(self, path: str, *, folder: bool) -> bool:
        """Tell whether a path, relative and with forward slashes, is passed over.

        A folder that is passed over is not gone into, so what is in it cannot be kept by a later line.
        """
        name = path.rpartition("/")[2]
        if name in _ALWAYS or _HALF_WRITTEN.match(name):
            return True
        for rule in reversed(self._rules):
            if (folder or not rule.folders_only) and rule.pattern.match(path):
                return not rule.keeps
        return False


def read_ignore_rules(folder: Path) -> IgnoreRules:
    """Return the rules of a folder.

    Raises:
        BadManifest: The file is there and cannot be read, or a line is no pattern.
    """
    path = Path(folder, IGNORE_FILE)
    try:
        text = path.read_bytes().decode("utf-8-sig", "surrogateescape")
    except FileNotFoundError:
        return IgnoreRules()
    except OSError as error:
        raise BadManifest(f"cannot read `{path}`: {error.strerror}", remedy="make it readable") from error
    try:
        return IgnoreRules(tuple(text.splitlines()))
    except re.error as error:
        raise BadManifest(
            f"`{path}` holds a pattern that is none ({error})", remedy="mend the line, as in `.gitignore`"
        ) from error


def _rule(line: str) -> _Rule | None:
    text = re.sub(r"(?<!\\) +\Z", "", line.rstrip("\n\r"))
    if not text or text.startswith("#"):
        return None
    keeps = text.startswith("!")
    text = text[1:] if keeps else text
    folders_only = text.endswith("/")
    text = text.rstrip("/") if folders_only else text
    if not text:
        return None
    anchored = "/" in text
    body = _regular(text.lstrip("/"))
    return _Rule(re.compile(("" if anchored else "(?:.*/)?") + body + r"\Z", re.DOTALL), keeps, folders_only)


def _regular(text: str) -> str:
    """Return a pattern of git's as a regular expression."""
    parts = text.split("/")
    found: list[str] = []
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == "**":
            found.append(".+" if last else "(?:[^/]+/)*")
        else:
            found.append(_PIECE.sub(_regular_piece, part) + ("" if last else "/"))
    return "".join(found)


def _regular_piece(match: re.Match[str]) -> str:
    literal = match["plain"] or match["literal"]
    if literal is not None:
        return re.escape(literal)
    if match["set"] is not None:
        inner = match["set"][1:-1]
        negated = inner.startswith(("!", "^"))
        inner = (
            (inner[1:] if negated else inner).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
        )
        return f"(?!/)[{'^' if negated else ''}{inner}]"
    return "[^/]" if match["one"] else "[^/]*"
