"""Everything as it was before a cell ran, for a second run of it."""

from __future__ import annotations

import contextlib
import importlib
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.values import Budget, value_digest
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.rerun.copies import Copies
from jupyter_repro.rerun.reach import is_own
from jupyter_repro.rerun.state import ProcessState, mute_log_files
from jupyter_repro.rng.kept import KeptStreams
from jupyter_repro.rng.process import FORKS

from .hearing import hearing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_repro.entropy.governor import Entropy

    from .session import Session

__all__ = ["BYTES", "ITEMS", "Begun"]

BYTES, ITEMS = 40_000_000, 1_000_000
"""What may be looked at of the values; an array counts one byte in 64."""


class Begun:
    """Everything as it was before the first run."""

    def __init__(self, session: Session, body: str, entropy: Entropy | None) -> None:
        self._session = session
        run = session.running_run()
        assert run is not None  # noqa: S101 - asked before
        namespace = session.shell.user_ns
        names = run.names
        everything = bool(names.opaque)
        wanted = {
            name: value
            for name, value in namespace.items()
            if not session.names[name] and (everything or name in run.may_read) and is_own(value, namespace)
        }
        self._wanted = frozenset(wanted) | names.writes
        self._imported = frozenset(name for name, _ in names.imports)
        self.unrewound: tuple[str, ...] = ()
        """Libraries whose generators could not be put back for the second run."""
        self.left: dict[str, Any] = {}
        """The names that the second run left."""
        self.drew_figures = False
        self._entropy = entropy.twin() if entropy is not None else session.governing.leaking.twin()
        if "numpy" in sys.modules and any("random" in word for word in (body, *run.may_read)):
            # the first draw imports it, and where it stands then would not be known
            importlib.import_module("numpy.random")
        self._streams = KeptStreams()
        self._state = ProcessState.now()
        with hearing(session.shell, mute=True), unwatched():
            self.copies = Copies(namespace, wanted)
        self._streams.put_back()
        self._state.put()

    def digests(self) -> dict[str, tuple[str | None, str]]:
        """Return the digest of each name that the cell may have changed, or why there is none."""
        namespace = self._session.shell.user_ns
        before, imported = self.copies.identities, self._imported
        budget = Budget(bytes=BYTES, items=ITEMS)
        found: dict[str, tuple[str | None, str]] = {}
        for name, value in namespace.items():
            if self._session.names[name] or name in imported or not is_own(value, namespace):
                continue
            if name in self._wanted or before.get(name) != id(value):
                budget.why = ""
                digest = value_digest(value, budget=budget, namespace=namespace)
                found[name] = digest, budget.why
        return found

    @contextlib.contextmanager
    def second(self) -> Iterator[Entropy]:
        """Put everything where it was, for the block; afterwards all is as the first run left it."""
        from jupyter_repro.entropy.governor import Entropy

        session = self._session
        entropy = self._entropy or Entropy()
        streams, state = KeptStreams(), ProcessState.now()
        self.drew_figures = state.figures is not None and state.figures != (self._state.figures or {})
        with contextlib.ExitStack() as stack:
            stack.enter_context(unwatched())
            for give_back in (state.put, streams.put_back, self._take_out):
                stack.callback(_surely, give_back)
            stack.enter_context(session.governing.ops.aside())
            stack.enter_context(FORKS.again())
            self.copies.put_in()
            self._streams.put_back()
            self.unrewound = self._streams.unseeded
            self._state.put()
            mute_log_files()
            if self._entropy is None:
                entropy.begin("report", None)
            else:
                entropy.resume()
            stack.callback(entropy.end)
            yield entropy

    def _take_out(self) -> None:
        self.left = self.copies.take_out()


def _surely(give_back: Callable[[], object]) -> None:
    """Give back to the end, also if the user interrupts: it begins anew then, which changes nothing."""
    try:
        give_back()
    except KeyboardInterrupt:
        give_back()
