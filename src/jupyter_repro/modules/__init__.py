"""Modules of the user's: their files, and the state that they hold."""

from __future__ import annotations

from .autoreload import Autoreload
from .origins import Origins
from .record import UserModule
from .watch import ModuleWatch

__all__ = ["Autoreload", "ModuleWatch", "Origins", "UserModule"]
