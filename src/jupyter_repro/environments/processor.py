"""What of the CPU decides which instructions a library chooses."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from jupyter_repro.records import Missing
from jupyter_repro.records.system import Processor

__all__ = ["processor"]

_CHOSEN_BY = (
    "sse4_2", "avx", "avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni",
    "avx512_bf16", "avx512_fp16", "avx_vnni", "amx_tile", "amx_int8", "amx_bf16", "asimd", "asimdhp", "asimddp",
    "bf16", "i8mm", "sve", "sve2", "vsx", "vx",
)  # fmt: skip
"""Names as the Linux kernel spells them; others bear on no result."""
_NO_LIMIT = 1 << 60


def processor(*, root: Path = Path("/")) -> Processor:
    """Return the instruction sets, and what of the machine this process may use."""
    return Processor(
        features=_features(root), usable_cores=_usable_cores(), memory_limit_bytes=_memory_limit(root)
    )


def _features(root: Path) -> tuple[str, ...] | Missing:
    try:
        text = (root / "proc/cpuinfo").read_text("utf-8", "replace")
    except OSError:
        return _as_numpy_knows()
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key.strip().lower() in {"flags", "features"}:
            there = set(value.split())
            return tuple(name for name in _CHOSEN_BY if name in there)
    return _as_numpy_knows()


def _as_numpy_knows() -> tuple[str, ...] | Missing:
    """Where the system does not list them, NumPy has looked, if it is loaded."""
    module: Any = sys.modules.get("numpy._core._multiarray_umath")
    found = getattr(module, "__cpu_features__", None)
    if not isinstance(found, dict):
        return Missing(
            "this system lists no instruction sets, and NumPy, which looks for them, is not imported"
        )
    return tuple(sorted(str(name).lower() for name, there in found.items() if there))


def _usable_cores() -> int | None:
    ask: Any = getattr(os, "sched_getaffinity", None)
    return len(ask(0)) if ask is not None else None


def _memory_limit(root: Path) -> int | None:
    for name in ("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            limit = int((root / name).read_text().strip())
        except (OSError, ValueError):
            continue
        return limit if limit < _NO_LIMIT else None
    return None
