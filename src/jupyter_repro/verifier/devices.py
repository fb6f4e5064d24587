"""Whether the devices here can give the bits of the author's."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["device_differences"]

_TIMEOUT_S = 20.0
_FIELDS = 3


class _Device(NamedTuple):
    name: str
    capability: str
    driver: str


def device_differences(author: Mapping[str, Any]) -> list[str]:
    """Return how NVIDIA's devices differ from those of the author's machine; nothing if that had none.

    Results of two architectures are never bitwise comparable; of one, another driver may choose other algorithms.
    """
    theirs = _recorded(author.get("gpus"))
    if not theirs:
        return []
    here = _present()
    if not here:
        return [f"no NVIDIA GPU is found here, the author's machine had {theirs[0].name}; {_NEVER}"]
    found = []
    for mine, other in zip(here, theirs, strict=False):
        if mine.capability != other.capability:
            found.append(
                f"the GPU is {mine.name} ({mine.capability}), the author's was {other.name} "
                f"({other.capability}); {_NEVER}"
            )
        elif mine.name != other.name:
            found.append(f"the GPU is {mine.name}, the author's was {other.name}")
        elif mine.driver != other.driver:
            found.append(f"the GPU's driver is {mine.driver}, the author's was {other.driver}")
    if len(here) != len(theirs):
        found.append(f"{len(here)} GPUs are here, the author's machine had {len(theirs)}")
    return list(dict.fromkeys(found))


_NEVER = "results of the two are never bitwise comparable"


def _recorded(gpus: Any) -> list[_Device]:
    """Return the author's devices; an absence is recorded as an object."""
    if not isinstance(gpus, list):
        return []
    return [
        _Device(str(each.get("name")), str(each.get("compute_capability")), str(each.get("driver")))
        for each in gpus
        if isinstance(each, dict) and each.get("vendor", "nvidia") == "nvidia"
    ]


def _present() -> list[_Device]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    try:
        done = subprocess.run(
            [program, "--query-gpu=name,compute_cap,driver_version", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return []
    rows = [[part.strip() for part in line.split(",")] for line in done.stdout.splitlines()]
    return [_Device(*row) for row in rows if len(row) == _FIELDS]
