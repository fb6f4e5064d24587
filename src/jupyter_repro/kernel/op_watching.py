"""Operations without a deterministic algorithm in cell runs: counted under ``warn``, explained under ``strict``."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from jupyter_repro.determinism.amp_watch import AmpWatch
    from jupyter_repro.determinism.op_watch import OpWatch
    from jupyter_repro.records import MixedPrecision, OpUse, Strictness

__all__ = ["OpWatching", "effects_of"]

_WARNS, _RAISES = 1, 2
_ORDER: tuple[Strictness, ...] = ("off", "warn", "strict")
_NO_OPS: tuple[OpUse, ...] = ()


class OpWatching:
    """Follows torch's own alerts; nothing is put in place before a strictness is asked for."""

    def __init__(self) -> None:
        self._watch: OpWatch | None = None
        self._session: Strictness = "off"
        self._cell: Strictness = "off"
        """What one cell asks for besides; the stricter of the two is in force."""
        self._strictness: Strictness = "off"
        self._permitted = False
        self._amp: AmpWatch | None = None
        self._explains = False
        """Torch was to raise for us in the run that ends."""

    def begin(self, strictness: Strictness) -> None:
        """Count under ``warn``; under ``strict`` torch raises by itself."""
        self._session = strictness
        self._put()

    def end(self) -> None:
        """Give everything back."""
        self.begin("off")

    def begin_cell(self, strictness: Strictness, source: str) -> None:
        """Do the same for the cell that runs."""
        self._cell = strictness
        self._put()
        self.begin_run(source)

    def end_cell(self) -> None:
        """Go on as before the cell; what ran in it is kept until it is taken."""
        if self._cell != "off":
            self._cell = "off"
            self._put()

    def _put(self) -> None:
        self.end_run()
        self._strictness = max(self._session, self._cell, key=_ORDER.index)
        self._explains = self._explains or self._strictness == "strict"
        if self._strictness == "warn":
            self._opened().start()
        elif self._watch is not None:
            self._watch.stop()
        if self._strictness != "off" and self._amp is None:
            from jupyter_repro.determinism.amp_watch import AmpWatch

            self._amp = AmpWatch()
        if self._amp is not None:
            (self._amp.stop if self._strictness == "off" else self._amp.start)()

    def begin_run(self, source: str) -> None:
        """Under ``strict``, let the operations pass that a comment of the cell allows with a reason."""
        self._explains = self._strictness == "strict"
        torch = sys.modules.get("torch")
        if self._strictness == "off" or "RP302" not in source or torch is None or self._permitted:
            return
        from jupyter_repro.determinism.op_watch import allowed_ops

        allowed = allowed_ops(source)
        if allowed and self._strictness == "warn":
            self._permitted = True
            self._opened().start(allowed=allowed)
        elif allowed and torch.get_deterministic_debug_mode() == _RAISES:
            # torch has no permission for one operation: it warns of all, and we raise for the others
            self._permitted = True
            self._opened().start(forbids=True, allowed=allowed)
            torch.set_deterministic_debug_mode(_WARNS)

    def end_run(self) -> None:
        """Take the permission back."""
        if not self._permitted or self._watch is None:
            return
        self._permitted = False
        if self._strictness == "warn":
            self._watch.start()
            return
        self._watch.stop()
        torch = sys.modules["torch"]
        if torch.get_deterministic_debug_mode() == _WARNS:
            torch.set_deterministic_debug_mode(_RAISES)

    def take(self) -> tuple[OpUse, ...]:
        """Return what ran since the last take."""
        return _NO_OPS if self._watch is None else self._watch.take()

    def take_amp(self) -> MixedPrecision | None:
        """Return the mixed precision since the last take, None if there was none."""
        return None if self._amp is None else self._amp.take()

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Within the block, what runs is not on the record."""
        with contextlib.ExitStack() as stack:
            for watch in (self._watch, self._amp):
                if watch is not None:
                    stack.enter_context(watch.aside())
            yield

    def explain(self, error: Any) -> str:
        """Return one line about an error with which torch refused an operation, else nothing."""
        if not self._explains or type(error) is not RuntimeError:
            return ""
        from jupyter_repro.determinism.alternatives import alternative_to, condition_of
        from jupyter_repro.determinism.op_watch import op_in

        op = op_in(str(error))
        if not op:
            return ""
        instead, condition = alternative_to(op), condition_of(op)
        line = _line_of(error.__traceback__)
        return (
            f"repro: `{op}`{f' in line {line}' if line else ''} has no deterministic algorithm"
            + (f" ({condition})" if condition else "")
            + (f". Instead: {instead}" if instead else "")
            + f". Or allow it in this cell: `# repro: allow RP302 {op.split()[0]} because ...`."
        )

    def _opened(self) -> OpWatch:
        if self._watch is None:
            from jupyter_repro.determinism.op_watch import OpWatch

            self._watch = OpWatch()
        return self._watch


def effects_of(ops: tuple[OpUse, ...]) -> tuple[str, ...]:
    """Return why a run in which these ran may go otherwise next time."""
    return tuple(
        f"it ran `{use.op}`, which has no deterministic algorithm"
        + (f" (line {use.line})" if use.line else "")
        for use in ops
    )


def _line_of(traceback: TracebackType | None) -> int:
    """Return the innermost line of a cell in a traceback, 0 if there is none."""
    line = 0
    while traceback is not None:
        names = traceback.tb_frame.f_globals
        if names.get("__name__") == "__main__" and "__file__" not in names:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
