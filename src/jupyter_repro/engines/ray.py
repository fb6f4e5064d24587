"""A Ray cluster, by the address of its head, or one of this machine."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import NotInstalled, RunFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .engine import Future

__all__ = ["RayEngine"]

_TELLS = "RAY_USAGE_STATS_ENABLED"


class RayEngine:
    """The workers of Ray; elsewhere they need this package installed.

    Args:
        address: ``ray://host:10001``, or ``ray://`` for a Ray of this machine, which is ended with the engine.
        jobs: How many calls at once on a Ray of this machine.

    Raises:
        NotInstalled: There is no ``ray`` here.
        RunFailed: No cluster answers.
    """

    def __init__(self, address: str, jobs: int | None = None) -> None:
        try:
            import ray
        except ImportError as error:
            raise NotInstalled(
                "this cluster needs the package ray, which is not here", remedy="run `pip install ray`"
            ) from error
        self.remote = address.rstrip("/") != "ray:"
        self._ends = not ray.is_initialized()
        if self._ends:
            where: dict[str, Any] = (
                {"address": address} if self.remote else {"num_cpus": jobs, "include_dashboard": False}
            )
            try:
                with _untold():
                    ray.init(log_to_driver=False, **where)
            except ValueError as error:
                if "ray[client]" not in str(error):
                    raise
                raise NotInstalled(
                    "a Ray cluster elsewhere needs Ray's client, which is not here",
                    remedy='run `pip install "ray[client]"`',
                ) from error
            except (ConnectionError, OSError, RuntimeError) as error:
                raise RunFailed(
                    f"no Ray answers at `{address}`: {error}", remedy="check the address and that it runs"
                ) from error
        self._call = ray.remote(max_retries=0)(_called)
        self.name = f"Ray at {address}"

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Take a call."""
        future: concurrent.futures.Future[Any] = self._call.remote(function, arguments).future()
        return future

    def lost(self, error: BaseException) -> bool:
        """Return whether the worker died with the call."""
        from ray.exceptions import WorkerCrashedError

        return isinstance(error, (WorkerCrashedError, concurrent.futures.CancelledError))

    def alone(self) -> None:
        """Return None: a worker has one call at a time."""

    def close(self, *, kill: bool = False) -> None:  # noqa: ARG002 - what was not begun goes with the connection
        """Leave the cluster, and end it if we began it."""
        import ray

        if self._ends:
            ray.shutdown()


@contextlib.contextmanager
def _untold() -> Iterator[None]:
    """Have a Ray that we begin report nothing to its makers, unless the user has decided."""
    if _TELLS in os.environ:
        yield
        return
    os.environ[_TELLS] = "0"
    try:
        yield
    finally:
        del os.environ[_TELLS]


def _called(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return function(*arguments)
