"""Code beside the notebook that no commit of its repository holds."""

from __future__ import annotations

import msgspec

__all__ = ["Submodule", "UntrackedSource"]


class UntrackedSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source file that git does not track: without it the commit alone does not give what ran."""

    path: str
    """Relative to the top of the work tree."""
    size: int
    sha256: str
    text: str = ""
    """What it holds, each credential replaced by a mark; empty where ``note`` says why."""
    note: str = ""


class Submodule(msgspec.Struct, frozen=True, kw_only=True):
    """A repository inside the repository."""

    path: str
    commit: str
    """What the repository asks for."""
    checked_out: str = ""
    """What is there; empty where ``note`` says why."""
    dirty: bool | None = None
    note: str = ""
