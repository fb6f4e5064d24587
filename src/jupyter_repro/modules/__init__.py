"""Modules of the user's: their files, and the state that they hold."""

from __future__ import annotations

from .origins import Origins
from .record import UserModule
from .watch import ModuleWatch

__all__ = ["ModuleWatch", "Origins", "UserModule"]
