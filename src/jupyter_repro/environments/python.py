"""The interpreter that runs the cells."""

from __future__ import annotations

import os
import platform
import sys
from typing import TYPE_CHECKING

from jupyter_repro.records import Python

from .hash_seed import governs

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["hash_seed", "python"]


def python(environ: Mapping[str, str] = os.environ) -> Python:
    """Return what this interpreter says of itself."""
    return Python(
        version=platform.python_version(),
        implementation=platform.python_implementation(),
        build=", ".join(platform.python_build()),
        compiler=platform.python_compiler(),
        hash_seed=hash_seed(environ),
    )


def hash_seed(environ: Mapping[str, str]) -> str:
    """Return the seed of string hashes that is in force, ``random`` if none is.

    The variable alone proves nothing, since code may have set it after the start; so the hash that it
    would give is worked out and compared.
    """
    if not sys.flags.hash_randomization:
        return "0"
    asked = environ.get("PYTHONHASHSEED", "")
    if not (asked.isascii() and asked.isdigit()):
        return "random"
    verdict = governs(int(asked))
    if verdict is None:
        return f"unknown: PYTHONHASHSEED is {int(asked)}, which cannot be checked here"
    return str(int(asked)) if verdict else "random"
