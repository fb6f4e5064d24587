"""How data are prepared, in words that are equal for the same preparation and differ for another."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from jupyter_repro import checkpoint
from jupyter_repro.checkpoints.describe import describe, parting, settings_of

torch = pytest.importorskip("torch", reason="no torch here")
pytest.importorskip("safetensors", reason="the extra `checkpoints`")
preprocessing = pytest.importorskip("sklearn.preprocessing", reason="no scikit-learn here")

if TYPE_CHECKING:
    from pathlib import Path


class Flip:
    """A transform that describes itself by what it holds."""

    def __init__(self, p: float, seen: Any = ()) -> None:
        self.p = p
        self.seen = seen


class Crop:
    """A transform with a `repr`, as those of torchvision have."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __repr__(self) -> str:
        return f"Crop({self.size}) at 0x7f0000000000"


def halve(x: Any) -> Any:
    """Halve."""
    return x / 2


def third(x: Any) -> Any:
    """Take a third."""
    return x / 3


LONG = np.arange(5000.0)
OTHER = np.where(LONG == 2500, -1.0, LONG)
CASES: dict[str, tuple[Any, Any]] = {
    "attributes": (Flip(0.5), Flip(0.25)),
    "repr": (Crop(8), Crop(9)),
    "function": (halve, third),
    "several": ([Flip(0.5), Crop(8)], [Crop(8), Flip(0.5)]),
    "estimator": (preprocessing.StandardScaler(), preprocessing.StandardScaler(with_mean=False)),
    "dict": ({"mean": 0.1}, {"mean": 0.2}),
    "the middle of an array": (LONG, OTHER),
    "the middle of a tensor": (Flip(0.5, torch.tensor(LONG)), Flip(0.5, torch.tensor(OTHER))),
    "type of an array": (LONG, LONG.astype("float32")),
    "set": ({"a", "b"}, {"a", "c"}),
}


@pytest.mark.parametrize("name", CASES)
def test_another_preparation_is_told_in_other_words(name: str) -> None:
    """Where only the middle of an array differs, too; and no address of memory is in them."""
    one, other = CASES[name]
    assert describe(one) != describe(other)
    assert describe(one) == describe(one)
    assert "0x7f" not in str(describe([one, other]))


def test_it_is_said_alike_in_each_process() -> None:
    """Whatever the hash seed."""
    code = "from jupyter_repro.checkpoints.describe import describe; print(describe({'kinds': set('abcdefg'), 'f': print}))"
    told = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(told) == 1


class Data(torch.utils.data.Dataset[Any]):
    """A data set that holds how a sample is made, as most do."""

    def __init__(self, transform: Any, preprocess: Any = None) -> None:
        self.transform = transform
        self.preprocess = preprocess

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> Any:
        return torch.tensor(float(index))


def test_a_data_set_is_looked_at() -> None:
    """Its usual attributes, through `jupyter_repro.loader` as well; what is given goes before."""
    import jupyter_repro

    data = Data([Flip(0.5), halve], preprocessing.StandardScaler())
    for loader in (torch.utils.data.DataLoader(data), jupyter_repro.loader(data, seed=1)):
        found = settings_of(loader, {"preprocessing": None, "augmentation": None})
        assert found["augmentation"]["transform"][0] == {
            "is": "tests.checkpoints.test_describe.Flip" if __name__.startswith("tests") else f"{__name__}.Flip",
            "p": 0.5, "seen": [],
        }  # fmt: skip
        assert found["preprocessing"]["preprocess"]["with_mean"] is True
    assert settings_of(loader, {"augmentation": {"flip": 1}})["augmentation"] == {"flip": 1}


def test_another_augmentation_is_told_when_going_on(tmp_path: Path) -> None:
    """By nobody's word: the data set of the loader has another transform now."""
    import jupyter_repro

    saved = checkpoint.save(tmp_path / "one", loader=jupyter_repro.loader(Data(Flip(0.5)), seed=1))
    same = checkpoint.load(saved.path, loader=jupyter_repro.loader(Data(Flip(0.5)), seed=1))
    other = checkpoint.load(saved.path, loader=jupyter_repro.loader(Data(Flip(0.1)), seed=1))
    assert same.differences == ()
    (told,) = other.differences
    assert told == "augmentation: `transform.p` 0.5 when it was saved, 0.1 now"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, ("a.1.b", 2, 3)),
        ({"a": 1}, {"a": 1, "b": 2}, ("b", "nothing", 2)),
        ({"a": 1, "b": 2}, {"a": 1}, ("b", 2, "nothing")),
        ([1], [1, 2], ("", [1], [1, 2])),
        ("x", {"y": 1}, ("", "x", {"y": 1})),
    ],
    ids=["deep", "new", "gone", "longer", "another kind"],
)
def test_the_place_that_differs(one: Any, other: Any, expected: Any) -> None:
    """The first one, however deep it lies."""
    assert parting(one, other) == expected
