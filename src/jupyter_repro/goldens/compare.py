"""A run against its reference: pure, and whole; what is not compared is said."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import msgspec

from jupyter_repro.records.golden import Comparison, Difference, DifferenceKind, Golden, Step, Tensor

from .identity import changes
from .levels import judged_by, rtol_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["compare"]

_INITIAL_RTOL = 1e-6
"""Of norms: functions such as the logarithm differ in the last place between instruction sets, a seed much more."""


def compare(reference: Golden, now: Golden, *, level: str = "") -> Comparison:
    """Return what differs between a run and its reference.

    Args:
        reference: The accepted run.
        now: This run.
        level: ``bitwise``, ``envelope``, ``auto`` or ``rtol=...``; empty: the reference's own.

    Raises:
        GoldenRefused: That cannot be told on this identity, or from this reference.
    """
    asked = level or reference.level
    judged = judged_by(reference, asked, now.identity)
    look = _Look(judged, reference)
    differences = (
        *look.weights(reference.initial, now.initial, initial=True),
        *look.steps(reference.steps, now.steps),
        *look.weights(reference.final, now.final, initial=False),
    )
    return Comparison(
        name=reference.name,
        level=asked,
        judged=judged,
        verdict="differs" if differences else "holds",
        bitwise=_same_bits(reference, now),
        steps=len(look.compared),
        unjudged=look.unjudged,
        weights=look.tensors,
        differences=differences,
        identity=changes(reference.identity, now.identity),
        context=changes(reference.context, now.context),
        largest=look.largest,
        reference=reference,
        now=now,
    )


class _Look:
    """One look at two runs, with what it has seen."""

    def __init__(self, judged: str, reference: Golden) -> None:
        self.judged = judged
        self._rtol = rtol_of(judged)
        self._chaotic = {} if reference.calibration is None else reference.calibration.chaotic
        self.compared: set[int] = set()
        self.unjudged: dict[str, int] = {}
        self.largest: dict[str, float] = {}
        self.tensors = 0

    def steps(self, before: tuple[Step, ...], after: tuple[Step, ...]) -> Iterator[Difference]:
        """Yield what differs in the logged numbers, in the order of steps."""
        one, two = ({step.step: step for step in side} for side in (before, after))
        for number in sorted(one.keys() | two.keys()):
            if number not in two:
                yield Difference(kind="missing step", step=number, key="", text="this run has no such step")
            elif number not in one:
                yield Difference(kind="extra step", step=number, key="", text="the reference has no such step")  # fmt: skip
            else:
                yield from self._step(one[number], two[number])

    def _step(self, one: Step, two: Step) -> Iterator[Difference]:
        for key in sorted(one.values.keys() | two.values.keys(), key=lambda key: (key not in one.values, key)):  # fmt: skip
            if key not in two.values:
                yield Difference(kind="missing", step=one.step, key=key, reference=one.values[key], text="this run does not log it")  # fmt: skip
            elif key not in one.values:
                yield Difference(kind="extra", step=one.step, key=key, now=two.values[key], text="the reference does not log it")  # fmt: skip
            else:
                yield from self._value(one, key, two.values[key])

    def _value(self, one: Step, key: str, now: float) -> Iterator[Difference]:
        was = one.values[key]
        allowed = self._allowed(one, key)
        if allowed is None and self.judged == "envelope":
            self.unjudged.setdefault(key, one.step)
            return
        self.compared.add(one.step)
        if math.isfinite(was) and math.isfinite(now):
            difference = abs(was - now)
            part = difference / allowed if allowed else _relative(was, difference)
            self.largest[key] = max(self.largest.get(key, 0.0), part)
            kind = "" if _same(was, now) or (allowed is not None and difference <= allowed) else "value"
        else:
            kind = _not_finite(was, now)
        if kind:
            found = cast("DifferenceKind", kind)
            yield Difference(kind=found, step=one.step, key=key, reference=was, now=now, tolerance=allowed)

    def _allowed(self, one: Step, key: str) -> float | None:
        if self._rtol is not None:
            return self._rtol * abs(one.values[key])
        if self.judged == "bitwise" or one.step >= self._chaotic.get(key, one.step + 1):
            return None
        return one.tolerance.get(key, 0.0)

    def weights(
        self, before: tuple[Tensor, ...], after: tuple[Tensor, ...], *, initial: bool
    ) -> Iterator[Difference]:
        """Yield what differs in the weights at the beginning, or at the end."""
        one, two = ({each.name: each for each in side} for side in (before, after))
        if not before and initial:
            return  # a reference of a run that showed none
        word = "at the beginning" if initial else "at the end"
        for name in sorted(one.keys() | two.keys()):
            text = ""
            if name not in two:
                text = f"this run has no such tensor {word}"
            elif name not in one:
                text = f"the reference has no such tensor {word}"
            elif (one[name].shape, one[name].dtype) != (two[name].shape, two[name].dtype):
                text = f"{_type(one[name])} became {_type(two[name])} {word}"
            if text:
                yield Difference(kind="initial weights" if initial else "weights", step=None, key=name, text=text)  # fmt: skip
            else:
                yield from self._tensor(one[name], two[name], initial=initial)

    def _tensor(self, one: Tensor, two: Tensor, *, initial: bool) -> Iterator[Difference]:
        allowed = _INITIAL_RTOL * abs(one.norm) if initial else one.tolerance
        if self._rtol is not None:
            allowed = self._rtol * abs(one.norm)
        if self.judged == "bitwise":
            allowed = None
        elif allowed is None:
            self.unjudged.setdefault("weights", -1)
            return
        self.tensors += not initial
        same = one.sha256 == two.sha256 or (allowed is not None and abs(one.norm - two.norm) <= allowed)
        if not same:
            yield Difference(
                kind="initial weights" if initial else "weights", step=None, key=one.name, reference=one.norm,
                now=two.norm, tolerance=allowed, text=f"the norm of {_type(one)} {'at the beginning' if initial else 'at the end'}",
            )  # fmt: skip


def _not_finite(was: float, now: float) -> str:
    if _same(was, now):
        return ""
    return "NaN" if math.isnan(was) or math.isnan(now) else "infinite"


def _same(one: float, other: float) -> bool:
    return one.hex() == other.hex()


def _relative(was: float, difference: float) -> float:
    return difference / abs(was) if was else (math.inf if difference else 0.0)


def _type(each: Tensor) -> str:
    return f"{each.dtype}[{', '.join(map(str, each.shape))}]"


def _same_bits(one: Golden, two: Golden) -> bool:
    def bits(golden: Golden) -> object:
        rows = [
            (step.step, {key: value.hex() for key, value in step.values.items()}) for step in golden.steps
        ]
        weights = [msgspec.structs.replace(each, tolerance=None, norm=0.0) for each in golden.final]
        return rows, weights

    return bits(one) == bits(two)
