"""The machine, without anything that names it or its owner."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
from pathlib import Path

from jupyter_repro.records import Hardware

__all__ = ["cpu_name", "hardware"]


def hardware() -> Hardware:
    """Return what bears on results and run time; no host name, no user, no serial number."""
    return Hardware(
        os=platform.system() or sys.platform,
        release=_release(),
        machine=platform.machine(),
        libc=" ".join(part for part in platform.libc_ver() if part),
        cpu=cpu_name(),
        cores=os.cpu_count() or 1,
        memory_bytes=_memory(),
    )


def _release() -> str:
    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        name = platform.mac_ver()[0]
    return f"{platform.release()} ({name})" if name else platform.release()


def cpu_name() -> str:
    """Return the name of the processor as the system tells it."""
    if sys.platform == "darwin":
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            return subprocess.run(
                ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"],
                capture_output=True,
                text=True,
                check=True,
                timeout=5,
            ).stdout.strip()
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() in {"model name", "Model", "cpu model"}:
                return value.strip()
    return platform.processor() or "unknown"


def _memory() -> int | None:
    if not hasattr(os, "sysconf"):
        return None
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None
