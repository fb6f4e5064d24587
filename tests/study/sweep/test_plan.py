"""Which runs there are hangs on the settings alone."""

from __future__ import annotations

import pytest

from jupyter_repro.errors import BadWord
from jupyter_repro.rng.swept import swept, swept_seed
from jupyter_repro.study.sweep.plan import Settings, indices_from, points_of, threads_from


@pytest.mark.parametrize(
    ("text", "expected"), [("3", (0, 1, 2)), ("4:6", (4, 5)), ("7,3,7", (7, 3)), ("2,", (2,))]
)
def test_indices(text: str, expected: tuple[int, ...]) -> None:
    """A count, a span, a list."""
    assert expected == indices_from(text)


@pytest.mark.parametrize("text", ["", "0", "3:3", "a", "1:", "-1", "200000"])
def test_no_indices(text: str) -> None:
    """What names no seeds, or too many, is refused."""
    with pytest.raises(BadWord, match="names"):
        indices_from(text)


def test_threads() -> None:
    """Each number once; none is no number."""
    assert threads_from("2,4,2") == (2, 4)
    assert threads_from("") == ()
    with pytest.raises(BadWord, match="no numbers of threads"):
        threads_from("2,x")


def test_points() -> None:
    """Seeds by index, all else with the first seed; more seeds leave the former ones as they are."""
    few = points_of(Settings(indices=(0, 1), repeats=1, ulp=2, other_threads=(1, 2), hash_seeds=1), 42)
    assert [(p.kind, p.number) for p in few] == [
        ("seed", 0), ("seed", 1), ("repeat", 0), ("ulp", 0), ("ulp", 1), ("threads", 0), ("hashseed", 0),
    ]  # fmt: skip
    assert {p.seed for p in few if p.kind != "seed"} == {few[0].seed}
    assert (few[5].threads, few[6].hash_seed) == (2, 1)
    assert points_of(Settings(indices=(0, 1, 2)), 42)[:2] == few[:2]


def test_child_seeds_are_written_down() -> None:
    """The children of 42: to change them would change what was published with them."""
    assert [swept_seed(42, index) for index in range(3)] == [3765245131, 3282433410, 477401842]


def test_swept_only_in_a_run_of_a_sweep() -> None:
    """Anywhere else a seed is what the user wrote."""
    assert swept(42, {}) == 42
    assert swept(42, {"JUPYTER_REPRO_SWEPT": ""}) == 42
    assert swept(42, {"JUPYTER_REPRO_SWEPT": "1"}) == swept_seed(42, 1)
