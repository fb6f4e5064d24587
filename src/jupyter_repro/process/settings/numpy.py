"""What NumPy does on floating-point errors, and how it prints arrays."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.process.setting import Held, Reading

if TYPE_CHECKING:
    from jupyter_repro.process.setting import Setting

__all__ = ["SETTINGS"]


def _errors() -> tuple[object, ...]:
    """Return what ``np.errstate`` governs, of this context; NumPy 2 tells it in one call."""
    numpy: Any = sys.modules["numpy"]
    core = getattr(numpy, "_core", None)
    read = getattr(getattr(core, "umath", None), "_get_extobj_dict", None)
    if read is None:
        return (*numpy.geterr().values(), numpy.getbufsize(), Held((numpy.geterrcall(),)))
    found = read()
    call = found.pop("call")
    return (*found.values(), Held((call,)))


def _errors_plain(values: Any) -> object:
    *plain, call = values
    return (*plain, *call.values)


def _printing() -> tuple[object, ...]:
    numpy: Any = sys.modules["numpy"]
    return tuple(numpy.get_printoptions().values())


def _printing_plain(_values: tuple[object, ...]) -> object:
    numpy: Any = sys.modules["numpy"]
    return numpy.get_printoptions()


SETTINGS: tuple[Setting, ...] = (
    Reading(
        "setting:numpy.errstate",
        frozenset(("numpy", "np", "seterr", "seterrcall", "setbufsize", "errstate", "geterr")),
        _errors,
        module="numpy",
        plain=_errors_plain,
    ),
    Reading(
        "setting:numpy.printoptions",
        frozenset(("numpy", "np", "set_printoptions", "printoptions", "get_printoptions", "precision")),
        _printing,
        module="numpy",
        held=True,
        plain=_printing_plain,
    ),
)
"""NumPy's settings."""
