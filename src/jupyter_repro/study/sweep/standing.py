"""What a result stands on beside its code and settings: files that were read, modules of the user's."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.inputs.modules import local_modules
from jupyter_repro.inputs.on_disk import digest_at
from jupyter_repro.inputs.opened import FileWatch
from jupyter_repro.records import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from typing_extensions import Self

__all__ = ["Standing", "digests", "stands"]

_OURS = Path(__file__).resolve().parents[2]
_modules: dict[int, tuple[Path, ...]] = {}
"""Of the last count of modules: looking through all takes longer than many a run."""


class Standing:
    """Watches what a block of code reads."""

    def __init__(self) -> None:
        self._watch = FileWatch()
        self.found: dict[str, str] = {}
        """Path to digest, once the block has ended."""

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        opened = self._watch.take()
        self._watch.stop()
        made = set(opened.written)
        self.found = digests([*(path for path in opened.read if path not in made), *map(str, _own_modules())])


def digests(paths: Iterable[str]) -> dict[str, str]:
    """Return the digest of each file that is there."""
    told = {path: digest_at(Path(path)) for path in dict.fromkeys(paths)}
    return {
        path: digest for path, digest in told.items() if digest not in (None, ABSENT) and digest is not None
    }


def stands(on: Mapping[str, str]) -> bool:
    """Whether every file is still what it was."""
    return all(digest_at(Path(path)) == digest for path, digest in on.items())


def _own_modules() -> tuple[Path, ...]:
    count = len(sys.modules)
    if count not in _modules:
        _modules.clear()
        _modules[count] = tuple(
            path for path in local_modules(Path(Path.cwd().anchor)) if not path.is_relative_to(_OURS)
        )
    return _modules[count]
