"""A configuration read from a file, and remembered as it was written."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadConfig
from jupyter_repro.records.configs import Config, Override

from .formats import KINDS, parsed, yaml_value
from .plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["READ", "read_config", "read_text"]

READ: dict[str, tuple[Config, Any]] = {}
"""Absolute path to what was read last from there in this process, and the content with its overrides, uncleaned."""

_MOST = 1 << 20
"""Bytes of a file that is a configuration."""


def read_config(path: str | os.PathLike[str], overrides: Iterable[str] = ()) -> Any:
    """Return what a YAML, JSON or TOML file says, and remember it as it is written.

    Args:
        path: The file.
        overrides: Values to put in the place of its own: ``["optimizer.lr=0.01"]``, a ``+`` before a new key.

    Raises:
        BadConfig: The file cannot be read, or an override names a key that it does not have.
    """
    if isinstance(overrides, str):
        raise BadConfig("`overrides` is one text", remedy=f"give a list: `[{overrides!r}]`")
    name = os.fspath(path)
    text, sha256 = read_text(name)
    found = parsed(text, name)
    before = plain(found)
    given = [_put(found, each, name) for each in overrides]
    kind = KINDS[Path(name).suffix.lower()]
    READ[os.path.abspath(name)] = (  # noqa: PTH100 - links stay as the user spells them
        Config(kind=kind, source=name, sha256=sha256, content=before, overrides=tuple(given)),
        plain(found),
    )
    return _with_references(found) if kind == "yaml" and "${" in text else found


def read_text(name: str) -> tuple[str, str]:
    """Return the text of a configuration file and its SHA-256.

    Raises:
        BadConfig: It cannot be read, or is too large.
    """
    try:
        with open(name, "rb") as file:  # noqa: PTH123 - the name as it was given
            data = file.read(_MOST + 1)
        if len(data) > _MOST:
            raise BadConfig(f"`{name}` is larger than a megabyte", remedy="read it as data")
        return data.decode("utf-8-sig"), hashlib.sha256(data).hexdigest()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadConfig(
            f"`{name}` cannot be read: {why}", remedy="give the path of a configuration file"
        ) from None


def _with_references(found: Any) -> Any:
    """Return the configuration as OmegaConf's, which resolves ``${...}`` when a value is read."""
    if not isinstance(found, (dict, list)):
        return found
    try:
        from omegaconf import OmegaConf
    except ImportError:
        raise BadConfig(
            "the file holds references (`${...}`), which OmegaConf resolves, and that is not installed",
            remedy="run `%pip install omegaconf`",
        ) from None
    return OmegaConf.create(found)


def _put(content: Any, text: str, name: str) -> Override:
    """Put one override into the content and return what it changes."""
    key, equals, value = text.partition("=")
    new, key = key.startswith("+"), key.removeprefix("+").strip()
    if not equals or not key:
        raise BadConfig(f"`{text}` is no override", remedy="write `optimizer.lr=0.01`, for example")
    place = content
    *above, last = key.split(".")
    for part in above:
        if new and isinstance(place, dict):
            place.setdefault(part, {})
        place = place.get(part) if isinstance(place, dict) else None
    if not isinstance(place, dict) or (last not in place and not new):
        raise BadConfig(f"`{name}` has no key `{key}`", remedy=_guess(key, content))
    default, known = place.get(last), last in place
    place[last] = yaml_value(value)
    return Override(key=key, given=plain(place[last]), default=plain(default), known=known)


def _guess(key: str, content: Any) -> str:
    import difflib

    from .overrides import leaves

    close = difflib.get_close_matches(key, [each for each, _ in leaves(content)], n=1)
    return f"did you mean `{close[0]}`?" if close else f"write `+{key}=...` for a new one"
