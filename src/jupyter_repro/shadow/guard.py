"""In the kernel of a run in the shadow: what Python writes elsewhere is refused before it happens.

Landlock refuses more, also to C libraries and programs; this guard adds modes, owners and times of files, and stands alone where
a system has no Landlock.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["WRITABLE_ENV", "hold_back"]

WRITABLE_ENV = "JUPYTER_REPRO_WRITABLE"
"""Names the folders that may be written to, separated as in PATH."""

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REMEDY = "a proof writes nothing outside the project"

_PLACES: dict[str, tuple[tuple[int, int | None], ...]] = {
    "os.chflags": ((0, None),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.link": ((1, 3),),
    "os.mkdir": ((0, 2),),
    "os.remove": ((0, 1),),
    "os.removexattr": ((0, None),),
    "os.rename": ((0, 2), (1, 3)),
    "os.rmdir": ((0, 1),),
    "os.setxattr": ((0, None),),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
    "os.utime": ((0, 3),),
}
"""Audit event -> where among its arguments a path that it changes is, and the folder that the path is relative to."""

_OF_FOLDERS = frozenset({"os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink"})
"""What changes the folder that a name stands in, and not what a link of that name leads to."""


def hold_back(writable: Sequence[str]) -> None:
    """Refuse, from now on and for good, to change anything that is not below one of these folders."""
    sys.addaudithook(_hook(tuple(Path(each).resolve() for each in writable)))


def _hook(allowed: tuple[Path, ...]) -> Callable[[str, tuple[Any, ...]], None]:
    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if not _writes(mode, flags):
                return
            places: tuple[tuple[Any, Any], ...] = ((path, None),)
        elif event in _PLACES:
            places = tuple(
                (arguments[at], None if base is None else arguments[base]) for at, base in _PLACES[event]
            )
        else:
            return
        for path, base in places:
            _check(path, base, allowed, follow=event not in _OF_FOLDERS)

    return guard


def _writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(isinstance(flags, int) and flags & _WRITES)


def _check(path: Any, base: Any, allowed: tuple[Path, ...], *, follow: bool) -> None:
    if isinstance(path, int):
        return  # open already, and was judged then
    place = Path(os.fsdecode(path))
    if isinstance(base, int) and base >= 0 and not place.is_absolute():
        place = _folder_of(base) / place
    real = place.resolve() if follow else place.parent.resolve()
    if not any(real.is_relative_to(each) for each in allowed):
        raise PermissionError(errno.EACCES, _REMEDY, str(place))


def _folder_of(descriptor: int) -> Path:
    """Return the folder that is open under a number."""
    if sys.platform == "darwin":
        import fcntl

        told = fcntl.fcntl(descriptor, fcntl.F_GETPATH, bytes(1024))
        return Path(os.fsdecode(told.rstrip(b"\0")))
    return Path(f"/proc/self/fd/{descriptor}").readlink()
