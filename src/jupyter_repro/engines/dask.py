"""A Dask cluster, by the address of its scheduler."""

from __future__ import annotations

import concurrent.futures
import re
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord, NotInstalled, RunFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from .engine import Engine, Future

__all__ = ["DaskEngine"]

_CONNECT_S = 20


class DaskEngine:
    """The workers of a running scheduler; they need this package installed.

    Args:
        address: ``dask://host:8786``.
        jobs: Not used: the cluster says how many run at once.

    Raises:
        NotInstalled: There is no ``distributed`` here.
        BadWord: The address is malformed.
        RunFailed: No scheduler answers.
    """

    remote = True

    def __init__(self, address: str, jobs: int | None = None) -> None:  # noqa: ARG002 - the same for every engine
        try:
            from distributed import Client
        except ImportError as error:
            raise NotInstalled(
                "a Dask cluster needs the package distributed, which is not here",
                remedy='run `pip install "jupyter_repro[cluster]"`',
            ) from error
        if not re.fullmatch(r"dask://[^/\s]+:[0-9]+/?", address):
            raise BadWord(f"`{address}` is no address of a scheduler", remedy="write `dask://host:8786`")
        place = address.replace("dask://", "tcp://", 1).rstrip("/")
        try:
            self._client = Client(place, timeout=_CONNECT_S, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise RunFailed(
                f"no Dask scheduler answers at `{address}`: {error}",
                remedy="check the address and that it runs",
            ) from error
        self.name = f"Dask at {place}, {len(self._client.scheduler_info(n_workers=-1)['workers'])} workers"

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Take a call; each one is run, also if it is equal to another."""
        return _DaskFuture(self._client.submit(function, *arguments, pure=False))

    def lost(self, error: BaseException) -> bool:
        """Return whether workers died with the call: Dask has tried it on others already."""
        from distributed import KilledWorker

        return isinstance(error, (KilledWorker, concurrent.futures.CancelledError))

    def alone(self) -> Engine:
        """Return the same cluster: calls are given to it one after the other, so that none dies with another's worker."""
        return _Borrowed(self)

    def close(self, *, kill: bool = False) -> None:  # noqa: ARG002 - what was not begun is forgotten in either case
        """Leave the cluster as it was."""
        self._client.close()


class _Borrowed:
    """An engine that somebody else closes."""

    def __init__(self, engine: DaskEngine) -> None:
        self._engine = engine
        self.name, self.remote = engine.name, engine.remote
        self.submit, self.lost, self.alone = engine.submit, engine.lost, engine.alone

    def close(self, *, kill: bool = False) -> None:
        """Leave it open: its owner goes on with it."""


class _DaskFuture:
    """Dask's future with the words of ours."""

    def __init__(self, future: Any) -> None:
        self._future = future

    def result(self) -> Any:
        return self._future.result()

    def running(self) -> bool:
        return False

    def add_done_callback(self, function: Callable[[Any], Any], /) -> None:
        self._future.add_done_callback(lambda _: function(self))
