"""What libraries tell only when they are loaded, found out by a process of its own that loads them.

This file is also what that process runs; it is started isolated, and takes the path of the process that asks.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_repro.records import Environment
    from jupyter_repro.records.system import Loaded

__all__ = ["as_loaded", "loaded_apart", "modules_that_compute"]

_LONGEST_S = 300.0
_MOST = 40


def as_loaded(found: Environment, loaded: Loaded | None) -> Environment:
    """Return the environment with what the libraries told that are loaded elsewhere, not those of this process."""
    import msgspec

    if loaded is None or found.system is None or found.compute is None:
        return found
    absent = {**found.compute.absent, **loaded.compute.absent}
    absent = {name: why for name, why in absent.items() if getattr(loaded.compute, name, None) is None}
    return msgspec.structs.replace(
        found,
        system=msgspec.structs.replace(found.system, libraries=loaded.libraries, figures=loaded.figures),
        compute=msgspec.structs.replace(loaded.compute, absent=absent),
    )


def modules_that_compute(environment: Environment) -> tuple[str, ...]:
    """Return the modules of packages that compute or draw figures and that cells had imported."""
    from importlib.metadata import packages_distributions

    from .drift.packages import computes

    wanted = {
        each.name
        for each in environment.packages
        if each.imported == "cells" and (computes(each.name) or each.name == "matplotlib")
    }
    found = [
        module
        for module, owners in packages_distributions().items()
        if any(owner.lower().replace("_", "-").replace(".", "-") in wanted for owner in owners)
    ]
    return tuple(sorted(name for name in found if name.isidentifier() and not name.startswith("_"))[:_MOST])


def loaded_apart(modules: Iterable[str]) -> Loaded | None:
    """Import modules in a process of its own; return what they tell, None where that process gave no answer."""
    import subprocess

    import msgspec

    from jupyter_repro.records.system import Loaded

    asked = msgspec.json.encode({"path": sys.path, "modules": list(modules)})
    try:
        done = subprocess.run(
            [sys.executable, "-I", __file__], input=asked, capture_output=True, timeout=_LONGEST_S, check=True
        )
        return msgspec.json.decode(done.stdout, type=Loaded)
    except (OSError, ValueError, subprocess.SubprocessError, msgspec.DecodeError):
        return None


def _main() -> None:
    import contextlib
    import importlib
    import json
    import os

    asked = json.load(sys.stdin)
    sys.path[:] = asked["path"]
    answer = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no answer
    for name in asked["modules"]:
        # one that cannot be imported tells nothing; the package's version is compared all the same
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    from jupyter_repro.canonical import dumps
    from jupyter_repro.environments.system import loaded

    with os.fdopen(answer, "wb") as out:
        out.write(dumps(loaded()))


if __name__ == "__main__":
    _main()
