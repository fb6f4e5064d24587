"""Secrets that this process was given: what variables of the environment hold under names of secrets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .records import is_secret_name
from .scan import find, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["known_values"]

_SHORTEST = 8


def known_values(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return secret values of the environment, the longest first, each with its variable.

    Short values, words of lower-case letters and paths are left out: they may stand anywhere by chance.

    Args:
        environ: None takes that of the process, as it is now.
    """
    found: dict[str, str] = {}
    for name, value in (os.environ if environ is None else environ).items():
        if is_secret_name(name) and _telling(value):
            found[value] = name
        elif "://" in value:
            for each in find(value):
                whole = value[each.start : each.end]
                parts = (whole, whole.partition(":")[2])  # `user:password`, and the password alone
                found.update((part, name) for part in parts if _telling(part))
    return {value: found[value] for value in sorted(found, key=len, reverse=True)}


def _telling(value: str) -> bool:
    if len(value) < _SHORTEST or is_placeholder(value) or value.startswith(("/", "~", ".")):
        return False
    return not (value.isalpha() and value.islower()) and not (value.isdigit() and len(value) <= _SHORTEST)
