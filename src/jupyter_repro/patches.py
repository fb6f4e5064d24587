"""Attributes that are replaced for a while, and given back."""

from __future__ import annotations

from typing import Any

__all__ = ["Patches"]


class Patches:
    """Replaces attributes of modules and classes; giving back leaves each as it was, bit for bit."""

    def __init__(self) -> None:
        self._made: list[tuple[Any, str, Any, Any]] = []

    def replace(self, holder: Any, name: str, new: Any) -> None:
        """Put ``new`` into the place of an attribute that the holder has itself."""
        self._made.append((holder, name, vars(holder)[name], new))
        setattr(holder, name, new)

    def in_place(self) -> bool:
        """Whether every replacement is still there."""
        return bool(self._made) and all(vars(holder).get(name) is new for holder, name, _, new in self._made)

    def give_back(self) -> None:
        """Put back what was there.

        Raises:
            RuntimeError: Somebody else has replaced ours since; theirs is left, and ours does nothing more.
        """
        taken = []
        while self._made:
            holder, name, old, new = self._made.pop()
            if vars(holder).get(name) is new:
                setattr(holder, name, old)
            else:
                taken.append(f"{getattr(holder, '__name__', holder)}.{name}")
        if taken:
            raise RuntimeError(f"{', '.join(taken)} was replaced by somebody else since")
