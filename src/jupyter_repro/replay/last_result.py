"""``_``, the last result that was shown, as a resource like any other.

IPython binds it at each result, and stops where a cell binds the name itself. Only results that nothing can change in place are
followed: what shares its objects with a name is not told by the run that showed it. ``__``, ``_3``, ``Out`` and ``In``
go by the numbers of runs, see :mod:`.shell_history`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.records import ABSENT, Version

from .shares import is_fixed
from .versions import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_repro.digest.values import Budget

    from .ledger import Ledger
    from .names import Names

__all__ = ["LAST_RESULT", "binds_it", "read_last_result", "result_of"]

LAST_RESULT = "result:_"
_NAME = "_"
_NAMES = frozenset(("_", "__", "___"))


def read_last_result(
    ledger: Ledger, names: Names, namespace: Mapping[str, Any], budget: Budget
) -> Version | None:
    """Return the version of ``_`` that a cell is about to read; None: it does not, or it cannot be told.

    Args:
        ledger: Knows which run showed what.
        names: Of the cell.
        namespace: All names of the shell.
        budget: How much of values may be looked at.
    """
    if names.past is None or _NAME not in namespace:
        return None
    value, known = namespace[_NAME], ledger.live.get(LAST_RESULT, MISSING)
    if type(value) is str and not value and known.digest in (None, ABSENT):
        return MISSING
    digest = ledger.digest(value, budget) if is_fixed(value) else None
    if digest is None:
        return None
    return known if digest == known.digest else Version(digest, 0, (), "no run is known to have shown")


def result_of(ledger: Ledger, shown: Any, order: int, budget: Budget) -> Version:
    """Return the version of ``_`` that a run leaves which has shown a result."""
    if not is_fixed(shown):
        return Version(None, order, (), "it can be changed in place")
    digest = ledger.digest(shown, budget)
    return Version(digest, order, (), "" if digest else budget.why)


def binds_it(sources: Iterable[Names]) -> bool:
    """Tell whether some source binds or deletes one of these names itself: then the shell keeps none of them up to date."""
    return any(
        not _NAMES.isdisjoint(names.writes | names.deletes)
        or any(not _NAMES.isdisjoint(each.changes) for each in names.functions)
        for names in sources
    )
