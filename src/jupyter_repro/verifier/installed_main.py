"""Print what the running interpreter has installed, as JSON."""

from __future__ import annotations

import json
import os
import platform
import sys
import sysconfig

from .installed import installed_records

__all__ = ["main"]


def main() -> None:
    """Print the version of Python, the distributions on its path, and the folders that packages go into."""
    here = os.getcwd()  # noqa: PTH109 - compared as text with sys.path
    site = [path for path in sys.path if path not in ("", here)]
    own = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    found = {"python": platform.python_version(), "packages": installed_records(site), "site": list(own)}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
