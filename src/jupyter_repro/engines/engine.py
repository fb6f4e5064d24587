"""What an engine is: something that takes a call and gives a future."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Engine", "Future"]


class Future(Protocol):
    """A call that was submitted."""

    def result(self) -> Any:
        """Return what the call returned, or raise what it raised."""

    def running(self) -> bool:
        """Return whether it has begun and not ended; False where the engine cannot tell."""

    def add_done_callback(self, function: Callable[[Any], Any], /) -> Any:
        """Have a function called once the call has ended, from any thread."""


class Engine(Protocol):
    """Runs calls elsewhere. Functions and arguments have to be picklable, and importable where they run."""

    name: str
    """For people: ``4 processes``, ``Dask at tcp://10.0.0.1:8786``."""
    remote: bool
    """Whether calls may run on another machine, with other files."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Take a call."""

    def lost(self, error: BaseException) -> bool:
        """Return whether an error of a future means that its worker died, not that the function raised it."""

    def alone(self) -> Engine | None:
        """Return an engine for one call at a time, or None where a dying worker harms only its own call."""

    def close(self, *, kill: bool = False) -> None:
        """Give the workers back; ``kill`` does not wait for their calls."""
