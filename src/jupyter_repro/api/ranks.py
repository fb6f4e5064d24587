"""A training script of several processes: each rank under the right seeds, with a journal of its own."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord

from .control import seed as govern

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from jupyter_repro.records import Strictness

__all__ = ["RankRun", "rank_run"]

_BYTES, _ITEMS = 1 << 40, 100_000_000


class RankRun:
    """One process of a job, from ``with`` to its end.

    Args:
        folder: Where the journals lie, shared by all ranks.
        seed: The root.
        strictness: As for :func:`jupyter_repro.seed`.
    """

    def __init__(self, folder: Path, seed: int, strictness: Strictness) -> None:
        from jupyter_repro.records.ranks import RankBegun
        from jupyter_repro.rng.children import child_seed
        from jupyter_repro.rng.rank import global_rank
        from jupyter_repro.store.ranks.journal import RankJournal
        from jupyter_repro.study.sweep.surroundings import environment_digest

        where = global_rank()
        self.rank, self.size = where.rank, where.size
        self.seed = child_seed("rank run", domain="rank", seed=seed)
        """This rank's own, for what must differ between ranks."""
        self._governed = govern(seed, strictness=strictness)
        self._journal = RankJournal(
            folder,
            RankBegun(
                rank=where.rank,
                size=where.size,
                source=where.source,
                job=_job(),
                restart=int(os.environ.get("TORCHELASTIC_RESTART_COUNT") or 0),
                seed=seed,
                rank_seed=self.seed,
                environment=environment_digest(),
            ),
        )

    def log(self, step: int, **values: Any) -> None:
        """Write numbers of a step down, with all their bits.

        Raises:
            BadWord: One is no number.
        """
        from jupyter_repro.records.ranks import RankStep
        from jupyter_repro.study.sweep.numbers import as_hex

        told: dict[str, str] = {}
        for name, value in values.items():
            bits = as_hex(value)
            if bits is None:
                raise BadWord(f"`{name}` is a {type(value).__name__}, not a number", remedy="log numbers")
            told[name] = bits
        self._journal.add(RankStep(step=int(step), values=told))

    def same(self, **values: Any) -> None:
        """Write down digests of what every rank should hold alike, such as the weights of replicas.

        Raises:
            BadWord: A value cannot be looked into.
        """
        from jupyter_repro.digest.values import Budget, value_digest
        from jupyter_repro.records.ranks import RankSame

        for name, value in values.items():
            budget = Budget(bytes=_BYTES, items=_ITEMS)
            digest = value_digest(value, budget=budget)
            if digest is None:
                raise BadWord(
                    f"`{name}` cannot be looked into: {budget.why}",
                    remedy="give arrays, tensors, or a `state_dict()` of them",
                )
            self._journal.add(RankSame(name=name, digest=digest))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from jupyter_repro.records.ranks import RankEnded

        told = f"{type(error).__name__}: {error}" if error is not None else ""
        try:
            self._journal.add(RankEnded(error=told, code=_code()))
        finally:
            self._journal.close()
            self._governed.restore()


def rank_run(folder: str | os.PathLike[str], *, seed: int, strictness: Strictness = "off") -> RankRun:
    """Put a seed in force in one process of a job, and keep this rank's journal; use it in a ``with`` block.

    All ranks share the root seed, so models begin alike; what must differ between ranks takes ``run.seed`` or
    ``child_seed(name, domain="rank")``. Afterwards ``jupyter repro merge FOLDER`` joins the journals and checks them.

    Args:
        folder: Where the journals lie: one folder for all ranks, and for one job.
        seed: The root.
        strictness: As for :func:`seed`.

    Raises:
        BadWord: The seed is none.
        StorageFailed: The journal cannot be written.
    """
    return RankRun(Path(folder), seed, strictness)


def _job() -> str:
    """Return what the launcher calls the job."""
    named = os.environ.get("TORCHELASTIC_RUN_ID", "")
    if named and named != "none":
        return named
    if os.environ.get("SLURM_JOB_ID"):
        return f"Slurm {os.environ['SLURM_JOB_ID']}"
    address, port = os.environ.get("MASTER_ADDR", ""), os.environ.get("MASTER_PORT", "")
    return f"{address}:{port}" if address else ""


def _code() -> str:
    """Return a digest of the program and of the project's modules, by their names and bytes."""
    from jupyter_repro.inputs.modules import local_modules
    from jupyter_repro.inputs.on_disk import digest_at

    main = getattr(sys.modules.get("__main__"), "__file__", None)
    root = Path(main).resolve().parent if main else Path.cwd()
    digest = hashlib.sha256()
    for path in local_modules(root):
        digest.update(f"{path.relative_to(root).as_posix()} {digest_at(path)}\n".encode())
    return digest.hexdigest()
