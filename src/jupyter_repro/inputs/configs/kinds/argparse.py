"""Arguments of a command line, as notebooks parse them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from jupyter_repro.inputs.configs.overrides import differences
from jupyter_repro.inputs.configs.plain import plain
from jupyter_repro.inputs.configs.scene import Part

if TYPE_CHECKING:
    from jupyter_repro.inputs.configs.scene import Scene

__all__ = ["is_namespace", "read_namespace"]


def is_namespace(value: Any) -> bool:
    """Whether it is what ``ArgumentParser.parse_args`` returns."""
    return issubclass(type(value), argparse.Namespace)


def read_namespace(value: Any, _names: tuple[str, ...], scene: Scene) -> Part:
    """Return the arguments, and which of them are not the defaults of their parser, if a name holds it."""
    content = plain(dict(vars(value)))
    defaults = [
        found
        for each in list(scene.namespace.values())
        if issubclass(type(each), argparse.ArgumentParser)
        and (found := _defaults(each)).keys() <= content.keys()
    ]
    best: dict[str, Any] = max(defaults, key=len, default={})
    if not best:
        return Part("argparse", content, note="no name holds its parser, so that its defaults are not known")
    return Part("argparse", content, overrides=differences(best, content))


def _defaults(parser: argparse.ArgumentParser) -> dict[str, Any]:
    """Return the defaults by destination, texts as the parser would read them."""
    found: dict[str, Any] = {}
    for action in parser._actions:  # noqa: SLF001 - argparse has no public way to list them
        if action.dest is argparse.SUPPRESS or action.default is argparse.SUPPRESS:
            continue
        default = parser.get_default(action.dest)
        if isinstance(default, str) and action.type in (int, float):
            default = action.type(default)
        found[action.dest] = plain(default)
    return found
