"""Rules of installed packages."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.metadata import EntryPoint

__all__ = ["GROUP", "PluginRules", "load_rules", "plugin_rules"]

GROUP = "jupyter_repro.rules"
"""Entry point group; each entry is a rule's class, or a function without arguments that returns a rule."""

_CODE = re.compile(r"[A-Z]{2,8}[0-9]{3}")


class PluginRules:
    """The rules of packages, and why some could not be loaded."""

    def __init__(self, rules: tuple[Any, ...], broken: tuple[str, ...]) -> None:
        self.rules = rules
        self.broken = broken


def load_rules(points: Iterable[EntryPoint]) -> PluginRules:
    """Load each rule; one that fails, or whose code is not its own, is named in ``broken``."""
    rules: list[Any] = []
    broken: list[str] = []
    for point in sorted(points, key=lambda point: point.name):
        try:
            rule = point.load()()
        except Exception as error:  # noqa: BLE001 - a package of others may raise anything
            broken.append(f"the rule `{point.name}` could not be loaded: {type(error).__name__}: {error}")
            continue
        why = _not_a_rule(rule, {each.code for each in rules})
        if why:
            broken.append(f"the rule `{point.name}` is left out: {why}")
        else:
            rules.append(rule)
    return PluginRules(tuple(rules), tuple(broken))


@functools.cache
def plugin_rules() -> PluginRules:
    """Return those of the installed packages."""
    from importlib.metadata import entry_points

    return load_rules(entry_points(group=GROUP))


def _not_a_rule(rule: Any, taken: set[str]) -> str:
    code = getattr(rule, "code", None)
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        return f"its code {code!r} is not letters and three digits"
    if code.startswith("RP"):
        return f"its code {code} begins with RP, which is jupyter_repro's own"
    if code in taken:
        return f"another rule has its code {code}"
    if not (callable(getattr(rule, "check", None)) or callable(getattr(rule, "check_file", None))):
        return "it has neither `check` nor `check_file`"
    if not (rule.__doc__ or "").strip():
        return "it has no docstring"
    return ""
