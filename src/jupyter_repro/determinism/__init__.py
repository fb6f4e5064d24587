"""Determinism switches: set, read back, given back."""

from __future__ import annotations

from .apply import Switches
from .process import PROCESS, ProcessSwitches
from .switch import LEVELS, Switch
from .switches import BUILT_IN

__all__ = ["BUILT_IN", "LEVELS", "PROCESS", "ProcessSwitches", "Switch", "Switches"]
