"""An engine by its address: none is this machine, ``dask://`` a cluster, any other word what a package brings."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .engine import Engine

__all__ = ["GROUP", "open_engine"]

GROUP = "jupyter_repro.executors"
"""Entry points: the name is the scheme of the address, the object takes ``(address, jobs)`` and returns an engine."""


def open_engine(
    address: str | None = None, *, jobs: int | None = None, environ: Mapping[str, str] | None = None
) -> Engine:
    """Return an engine.

    Args:
        address: ``None`` or ``local``, ``serial``, or ``scheme://...``.
        jobs: How many calls run at once, where the engine lets us say.
        environ: Variables that processes of this machine begin with.

    Raises:
        BadWord: No engine has that scheme.
    """
    if address in (None, "local", "loky"):
        from .local import LocalEngine

        return LocalEngine(jobs, environ)
    scheme = str(address).partition("://")[0]
    if scheme == "serial":
        from .serial import SerialEngine

        return SerialEngine()
    if scheme == "dask":
        from .dask import DaskEngine

        return DaskEngine(str(address), jobs)
    found = {entry.name: entry for entry in metadata.entry_points(group=GROUP)}
    if scheme not in found:
        known = ", ".join(sorted({"local", "serial", "dask", *found}))
        raise BadWord(
            f"no engine is called `{scheme}`", remedy=f"take one of {known}, such as `dask://host:8786`"
        )
    engine: Engine = found[scheme].load()(str(address), jobs)
    return engine
