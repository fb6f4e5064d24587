"""Texts of configuration files as data."""

from __future__ import annotations

import functools
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadConfig

if TYPE_CHECKING:
    from jupyter_repro.records.configs import ConfigKind

__all__ = ["KINDS", "parsed", "yaml_value"]

KINDS: dict[str, ConfigKind] = {".json": "json", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml"}

_FLOAT = re.compile(
    r"""^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+
    |\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$""",
    re.VERBOSE,
)


def parsed(text: str, name: str) -> Any:
    """Return what a configuration file says, by its suffix.

    In YAML `3e-4` is a number, and a key that stands twice is an error, as OmegaConf and Hydra have it.

    Raises:
        BadConfig: It is no such file, or not well formed.
    """
    kind = KINDS.get(Path(name).suffix.lower())
    if kind is None:
        raise BadConfig(
            f"`{name}` is no configuration file that is known", remedy=f"known suffixes: {', '.join(KINDS)}"
        )
    try:
        if kind == "json":
            return json.loads(text, object_pairs_hook=_unique)
        if kind == "toml":
            return _toml(text)
        return _yaml(text)
    except (ValueError, RecursionError) as error:
        raise BadConfig(f"`{name}` cannot be read: {_one_line(error)}", remedy="mend the file") from None


def yaml_value(text: str) -> Any:
    """Return the value that a text has in YAML, the text itself if it is none."""
    try:
        return _yaml(text)
    except ValueError:
        return text


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for number, (key, _) in enumerate(pairs) if key in dict(pairs[:number]))
        raise ValueError(f"the key `{twice}` stands twice")
    return found


def _toml(text: str) -> Any:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


def _yaml(text: str) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=_loader())  # noqa: S506 - the loader is a safe one
    except yaml.YAMLError as error:
        raise ValueError(_one_line(error)) from None


@functools.cache
def _loader() -> Any:
    """Return PyYAML's safe loader with numbers as YAML 1.2 has them, and no key twice."""
    import yaml

    class Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML is not typed
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - as PyYAML calls it
            seen = set()
            for key, _ in node.value:
                if key.tag != "tag:yaml.org,2002:merge" and key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key `{key.value}` stands twice", key.start_mark
                    )
                seen.add(key.value if isinstance(key.value, str) else id(key))
            return super().construct_mapping(node, deep)

    Loader.yaml_implicit_resolvers = {
        first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:float"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver("tag:yaml.org,2002:float", _FLOAT, list("-+0123456789."))
    return Loader


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
