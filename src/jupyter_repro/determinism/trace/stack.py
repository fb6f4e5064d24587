"""Who called an operation: the user's line and the path of modules, read off the stack without any hook."""

from __future__ import annotations

import sys
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.frames import Site, is_users, place_of
from jupyter_repro.secrets import redact

from .format import Place

if TYPE_CHECKING:
    from types import CodeType, FrameType

__all__ = ["Callers"]

_DEPTH = 400
_OTHER, _USERS, _MODULE, _BOTTOM = range(4)


class Callers:
    """Finds the user's line and the modules of an operation; what it has seen of code it remembers."""

    def __init__(self) -> None:
        self._kinds: dict[CodeType, int] = {}
        self._places: dict[tuple[CodeType, int], Place] = {}
        self._names: weakref.WeakKeyDictionary[Any, dict[int, str]] = weakref.WeakKeyDictionary()
        self._call = sys.modules["torch"].nn.Module._call_impl.__code__  # noqa: SLF001 - the frame in which a module is called

    def find(self, frame: FrameType | None) -> tuple[Place | None, str]:
        """Return the innermost line of the user's and the path of the modules around it, outermost first.

        Args:
            frame: The innermost frame to look at.
        """
        place: Place | None = None
        modules: list[Any] = []
        kinds, depth = self._kinds, 0
        while frame is not None and depth < _DEPTH:
            depth += 1
            code = frame.f_code
            kind = kinds.get(code)
            if kind is None:
                kind = kinds[code] = self._kind(frame)
            if kind == _OTHER:
                pass
            elif kind == _USERS and place is None:
                place = self._place(frame)
            elif kind == _MODULE:
                modules.append(frame.f_locals.get("self"))
            elif kind == _BOTTOM:
                break
            frame = frame.f_back
        return place, self._path(modules[::-1]) if modules else ""

    def _kind(self, frame: FrameType) -> int:
        code = frame.f_code
        if code is self._call:
            return _MODULE
        if is_users(frame):
            return _USERS
        if code.co_name == "run_code" and "IPython" in code.co_filename:
            return _BOTTOM
        return _OTHER

    def _place(self, frame: FrameType) -> Place:
        key = (frame.f_code, frame.f_lineno)
        found = self._places.get(key)
        if found is None:
            seen = place_of(Site(frame, frame, ""))
            found = Place("" if seen.source else _near(seen.file), seen.line, redact(seen.text), seen.source)
            self._places[key] = found
        return found

    def _path(self, modules: list[Any]) -> str:
        path, above = type(modules[0]).__name__, modules[0]
        for module in modules[1:]:
            if module is not above:
                path += f".{self._name(above, module)}"
            above = module
        return path

    def _name(self, above: Any, module: Any) -> str:
        """Return the name of a module inside the one that called it, else the name of its class."""
        names = self._names.get(above)
        if names is None or id(module) not in names:
            names = {id(each): name for name, each in above.named_modules() if name}
            self._names[above] = names
        return names.get(id(module)) or f"<{type(module).__name__}>"


def _near(file: str) -> str:
    """Return a file as it is from the working folder, else its name: where a home lies is nobody's business."""
    path = Path(file)
    try:
        here = Path.cwd()
    except OSError:  # the folder is gone
        return path.name
    return str(path.relative_to(here)) if path.is_relative_to(here) else path.name
