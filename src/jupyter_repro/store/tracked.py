"""The file beside a journal that names the kernel's run and those of trackers, so that a killed kernel loses neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.canonical import dumps, to_builtins, write_atomic
from jupyter_repro.records.trackers import TrackersFile
from jupyter_repro.secrets import known_values, redacted

from .journal import journal_path

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["kernel_of_run", "read_tracked", "tracked_path", "write_tracked"]

_BEFORE, _AFTER = "trackers-", ".json"


def tracked_path(folder: Path, kernel: str) -> Path:
    """Return the file that belongs to a kernel's journal in the folder."""
    return folder / journal_path(folder, kernel).name.replace("run-", _BEFORE, 1).replace(".jsonl", _AFTER)


def write_tracked(folder: Path, facts: TrackersFile) -> None:
    """Write it whole or not at all, without any credential.

    Raises:
        StorageFailed: It cannot be written.
    """
    plain = redacted(to_builtins(facts), known=known_values())
    write_atomic(tracked_path(folder, facts.kernel), dumps(plain, indent=2), private=True)


def read_tracked(folder: Path, kernel: str) -> TrackersFile | None:
    """Return what is known; None: no tracker was told, or the file cannot be read."""
    try:
        found = msgspec.json.decode(tracked_path(folder, kernel).read_bytes(), type=TrackersFile)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return found if found.kernel == kernel else None


def kernel_of_run(folder: Path, beginning: str) -> str:
    """Return the kernel to which a run was promised whose name begins so; empty: there is none."""
    for path in sorted(folder.glob(f"{_BEFORE}*{_AFTER}")):
        found = read_tracked(folder, path.name.removeprefix(_BEFORE).removesuffix(_AFTER))
        if found is not None and found.run.startswith(beginning):
            return found.kernel
    return ""
