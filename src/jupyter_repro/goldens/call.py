"""``python -m jupyter_repro.goldens.call package.module:function``: a function as a program."""

from __future__ import annotations

import importlib
import sys

__all__ = ["main"]


def main(arguments: list[str]) -> None:
    """Import the module and call the function; what follows becomes ``sys.argv``."""
    module, _, name = arguments[0].partition(":")
    sys.argv = arguments
    if "" not in sys.path and "." not in sys.path:
        sys.path.insert(0, "")
    function: object = importlib.import_module(module)
    for part in name.split("."):
        function = getattr(function, part)
    if not callable(function):
        sys.exit(f"`{arguments[0]}` is no function")
    function()


if __name__ == "__main__":
    main(sys.argv[1:])
