"""The user's own modules among those imported."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

__all__ = ["local_modules"]

_INSTALLED = frozenset({"site-packages", "dist-packages"})


def local_modules(root: Path) -> tuple[Path, ...]:
    """Return the source files of imported modules below the root, sorted.

    Installed packages and Python's own library are left out, also if their environment lies below the root.
    """
    top = _real(root)
    skipped = tuple(
        _real(Path(folder))
        for name in ("stdlib", "platstdlib", "purelib", "platlib")
        if (folder := sysconfig.get_paths().get(name))
    )
    found = set()
    for module in list(sys.modules.values()):
        # the namespace of a module is read as it is: some modules answer getattr with code of their own
        file = getattr(module, "__dict__", {}).get("__file__")
        if not isinstance(file, str) or not file.endswith((".py", ".so", ".pyd", ".pyc")):
            continue
        path = _source(Path(file))
        real = _real(path)
        if (
            not real.is_relative_to(top)
            or _INSTALLED & set(real.parts)
            or any(map(real.is_relative_to, skipped))
        ):
            continue
        if real.is_file():
            found.add(real)
    return tuple(sorted(found))


def _source(path: Path) -> Path:
    if path.suffix != ".pyc":
        return path
    if path.parent.name == "__pycache__":
        return path.parent.parent / f"{path.name.partition('.')[0]}.py"
    return path.with_suffix(".py") if path.with_suffix(".py").exists() else path


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a loop of links
        return path.absolute()
