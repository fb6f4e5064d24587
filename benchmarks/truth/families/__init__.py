"""The grammar: one file for each group of families."""

from __future__ import annotations

from truth.families.arrays import ARRAYS, FRAMES
from truth.families.core import ALIASES, CONTAINERS, SCALARS
from truth.families.dynamic import DYNAMIC, ERRORS, HISTORY, SCOPES
from truth.families.functions import CACHES, CLASSES, CLOSURES, FUNCTIONS, ITERATORS
from truth.families.randomness import GENERATORS, GLOBAL_RNGS, UNSEEDED
from truth.families.world import ENVIRONMENT, FILES, MAGICS, MODULES, SETTINGS

__all__ = ["FAMILIES"]

FAMILIES = {
    family.name: family
    for family in (
        SCALARS, CONTAINERS, ALIASES, FUNCTIONS, CLOSURES, CLASSES, CACHES, ITERATORS, ARRAYS, FRAMES, GLOBAL_RNGS,
        GENERATORS, UNSEEDED, FILES, ENVIRONMENT, SETTINGS, MODULES, MAGICS, DYNAMIC, SCOPES, HISTORY, ERRORS,
    )
}  # fmt: skip
