"""How a cell's requests are answered."""

from __future__ import annotations

from typing import Literal

__all__ = ["REPLAY_ENV", "Mode"]

REPLAY_ENV = "JUPYTER_REPRO_HTTP"
"""With the value ``replay``, what would be recorded must be in the file: the runs of a bundle need no network."""

Mode = Literal["record", "replay", "refresh"]
