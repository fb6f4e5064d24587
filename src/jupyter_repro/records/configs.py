"""Configurations that cells work with."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

__all__ = ["Config", "ConfigKind", "Override"]

ConfigKind = Literal[
    "hydra", "omegaconf", "yaml", "json", "toml", "argparse", "sacred", "dataclass", "namespace", "dict"
]


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """One value that is not what the configuration says by itself."""

    key: str
    """With dots between levels: ``optimizer.lr``; empty where ``given`` could not be read."""
    given: Any = None
    """The value in force, or the text that was given, as Hydra's ``+model=large``."""
    default: Any = None
    """What it would be without; meaningless if ``known`` is False."""
    known: bool = False
    """Whether the default is known."""
    gone: bool = False
    """The key was taken out."""


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """One configuration, as it is before references in it are resolved."""

    kind: ConfigKind
    names: tuple[str, ...] = ()
    """Names of the notebook that hold it; none for a file that cells read and no name holds."""
    source: str = ""
    """The file it came from, relative to the notebook's folder if below it; Hydra's name of the configuration."""
    sha256: str = ""
    """Of that file, as it was read."""
    content: Any = None
    """Plain JSON data, credentials replaced by marks; ``${...}`` stays as it is written."""
    overrides: tuple[Override, ...] | None = None
    """None: not known, and ``note`` says why."""
    note: str = ""
