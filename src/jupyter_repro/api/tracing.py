"""What torch does, written down."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["trace"]


@contextlib.contextmanager
def trace(path: str | os.PathLike[str]) -> Iterator[None]:
    """Write every torch operation of the block to a file, for ``jupyter repro trace diff``.

    Seen is what this thread does, backward included. The file is written when the block ends, also if it raises.
    In a notebook ``%repro trace start NAME`` follows the cells.

    Args:
        path: The file, commonly with the suffix ``.trace``.

    Raises:
        StorageFailed: It cannot be written.
    """
    from jupyter_repro.canonical import write_atomic
    from jupyter_repro.determinism.trace.tracer import Tracer
    from jupyter_repro.rng.process import PROCESS

    def facts() -> dict[str, str]:
        return {"seed": "none" if PROCESS.top is None else str(PROCESS.top.seed)}

    target = Path(path)
    tracer = Tracer(target.stem, facts())
    tracer.enter()
    try:
        yield
    finally:
        tracer.leave()
        write_atomic(target, tracer.whole(facts(), {}))
