"""Running uv, and saying in its own words what went wrong."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

from jupyter_repro.errors import LockFailed

from .stopping import go_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["UvFailed", "run_uv"]

_TIMEOUT_S = 1800.0
_LINES = 6
_LOOK_S = 0.2
"""How often it is asked whether to go on."""


class UvFailed(LockFailed):
    """uv ended with an error; ``message`` is what it said."""


def run_uv(
    arguments: Sequence[str], *, stdin: str | None = None, environment: Mapping[str, str] | None = None
) -> str:
    """Run uv with the user's own configuration and return its output.

    Raises:
        UvFailed: It is not there, or it failed.
    """
    import uv

    remedy = "see the message above; the settings of uv (index, proxy, offline) are your own"
    try:
        return _run(
            [uv.find_uv_bin(), *arguments, "--no-progress", "--color=never"],
            stdin=stdin,
            environment={**os.environ, **(environment or {})},
        )
    except FileNotFoundError as error:
        raise UvFailed("uv is not installed", remedy="run `pip install uv`") from error
    except subprocess.TimeoutExpired as error:
        raise UvFailed(f"uv gave no answer in {_TIMEOUT_S:.0f} s", remedy=remedy) from error
    except subprocess.CalledProcessError as error:
        said = [line.strip() for line in (error.stderr or error.stdout).splitlines() if line.strip()]
        raise UvFailed(" / ".join(said[-_LINES:]) or "uv gave no message", remedy=remedy) from error


def _run(command: Sequence[str], *, stdin: str | None, environment: Mapping[str, str]) -> str:
    """Return what a program wrote; it is ended with the export."""
    deadline = time.monotonic() + _TIMEOUT_S
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
    ) as process:
        try:
            while True:
                go_on()
                try:
                    out, err = process.communicate(stdin, timeout=_LOOK_S)
                    break
                except subprocess.TimeoutExpired:
                    stdin = None  # it has been sent
                    if time.monotonic() > deadline:
                        raise
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, out, err)
    return out
