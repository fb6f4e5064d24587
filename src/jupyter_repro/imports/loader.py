"""A stand-in for a module's loader that tells when the module has been executed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["Execution", "ReportingLoader"]


class Execution(Protocol):
    """Who wants to know how the execution of a module goes."""

    def started(self, name: str) -> None:
        """Note that the module's code begins to run."""

    def failed(self, name: str) -> None:
        """Note that the module's code raised."""

    def finished(self, name: str) -> None:
        """Note that the module's code has run; must not raise."""


class ReportingLoader:
    """Behaves as the real loader does, and gives the module back to it before running it.

    It is a delegate and not a patch of the real loader, because one loader object may serve many modules
    (a zip archive) or be a class (built-in modules). It says it is of the real loader's class, pickles as
    the real loader, and a module that has been imported shows no trace of it.
    """

    def __init__(self, real: Any, execution: Execution) -> None:
        self._real = real
        self._execution = execution

    def exec_module(self, module: ModuleType) -> None:
        """Execute the module with its real loader and report how it went."""
        spec: Any = module.__spec__
        name = module.__name__ if spec is None else spec.name
        if getattr(spec, "loader", None) is self:
            spec.loader = self._real
        if getattr(module, "__loader__", None) is self:
            module.__loader__ = self._real
        self._execution.started(name)
        try:
            self._real.exec_module(module)
        except BaseException:
            self._execution.failed(name)
            raise
        self._execution.finished(name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in {"_real", "_execution"}:
            raise AttributeError(name)
        return getattr(self._real, name)

    @property
    def __class__(self) -> type:
        # Asked of it, not its type: it may be a stand-in too, when two watches saw the import.
        return self._real.__class__  # type: ignore[no-any-return] # Any by duck type

    @__class__.setter
    def __class__(self, value: type) -> None:
        raise TypeError("the class of a loader cannot be changed")

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _same, (self._real,)

    def __eq__(self, other: object) -> bool:
        return bool(self._real == getattr(other, "_real", other))

    def __hash__(self) -> int:
        return hash(self._real)

    def __repr__(self) -> str:
        return repr(self._real)


def _same(loader: Any) -> Any:
    return loader
