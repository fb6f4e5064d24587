"""Matplotlib's rcParams, and with them what seaborn's themes and style sheets set."""

from __future__ import annotations

import enum
import itertools
import operator
import sys
from typing import Any

from jupyter_repro.process.setting import Held, digest_of

__all__ = ["BY_THE_FRONT_END", "RcParams"]

BY_THE_FRONT_END = frozenset(("backend", "backend_fallback", "interactive"))
"""Keys that the inline backend sets by itself at the first plot; ``%matplotlib`` spells the same backend
otherwise, and reading ``backend`` would choose one."""


class RcParams:
    """Every parameter, read past the validators, deprecations and the choice of a backend."""

    name = "setting:matplotlib.rcParams"
    module = "matplotlib"
    names = frozenset(
        (
            "matplotlib", "mpl", "plt", "pylab", "sns", "seaborn", "rcParams", "rc", "rcdefaults", "rc_context",
            "rc_file", "style", "set_theme", "set_style", "set_context", "set_palette",
        )
    )  # fmt: skip

    def __init__(self) -> None:
        self._lists: list[list[Any]] = []

    def fingerprint(self) -> Held:
        """Return the values, and what the lists among them hold."""
        return Held((*dict.values(_params()), *itertools.chain.from_iterable(self._lists)))

    def same(self, fingerprint: object) -> bool:
        """Tell whether the values and what the lists hold still are the same."""
        params, lists = _params(), self._lists
        if type(fingerprint) is not Held or dict.__len__(params) + sum(map(len, lists)) != len(
            fingerprint.values
        ):
            return False
        # A list that gave way to another one shows among the values.
        now = itertools.chain(dict.values(params), itertools.chain.from_iterable(lists))
        return all(map(operator.is_, now, fingerprint.values))

    def digest(self) -> str:
        """Return the digest of the parameters."""
        params = dict(dict.items(_params()))
        self._lists = [value for value in params.values() if type(value) is list]
        return digest_of({key: _plain(params[key]) for key in sorted(params) if key not in BY_THE_FRONT_END})


def _params() -> Any:
    return sys.modules["matplotlib"].rcParams


def _plain(value: Any) -> object:
    kind = type(value)
    if isinstance(value, enum.Enum):
        return (kind.__qualname__, value.name)
    if (kind.__module__, kind.__qualname__) == ("cycler", "Cycler"):
        return value.by_key()
    return value
