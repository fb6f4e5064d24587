"""Which resources reach the same mutable objects, run by run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Links"]

_NONE: frozenset[str] = frozenset()


class Links:
    """A symmetric relation between resources."""

    def __init__(self) -> None:
        self._of: dict[str, frozenset[str]] = {}

    def __bool__(self) -> bool:
        return bool(self._of)

    def of(self, resource: str) -> frozenset[str]:
        """Return the resources that share objects with this one."""
        return self._of.get(resource, _NONE)

    def update(self, bound: Iterable[str], after: Mapping[str, Iterable[str]]) -> None:
        """Forget the links of what was bound or changed, and take those that it has now."""
        for resource in {*bound, *after}:
            for other in self._of.pop(resource, _NONE):
                if other in self._of:
                    self._of[other] -= {resource}
        for resource, others in after.items():
            for other in others:
                self._of[resource] = self.of(resource) | {other}
                self._of[other] = self.of(other) | {resource}
