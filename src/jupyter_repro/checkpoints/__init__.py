"""Checkpoints of training from which one goes on bit for bit: written whole or not at all, without pickle."""

from __future__ import annotations
