"""Tab after ``%repro`` offers its words."""

from __future__ import annotations

import contextlib
import re
from types import FunctionType
from typing import Any

__all__ = ["Completion"]

_WITH_PATHS = tuple(f"data {act} " for act in ("track", "verify", "accept", "list"))
"""What is followed by names of files, which the shell completes itself."""
_LINE = re.compile(r"^\s*%{1,2}repro\s+(?P<rest>.*)$")


class Completion:
    """A matcher in the shell's completer, taken out again on unload."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._completer = getattr(shell, "Completer", None)
        self._matcher: Any = None

    def put_on(self) -> None:
        """Add the matcher once."""
        if self._completer is None or self._matcher is not None:
            return
        from IPython.core.completer import SimpleCompletion, context_matcher

        @context_matcher(identifier="jupyter_repro.words")  # type: ignore[untyped-decorator]  # IPython is not typed
        def repro_words(context: Any) -> dict[str, Any]:
            match = _LINE.match(context.line_with_cursor[: context.cursor_position])
            if match is None or match["rest"].startswith(_WITH_PATHS):
                return {"completions": [], "suppress": False}
            given = match["rest"].split()
            stem = "" if match["rest"].endswith((" ", "\t")) or not given else given[-1]
            before = given[:-1] if stem else given
            words = [word for word in self._known(before) if word.startswith(stem) and word not in given]
            return {
                "completions": [SimpleCompletion(text=word, type="keyword") for word in words],
                "suppress": bool(words),
                "matched_fragment": stem,
            }

        self._matcher = repro_words
        self._completer.custom_matchers.append(repro_words)

    def _known(self, before: list[str]) -> tuple[str, ...]:
        """Return the words that may follow these."""
        from .options import AFTER, WORDS

        if len(before) > 1 and before[0] == "checkpoint":
            from .checkpoint_options import GIVEN_WORDS

            # the path comes first, which the shell completes itself
            known = GIVEN_WORDS.get(before[1], ()) if len(before) > 2 else ()  # noqa: PLR2004 - word, act, path
            return tuple(f"{word}=" for word in known)

        if not before or before[0] not in AFTER:
            return WORDS
        if before[0] == "sweep":
            names = (name for name, value in self._shell.user_ns.items() if isinstance(value, FunctionType))
            return (*AFTER["sweep"], *sorted(name for name in names if not name.startswith("_")))
        if len(before) == 1 or before[0] == "export":
            return AFTER[before[0]]
        if before[1] != "diff" or len(before) > 3:  # noqa: PLR2004 - two traces are compared
            return ()
        from jupyter_repro.store.traces import saved_traces

        from .extension import session_of

        session = session_of(self._shell)
        return () if session is None else saved_traces(session.folder())

    def take_off(self) -> None:
        """Remove the matcher, also if another tool already did."""
        if self._completer is not None and self._matcher is not None:
            with contextlib.suppress(ValueError):
                self._completer.custom_matchers.remove(self._matcher)
        self._matcher = None
