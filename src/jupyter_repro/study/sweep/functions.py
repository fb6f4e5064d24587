"""A function as the subject of a sweep."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord

from .calling import FunctionTask, call_function
from .function import carried, function_digest, function_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_repro.records.sweeps import SweepPoint

    from .plan import Settings

__all__ = ["FunctionSubject"]

_TOLD = 60


class FunctionSubject:
    """A function that takes a ``seed``, or draws from the global generators, or both.

    Args:
        function: Returns a number, a mapping of metrics, or an object with them as attributes.
        settings: How it is swept.
        root: The seed whose children it gets.
        root_from: Who said so.

    Raises:
        BadWord: It is none, or cannot be carried to another process.
    """

    call = staticmethod(call_function)

    def __init__(
        self, function: Callable[..., Any], settings: Settings, *, root: int, root_from: str
    ) -> None:
        if not callable(function):
            raise BadWord(
                f"a {type(function).__name__} cannot be swept",
                remedy="name a function, or the path of a notebook",
            )
        self.name = function_name(function)
        self.root, self.root_from = root, root_from
        self.params = _told(settings.params)
        self.digest = function_digest(function, settings.params)
        self._metrics = tuple(settings.metrics)
        self._timeout_s = settings.timeout_s
        self._claim = settings.claim
        self._payload = carried(function, settings.params)
        self._file: Path | None = None

    def task(self, point: SweepPoint, *, remote: bool) -> FunctionTask:
        """Return one call; what it carries is written once for workers of this machine."""
        return FunctionTask(
            point=point,
            payload=self._payload if remote else str(self._written()),
            metrics=self._asked(),
            folder=str(Path.cwd()),
            path=tuple(path for path in sys.path if path),
            timeout_s=self._timeout_s,
        )

    def close(self) -> None:
        """Remove the file for the workers."""
        if self._file is not None:
            self._file.unlink(missing_ok=True)
            self._file = None

    def _asked(self) -> tuple[str, ...]:
        from .claim import Claim

        claimed = Claim(self._claim).metrics if self._claim else ()
        return tuple(dict.fromkeys((*self._metrics, *claimed)))

    def _written(self) -> Path:
        if self._file is None:
            handle, name = tempfile.mkstemp(prefix="jr-sweep-")
            with os.fdopen(handle, "wb") as out:
                out.write(self._payload)
            self._file = Path(name)
        return self._file


def _told(params: Mapping[str, object]) -> dict[str, str]:
    """Return parameters for people: numbers and short texts as they are, others by their type."""
    return {
        name: text
        if isinstance(value, (bool, int, float, str, tuple, list)) and len(text := repr(value)) <= _TOLD
        else f"a {type(value).__name__}"
        for name, value in params.items()
    }
