"""What the user's names are bound to, compared from one scan of the namespace to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["Bindings", "Moved"]

_GONE = object()


class Moved(NamedTuple):
    """Names that are not bound as they were."""

    bound: set[str]
    """New, or bound to another object."""
    gone: set[str]


def _is_made_once(name: str) -> bool:
    """Tell whether the shell keeps the source of a cell under this name."""
    return name.startswith("_i") and name[2:].isdigit()


class Bindings:
    """Scans a namespace; the shell adds two names a cell, which are passed by at C's speed.

    Args:
        hidden: Name -> whether it belongs to the shell and not to the user, for every name.
    """

    def __init__(self, hidden: Mapping[str, bool]) -> None:
        self._hidden = hidden
        self._seen: set[str] = set()
        """All names that were there at the last scan, the shell's too."""
        self._last = ""
        """The last of them that the shell makes once; empty: none is known."""
        self._last_value: object = None
        self.turn = 0
        """Counts scans: who compares with an earlier one has to know whether it is still the last."""

    def all(self, namespace: Mapping[str, Any]) -> dict[str, Any]:
        """Return every name of the user's with its value."""
        now = dict(namespace)  # a thread may bind names meanwhile
        self.turn += 1
        self._seen = set(now)
        return {name: value for name, value in now.items() if not self._hidden[name]}

    def forget(self, name: str) -> None:
        """Take a name for new when it comes again: it is gone, and was not among those that were looked at."""
        self._seen.discard(name)

    def moved(self, namespace: Mapping[str, Any], was: Mapping[str, Any], *, turn: int) -> Moved:
        """Return what is bound otherwise than ``was``.

        Args:
            namespace: The names as they are.
            was: The user's names as a scan found them; a name may have been left out of it since, and is
                then not looked at.
            turn: :attr:`turn` right after that scan.
        """
        # each step over the namespace is one of C's: a thread may bind names meanwhile
        find = namespace.get
        bound = {name for name, value in was.items() if find(name, _GONE) is not value}
        gone = {name for name in bound if name not in namespace}
        bound -= gone
        if turn != self.turn:
            # other runs were scanned in between, and took what is new for seen
            now = set(namespace)
            bound |= {name for name in now - was.keys() if not self._hidden[name]}
            self._seen = now
        else:
            fresh = self._fresh(namespace)
            bound.update(name for name in fresh if not self._hidden[name])
            self._seen.update(fresh)
        self._seen -= gone
        self.turn += 1
        return Moved(bound, gone)

    def _fresh(self, namespace: Mapping[str, Any]) -> Collection[str]:
        """Return the names that were not there at the last scan.

        They stand behind all that were, so it is gone back from the end to a name that was the last one of its
        kind then: `_i7`, which the shell makes once. One that was made again, after a reset, holds another text.
        """
        names: Any = namespace
        seen, last = self._seen, self._last
        fresh: list[str] = []
        try:
            for name in reversed(names):
                if name == last and namespace.get(name) is self._last_value:
                    break
                if name not in seen:
                    fresh.append(name)
            else:
                last = ""
        except (TypeError, RuntimeError):  # no dict, or a thread binds names meanwhile
            last = ""
        if not last:
            fresh = [name for name in list(namespace) if name not in seen]
            fresh.reverse()
        self._last = next(filter(_is_made_once, fresh), last)
        self._last_value = namespace.get(self._last)
        return fresh
