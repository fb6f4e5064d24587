"""Whether the code that Python keeps beside a module was made from its file as it is now."""

from __future__ import annotations

import sys
import types
from pathlib import Path

__all__ = ["compiled_from"]

_HEADER = 16
_HASHED = 1


def compiled_from(module: types.ModuleType, modified_ns: int, size: int) -> bool:
    """Tell whether the ``.pyc`` of the module may be of a file with this time and size.

    Python writes it at the import, from the very text that it runs. Where there is none, nothing is known
    against it.
    """
    if sys.dont_write_bytecode:
        return True
    spec = types.ModuleType.__getattribute__(module, "__dict__").get("__spec__")
    cached = getattr(spec, "cached", None)
    if type(cached) is not str:
        return True
    try:
        with Path(cached).open("rb") as file:
            header = file.read(_HEADER)
    except OSError:
        return True
    if len(header) < _HEADER or int.from_bytes(header[4:8], "little") & _HASHED:
        return True
    seconds = int.from_bytes(header[8:12], "little")
    length = int.from_bytes(header[12:16], "little")
    return (seconds, length) == (modified_ns // 1_000_000_000 & 0xFFFFFFFF, size & 0xFFFFFFFF)
