"""The reference of a golden run, and what a later run is against it."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = [
    "SCHEMA",
    "Calibration",
    "Comparison",
    "Difference",
    "DifferenceKind",
    "Golden",
    "GoldenVerdict",
    "Perturbation",
    "Step",
    "Tensor",
]

SCHEMA = 1

GoldenVerdict = Literal["holds", "differs"]
DifferenceKind = Literal["value", "NaN", "infinite", "missing step", "extra step", "missing", "extra", "initial weights", "weights"]  # fmt: skip


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What was logged at one step of training."""

    step: int
    values: dict[str, float]
    tolerance: dict[str, float] = {}
    """How far another run may be from ``values``, in their own unit; nothing where none is meaningful or calibrated."""


class Tensor(msgspec.Struct, frozen=True, kw_only=True):
    """One tensor of weights: its bytes as a digest, its size as a number."""

    name: str
    sha256: str
    """Of the elements in row-major order, little-endian."""
    shape: tuple[int, ...]
    dtype: str
    norm: float
    """The Euclidean norm, summed in float64."""
    tolerance: float | None = None
    """How far another run's norm may be from ``norm``; None where none is meaningful or calibrated."""


class Perturbation(msgspec.Struct, frozen=True, kw_only=True):
    """One weight that was moved by one unit in the last place, and what came of it."""

    tensor: str
    index: int
    """Position of the element in row-major order."""
    first_step: int | None
    """The first step that shows it; None: no step does."""


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Where the tolerances come from."""

    factor: float
    """Tolerances are so many times what the perturbed runs showed."""
    perturbations: tuple[Perturbation, ...]
    chaotic: dict[str, int] = {}
    """By series, the first step from which no tolerance is meaningful."""
    growth: dict[str, float] = {}
    """By series, the largest relative change that one unit in the last place has made at any step."""
    repeatable: bool = True
    """Whether a run without a perturbation gave the very bits of the reference."""


class Golden(msgspec.Struct, frozen=True, kw_only=True):
    """One run: what it logged, the weights at its beginning and end, and what its bits hang on."""

    name: str
    level: str = "bitwise"
    """How a run is compared where its code does not say: ``bitwise``, ``envelope``, ``auto`` or ``rtol=1e-5``.

    Empty in a run whose code says none."""
    target: str = ""
    """What `jupyter repro golden check` runs, relative to the folder above that of the references; empty: not told."""
    identity: dict[str, str] = {}
    """Facts on which bits hang."""
    context: dict[str, str] = {}
    """Facts that explain another result, but allow no other: the seed and the like."""
    dtypes: dict[str, str] = {}
    """By series, the type of its numbers."""
    steps: tuple[Step, ...] = ()
    initial: tuple[Tensor, ...] = ()
    final: tuple[Tensor, ...] = ()
    calibration: Calibration | None = None
    perturbed: tuple[str, int] | None = None
    """In a run for a calibration, the tensor and element that was moved; never in a reference."""

    @property
    def series(self) -> tuple[str, ...]:
        """Return the names of what was logged, in the order of their first appearance."""
        return tuple(dict.fromkeys(name for step in self.steps for name in step.values))


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in which a run is not the golden one."""

    kind: DifferenceKind
    step: int | None
    """None for weights."""
    key: str
    """The series or the tensor."""
    reference: float | None = None
    now: float | None = None
    tolerance: float | None = None
    """None where equal bits were asked for."""
    text: str = ""
    """What the numbers alone do not say."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A run against its reference."""

    name: str
    level: str
    """What was asked for."""
    judged: str
    """What it was judged by: for ``auto`` one of the others."""
    verdict: GoldenVerdict
    bitwise: bool
    """Whether every number and all weights have equal bits, whatever was asked for."""
    steps: int
    """How many steps of the reference were compared."""
    unjudged: dict[str, int] = {}
    """By series, the first step from which nothing was compared, because no tolerance is meaningful."""
    weights: int = 0
    """How many tensors at the end were compared."""
    differences: tuple[Difference, ...] = ()
    """By step; weights at the beginning come first, those at the end last."""
    identity: tuple[tuple[str, str, str], ...] = ()
    """Facts on which bits hang and that differ: name, in the reference, now."""
    context: tuple[tuple[str, str, str], ...] = ()
    largest: dict[str, float] = {}
    """By series, the largest part of its tolerance that was used up, or the largest relative difference."""
    reference: Golden
    now: Golden

    @property
    def first(self) -> Difference | None:
        """Return where they part."""
        return self.differences[0] if self.differences else None
