"""pandas' options."""

from __future__ import annotations

import itertools
import operator
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.process.setting import Held, digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PandasOptions"]


class PandasOptions:
    """Every option of pandas, where pandas keeps it: its validators and callbacks are not asked."""

    name = "setting:pandas.options"
    module = "pandas"
    names = frozenset(
        (
            "pandas",
            "pd",
            "set_option",
            "reset_option",
            "option_context",
            "options",
            "get_option",
            "describe_option",
        )
    )

    def __init__(self) -> None:
        self._groups: list[dict[str, Any]] = []

    def fingerprint(self) -> Held:
        """Return the values of all groups of options."""
        root, _ = _kept()
        self._groups = list(_groups(root))
        return Held(tuple(itertools.chain.from_iterable(map(dict.values, self._groups))))

    def same(self, fingerprint: object) -> bool:
        """Tell whether the values still are the same."""
        root, _ = _kept()
        groups = self._groups
        if not groups or groups[0] is not root or type(fingerprint) is not Held:
            return False
        if sum(map(len, groups)) != len(fingerprint.values):
            return False
        # A group that came later is a value of the group above it, so it shows as a change.
        now = itertools.chain.from_iterable(map(dict.values, groups))
        return all(map(operator.is_, now, fingerprint.values))

    def digest(self) -> str:
        """Return the digest of the options that are not at their defaults.

        Libraries register options of their own when they are imported: at their defaults they are no change.
        """
        root, options = _kept()
        changed = {}
        for key, option in sorted(options.items()):
            value = _leaf(root, key)
            if not _same_atom(value, option.defval):
                changed[key] = value
        return digest_of(changed)


_PARTS = operator.attrgetter("_global_config", "_registered_options")


def _kept() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values, in groups within groups, and the options with their defaults, by dotted name."""
    values, options = _PARTS(sys.modules["pandas._config.config"])
    return values, options


def _groups(root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield root
    for value in root.values():
        if type(value) is dict:
            yield from _groups(value)


def _leaf(root: dict[str, Any], key: str) -> Any:
    value: Any = root
    for part in key.split("."):
        value = value[part]
    return value


_ATOMS = (type(None), bool, int, float, str)


def _same_atom(value: Any, default: Any) -> bool:
    return value is default or (type(value) is type(default) and type(value) in _ATOMS and value == default)
