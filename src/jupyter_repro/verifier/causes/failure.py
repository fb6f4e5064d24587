"""A cell fails because something is missing here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .cause import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .runs import RunCell, Runs

__all__ = ["causes"]

_MODULE = re.compile(r"No module named '([\w.]+)'")
_FILE = re.compile(r"No such file or directory: '([^']{1,300})'")


def causes(cell: RunCell, _runs: Runs) -> Iterator[Cause]:
    """Yield the module or file that an error names."""
    if cell.now.error is None or cell.was.error is not None:
        return
    name, value = cell.now.error
    module, file = _MODULE.search(value), _FILE.search(value)
    if module and name in ("ModuleNotFoundError", "ImportError"):
        yield Cause("failure", f"the module `{module[1]}` is not in the locked environment", "recorded")
    elif file and name == "FileNotFoundError":
        yield Cause(
            "failure",
            f"the file `{file[1]}` is not in the bundle, and no cell here has written it",
            "recorded",
        )
