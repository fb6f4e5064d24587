"""Frozen facts: what every other module passes on. JSON in and out, no I/O."""

from __future__ import annotations

from .amp import Autocast, MixedPrecision, ScaleLog
from .cells import Cell, CellId, Document
from .chance import ChanceKind, ChanceReport, ChanceSource, Uncovered
from .environment import Environment, Git, Gpu, Hardware, Missing, Package, Python
from .findings import Finding, Severity
from .inputs import InputFile
from .leaks import EntropyMode, Leak, LeakKind
from .ops import OpUse
from .runs import ABSENT, CellRun, Ending, Margin, RngStep, Sharing, Use, Version
from .settings import Effect, SeedPlan, Setting, Strictness
from .status import CellVerdict, Plan, Status, Verdict
from .streams import Twins
from .training import TrainingKind, TrainingUse

__all__ = [
    "ABSENT",
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
