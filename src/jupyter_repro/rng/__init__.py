"""Seeds into every RNG stream of the process, and the streams' states back out."""

from __future__ import annotations

from .governor import Streams
from .process import PROCESS, ProcessStreams
from .protocol import RngState, Seeder
from .registry import GROUP, find_seeders
from .scoped import governed
from .seeds import SEED_BITS, check_seed

__all__ = [
    "GROUP",
    "PROCESS",
    "SEED_BITS",
    "ProcessStreams",
    "RngState",
    "Seeder",
    "Streams",
    "check_seed",
    "find_seeders",
    "governed",
]
