"""A run against its reference: every way to differ is one of its own, and nothing passes by being absent."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from jupyter_repro.errors import BadWord, GoldenRefused
from jupyter_repro.goldens.compare import compare
from jupyter_repro.goldens.identity import changes
from jupyter_repro.goldens.levels import check_level, early_refusal
from jupyter_repro.records.golden import Calibration, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.golden import Golden

_NAN, _INF = math.nan, math.inf
_REFERENCE = [2.0, 1.0, 0.5]


@pytest.mark.parametrize(
    ("level", "now", "first"),
    [
        ("bitwise", [2.0, 1.0, 0.5], None),
        ("bitwise", [2.0, 1.0 + 2**-52, 0.5], ("value", 1)),
        ("bitwise", [2.0, _NAN, 0.5], ("NaN", 1)),
        ("bitwise", [2.0, _INF, 0.5], ("infinite", 1)),
        ("bitwise", [2.0, 1.0], ("missing step", 2)),
        ("bitwise", [2.0, 1.0, 0.5, 0.25], ("extra step", 3)),
        ("bitwise", [], ("missing step", 0)),
        ("envelope", [2.0, 1.001, 0.5], None),
        ("envelope", [2.0, 1.0011, 0.5], ("value", 1)),
        ("envelope", [2.0, 1.0, _NAN], ("NaN", 2)),
        ("envelope", [2.0, 1.0, -_INF], ("infinite", 2)),
        ("rtol=1e-2", [2.0, 1.009, 0.5], None),
        ("rtol=1e-2", [2.0, 1.0, 0.506], ("value", 2)),
        ("rtol=1e-2", [_NAN, 1.0, 0.506], ("NaN", 0)),
        ("auto", [2.0, 1.0005, 0.5], ("value", 1)),
    ],
)
def test_losses(golden: Callable[..., Golden], level: str, now: list[float], first: Any) -> None:
    """The first step that differs, with its kind, under each level."""
    found = compare(golden(_REFERENCE, tolerance=1e-3), golden(now), level=level)
    assert (found.first and (found.first.kind, found.first.step)) == first
    assert found.verdict == ("holds" if first is None else "differs")


@pytest.mark.parametrize("value", [_NAN, _INF, -_INF])
@pytest.mark.parametrize("level", ["bitwise", "envelope", "rtol=1e-3"])
def test_the_reference_itself_is_not_finite(golden: Callable[..., Golden], value: float, level: str) -> None:
    """The same NaN or infinity is the same; a number in its place is not."""
    reference = golden([1.0, value], tolerance=1e-3)
    assert compare(reference, golden([1.0, value]), level=level).verdict == "holds"
    assert compare(reference, golden([1.0, 3.0]), level=level).verdict == "differs"


@pytest.mark.parametrize(
    ("values", "kind", "key"),
    [({}, "missing", "loss"), ({"loss": 1.0, "acc": 1.0}, "extra", "acc"), ({"los": 1.0}, "missing", "loss")],
)
@pytest.mark.parametrize("level", ["bitwise", "envelope", "rtol=1e-3"])
def test_other_names(golden: Callable[..., Golden], values: Any, kind: str, key: str, level: str) -> None:
    """A name that is not logged, and one that is new, are differences."""
    now = msgspec.structs.replace(golden([1.0]), steps=(Step(step=0, values=values),))
    first = compare(golden([1.0], tolerance=1e-3), now, level=level).first
    assert first is not None
    assert (first.kind, first.key) == (kind, key)


@pytest.mark.parametrize(
    ("level", "change", "text"),
    [
        ("bitwise", {"sha": "b"}, "the norm of"),
        ("envelope", {"sha": "b", "norm": 2.1}, "the norm of"),
        ("rtol=1e-2", {"sha": "b", "norm": 2.1}, "the norm of"),
        ("envelope", {"shape": (4,)}, "float32[3] became float32[4]"),
        ("envelope", {"dtype": "bfloat16"}, "became bfloat16[3]"),
        ("envelope", {"name": "v"}, "no such tensor"),
        ("envelope", {"sha": "b", "norm": _NAN}, "the norm of"),
        ("envelope", {"sha": "b", "norm": 2.0 + 1e-6}, ""),
        ("rtol=1e-2", {"sha": "b", "norm": 2.01}, ""),
    ],
)
@pytest.mark.parametrize("end", ["initial", "final"])
def test_weights(golden: Callable[..., Golden], tensor: Callable[..., Any], level: str, change: Any, text: str, end: str) -> None:  # fmt: skip
    """Digest, shape, type and norm, at both ends of a run."""
    reference = golden([1.0], tolerance=1e-3, **{end: (tensor(tolerance=1e-5),)})
    now = golden([1.0], **{end: (tensor(**change),)})
    found = compare(reference, now, level=level)
    if not text:
        assert found.verdict == "holds"
        assert not found.bitwise or end == "initial"
    else:
        assert any(text in each.text for each in found.differences)
        assert found.differences[0].kind == ("weights" if end == "final" else "initial weights")


def test_no_weights_at_all(golden: Callable[..., Golden]) -> None:
    """A run that shows no weights where the reference does is no run that holds."""
    assert compare(golden([1.0]), golden([1.0], final=())).verdict == "differs"


@pytest.mark.parametrize("name", ["threads", "GPU", "torch"])
def test_another_identity_refuses_bits(golden: Callable[..., Golden], name: str) -> None:
    """Which fact differs is named, and the remedy offers the levels that can be told."""
    reference = golden([1.0], identity={name: "1"})
    with pytest.raises(GoldenRefused, match=f"{name}: 1 in the reference, 2 here") as error:
        compare(reference, golden([1.0], identity={name: "2"}), level="bitwise")
    assert "envelope" in error.value.remedy
    with pytest.raises(GoldenRefused, match=f"{name}: 1 in the reference, not told here"):
        compare(reference, golden([1.0], identity={}), level="bitwise")


def test_auto_takes_the_envelope_elsewhere(golden: Callable[..., Golden]) -> None:
    """Bits on the same identity, tolerances on another; without tolerances it is refused, not passed."""
    reference = golden([1.0], tolerance=1e-3)
    found = compare(reference, golden([1.0005], identity={"threads": "2"}), level="auto")
    assert (found.verdict, found.judged) == ("holds", "envelope")
    with pytest.raises(GoldenRefused, match="not calibrated"):
        compare(golden([1.0]), golden([1.0], identity={"threads": "2"}), level="auto")


def test_chaos_is_not_judged(golden: Callable[..., Golden]) -> None:
    """Steps from which no tolerance is meaningful are named; a reference that is chaotic throughout is refused."""
    part = golden(
        [1.0, 1.0, 1.0], calibration=Calibration(factor=10.0, perturbations=(), chaotic={"loss": 1})
    )
    steps = (Step(step=0, values={"loss": 1.0}, tolerance={"loss": 1e-3}), *part.steps[1:])
    part = msgspec.structs.replace(part, steps=steps)
    found = compare(part, golden([1.0, 7.0, 8.0]), level="envelope")
    assert (found.verdict, found.steps, found.unjudged["loss"]) == ("holds", 1, 1)
    assert compare(part, golden([1.1, 7.0, 8.0]), level="envelope").verdict == "differs"
    assert compare(part, golden([1.0, 7.0]), level="envelope").first is not None, (
        "a step is missing all the same"
    )
    whole = golden([1.0], calibration=Calibration(factor=10.0, perturbations=(), chaotic={"loss": 0}))
    with pytest.raises(GoldenRefused, match="chaotic: no tolerance is meaningful"):
        compare(whole, golden([1.0]), level="envelope")


@pytest.mark.parametrize(
    "level", ["exact", "rtol=", "rtol=x", "rtol=0", "rtol=2", "rtol=nan", "rtol=inf", ""]
)
def test_levels(level: str) -> None:
    """A level that would let everything pass, or that is none, is refused."""
    with pytest.raises(BadWord):
        check_level(level)


def test_refused_before_the_run(golden: Callable[..., Golden]) -> None:
    """What cannot change during a run is told before it; what can (threads, a device) waits for its end."""
    reference = golden([1.0], identity={"torch": "2.13", "threads": "1", "GPU": "H100"})
    early_refusal(reference, "bitwise", {"torch": "2.13", "threads": "2"})
    with pytest.raises(GoldenRefused, match=r"torch: 2\.13"):
        early_refusal(reference, "bitwise", {"torch": "2.12"})
    with pytest.raises(GoldenRefused, match="not calibrated"):
        early_refusal(reference, "envelope", {})


def test_a_library_that_one_run_did_not_load() -> None:
    """It had no part in that run's numbers; another version of it has, and so has a device that is missing."""
    rows = changes({"NumPy": "1", "scipy": "1", "GPU": "x"}, {"scipy": "2", "BLAS of numpy": "y"})
    assert [name for name, _, _ in rows] == ["GPU", "scipy"]
