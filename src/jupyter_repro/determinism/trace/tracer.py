"""One trace while it grows: on while the user's code runs, off in between."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from jupyter_repro.imports import ImportWatch, complete

from .facts import facts_now
from .format import SCHEMA, Footer, Header, TraceWriter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .recorder import Recorder

__all__ = ["Tracer"]


class Tracer:
    """Follows the operations of torch in the thread that made it; torch is waited for, never imported.

    Args:
        name: What the trace is called.
        facts: What else its numbers hang on.
    """

    def __init__(self, name: str, facts: Mapping[str, str]) -> None:
        self.name = name
        self._facts = {**facts_now(), **facts}
        self._writer = TraceWriter(Header(SCHEMA, name, self._facts))
        self._thread = threading.get_ident()
        self._recorder: Recorder | None = None
        self._mode: Any = None
        self._depth = 0
        self._imports: ImportWatch | None = None
        self.fault = ""
        """Why nothing is traced, if that is so."""

    @property
    def ops(self) -> int:
        """How many operations it holds."""
        return self._writer.ops

    @property
    def cut(self) -> bool:
        """Whether it has reached its limit."""
        return self._recorder is not None and self._recorder.cut

    def enter(self) -> None:
        """The user's code begins to run; cells may run inside cells."""
        if threading.get_ident() != self._thread:
            return
        self._depth += 1
        if self._depth > 1:
            return
        if complete("torch"):
            self._put_on("torch")
        elif self._imports is None:
            self._imports = ImportWatch(("torch",), self._put_on, self._failed)
            self._imports.install()

    def leave(self) -> None:
        """The user's code has run."""
        if threading.get_ident() != self._thread or self._depth == 0:
            return
        self._depth -= 1
        if self._depth == 0:
            self._take_off()

    def whole(self, facts: Mapping[str, str], cells: Mapping[str, str]) -> bytes:
        """End the trace and return its bytes.

        Args:
            facts: As in the beginning.
            cells: How cells are called, by the digest of their source.
        """
        self._depth = 0
        self._take_off()
        if self._imports is not None:
            self._imports.uninstall()
            self._imports = None
        changed = {
            key: value for key, value in {**facts_now(), **facts}.items() if self._facts.get(key) != value
        }
        missed = 0 if self._recorder is None else self._recorder.missed
        return self._writer.whole(Footer(self.ops, self.cut, missed, changed, dict(cells)))

    def _put_on(self, _module: str) -> None:
        if self._mode is not None or self._depth == 0 or threading.get_ident() != self._thread:
            return
        from .mode import make_mode
        from .recorder import Recorder

        if self._recorder is None:
            self._recorder = Recorder(self._writer)
        mode = make_mode(self._recorder)
        mode.__enter__()
        self._mode = mode

    def _take_off(self) -> None:
        if self._mode is None:
            return
        from .mode import take_off

        mode, self._mode = self._mode, None
        take_off(mode)

    def _failed(self, _module: str, error: Exception) -> None:
        self.fault = f"{type(error).__name__}: {error}"
