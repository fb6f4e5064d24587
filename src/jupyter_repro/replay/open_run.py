"""A cell run while it is open: what is known before it, and after."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_repro.records import (
        CellId,
        Ending,
        Leak,
        MixedPrecision,
        OpUse,
        TrainingUse,
        Use,
        Version,
    )

    from .names import Names
    from .reach import Reached

__all__ = ["After", "Before", "LetGo", "OpenRun"]


class Before(msgspec.Struct, frozen=True):
    """What is known when a cell run starts."""

    source: str
    """As the front end sent it."""
    code: str
    """As Python runs it, after IPython's transformations."""
    digest: str
    cell: CellId | None
    rng: Mapping[str, str | None]
    started: float


class After(msgspec.Struct, frozen=True):
    """What is known when it has ended."""

    rng: Mapping[str, str | None]
    ended: Ending
    error: str
    duration_s: float
    reads: tuple[Use, ...] = ()
    """Files, settings and modules that were read, with their versions."""
    writes: tuple[tuple[str, str | None], ...] = ()
    """(resource, digest) of files, settings and modules that were written."""
    effects: tuple[str, ...] = ()
    leaks: tuple[Leak, ...] = ()
    """Draws that no seed governs."""
    ops: tuple[OpUse, ...] = ()
    """Operations without a deterministic algorithm."""
    amp: MixedPrecision | None = None
    """Mixed precision, where it was seen."""
    training: tuple[TrainingUse, ...] = ()
    """Randomness of training at work where the cell evaluates."""
    hosts: tuple[str, ...] = ()
    """Hosts that it talked to."""
    derives: bool = False
    """Generators without a seed drew numbers derived from the seed throughout the run."""
    reseeded: bool = False
    """The run was the ``%repro`` that seeds: every stream starts anew here."""
    drew_first: frozenset[str] = frozenset()
    """Streams that it drew from before it seeded them."""
    asked: frozenset[str] = frozenset()
    """Streams that it looked at without moving them: the root of the streams by name."""
    arrived: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Stream -> its state when its library was imported, in this run or before."""
    settings: tuple[str, ...] = ()
    """Process settings that it may hang on."""
    failed_line: int | None = None
    """Line of the code, from 1, that raised; None: nothing did, or it is not known."""
    outputs: str | None = None
    """Digest of what it showed; None: not known."""
    shown: object = None
    """The result that it showed; None: none."""


class LetGo(msgspec.Struct, frozen=True):
    """A name whose value is not held while the cell runs."""

    identity: int
    objects: frozenset[int] | None
    """The mutable objects that it reached and that other names may reach; None: too many to look at."""


class OpenRun(msgspec.Struct):
    """A cell run that has not ended."""

    order: int
    before: Before
    names: Names
    called: Reached
    namespace: dict[str, Any]
    """The user's names as they were, but for those let go."""
    let_go: dict[str, LetGo]
    """Names that the cell binds anew or deletes: to hold their values would keep alive what it frees."""
    turn: int
    """The scan of the namespace that it began with."""
    reads: dict[str, Version]
    parent: int | None
    _may_read: frozenset[str] | None = None

    def ended_at(self, line: int) -> None:
        """Forget what stands below the statement that raised: it did not run.

        Args:
            line: A line of that statement, from 1.
        """
        from .names import analyse_here

        names = analyse_here(_up_to(line, self.before.code))
        if names.compiles:
            self.known_as(names)

    def known_as(self, names: Names) -> None:
        """Take the names that are known now; what they do not read was not read."""
        never = self.names.reads - names.reads - self.called.reads
        self.names, self._may_read = names, None
        for name in never:
            self.reads.pop(f"name:{name}", None)

    @property
    def may_read(self) -> frozenset[str]:
        """Names that it may read, itself or through functions."""
        if self._may_read is None:
            self._may_read = self.names.reads | self.called.reads
        return self._may_read

    @property
    def suspected(self) -> frozenset[str]:
        """Names that it may change in place where their content cannot be compared."""
        names = self.names
        return names.mutates | names.may_mutate | names.iterates | names.calls | self.called.reads


def _up_to(line: int, code: str) -> str:
    """Return the code down to the end of the statement that the line is of."""
    for statement in ast.parse(code).body:
        if statement.lineno <= line <= (statement.end_lineno or statement.lineno):
            return "\n".join(code.split("\n")[: statement.end_lineno])
    return code
