"""``%repro config``: the configurations that cells work with, shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_repro.records.configs import Config

    from .requests import ShowConfig
    from .session import Session

__all__ = ["configs_of", "show_config"]


def configs_of(session: Session) -> tuple[Config, ...]:
    """Return the configurations that names of the notebook hold or its cells read."""
    from jupyter_repro.inputs.configs import find_configs

    from .tracked_data import hydra_overrides

    names = session.names
    namespace = {name: each for name, each in list(session.shell.user_ns.items()) if not names[name]}
    files = {
        use.resource.partition(":")[2]: use.version.digest
        for run in session.ledger.runs
        for use in run.reads
        if use.resource.startswith("file:")
    }
    return find_configs(
        namespace,
        files=files,
        sources=_sources(session),
        folder=session.folder(),
        jobs=hydra_overrides(session),
    )


def show_config(session: Session, request: ShowConfig, *, tell: Callable[[str], None]) -> None:
    """Show the configurations as text or as JSON, or write that to a file.

    Raises:
        StorageFailed: The file cannot be written.
    """
    from jupyter_repro.inputs.audit import unwatched
    from jupyter_repro.reports.config_text import config_json, config_text

    with unwatched():
        found = configs_of(session)
        if not request.json:
            tell(config_text(found, verbose=request.verbose))
        elif not request.path:
            tell(config_json(found))
        else:
            from jupyter_repro.canonical import write_atomic

            write_atomic(Path(request.path), f"{config_json(found)}\n".encode())
            tell(f"repro: wrote {request.path}")


def _sources(session: Session) -> Iterator[str]:
    """Yield what ran as Python runs it, also what ran before we were loaded."""
    for source in list(session.shell.user_ns.get("In", ())):
        if isinstance(source, str):
            yield session.names.python_of(source)
