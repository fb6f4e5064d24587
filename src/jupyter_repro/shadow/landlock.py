"""Landlock: from here on, this process and all that it starts write nowhere but below a few folders.

Linux only, from 5.13 on, without any privilege; see landlock(7) and https://docs.kernel.org/userspace-api/landlock.html.
Reading is left free, and so are the modes, owners and times of files, which Landlock does not govern.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["landlock_version", "write_only_below"]

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""The same numbers on every architecture."""
_VERSION = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38
_WRITE_FILE = 1 << 1
_REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))
_REFER, _REFER_SINCE = 1 << 13, 2
_TRUNCATE, _TRUNCATE_SINCE = 1 << 14, 3
_OF_FILES = _WRITE_FILE | _TRUNCATE
"""The rights that a rule about a single file may name."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def landlock_version() -> int:
    """Return the version of Landlock that this kernel has in force, 0 where it has none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(_call(_CREATE_RULESET, None, 0, _VERSION), 0)


def write_only_below(writable: Iterable[Path]) -> int:
    """Restrict this thread, and every thread and process that it starts; return the version in force.

    Args:
        writable: Folders and files that exist.

    Raises:
        OSError: The kernel refuses, or has no Landlock; nothing is restricted then.
    """
    version = landlock_version()
    if not version:
        raise OSError("this system has no Landlock")
    rights = _WRITE_FILE | _REMOVE_AND_MAKE
    rights |= _REFER if version >= _REFER_SINCE else 0
    rights |= _TRUNCATE if version >= _TRUNCATE_SINCE else 0
    attributes = _Ruleset(rights)
    ruleset = _checked(_CREATE_RULESET, ctypes.byref(attributes), ctypes.sizeof(attributes), 0)
    try:
        for path in writable:
            _allow(ruleset, path, rights)
        if _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            raise _failed()
        _checked(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return version


def _allow(ruleset: int, path: Path, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathBeneath(rights if path.is_dir() else rights & _OF_FILES, opened)
        _checked(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(*arguments: object) -> int:
    return int(
        _libc().syscall(*(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments))
    )


def _checked(*arguments: object) -> int:
    result = _call(*arguments)
    if result < 0:
        raise _failed()
    return result


def _failed() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
