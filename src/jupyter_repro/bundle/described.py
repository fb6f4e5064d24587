"""The facts of an export that other people's formats describe: metadata, statements, checklists, containers."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.records import SeedPlan  # noqa: TC001 - msgspec resolves the field types at run time

from .refusals import Waived  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NO_DATE", "DescribedMember", "Description", "date_of"]

NO_DATE = "1980-01-01"
"""Where no fact has a date: the day of an export is none, or two exports of the same facts would differ."""


class DescribedMember(msgspec.Struct, frozen=True, kw_only=True):
    """One member of the bundle."""

    name: str
    sha256: str
    size: int


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What one bundle is, in the words that the formats share."""

    notebook: str
    """Relative to the project."""
    title: str
    members: tuple[DescribedMember, ...]
    """All but the program, the manifest and what is made from this record."""
    inputs: tuple[str, ...]
    """Members that the run read."""
    fetched: tuple[tuple[str, str, str, int], ...]
    """Path, address, SHA-256 and size of what readers fetch."""
    authors: tuple[str, ...]
    """Names; empty for double-blind review, or where none is told."""
    date: str
    """Of the revision, else :data:`NO_DATE`."""
    python: str
    platform: str
    packages: int
    wheels: int
    """How many of them the bundle carries."""
    environment: dict[str, str]
    """Variables that are fixed for every run."""
    cpu: str
    cores: int
    memory_bytes: int | None
    gpus: tuple[str, ...]
    plan: SeedPlan
    seeds: bool
    """Whether the plan, or a cell, sets a seed."""
    image: str
    """Of the container that the author worked in, with its digest; empty if there was none that told."""
    expected_time: str
    cells: int
    verdicts: dict[str, int]
    """How many cells that the saved notebook shows have which verdict against the fresh run."""
    proven: bool
    waived: tuple[Waived, ...]
    claims: tuple[tuple[str, str], ...]
    """Text and the label of the cell."""
    quick_cells: int
    revision: str
    """The commit; empty where there is none, or it is not told."""
    remote: str
    made_with: str

    def find(self, name: str) -> DescribedMember:
        """Return a member."""
        return next(member for member in self.members if member.name == name)


def date_of(commit_date: str, environ: Mapping[str, str] | None = None) -> str:
    """Return the date that metadata tell: ``SOURCE_DATE_EPOCH``'s, else that of the commit, else none.

    Args:
        commit_date: As git tells it, ``2026-11-21T...``; empty if there is no commit.
        environ: None takes the process's variables.
    """
    epoch = (os.environ if environ is None else environ).get("SOURCE_DATE_EPOCH", "")
    if epoch.isascii() and epoch.isdecimal():
        return dt.datetime.fromtimestamp(int(epoch), tz=dt.timezone.utc).date().isoformat()
    return commit_date[:10] or NO_DATE
