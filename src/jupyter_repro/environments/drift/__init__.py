"""What differs between two environments, ranked by whether it can change numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records.drift import RANKS, Difference, Drift, Unknown

from .devices import devices
from .machine import machine
from .packages import packages, restore_all
from .python import interpreter
from .revision import revision
from .sentence import sentence_of
from .surroundings import surroundings
from .variables import variables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_repro.records import Environment

__all__ = ["drift"]


def drift(
    record: Environment,
    now: Environment,
    *,
    imports_known: bool = False,
    changed_files: Iterable[str] | None = None,
) -> Drift:
    """Return what is different now, the worst first; what cannot be compared is told as unknown.

    Args:
        record: The environment that made the results.
        now: That of this moment.
        imports_known: The record tells everything that was imported: what is not among it can change nothing.
        changed_files: Files that differ between the two revisions of the code; None: nobody has looked.
    """
    found = [
        *interpreter(record, now),
        *packages(record, now, imports_known=imports_known),
        *devices(record, now),
        *machine(record, now),
        *variables(record, now),
        *revision(record, now, changed_files),
        *surroundings(record, now),
    ]
    differences = [each for each in found if isinstance(each, Difference)]
    differences.sort(key=lambda each: RANKS.index(each.rank))
    unknown = tuple(each for each in found if isinstance(each, Unknown))
    return Drift(
        sentence=sentence_of(differences, unknown),
        differences=tuple(differences),
        unknown=unknown,
        restore_packages=restore_all(record, now, differences),
    )
