"""A throw-away environment for each peer, made with the standard library's venv and pip."""

from __future__ import annotations

import os
import re
import subprocess
import venv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peers import Peer

__all__ = ["NotInstalled", "python_of", "versions"]

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ("numpy", "numba", "jax", "tensorflow-cpu", "threadpoolctl")
_READY = "coverage-ready"


class NotInstalled(Exception):
    """The reason for which pip could not install a peer."""


def python_of(name: str, peer: Peer, folder: Path, *, torch: str) -> Path:
    """Return the Python of the peer's environment, made now if it is not there.

    Raises:
        NotInstalled: pip refused; its own reason.
    """
    home = folder / name
    python = home / "bin" / "python"
    if not (home / _READY).exists():
        venv.create(home, with_pip=True, clear=True)
        # one resolution for torch and peer: a peer that wants another torch is not measured with ours
        _pip(python, torch, peer.requirement or str(ROOT))
        _pip(python, torch, *LIBRARIES)
        (home / _READY).touch()
    if not peer.requirement:
        _pip(python, "--force-reinstall", "--no-deps", str(ROOT))
    return python


def versions(python: Path, names: Sequence[str]) -> dict[str, str]:
    """Return what is installed, by distribution."""
    code = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]), sep='\\n')"
    done = subprocess.run([python, "-c", code, *names], capture_output=True, text=True, check=True)
    return dict(zip(names, done.stdout.split(), strict=True))


def _pip(python: Path, *requirements: str) -> None:
    done = subprocess.run(
        [python, "-m", "pip", "install", *requirements],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    if done.returncode:
        raise NotInstalled(_reason(done.stdout + done.stderr))


def _reason(said: str) -> str:
    """Return the line in which pip says why: the dependency that does not fit, else its last error."""
    wants = re.search(r"^\s*(\S+ \S+) depends on (torch.*)$", said, re.MULTILINE)
    if wants:
        return f"{wants[1]} needs {wants[2].strip()}"
    errors = [
        line.removeprefix("ERROR: ") for line in said.splitlines() if line.startswith(("ERROR", "error"))
    ]
    return errors[-1] if errors else "pip failed"
