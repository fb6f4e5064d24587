"""The graphics part of Apple's chips, of which the system tells little."""

from __future__ import annotations

import os
import platform

from jupyter_repro.records import Gpu, Missing

from .hardware import cpu_name

__all__ = ["apple_gpu"]

_UNTOLD = "Apple tells it to no program of a user's"


def apple_gpu() -> Gpu | Missing:
    """Return the device of a Mac with a chip of Apple's; its driver is a part of macOS."""
    if platform.system() != "Darwin" or platform.machine() != "arm64":
        return Missing("this is no Mac with a chip of Apple's")
    name = cpu_name()
    return Gpu(
        index=0,
        vendor="apple",
        name=name,
        driver=f"macOS {platform.mac_ver()[0]}",
        cuda_driver="",
        compute_capability=None,
        memory_bytes=os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        multiprocessors=None,
        mig=None,
        ecc=None,
        uuid=None,
        architecture=name.lower(),
        absent=dict.fromkeys(("multiprocessors", "ecc", "uuid", "health", "performance"), _UNTOLD),
    )
