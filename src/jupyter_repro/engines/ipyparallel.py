"""Engines of ipyparallel, by profile or by the file that tells how to connect."""

from __future__ import annotations

from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from jupyter_repro.errors import NotInstalled, RunFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from .engine import Future

__all__ = ["IpyparallelEngine"]

_CONNECT_S = 20


class IpyparallelEngine:
    """The engines of a running cluster; they need this package installed.

    Args:
        address: ``ipyparallel://PROFILE``, ``ipyparallel://`` for the default one, or ``ipyparallel:///PATH`` of an
            ``ipcontroller-client.json``.
        jobs: Not used: the cluster says how many run at once.

    Raises:
        NotInstalled: There is no ``ipyparallel`` here.
        RunFailed: No cluster answers.
    """

    remote = True

    def __init__(self, address: str, jobs: int | None = None) -> None:  # noqa: ARG002 - the same for every engine
        try:
            import ipyparallel
        except ImportError as error:
            raise NotInstalled(
                "this cluster needs the package ipyparallel, which is not here",
                remedy="run `pip install ipyparallel`",
            ) from error
        parts = urlsplit(address)
        where: dict[str, str] = {}
        if parts.path.strip("/"):
            where["connection_info"] = unquote(parts.path)
        elif parts.netloc:
            where["profile"] = parts.netloc
        try:
            self._client = ipyparallel.Client(**where, timeout=_CONNECT_S)
        except (OSError, TimeoutError, ipyparallel.error.TimeoutError) as error:
            raise RunFailed(
                f"no cluster of ipyparallel answers at `{address}`: {error}",
                remedy="start one with `ipcluster start`, or name its profile or connection file",
            ) from error
        if not self._client.ids:
            self._client.close()
            raise RunFailed(
                f"the cluster at `{address}` has no engines", remedy="start some with `ipcluster engines`"
            )
        self._view = self._client.load_balanced_view()
        self.name = f"ipyparallel with {len(self._client.ids)} engines"

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Take a call."""
        future: Future = self._view.executor.submit(function, *arguments)
        return future

    def lost(self, error: BaseException) -> bool:
        """Return whether the engine died with the call."""
        from ipyparallel.error import EngineError, RemoteError

        told = isinstance(error, RemoteError) and error.ename == "EngineError"  # by the controller
        return told or isinstance(error, (EngineError, CancelledError))

    def alone(self) -> None:
        """Return None: an engine has one call at a time."""

    def close(self, *, kill: bool = False) -> None:
        """Leave the cluster as it was; calls that were not begun are dropped with ``kill``."""
        if kill:
            self._client.abort(block=False)
        self._client.close()
