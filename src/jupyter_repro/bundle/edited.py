"""The environment with what was edited by hand in it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

from .dists import read_interpreter
from .edits import edited_files

if TYPE_CHECKING:
    from jupyter_repro.records import Environment

__all__ = ["with_edits"]


def with_edits(environment: Environment) -> Environment:
    """Return the environment with the installed files that are no longer those of their RECORD; reads them all."""
    there = [each for each in read_interpreter(sys.executable).distributions if each.origin != "editable"]
    edited = edited_files(there)
    return msgspec.structs.replace(
        environment,
        packages=tuple(
            msgspec.structs.replace(package, edited=edited.get(package.name, ()))
            for package in environment.packages
        ),
    )
