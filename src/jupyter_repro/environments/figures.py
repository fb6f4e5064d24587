"""What matplotlib draws letters with: two machines whose fonts differ draw different pictures."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

from jupyter_repro.records import Missing
from jupyter_repro.records.system import Figures

__all__ = ["figures"]

_PLAIN = (400, "normal", "regular", "book", "roman")
_GENERIC = ("serif", "sans-serif", "cursive", "fantasy", "monospace")


def figures() -> Figures | Missing:
    """Return back end, FreeType and font, if matplotlib's fonts are loaded; nothing is loaded for it."""
    manager: Any = getattr(sys.modules.get("matplotlib.font_manager"), "fontManager", None)
    if manager is None:
        return Missing("matplotlib's fonts are not loaded")
    matplotlib: Any = sys.modules["matplotlib"]
    freetype: Any = sys.modules.get("matplotlib.ft2font")
    # a plain look: asking for the back end by attribute would choose one
    settings = dict.items(matplotlib.rcParams)
    told = dict(settings)
    family, path = _font(told, _upright(manager.ttflist))
    return Figures(
        backend=str(told["backend"]) if isinstance(told.get("backend"), str) else "not chosen yet",
        freetype=str(getattr(freetype, "__freetype_version__", "unknown")),
        family=family,
        font=Path(path).name,
        font_sha256=_digest(path),
    )


def _upright(fonts: list[Any]) -> dict[str, str]:
    """Return the file of each family, that of its plain style where it has one."""
    found: dict[str, str] = {}
    plain: dict[str, str] = {}
    for font in fonts:
        found.setdefault(str(font.name), str(font.fname))
        if font.style == "normal" and font.weight in _PLAIN:
            plain.setdefault(str(font.name), str(font.fname))
    return {**found, **plain}


def _font(settings: dict[str, Any], there: dict[str, str]) -> tuple[str, str]:
    """Return the first family asked for that is there, as matplotlib looks them up."""
    asked = settings.get("font.family", [])
    for name in [asked] if isinstance(asked, str) else asked:
        for family in settings.get(f"font.{name}", []) if name in _GENERIC else [name]:
            if family in there:
                return family, there[family]
    return "DejaVu Sans", there.get("DejaVu Sans", "")


def _digest(path: str) -> str:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except (OSError, ValueError):
        return ""
