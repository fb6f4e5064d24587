"""A script for any Python: what is installed for this interpreter, as JSON on stdout.

Run as ``python -I probe.py``: isolated, so that user site-packages and PYTHONPATH are out of sight, as
they are for the kernel of a canonical run. It uses the standard library alone, because the interpreter
that runs it may have nothing else, and it never imports what it lists.
"""

from __future__ import annotations

import email.parser
import json
import platform
import re
import sys
import sysconfig
from pathlib import Path


def distributions() -> list[dict[str, str]]:
    """Return every distribution on ``sys.path``, the one that wins for each name."""
    found: dict[str, dict[str, str]] = {}
    for entry in sys.path:
        folder = Path(entry)
        if not entry or not folder.is_dir():
            continue
        for info in sorted(folder.iterdir()):
            facts = _facts(info)
            if facts is not None:
                found.setdefault(re.sub(r"[-_.]+", "-", facts["name"]).lower(), facts)
    return [found[name] for name in sorted(found)]


def _facts(info: Path) -> dict[str, str] | None:
    if info.name.startswith("~") or info.suffix not in {".dist-info", ".egg-info"}:
        return None
    text = _read(info / "METADATA") or _read(info / "PKG-INFO") or _read(info)
    if text is None:
        return None
    headers = email.parser.HeaderParser().parsestr(text)
    name, version = headers.get("Name"), headers.get("Version")
    if not name or not version:
        return None
    return {"name": name, "version": version, "info": str(info)}


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def facts() -> dict[str, object]:
    """Return the interpreter's facts: version, install paths and distributions."""
    paths = sysconfig.get_paths()
    libc = " ".join(platform.libc_ver()).strip() if sys.platform.startswith("linux") else ""
    return {
        "version": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "machine": platform.machine(),
        "libc": libc,
        "prefix": paths["data"],
        "scripts": paths["scripts"],
        "libraries": sorted({paths[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")}),
        "distributions": distributions(),
    }


if __name__ == "__main__":
    json.dump(facts(), sys.stdout)
