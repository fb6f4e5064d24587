"""What is checked out in a folder, and whether it is as committed: less than :func:`~.git.git_state`, and sooner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .git_command import NO_REPOSITORY, GitFailed, HardenedGit, may_be_repository, reason_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Revision", "revision_of"]


class Revision(msgspec.Struct, frozen=True):
    """A commit, and what is over it."""

    commit: str
    branch: str
    """Empty where none is checked out."""
    dirty: bool
    """Tracked files differ from the commit, or files are there that it does not hold."""


def revision_of(folder: Path) -> Revision | str:
    """Return the commit that a folder stands on and whether anything in it differs, or why that is not known."""
    if not folder.is_dir():
        return "the folder is gone"
    if not may_be_repository(folder):
        return NO_REPOSITORY
    try:
        status = HardenedGit(folder).run(
            "status",
            "--porcelain=v2",
            "-z",
            "--branch",
            "--untracked-files=normal",
            "--ignore-submodules=dirty",
            "--",
            ".",
        )
    except GitFailed as error:
        return reason_of(str(error))
    facts = {"branch.oid": "", "branch.head": ""}
    dirty = False
    for line in status.split(b"\0"):
        words = line.decode("utf-8", "backslashreplace").split(" ", 2)
        if words[0] == "#" and words[1] in facts:
            facts[words[1]] = words[2]
        dirty = dirty or words[0] in ("1", "2", "u", "?")
    if facts["branch.oid"] in ("", "(initial)"):
        return "the git repository has no commit yet"
    branch = facts["branch.head"]
    return Revision(facts["branch.oid"], "" if branch == "(detached)" else branch, dirty)
