"""``_``, the last result that was shown, as a resource like any other.

IPython binds it at each result, and stops where a cell binds the name itself. Only results that nothing can change in place are
followed: what shares its objects with a name is not told by the run that showed it. ``__``, ``_3``, ``Out`` and ``In`` are not followed:
they go by the numbers of runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Version

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
    if names.history != {_NAME} or names.later_history or ledger.underscore_bound or _NAME not in namespace:
        return None
    value, known = namespace[_NAME], ledger.live.get(LAST_RESULT, MISSING)
    if known is MISSING:
        return MISSING if type(value) is str and not value else None
    if known.digest is None or not is_fixed(value) or ledger.digest(value, budget) != known.digest:
        return None
    return known


def result_of(ledger: Ledger, shown: Any, order: int, budget: Budget) -> Version:
    """Return the version of ``_`` that a run leaves which has shown a result."""
    if not is_fixed(shown):
        return Version(None, order, (), "it can be changed in place")
    digest = ledger.digest(shown, budget)
    return Version(digest, order, (), "" if digest else budget.why)


def binds_it(sources: Iterable[Names]) -> bool:
    """Tell whether some source binds or deletes the name itself, or does who knows what."""
    return any(_NAME in names.writes or _NAME in names.deletes for names in sources)
