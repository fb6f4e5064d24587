"""Configurations that are plain Python: dicts, data classes and bags of attributes under a telling name."""

from __future__ import annotations

import dataclasses
import re
import types
from typing import TYPE_CHECKING, Any

from jupyter_repro.inputs.configs.overrides import differences
from jupyter_repro.inputs.configs.plain import MOST, TooLarge, plain
from jupyter_repro.inputs.configs.scene import Part

if TYPE_CHECKING:
    from jupyter_repro.inputs.configs.scene import Scene

__all__ = ["is_named_so", "is_own", "read_own"]

_NAMES = re.compile(
    r".*(?:config(?:uration)?s?|cfg)|(?:.*_)?(?:conf|params|parameters|hparams|hyper_?params|hyper_?parameters|settings|opts?"
    r"|options|args)",
    re.IGNORECASE,
)


def is_named_so(name: str) -> bool:
    """Whether a name says that a configuration is under it."""
    return bool(_NAMES.fullmatch(name))


def is_own(value: Any) -> bool:
    """Whether it could be a configuration, if its name says so or a file holds it."""
    kind = type(value)
    if issubclass(kind, (dict, types.SimpleNamespace)):
        return True
    return any("__dataclass_fields__" in vars(base) for base in kind.__mro__)


def read_own(value: Any, names: tuple[str, ...], scene: Scene) -> Part | None:
    """Return its values; None if it holds other things than values, or nothing says that it is one."""
    named = any(map(is_named_so, names))
    if issubclass(type(value), dict):
        return _of_dict(value, scene, named=named)
    if not named:
        return None
    try:
        if issubclass(type(value), types.SimpleNamespace):
            return scene.from_file("namespace", plain(dict(vars(value)), foreign=False), else_note=_IN_CELL)
        fields = dataclasses.fields(value)
        content = {each.name: plain(vars(value).get(each.name), foreign=False) for each in fields}
        defaults = {
            each.name: plain(each.default) for each in fields if each.default is not dataclasses.MISSING
        }
    except (TypeError, TooLarge):
        return None
    found = tuple(each for each in differences(defaults, content) if each.known)
    return Part("dataclass", content, overrides=found, source=type(value).__qualname__)


_IN_CELL = "it stands in a cell only"


def _of_dict(value: dict[Any, Any], scene: Scene, *, named: bool) -> Part | None:
    size = dict.__len__(value)  # of a subclass, no method of its own is called
    if not 0 < size <= MOST or not all(type(key) is str for key in dict.keys(value)):
        return None
    if not named and type(value) is not dict:
        return None
    if not named and not scene.written:
        return None
    try:
        content = plain(value, foreign=False)
    except (TypeError, TooLarge):
        return None
    part = scene.from_file("dict", content, else_note=_IN_CELL)
    return part if named or part.source else None
