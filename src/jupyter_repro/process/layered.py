"""Lists that imports add to as well as the user: only the user's own entries count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .setting import Held, digest_of, same_objects, unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

__all__ = ["Layered"]


class Layered:
    """A list in two layers: what Python and imports put there, and what was put there by hand.

    The digest tells the entries put by hand, in order, each with whether it stands below all others, and
    the ones that were taken away. It does not tell what imports have put in front of them meanwhile: that
    order would change with every import.

    Args:
        name: The resource.
        names: Names in a source that hint at it.
        read: Returns the list itself.
        key: Returns a stable text for an entry, or None where it has none.
        passed_by: Whether an entry does not count.
    """

    module = ""

    def __init__(
        self,
        name: str,
        *,
        names: frozenset[str],
        read: Callable[[], Sequence[object]],
        key: Callable[[object], Hashable | None],
        passed_by: Callable[[object], bool] | None = None,
    ) -> None:
        self.name = name
        self.names = names
        self._read = read
        self._key = key
        self._passed_by = passed_by
        self._base: tuple[Hashable | None, ...] | None = None

    def fingerprint(self) -> Held:
        """Return the entries."""
        return Held(tuple(self._read()))

    def same(self, fingerprint: object) -> bool:
        """Tell whether the entries still are the same."""
        return type(fingerprint) is Held and same_objects(self._read(), fingerprint.values)

    def digest(self) -> str:
        """Return the digest of what was put or taken away by hand."""
        present = self._keys()
        if None in present:
            return unseen(f"`{self.name.partition(':')[2]}` holds something that is not looked inside")
        base = self._known_base(present)
        own = _own(present, base)
        if not own and len(present) == len(base):
            return digest_of(())
        below = len(present)
        while below and below - 1 in own:
            below -= 1
        here = frozenset(present)
        return digest_of(
            (
                tuple((present[index], index >= below > 0) for index in own),
                tuple(entry for entry in base if entry not in here),
            )
        )

    def own(self) -> frozenset[Hashable | None]:
        """Return the entries that were put by hand."""
        present = self._keys()
        return frozenset(present[index] for index in _own(present, self._known_base(present)))

    def rebase(self, keep: frozenset[Hashable | None]) -> None:
        """Take what is there now as not put by hand, save what ``own`` returned before."""
        gone = self._base or ()
        present = [entry for entry in self._keys() if entry not in keep]
        here = frozenset(present)
        # what was taken away by hand is still gone by hand
        self._base = (*present, *(entry for entry in gone if entry not in here and entry not in keep))

    def _keys(self) -> tuple[Hashable | None, ...]:
        passed_by = self._passed_by
        counted = [entry for entry in self._read() if passed_by is None or not passed_by(entry)]
        return tuple(map(self._key, counted))

    def _known_base(self, present: tuple[Hashable | None, ...]) -> tuple[Hashable | None, ...]:
        if self._base is None:
            self._base = present
        return self._base


def _own(present: Sequence[Hashable | None], base: Sequence[Hashable | None]) -> tuple[int, ...]:
    """Return the places of entries that are not the base's, or have been moved up among it."""
    own = []
    left = len(base)
    for place in range(len(present) - 1, -1, -1):
        at = left - 1
        while at >= 0 and base[at] != present[place]:
            at -= 1
        if at < 0:
            own.append(place)
        else:
            left = at
    return tuple(reversed(own))
