"""Where programs and their libraries lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["LINKS", "READ_ONLY", "is_system", "prefixes", "system_folders"]

READ_ONLY = ("/opt", "/nix", "/gnu", "/sys/devices/system")
LINKS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")


def prefixes(interpreter: Path) -> list[Path]:
    """Return the folders that an interpreter's own files lie in, less the system's."""
    found: dict[Path, None] = {}
    settings = interpreter.parent.parent / "pyvenv.cfg"
    homes = [interpreter.parent, Path(os.path.realpath(interpreter)).parent]
    if settings.is_file():
        lines = settings.read_text(encoding="utf-8", errors="replace").splitlines()
        homes += [
            Path(line.partition("=")[2].strip()) for line in lines if line.partition("=")[0].strip() == "home"
        ]
    for home in homes:
        for folder in (home, Path(os.path.realpath(home))):
            found.update(dict.fromkeys(_whole(folder.parent)))
    return [folder for folder in found if folder.is_dir() and not is_system(folder)]


def system_folders() -> tuple[str, ...]:
    """Return what every sandbox shows of the system."""
    return ("/usr", *LINKS, *READ_ONLY)


def _whole(prefix: Path) -> tuple[Path, ...]:
    """A prefix that holds somebody's home is not shown, but its programs and libraries are."""
    home = Path(os.path.realpath(Path.home()))
    if home == prefix or prefix in home.parents:
        return (prefix / "bin", prefix / "lib")
    return (prefix,)


def is_system(folder: Path) -> bool:
    """Return whether a folder lies in what every sandbox shows."""
    return any(folder == Path(place) or Path(place) in folder.parents for place in system_folders())
