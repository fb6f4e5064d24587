"""What a reader sees of a golden run: the step, both values, the reason, curves that are whole."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest

from jupyter_repro.goldens.compare import compare
from jupyter_repro.records.golden import Calibration, Golden, Perturbation, Step, Tensor
from jupyter_repro.reports.golden_html import comparison_html, golden_html, page
from jupyter_repro.reports.golden_text import calibrated_text, comparison_text, golden_text, verdict_line


def _golden(values: list[float], *, seed: str = "1", threads: str = "1", sha: str = "a") -> Golden:
    steps = tuple(
        Step(step=i, values={"loss": each}, tolerance={"loss": 1e-3}) for i, each in enumerate(values)
    )
    first = (
        Tensor(
            name="w<1>", sha256=sha * 64, shape=(2,), dtype="float32", norm=float(ord(sha)), tolerance=1e-3
        ),
    )
    calibration = Calibration(
        factor=10.0, perturbations=(Perturbation(tensor="w", index=0, first_step=1),), growth={"loss": 1e-6}
    )
    return Golden(
        name="r", identity={"threads": threads}, context={"seed": seed}, dtypes={"loss": "float32"}, steps=steps,
        initial=first, calibration=calibration, level="rtol=1e-3",
    )  # fmt: skip


_REFERENCE = [2.0, 1.0, 0.5, 0.25]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (_golden([2.0, 1.0, 0.75, 0.25]), "too much for rounding"),
        (_golden([2.0, 1.0, math.nan, 0.25]), "overflow"),
        (_golden([2.0, 1.0]), "training ended early"),
        (_golden([2.0, 1.0, 0.75, 0.25], seed="2"), "the seeds differ"),
        (_golden(_REFERENCE, sha="b"), "another model, another seed"),
        (_golden([9.0, 9.0, 9.0, 9.0], threads="2"), "threads: 1 in the reference, 2 here"),
    ],
    ids=["value", "nan", "short", "seed", "weights", "threads"],
)
def test_the_likely_reason(now: Golden, words: str) -> None:
    """Seeds, another model, an early end, overflow: each has its own next step."""
    text = comparison_text(compare(_golden(_REFERENCE), now))
    assert words in text
    assert all(len(line) < 160 for line in text.splitlines())


def test_rounding_is_called_so() -> None:
    """A difference of a few last places is not called another code."""
    found = compare(_golden(_REFERENCE), _golden([2.0, 1.0 + 1e-7, 0.5, 0.25]), level="rtol=1e-9")
    assert "rounding in another order" in comparison_text(found)


@pytest.mark.parametrize(
    "values",
    [
        _REFERENCE, [2.0, 1.5, 0.5, 0.25], [math.nan] * 4, [math.inf, 1.0, 0.5, 0.25], [2.0], [], [0.0] * 4,
        [2.0, 1.0, math.nan, 0.25], [1e300, -1e300, 0.5, 0.25],
    ],
    ids=["same", "value", "nan", "inf", "one", "none", "zeros", "part", "huge"],
)  # fmt: skip
@pytest.mark.parametrize("reference", [_REFERENCE, [0.0] * 4, [math.nan] * 4, [3.0]], ids=["falls", "zero", "nan", "one"])  # fmt: skip
def test_figures_are_whole(reference: list[float], values: list[float]) -> None:
    """Whatever the numbers, the SVG is well-formed and no coordinate is NaN; names are escaped; no script, nothing loaded."""
    found = compare(_golden(reference), _golden(values, sha="b"))
    html = comparison_html(found)
    body = page([found]).decode()
    assert "w<1>" not in html
    assert "w&lt;1&gt;" in html
    assert not any(word in body for word in ("<script", "http:", "https:", "src="))
    for part in html.split("<svg ")[1:]:
        drawn = "<svg " + part.partition("</svg>")[0] + "</svg>"
        for node in ET.fromstring(drawn).iter():
            for name in ("d", "x", "y", "x1", "y1"):
                assert not any(word in node.get(name, "") for word in ("nan", "inf"))
    comparison_text(found)


def test_a_tolerance_is_drawn_where_there_is_one() -> None:
    """Neither the legend nor the table speaks of one under `bitwise`; each figure says what it shows."""
    now = _golden([2.0, 1.5, 0.5, 0.25])
    bits, envelope = (
        comparison_html(compare(_golden(_REFERENCE), now, level=level)) for level in ("bitwise", "envelope")
    )
    assert ">tolerance<" not in bits
    assert envelope.count(">tolerance<") == 2
    assert ">loss</text>" in bits


def test_a_reference_and_its_calibration() -> None:
    """What is in the file, with the growth of one bit."""
    golden = _golden(_REFERENCE)
    assert "from 2 to 0.25" in golden_text(golden)
    assert "one bit grew to 1.0e-06 of its size" in calibrated_text(golden)
    assert "tolerance of loss" in golden_html(golden)


def test_chaos_is_called_chaos() -> None:
    """Where nothing is meaningful, that is the headline."""
    steps = tuple(Step(step=i, values={"loss": 1.0}) for i in range(3))
    calibration = Calibration(factor=10.0, perturbations=(), chaotic={"loss": 0})
    text = calibrated_text(Golden(name="r", steps=steps, calibration=calibration))
    assert text.startswith("repro: calibrated golden run `r`: chaotic: no tolerance is meaningful")


def test_a_run_that_holds_is_one_line() -> None:
    """With how much was compared, and how much of the tolerance was used."""
    line = verdict_line(compare(_golden(_REFERENCE), _golden([2.0, 1.0, 0.5005, 0.25]), level="envelope"))
    assert "4 steps, 0 tensors within the envelope (at most 50% of the tolerance)" in line
