"""What guards and those that they ask say to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable
    from types import FrameType

    from jupyter_repro.frames import Place
    from jupyter_repro.records import LeakKind

__all__ = ["Ask", "Guard", "Judge"]

_Result = TypeVar("_Result")


class Judge(Protocol):
    """Says of a call whether entropy really decides what comes of it; None if that cannot be seen."""

    def __call__(self, call: ast.Call | None, frame: FrameType, /) -> bool | None:
        """Judge one call in its frame."""
        ...


class Ask(Protocol):
    """Takes note of a draw and says what becomes of it."""

    def __call__(
        self, kind: LeakKind, what: str, frame: FrameType, *, bits: int | None, judge: Judge
    ) -> int | None:
        """Return the number to use instead, None to go on as without us.

        Args:
            kind: What kind of draw it is.
            what: What is called, where the source does not tell.
            frame: The nearest Python frame.
            bits: How many bits are wanted; None where nothing may stand in.
            judge: Decides whether it is a leak.

        Raises:
            UngovernedEntropy: The user has forbidden such draws.
        """
        ...

    def note(self, kind: LeakKind, what: str, place: Place) -> None:
        """Take note of what has happened already at a line."""
        ...

    def unasked(self, call: Callable[..., _Result], *args: Any) -> _Result:
        """Call the original; what it draws in turn is not asked about again."""
        ...


class Guard(Protocol):
    """Stands before one library's way to the system's entropy."""

    name: str
    module: str
    """The module that must have been imported; empty: none."""
    note: str
    """What it does not see."""
    governs: bool
    """Whether ``derive`` and ``raise`` reach what it sees; else it is only reported."""

    def put_on(self, ask: Ask) -> None:
        """Put it in place and check that the library asks through it.

        Raises:
            RuntimeError: It does not, or is not built as we know it; nothing is left changed.
        """
        ...

    def take_off(self) -> None:
        """Give back what was there, bit for bit.

        Raises:
            RuntimeError: Somebody else has put something over it since.
        """
        ...

    def in_place(self) -> bool:
        """Whether the library still asks through it."""
        ...
