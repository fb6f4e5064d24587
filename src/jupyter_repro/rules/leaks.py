"""RP203 to RP208: what drew without a seed, at which line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import CellId, Leak, LeakKind, Severity

    from .engine import Facts

__all__ = [
    "DrawingThreads",
    "Reseeded",
    "SetOrder",
    "SystemEntropy",
    "UnseededGenerator",
    "UnsortedListing",
]


class _Leaks:
    code: str
    kinds: tuple[LeakKind, ...]
    severity: Severity = "warning"
    remedy: str

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding a line."""
        seen: set[tuple[object, ...]] = set()
        for run in facts.latest:
            for leak in run.leaks:
                key = (leak.source or leak.file, leak.line, leak.what, leak.via)
                if leak.kind not in self.kinds or key in seen:
                    continue
                seen.add(key)
                cell = facts.home(leak.source, run)
                yield Finding(
                    code=self.code,
                    severity="info" if leak.derived or not leak.certain else self.severity,
                    message=f"{_where(leak, cell, facts)} {self.says(leak)}{_ending(leak)}",
                    remedy=self.remedy if not leak.derived else _NOTHING,
                    cell=cell,
                )

    def says(self, leak: Leak) -> str:
        """Say what the line did."""
        raise NotImplementedError


_NOTHING = "nothing; a seed of its own would free it from the order of the calls"


class UnseededGenerator(_Leaks):
    """RP203: a generator is made without a seed.

    **Why is this bad?** Each fresh kernel gives it other numbers, whatever ``%repro seed=`` says.
    **Example**: `rng = np.random.default_rng()`.
    **Remedy**: give it a seed, or ``%repro entropy=derive``.
    """

    code = "RP203"
    kinds = ("unseeded generator",)
    remedy = "give it a seed, or `%repro entropy=derive`"

    def says(self, leak: Leak) -> str:
        """Say which generator."""
        if leak.via:
            return f"has {leak.via} make a generator without a seed"
        return f"makes a generator without a seed (`{leak.what}`)"


class Reseeded(_Leaks):
    """RP204: a generator is seeded from the system or the clock.

    **Why is this bad?** It takes the seed away that ``%repro`` has set.
    **Example**: `np.random.seed()`, `random.seed(time.time())`.
    **Remedy**: seed with a number, or leave the line out.
    """

    code = "RP204"
    kinds = ("reseeded", "clock seed")
    remedy = "seed with a number, or leave the line out: `%repro seed=` has seeded it"

    def says(self, leak: Leak) -> str:
        """Say from what."""
        source = "the clock" if leak.kind == "clock seed" else "the system's entropy"
        by = f"has {leak.via} reseed a generator" if leak.via else "reseeds a generator"
        return f"{by} from {source} (`{leak.what}`)"


class SystemEntropy(_Leaks):
    """RP205: a cell asks the operating system for random bytes (``uuid4``, ``secrets``, ``os.urandom``).

    **Why is this bad?** No seed governs them, and they are never replaced: keys must stay secret.
    **Example**: `sample_id = uuid.uuid4()`.
    **Remedy**: for names that only must differ, allow it; for results, draw from a seeded generator.
    """

    code = "RP205"
    kinds = ("system entropy",)
    remedy = (
        "for results draw from a seeded generator; for names that only must differ, write "
        "`# repro: allow RP205 because ...`"
    )

    def says(self, leak: Leak) -> str:
        """Say with what."""
        return f"draws from the operating system (`{leak.what}`)"


class UnsortedListing(_Leaks):
    """RP206: files are taken in the order in which the file system lists them.

    **Why is this bad?** Another machine, or a copy of the folder, lists them in another order.
    **Example**: `files = os.listdir("data")`.
    **Remedy**: ``sorted(...)`` around the call.
    """

    code = "RP206"
    kinds = ("unsorted listing",)
    remedy = "put `sorted(...)` around it"

    def says(self, leak: Leak) -> str:
        """Say how they are listed."""
        return f"takes files in the order of the file system (`{leak.what}`)"


class DrawingThreads(_Leaks):
    """RP207: threads draw from the same generator at the same time.

    **Why is this bad?** The scheduler decides which of them gets which number.
    **Example**: `pool.map(lambda i: np.random.rand(), range(8))` with threads.
    **Remedy**: a generator for each task, made from the seed and the task's number.
    """

    code = "RP207"
    kinds = ("threads that draw",)
    remedy = "give each task a generator of its own, made from the seed and the task's number"

    def says(self, leak: Leak) -> str:
        """Say from which streams."""
        return f"starts {leak.what}"


def _where(leak: Leak, cell: CellId | None, facts: Facts) -> str:
    labels = {said.id: said.label for said in facts.verdicts}
    if leak.source or not leak.file:
        return f"{labels.get(cell, 'a cell') if cell is not None else 'a cell'}, line {leak.line},"
    name = leak.file.replace("\\", "/").rpartition("/")[2]
    return f"`{name}`, line {leak.line},"


def _ending(leak: Leak) -> str:
    if leak.derived:
        return "; its numbers were derived from the seed"
    return "" if leak.certain else ", unless its argument is a seed, which cannot be seen"


class SetOrder(_Leaks):
    """RP208: a cell goes through a set in the set's own order.

    **Why is this bad?** Texts hash differently in each kernel, so the order differs.
    **Example**: `labels = list({"cat", "dog"})`.
    **Remedy**: ``sorted(...)``, or a fixed ``PYTHONHASHSEED`` (``%repro restart``).
    """

    code = "RP208"
    kinds = ("set order",)
    remedy = "put `sorted(...)` around it, or start the kernel with a fixed hash seed: `%repro restart`"

    def says(self, leak: Leak) -> str:
        """Say where."""
        return (
            "hangs on the order of a set, which differs from kernel to kernel unless PYTHONHASHSEED is fixed "
            f"(`{leak.what}`)"
        )
