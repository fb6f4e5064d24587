"""Files that are on record: configurations, and data that must not change."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["config", "data"]


def config(path: str | os.PathLike[str], overrides: Iterable[str] = ()) -> Any:
    """Return what a YAML, JSON or TOML file says, and put it on record as it is written.

    ``%repro config``, the environment and the bundle then tell the file with its digest, its values before any
    reference is resolved, and what was given over them. A YAML file with references (``${...}``) comes back as a
    configuration of OmegaConf, which resolves them when they are read; every other as dicts and lists. In YAML
    ``3e-4`` is a number, and a key that stands twice is an error.

    Args:
        path: The file.
        overrides: What to put in the place of its own values: ``["optimizer.lr=0.01"]``, a ``+`` before a new key.

    Raises:
        BadConfig: The file cannot be read, or an override names a key that it does not have.
    """
    from jupyter_repro.inputs.configs import read_config

    return read_config(path, overrides)


def data(path: str | os.PathLike[str], *, full: bool = False) -> Path:
    """Return the path, if the file is the one that was tracked: ``pd.read_csv(jupyter_repro.data("train.csv"))``.

    A folder stands for all files below it. What is tracked is written down by ``%repro data track PATHS``. What
    is asked for here counts as read by the cell.

    Args:
        path: A file or folder; a relative path means the working folder.
        full: Read every byte, also if size, times and inode say that the file has not changed since it was read.

    Raises:
        InputChanged: The file has changed or is gone; both digests are named, and what to do.
        NotTracked: It is not tracked.
        BadManifest: The manifest cannot be read.
    """
    from jupyter_repro.inputs.guard import assure
    from jupyter_repro.store.digests import cache_beside

    assure(os.fspath(path), Path.cwd(), cache_beside=lambda top: cache_beside(top, trust=not full))
    return Path(path)
