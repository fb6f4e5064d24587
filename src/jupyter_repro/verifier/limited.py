"""Start a command under limits: ``python limited.py AS=BYTES NPROC=N ... [uid=N] -- COMMAND...``."""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main(arguments: list[str]) -> None:
    """Set the limits, take the user, and become the command."""
    import resource

    end = arguments.index("--")
    uid = None
    for word in arguments[:end]:
        name, _, value = word.partition("=")
        if name == "uid":
            uid = int(value)
            continue
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        most = int(value) if hard == resource.RLIM_INFINITY else min(int(value), hard)
        resource.setrlimit(kind, (most, most))
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    command = arguments[end + 1 :]
    os.execv(command[0], command)  # noqa: S606 - no shell on purpose


if __name__ == "__main__":
    main(sys.argv[1:])
