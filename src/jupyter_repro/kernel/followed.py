"""What follows the environment of a session, put together from what the session knows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .ending import at_end
from .exporting import INSIDE
from .standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_repro.records import Environment
    from jupyter_repro.records.configs import Config
    from jupyter_repro.records.drift import Drift

    from .keeping import Keeping
    from .session import Session

__all__ = ["standing_of"]


def standing_of(session: Session, keeping: Keeping, before: frozenset[str]) -> Standing:
    """Return what follows the environment of a session, at work.

    Args:
        session: Whose cells are followed.
        keeping: Knows where the journal is.
        before: The modules that were imported before the first cell.
    """

    def sources() -> Iterable[str]:
        """Yield what ran in this kernel and may import, also before we were loaded."""
        for source in list(session.shell.user_ns.get("In", ())):
            if isinstance(source, str) and "import" in source:
                yield source

    def opened(start: Environment) -> Drift | None:
        if keeping.alone and not session.store_told and not keeping.has_project:
            return None
        from .drifting import drift_at_opening

        return drift_at_opening(session, start)

    def configs() -> tuple[Config, ...]:
        from .config_words import configs_of

        return configs_of(session)

    def ended(environment: Environment) -> None:
        from .run_records import record_end

        record_end(session, environment)

    found = Standing(
        keeping.kernel_id,
        busy=lambda: session.busy,
        folder=session.folder,
        place=lambda: keeping.folder,
        sources=sources,
        python_of=session.names.python_of,
        before=before,
        opened=opened,
        configs=configs,
        ended=ended,
    )
    found.begin()
    if not os.environ.get(INSIDE):
        at_end(found.at_end)
    return found
