"""Names and retention."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyter_repro import checkpoint
from jupyter_repro.checkpoints.naming import named
from jupyter_repro.errors import BadCheckpoint, BadWord

pytest.importorskip("safetensors", reason="the extra `checkpoints`; needed where torch is imported")

FACTS = {"run": "ab12", "step": 7, "epoch": None, "rank": 0, "ranks": 1, "acc": 0.5}


@pytest.mark.parametrize(
    ("template", "path"),
    [("{run}/{step:08d}", "ab12/00000007"), ("last", "last"), ("{acc:.2f}", "0.50"), ("a{{b}}", "a{b}")],
)
def test_a_pattern_names_the_folder(template: str, path: str) -> None:
    """Fields are filled in."""
    assert named(template, FACTS) == Path(path)


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{epoch}", "`{epoch}`, which is not given; give `epoch=`"),
        ("{loss}", "take run, step, epoch, rank, or a name in `metrics="),
        ("{step", "is no pattern of a path"),
        ("{step.real}", "which is not given"),
        ("", "needs a path"),
    ],
)
def test_a_wrong_pattern_says_what_is_wrong(template: str, says: str) -> None:
    """With the remedy."""
    with pytest.raises(BadWord) as told:
        named(template, FACTS)
    assert says in str(told.value)


def test_ranks_do_not_write_to_one_place() -> None:
    """Each has streams of its own."""
    with pytest.raises(BadWord, match="4 processes would write to"):
        named("{step}", {**FACTS, "ranks": 4})
    assert named("{step}/{rank}", {**FACTS, "ranks": 4}) == Path("7/0")


LOSSES = {1: 0.9, 2: 0.1, 3: 0.5, 4: float("nan"), 5: 0.4, 6: 0.6}


@pytest.mark.parametrize(
    ("keep", "stay"),
    [
        ({"last": 2}, [5, 6]),
        ({"last": 1, "best": "loss"}, [2, 6]),
        ({"last": 1, "best": "loss", "mode": "max", "most_best": 2}, [1, 6]),
        ({"last": 1, "every": 3}, [3, 6]),
        ({"last": 2, "best": "loss", "every": 3}, [2, 3, 5, 6]),
        ({"last": 9}, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_what_stays(tmp_path: Path, keep: dict[str, Any], stay: list[int]) -> None:
    """The last ones, the best, every n-th; what was removed is told, and another run's are left alone."""
    (tmp_path / "other").mkdir()
    removed = []
    for step, loss in LOSSES.items():
        saved = checkpoint.save(
            tmp_path / "{step:03d}", step=step, metrics={"loss": loss}, keep=checkpoint.Keep(**keep)
        )
        removed += saved.removed
    found = [each.manifest.step for each in checkpoint.find(tmp_path) if each.manifest]
    assert found == stay
    assert sorted(int(path.name) for path in removed) == sorted(LOSSES.keys() - set(stay))
    assert checkpoint.latest(tmp_path).name == "006"


@pytest.mark.parametrize("keep", [{"last": 0}, {"every": -1}, {"mode": "better"}])
def test_a_wrong_rule_is_refused(keep: dict[str, Any]) -> None:
    """Before anything is removed."""
    with pytest.raises(BadWord):
        checkpoint.Keep(**keep)


def test_an_older_number_from_the_same_run_is_replaced(tmp_path: Path) -> None:
    """As one who goes on from an earlier step saves again."""
    one = checkpoint.save(tmp_path / "{step}", step=1, metrics={"loss": 1})
    two = checkpoint.save(tmp_path / "{step}", step=1, metrics={"loss": 2})
    assert one.path == two.path
    assert checkpoint.load(two.path).metrics == {"loss": 2}


def test_a_folder_of_several_names_the_newest(tmp_path: Path) -> None:
    """The error leads to it."""
    for step in (1, 2):
        checkpoint.save(tmp_path / "{step}", step=step)
    with pytest.raises(BadCheckpoint, match=r"it holds 2; name one of them; the newest is `.*2`"):
        checkpoint.load(tmp_path)
    with pytest.raises(BadCheckpoint, match="no checkpoint below"):
        checkpoint.latest(tmp_path / "1" / "none")
