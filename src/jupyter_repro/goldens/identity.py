"""What the bits of a run hang on, as texts: two runs are bit for bit comparable only where all of them agree."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.determinism.trace.facts import facts_now
from jupyter_repro.environments.numeric_libraries import numeric_libraries
from jupyter_repro.environments.processor import processor
from jupyter_repro.records import Missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["EARLY", "changes", "context_now", "identity_now"]

_CONTEXT = ("hash seed",)
_LIBRARIES = ("jax", "jaxlib", "scikit-learn", "scipy", "tensorflow", "transformers", "lightning")
_MODULES = {"scikit-learn": "sklearn"}
_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")

EARLY = ("CPU", "CPU caches", "CPU features", "Python", "system", "torch")
"""Facts that no code of a run changes: they can be compared before it begins."""


def identity_now() -> dict[str, str]:
    """Return the facts of this process; no library is imported and no device is started for it."""
    found = {name: fact for name, fact in facts_now().items() if name not in _CONTEXT}
    # from 3.12 on `sum` adds floats in another way; a patch release changes no number
    found["Python"] = ".".join(platform.python_version_tuple()[:2])
    features = processor().features
    if not isinstance(features, Missing):
        found["CPU features"] = " ".join(features)
    found |= dict(_caches())
    found |= dict(_blas())
    for name in _LIBRARIES:
        if _MODULES.get(name, name) in sys.modules:
            found[name] = importlib.metadata.version(name)
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available() and torch.cuda.is_initialized():
        found |= dict(_devices())
    return found


def context_now() -> dict[str, str]:
    """Return what explains another result without allowing it: seeds."""
    from jupyter_repro.rng.process import PROCESS

    found = {name: fact for name, fact in facts_now().items() if name in _CONTEXT}
    return found | {"seed": "none" if PROCESS.top is None else str(PROCESS.top.seed)}


def changes(
    reference: Mapping[str, str], now: Mapping[str, str], *, only: tuple[str, ...] = ()
) -> tuple[tuple[str, str, str], ...]:
    """Return the facts that differ as (name, in the reference, now).

    Args:
        reference: Facts of the reference.
        now: Facts of this run.
        only: Compare these names alone, where both sides have them; empty: all names of either side.

    A library that one of the runs did not load had no part in its numbers; a device has one also where it is missing.
    """
    names = sorted(reference.keys() | now.keys())
    if only:
        names = [name for name in names if name in only]
    names = [name for name in names if not (only or _is_library(name)) or (name in reference and name in now)]
    rows = [(name, reference.get(name, "not told"), now.get(name, "not told")) for name in names]
    return tuple(row for row in rows if row[1] != row[2])


def _is_library(name: str) -> bool:
    return name in _LIBRARIES or name == "NumPy" or name.startswith("BLAS ")


def _caches() -> Iterator[tuple[str, str]]:
    """Yield the sizes of the caches, by which libraries cut their sums into blocks, where Linux tells them."""
    sizes = []
    for index in sorted(_CACHES.glob("index*")):
        try:
            level, kind, size = ((index / name).read_text().strip() for name in ("level", "type", "size"))
        except OSError:
            continue
        if kind != "Instruction":
            sizes.append(f"L{level} {size}")
    if sizes:
        yield "CPU caches", ", ".join(sizes)


def _blas() -> Iterator[tuple[str, str]]:
    libraries = numeric_libraries()
    if isinstance(libraries, Missing):
        return
    for each in libraries:
        if each.kind == "blas" and each.brought_by != "scipy":
            text = f"{each.name} {each.version}, {each.threads} threads"
            yield f"BLAS of {each.brought_by or 'the system'}", f"{text}, {each.architecture}".rstrip(", ")


def _devices() -> Iterator[tuple[str, str]]:
    """Yield what of the devices decides which algorithm is taken, where CUDA has been started."""
    from jupyter_repro.environments.compute import compute, devices

    libraries = compute({})
    for name in ("cublas", "nccl", "hip"):
        version = getattr(libraries, name)
        if version:
            yield name, str(version)
    found, _ = devices()
    if not isinstance(found, Missing):
        parts = sorted(
            {f"{each.name}, {each.multiprocessors} multiprocessors, MIG {each.mig}" for each in found}
        )
        yield "devices", "; ".join(parts)
        yield "driver", ", ".join(sorted({each.driver for each in found}))
