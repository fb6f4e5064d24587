"""Print what the running interpreter has installed, as JSON."""

from __future__ import annotations

import json
import os
import platform
import sys

from .installed import installed_records

__all__ = ["main"]


def main() -> None:
    """Print the version of Python and the distributions of its own site folders."""
    here = os.getcwd()  # noqa: PTH109 - compared as text with sys.path
    site = [path for path in sys.path if path not in ("", here)]
    json.dump({"python": platform.python_version(), "packages": installed_records(site)}, sys.stdout)


if __name__ == "__main__":
    main()
