"""Which Python and packages results come from."""

from __future__ import annotations

import functools
import hashlib
import platform
import sys

from jupyter_repro.canonical import dumps
from jupyter_repro.environments.packages import distributions

__all__ = ["environment_digest"]


@functools.lru_cache(maxsize=4)
def environment_digest() -> str:
    """Return a digest of this interpreter, its packages and the kind of processor."""
    packages = {name: version for name, (version, _) in distributions().items() if name != "jupyter-repro"}
    facts = [sys.version, sys.platform, platform.machine(), packages]
    return hashlib.sha256(dumps(facts)).hexdigest()
