"""Old journals go, those of living kernels never."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from .alive import alive

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["journals", "prune"]

_KEEP = 50


def journals(folder: Path) -> tuple[Path, ...]:
    """Return the journals in the folder, the one written last first."""
    found = []
    for path in folder.glob("run-*.jsonl"):
        with contextlib.suppress(OSError):
            found.append((path.lstat().st_mtime_ns, path.name, path))
    return tuple(path for _, _, path in sorted(found, reverse=True))


def prune(folder: Path, *, keep: int = _KEEP) -> tuple[Path, ...]:
    """Remove all but the newest journals and those whose kernel lives; return what was removed."""
    removed = []
    for path in journals(folder)[keep:]:
        with contextlib.suppress(OSError):
            if not alive(path):
                for beside in ("env-", "trackers-"):
                    path.with_name(path.name.replace("run-", beside, 1)).with_suffix(".json").unlink(
                        missing_ok=True
                    )
                path.unlink()
                removed.append(path)
    return tuple(removed)
