"""Estimators of scikit-learn, and loaders of torchdata."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import jupyter_repro
from jupyter_repro import checkpoint
from jupyter_repro.errors import BadCheckpoint, NotInstalled

sklearn = pytest.importorskip("sklearn.linear_model", reason="installed by `make checkpoints` alone")
preprocessing = pytest.importorskip("sklearn.preprocessing", reason="as above")
pytest.importorskip("skops", reason="as above")
torch = pytest.importorskip("torch", reason="as above")
torchdata = pytest.importorskip("torchdata.stateful_dataloader", reason="as above")

if TYPE_CHECKING:
    from pathlib import Path


def test_an_estimator_comes_back(tmp_path: Path) -> None:
    """Fitted further after it, it gives the same numbers: its own generator and the global ones stand where they did."""
    x = np.random.default_rng(0).normal(size=(50, 4))
    y = (x[:, 0] > 0).astype(int)
    model = sklearn.SGDClassifier(random_state=np.random.RandomState(3)).partial_fit(x, y, classes=[0, 1])
    saved = checkpoint.save(tmp_path / "one", model=model, metrics={"acc": model.score(x, y)})
    assert sorted(path.suffix for path in saved.path.iterdir() if "model" in path.name) == [".skops"]
    after = np.random.rand()
    expected = model.partial_fit(x, y).coef_
    loaded = checkpoint.load(saved.path)
    assert np.random.rand() == after
    assert loaded.model.partial_fit(x, y).coef_.tobytes() == expected.tobytes()


def _own(x: Any) -> Any:
    return x


class Own(sklearn.LogisticRegression):  # type: ignore[misc] # mypy does not read it
    """A class that skops does not know."""


def test_a_foreign_class_must_be_trusted(tmp_path: Path) -> None:
    """It is named, and taken once it is trusted."""
    saved = checkpoint.save(tmp_path / "one", model=Own())
    with pytest.raises(BadCheckpoint, match=r"made of classes that skops does not know.*Own") as told:
        checkpoint.load(saved.path)
    name = told.value.message.rpartition(": ")[2]
    assert isinstance(checkpoint.load(saved.path, trusted=[name]).model, Own)


def test_what_skops_cannot_keep_is_refused(tmp_path: Path) -> None:
    """With its own reason; nothing is left behind."""
    model = sklearn.LogisticRegression(C=(number for number in "1"))
    with pytest.raises(BadCheckpoint, match=r"skops cannot keep this LogisticRegression: .*generator"):
        checkpoint.save(tmp_path / "one", model=model)
    assert list(tmp_path.iterdir()) == []


def test_a_function_must_be_trusted_too(tmp_path: Path) -> None:
    """A function of the user's within an estimator is code as well: it is named, and nothing is made."""
    transformer = preprocessing.FunctionTransformer(_own)
    saved = checkpoint.save(tmp_path / "one", model=transformer)
    with pytest.raises(BadCheckpoint, match=r"made of classes that skops does not know.*_own"):
        checkpoint.load(saved.path)


def test_without_skops_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never a pickle in its place."""
    monkeypatch.setitem(sys.modules, "skops.io", None)
    with pytest.raises(NotInstalled, match="the other way is pickle"):
        checkpoint.save(tmp_path / "one", model=sklearn.LogisticRegression())
    assert not (tmp_path / "one").exists()


class Noisy(torch.utils.data.Dataset[Any]):
    """Draws from every stream."""

    def __len__(self) -> int:
        return 12

    def __getitem__(self, index: int) -> Any:
        return index + torch.rand(1).item() + random.random() + np.random.rand()


def _rest(loader: Any) -> list[Any]:
    return [(batch.tolist(), torch.rand(1).item(), random.random()) for batch in jupyter_repro.resume(loader)]


@pytest.mark.filterwarnings("ignore:'set_vital' is deprecated:UserWarning")  # torchdata's own call
def test_a_stateful_loader_goes_on_in_the_middle(tmp_path: Path) -> None:
    """torchdata's, without workers: the streams are put back after its iterator, which draws."""
    loader = torchdata.StatefulDataLoader(Noisy(), batch_size=2, shuffle=True)
    batches = iter(loader)
    next(batches), next(batches)
    saved = checkpoint.save(tmp_path / "one", loader=loader)
    straight = [(batch.tolist(), torch.rand(1).item(), random.random()) for batch in batches]
    assert len(straight) == 4
    other = torchdata.StatefulDataLoader(Noisy(), batch_size=2, shuffle=True)
    random.seed(9), torch.manual_seed(9), np.random.seed(9)
    checkpoint.load(saved.path, loader=other)
    assert _rest(other) == straight
