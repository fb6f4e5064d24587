"""The file of a reference: every bit comes back, a diff reads well, and what is not ours is refused."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.errors import BadGolden, BadWord, NoGolden
from jupyter_repro.goldens.file import encode, golden_path, read_golden, reference_paths, write_golden
from jupyter_repro.goldens.spelled import parsed, spelled
from jupyter_repro.records.golden import Calibration, Golden, Perturbation, Step

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@given(st.floats())
def test_every_bit_of_a_number_comes_back(value: float) -> None:
    """Of NaN its being one; of all others each bit, zeros with their sign among them."""
    back = parsed(spelled(value))
    assert back.hex() == value.hex()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0x1.999999999999ap-4 = 0.1"),
        (2.25, "0x1.2p+1 = 2.25"),
        (1.0, "0x1p+0 = 1"),
        (-0.0, "-0x0p+0 = -0"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_spelling(value: float, text: str) -> None:
    """All bits for programs, six digits for people."""
    assert spelled(value) == text


@pytest.mark.parametrize("text", ["0x1.2p+1 = 2.26", "2.25", "", "0x1p+9999 = 1", "0x1.20p+1 = 2.25"])
def test_an_edited_number_is_refused(text: str) -> None:
    """One number has one spelling, and its halves agree."""
    with pytest.raises(BadGolden):
        parsed(text)


def test_a_reference_comes_back(
    tmp_path: Path, golden: Callable[..., Golden], tensor: Callable[..., Any]
) -> None:
    """With its tolerances, weights and calibration; its bytes are the same again."""
    calibration = Calibration(
        factor=10.0, perturbations=(Perturbation(tensor="w", index=3, first_step=None),), chaotic={"loss": 2}
    )
    one = golden(
        [1.5, math.nan, math.inf],
        tolerance=1e-6,
        calibration=calibration,
        initial=(tensor("i"),),
        target="a.py",
    )
    path = tmp_path / "deep/folder/r.golden.json"
    write_golden(path, one)
    back = read_golden(path)
    assert encode(back) == encode(one) == path.read_bytes()
    assert (back.calibration, back.final, back.initial) == (calibration, one.final, one.initial)
    assert reference_paths(tmp_path) == [path]


def test_a_step_is_a_line(golden: Callable[..., Golden]) -> None:
    """A change of one loss is a change of one line in version control."""
    one, two = (encode(golden([1.0, 2.0, last])).decode().splitlines() for last in (3.0, 3.5))
    assert sum(a != b for a, b in zip(one, two, strict=True)) == 1
    assert json.loads("\n".join(one))["schema"] == 1


def _changed(**fields: Any) -> bytes:
    data = json.loads(encode(Golden(name="r", steps=(Step(step=0, values={"loss": 1.0}),))))
    return json.dumps({**data, **fields}).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is no reference"),
        (b"[]", "is no reference"),
        (b'{"a": 1}', "is no reference"),
        (_changed(schema=99), "has schema 99"),
        (_changed(steps=[{"step": 0, "values": {"loss": "0x1p+0 = 2"}}]), "changed by hand"),
        (_changed(steps=[{"step": 0, "values": {"loss": 1.0}}]), "is no reference"),
        (_changed(steps=[{"step": s, "values": {}} for s in (1, 0)]), "not in order"),
        (_changed(steps=[{"step": 0, "values": {}}] * 2), "not in order"),
        (_changed(name=3), "is no reference"),
    ],
    ids=["cut", "list", "other", "newer", "edited", "number", "order", "twice", "type"],
)  # fmt: skip
def test_what_is_not_ours(tmp_path: Path, content: bytes, words: str) -> None:
    """A damaged, edited or newer file is an error that names it, with a remedy."""
    path = tmp_path / "r.golden.json"
    path.write_bytes(content)
    with pytest.raises(BadGolden, match=words) as error:
        read_golden(path)
    assert str(path) in error.value.message
    assert error.value.remedy


def test_no_file(tmp_path: Path) -> None:
    """That there is no reference is an error of its own, which says how to make one."""
    with pytest.raises(NoGolden, match="there is no reference"):
        read_golden(tmp_path / "r.golden.json")


@pytest.mark.parametrize("name", ["", "../up", "/root", "a b", "a//b", "a/", ".hidden"])
def test_names(tmp_path: Path, name: str) -> None:
    """A name never leads out of the folder."""
    with pytest.raises(BadWord):
        golden_path(tmp_path, name)
