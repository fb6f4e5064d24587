"""Which files differ between two commits."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from .git_command import GitFailed, HardenedGit, may_be_repository

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["changed_files"]

_COMMIT = re.compile(r"[0-9a-f]{40,64}")


def changed_files(folder: Path, before: str, after: str) -> tuple[str, ...] | None:
    """Return the files that differ between two commits of a folder's repository; None where that is not known.

    Args:
        folder: Any folder of the work tree.
        before: A commit by its whole name.
        after: Another one.
    """
    if not (_COMMIT.fullmatch(before) and _COMMIT.fullmatch(after)) or not may_be_repository(folder):
        return None
    try:
        out = HardenedGit(folder).run(
            "diff-tree", "-r", "-z", "--name-only", "--no-renames", before, after, "--"
        )
    except GitFailed:
        return None  # a shallow clone, or a commit that was never fetched
    return tuple(sorted(os.fsdecode(name) for name in out.split(b"\0") if name))
