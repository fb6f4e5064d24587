"""Names of functions through which a source reaches past what it says."""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "READ_BY_NAME",
    "REFLECTION",
    "STATE_ATTRIBUTES",
    "TEXT_METHODS",
    "names_in_call",
    "names_in_text",
    "star_names",
]

READ_BY_NAME = frozenset(("eval", "exec", "globals", "locals", "__main__"))
"""With these in hand a source reads and binds names that it does not spell."""

REFLECTION = frozenset(("__globals__", "_getframe", "currentframe", "f_back", "f_globals", "f_locals"))
"""Attributes that hand out the names of the cell, of a function or of a caller."""

TEXT_METHODS = frozenset(("eval", "evaluate", "execute", "query", "read_sql", "read_sql_query", "sql"))
"""Methods whose text may name the caller's variables: pandas' ``@x``, DuckDB's ``from x``."""

STATE_ATTRIBUTES = frozenset(("fork_rng", "get_rng_state", "get_rng_state_all", "get_state", "getstate"))
"""They read the state of a generator without moving it, or put it back after drawing."""

_IN_TEXT = re.compile(r"@\s*([A-Za-z_]\w*)|\b(?:from|join)\s+([A-Za-z_]\w*)", re.IGNORECASE)

_NO_NAMES: frozenset[str] = frozenset()
_EVALUATE = frozenset(("ne.evaluate", "numexpr.evaluate", "pandas.eval", "pd.eval"))
"""They evaluate a text with the names of their caller."""


def names_in_call(called: str, call: ast.Call) -> frozenset[str]:
    """Return the caller's variables that a text among the arguments names by mere use.

    So it is in ``pd.eval("a + b")``, and in formulas as of patsy: ``ols("y ~ scale(x)", data)``.
    """
    arguments = [*call.args[:1], *(keyword.value for keyword in call.keywords)]
    texts = [
        argument.value
        for argument in arguments
        if type(argument) is ast.Constant and type(argument.value) is str
    ]
    if not texts:
        return _NO_NAMES
    found: set[str] = set()
    for text in texts:
        if called in _EVALUATE:
            found |= _identifiers(text)
        elif "~" in text and "\n" not in text:
            found |= _identifiers(*text.split("~", 1))
    return frozenset(found)


def _identifiers(*texts: str) -> set[str]:
    """Return the names in expressions; a text that is no expression has none."""
    found: set[str] = set()
    for text in texts:
        try:
            tree = ast.parse(text.strip() or "0", mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        found |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found


def star_names(module: str) -> frozenset[str] | None:
    """Return what ``from module import *`` binds now; None if the module is not imported yet.

    Args:
        module: Its full name.
    """
    found = vars(sys.modules[module]) if module in sys.modules else None
    if found is None:
        return None
    names = found.get("__all__")
    if names is None:
        names = [name for name in found if not name.startswith("_")]
    return frozenset(name for name in names if isinstance(name, str))


def names_in_text(texts: Iterable[str]) -> frozenset[str]:
    """Return the variables that queries in pandas' or DuckDB's manner name."""
    return frozenset(name for text in texts for found in _IN_TEXT.findall(text) for name in found if name)
