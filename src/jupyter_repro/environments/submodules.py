"""Repositories inside the repository."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jupyter_repro.records.code import Submodule

from .revision import revision_of

if TYPE_CHECKING:
    from pathlib import Path

    from .git_command import HardenedGit

__all__ = ["submodules"]

_MOST = 100
_LINK = b"160000"
"""The mode under which git lists a submodule."""


def submodules(git: HardenedGit, top: Path) -> tuple[Submodule, ...]:
    """Return each submodule with the commit that is asked for and the one that is there.

    Args:
        git: Git at the top of the work tree.
        top: That folder.
    """
    if not (top / ".gitmodules").is_file():
        return ()
    told = git.run(
        "config", "-z", "--file", ".gitmodules", "--get-regexp", r"^submodule\..*\.path$", may_fail=True
    )
    paths = [os.fsdecode(entry.partition(b"\n")[2]) for entry in told.split(b"\0") if entry]
    if not paths:
        return ()
    listed = git.run("ls-files", "--stage", "-z", "--", *paths[:_MOST], may_fail=True)
    return tuple(_submodule(entry, top) for entry in listed.split(b"\0") if entry.startswith(_LINK))


def _submodule(entry: bytes, top: Path) -> Submodule:
    facts, _, raw = entry.partition(b"\t")
    path, commit = os.fsdecode(raw), facts.split()[1].decode()
    told = raw.decode("utf-8", "backslashreplace")
    if not (top / path / ".git").exists():  # git would answer for the repository around it
        return Submodule(path=told, commit=commit, note="it is not checked out")
    found = revision_of(top / path)
    if isinstance(found, str):
        return Submodule(path=told, commit=commit, note=found)
    return Submodule(path=told, commit=commit, checked_out=found.commit, dirty=found.dirty)
