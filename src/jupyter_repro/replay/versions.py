"""When two versions of a resource are the same state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from jupyter_repro.records import ABSENT, Version

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MISSING", "UNSEEDED", "Agreement", "Expected", "agreement", "listed", "spelled"]

_KINDS = {"setting": "setting", "env": "environment variable", "module": "module"}

Agreement = Literal["same", "unsure", "different"]

MISSING = Version(digest=ABSENT)
"""A name that nothing has made, a file that is not there."""

UNSEEDED = Version(why_unknown="never seeded")
"""An RNG that a fresh kernel would start at random."""


class Expected(msgspec.Struct, frozen=True, gc=False):
    """A resource in the imaginary state that run-all would have."""

    version: Version
    maker: int | None = None
    """Index of the cell that makes it, None if nothing in the document does."""
    recomputed: str = ""
    """Why the value that run-all makes is not the recorded one; the record cannot know the new one."""
    unsure: str = ""
    """Why run-all may have another value here."""


def agreement(actual: Version, expected: Version) -> Agreement:
    """Compare what a run read with what run-all would have it read.

    Known digests decide alone, whoever made the value. Without them the producer decides, and runs
    that may have changed the value unseen leave it unsure.
    """
    if actual.digest is not None and expected.digest is not None:
        return "same" if actual.digest == expected.digest else "different"
    if actual.order != expected.order or ABSENT in (actual.digest, expected.digest):
        return "different"
    return "same" if actual.touched == expected.touched else "unsure"


def spelled(resource: str) -> str:
    """Name a resource for people: ``name:df`` is `df`, ``rng:numpy`` is numpy's RNG."""
    kind, _, rest = resource.partition(":")
    if kind == "rng":
        return f"the RNG of {rest}"
    if kind == "file":
        return f"the file `{rest}`"
    if kind in _KINDS:
        return f"the {_KINDS[kind]} `{rest}`"
    if kind == "result":
        return f"the last result `{rest}`" if rest == "_" else f"the result `{rest}`"
    if kind == "history":
        return _history(rest)
    return f"`{rest}`"


def _history(part: str) -> str:
    if part.startswith("before"):
        return "the text of a cell run before it"
    if part.startswith("input"):
        return f"the input `_i{part.removeprefix('input')}`"
    return {
        "count": "how many cells had run",
        "inputs": "`In`",
        "outputs": "`Out`",
        "shown": "how many results there were",
    }[part]


def listed(items: Iterable[str], *, most: int = 3) -> str:
    """Join a few items as a sentence would, and count the rest."""
    names = list(items)
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most} more"]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""
