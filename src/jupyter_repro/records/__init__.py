"""Frozen facts: what every other module passes on. JSON in and out, no I/O.

A fact's module is loaded with its first use: what a notebook has no need of costs it nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .amp import Autocast, MixedPrecision, ScaleLog
    from .cells import Cell, CellId, Document
    from .chance import ChanceKind, ChanceReport, ChanceSource, Uncovered
    from .environment import Environment, Git, Gpu, Hardware, Missing, Package, Python
    from .findings import Finding, Severity
    from .inputs import InputFile
    from .leaks import EntropyMode, Leak, LeakKind
    from .ops import OpUse
    from .runs import ABSENT, CellRun, Ending, Margin, RngStep, Sharing, Use, Version
    from .settings import MOST_THREADS, Effect, SeedPlan, Setting, Strictness
    from .status import CellVerdict, Plan, Status, Verdict
    from .streams import Twins
    from .training import TrainingKind, TrainingUse

__all__ = [
    "ABSENT",
    "MOST_THREADS",
    "Autocast",
    "Cell",
    "CellId",
    "CellRun",
    "CellVerdict",
    "ChanceKind",
    "ChanceReport",
    "ChanceSource",
    "Document",
    "Effect",
    "Ending",
    "EntropyMode",
    "Environment",
    "Finding",
    "Git",
    "Gpu",
    "Hardware",
    "InputFile",
    "Leak",
    "LeakKind",
    "Margin",
    "Missing",
    "MixedPrecision",
    "OpUse",
    "Package",
    "Plan",
    "Python",
    "RngStep",
    "ScaleLog",
    "SeedPlan",
    "Setting",
    "Severity",
    "Sharing",
    "Status",
    "Strictness",
    "TrainingKind",
    "TrainingUse",
    "Twins",
    "Uncovered",
    "Use",
    "Verdict",
    "Version",
]

_HOMES = {
    "amp": "Autocast MixedPrecision ScaleLog",
    "cells": "Cell CellId Document",
    "chance": "ChanceKind ChanceReport ChanceSource Uncovered",
    "environment": "Environment Git Gpu Hardware Missing Package Python",
    "findings": "Finding Severity",
    "inputs": "InputFile",
    "leaks": "EntropyMode Leak LeakKind",
    "ops": "OpUse",
    "runs": "ABSENT CellRun Ending Margin RngStep Sharing Use Version",
    "settings": "MOST_THREADS Effect SeedPlan Setting Strictness",
    "status": "CellVerdict Plan Status Verdict",
    "streams": "Twins",
    "training": "TrainingKind TrainingUse",
}
"""Which module defines which facts."""
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Load the module of a fact when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    return found
