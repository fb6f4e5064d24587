"""What has become of the settings between two moments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_repro.records import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Change", "ImportChange", "Moment", "Moves", "changes", "moves_between"]


@dataclass(frozen=True)
class Change:
    """The digests of a resource before and after."""

    before: str
    after: str


@dataclass(frozen=True)
class ImportChange:
    """What one import did to one resource; ``before`` is None where the import brought it."""

    resource: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Moment:
    """The settings at one moment.

    Attributes:
        digests: Resource to digest.
        imports: How many changes by imports had been seen by then.
    """

    digests: Mapping[str, str]
    imports: int


@dataclass(frozen=True)
class Moves:
    """What has become of the settings since a moment.

    Attributes:
        written: What the user's code set, itself or through the modules that it imported.
        arrived: Settings that a library brought, at the digest that its import left.
        imported: What imports of libraries changed in passing; a fresh kernel would have it so too.
    """

    written: Mapping[str, Change] = field(default_factory=dict)
    arrived: Mapping[str, str] = field(default_factory=dict)
    imported: Mapping[str, Change] = field(default_factory=dict)


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, Change]:
    """Return the resources whose digest differs; one that is not there before has arrived and is left out."""
    found = {}
    for resource, digest in before.items():
        now = after.get(resource, ABSENT)
        if now != digest:
            found[resource] = Change(digest, now)
    return found


def moves_between(
    before: Mapping[str, str],
    now: Mapping[str, str],
    *,
    imports: Sequence[ImportChange],
    first: Callable[[str], str | None],
) -> Moves:
    """Return what has become of the settings, imports told apart from the user's code.

    Args:
        before: The digests then.
        now: The digests now.
        imports: What imports did in between, in order.
        first: Returns the digest that a resource had before it was in sight, None if it was not there.
    """
    expected = dict(before)
    arrived: dict[str, str] = {}
    imported: dict[str, Change] = {}
    for change in imports:
        resource = change.resource
        was = expected.get(resource, first(resource))
        if was is None:
            arrived[resource] = change.after
        elif was == change.before:
            imported[resource] = Change(
                imported[resource].before if resource in imported else was, change.after
            )
        else:
            continue  # the user's code had set it before the import did
        expected[resource] = change.after
    written = {}
    for resource in now.keys() | expected.keys():
        was = expected.get(resource, first(resource))
        is_now = now.get(resource, ABSENT)
        if was is None:
            arrived[resource] = is_now
        elif was != is_now:
            written[resource] = Change(was, is_now)
    return Moves(dict(sorted(written.items())), dict(sorted(arrived.items())), imported)
