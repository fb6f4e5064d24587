"""Configurations as text and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_repro.canonical import dumps, to_builtins
from jupyter_repro.secrets import known_values, redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jupyter_repro.records.configs import Config, Override

__all__ = ["config_json", "config_text", "config_title"]

_TITLES = {
    "hydra": "Hydra",
    "omegaconf": "OmegaConf",
    "yaml": "YAML",
    "json": "JSON",
    "toml": "TOML",
    "argparse": "argparse",
    "sacred": "Sacred",
    "dataclass": "data class",
    "namespace": "attributes",
    "dict": "dict",
}
_MOST = 20
_WIDEST = 60
_NONE = (
    "No configuration is found: no name holds one of Hydra, OmegaConf, argparse or Sacred, or a dict such as `config`, "
    'and no cell has read one. `jupyter_repro.config("config.yaml")` reads one and keeps it on record.'
)


def config_text(configs: Iterable[Config], *, verbose: bool = False) -> str:
    """Return configurations for a terminal or a cell's output.

    Args:
        configs: The facts.
        verbose: All values, however many and long.
    """
    parts = ["\n".join(_lines(each, verbose=verbose)) for each in configs]
    return "\n\n".join(parts) or _NONE


def config_json(configs: Iterable[Config]) -> str:
    """Return configurations as JSON with sorted keys, without credentials."""
    plain = [redacted(to_builtins(each), known=known_values()) for each in configs]
    return dumps(plain, indent=2).decode().rstrip("\n")


def config_title(config: Config) -> str:
    """Say what it is and where it came from, in one line."""
    held = ", ".join(f"`{name}`" for name in config.names) or f"`{config.source}`"
    kind = _TITLES[config.kind]
    if config.names and config.source:
        kind += f", {'class' if config.kind == 'dataclass' else 'from'} {config.source}"
    if config.sha256:
        kind += f" ({config.sha256[:12]})"
    if config.overrides is None and config.kind in ("dict", "namespace"):
        given = "in a cell only"
    elif config.overrides is None:
        given = "defaults not known"
    else:
        count = len(config.overrides)
        given = "as it is written" if not count else "1 override" if count == 1 else f"{count} overrides"
    return f"{held}: {kind}, {given}"


def _lines(config: Config, *, verbose: bool) -> Iterator[str]:
    yield config_title(config)
    overridden = {each.key: each for each in config.overrides or () if each.key}
    values = dict(_leaves(config.content))
    shown = {key: _value(each, verbose=verbose) for key, each in values.items()}
    order = sorted(values, key=lambda key: key not in overridden)  # what was given first; else as it stands
    kept = order if verbose else order[:_MOST]
    gone = [each for key, each in overridden.items() if key not in values]
    width = max((len(key) for key in (*kept, *(each.key for each in gone))), default=0)
    for key in kept:
        yield f"  {key.ljust(width)}  {shown[key]}{_given(overridden.get(key), values[key], verbose=verbose)}"
    for each in gone:
        told = "taken out" if each.gone else f"given: {_value(each.given, verbose=verbose)}"
        yield f"  {each.key.ljust(width)}  {told}"
    if len(kept) < len(order):
        yield f"  ... and {len(order) - len(kept)} more: `%repro config verbose`"
    if config.note and (config.overrides is not None or config.kind not in ("dict", "namespace")):
        yield f"  ({config.note})"


def _given(override: Override | None, value: Any, *, verbose: bool) -> str:
    if override is None:
        return ""
    if override.known:
        same = " too" if override.default == value else ""
        return f"  <- given, default {_value(override.default, verbose=verbose)}{same}"
    return "  <- given"


def _leaves(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from _leaves(each, f"{prefix}.{key}" if prefix else key)
    elif prefix or value not in (None, {}):
        yield prefix or "(all)", value


def _value(value: Any, *, verbose: bool) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split()) if isinstance(value, str) else text
    return text if verbose or len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."
