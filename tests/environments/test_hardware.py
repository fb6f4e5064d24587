"""The machine is described and not named."""

from __future__ import annotations

import getpass
import os
import platform
import socket

from jupyter_repro.canonical import dumps
from jupyter_repro.environments.hardware import hardware


def test_the_facts_of_this_machine() -> None:
    """What this machine really has."""
    found = hardware()
    assert found.os == platform.system()
    assert found.machine == platform.machine()
    assert found.cores == os.cpu_count()
    assert found.cpu
    assert platform.release() in found.release
    if hasattr(os, "sysconf"):
        assert found.memory_bytes is not None
        assert found.memory_bytes > 1 << 20


def test_nothing_names_the_machine_or_its_owner() -> None:
    """Neither host name nor user, unless they are words of the system itself."""
    values = dumps(hardware()).decode().lower()
    for name in (socket.gethostname(), getpass.getuser()):
        assert f'"{name.lower()}"' not in values
