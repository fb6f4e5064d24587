"""The environment of one kernel life, as a file beside its journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.canonical import dumps, to_builtins, write_atomic
from jupyter_repro.errors import StorageFailed
from jupyter_repro.records.sidecar import EnvironmentFile
from jupyter_repro.secrets import known_values, redacted

from .journal import journal_path

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_sidecar", "sidecar_path", "write_sidecar"]


def sidecar_path(folder: Path, kernel_id: str) -> Path:
    """Return the file that the kernel's environment has in the folder."""
    return folder / journal_path(folder, kernel_id).name.replace("run-", "env-", 1).replace(".jsonl", ".json")


def write_sidecar(folder: Path, facts: EnvironmentFile) -> Path:
    """Write what a kernel stood on, whole or not at all, without any credential.

    Raises:
        StorageFailed: It cannot be written.
    """
    path = sidecar_path(folder, facts.kernel)
    write_atomic(path, dumps(redacted(to_builtins(facts), known=known_values()), indent=2), private=True)
    return path


def read_sidecar(path: Path) -> EnvironmentFile:
    """Return what a kernel stood on.

    Raises:
        StorageFailed: The file cannot be read, or is not one of ours.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=EnvironmentFile)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StorageFailed(f"cannot read `{path}`: {error}", remedy="choose another record") from error
