"""Saving and loading: what is held, what is absent, what is refused."""

from __future__ import annotations

import json
import os
import pickletools
import random
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import jupyter_repro
from jupyter_repro import checkpoint
from jupyter_repro.errors import BadCheckpoint, BadWord, NotInstalled, StorageFailed

if TYPE_CHECKING:
    from pathlib import Path

torch = pytest.importorskip("torch", reason="no torch here")
pytest.importorskip("safetensors", reason="the extra `checkpoints`")


class Training:
    """A small model with all that belongs to it."""

    def __init__(self, seed: int = 0, workers: int = 0) -> None:
        torch.manual_seed(seed)
        self.model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Dropout(0.5), torch.nn.Linear(8, 1))
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=0.1)
        self.scheduler = torch.optim.lr_scheduler.MultiStepLR(self.optimizer, [2, 4])
        self.scaler = torch.amp.GradScaler("cpu")
        x = torch.arange(48.0).reshape(12, 4) / 48
        data = torch.utils.data.TensorDataset(x, x.sum(1, keepdim=True))
        self.loader = jupyter_repro.loader(data, batch_size=3, shuffle=True, seed=1, num_workers=workers)

    @property
    def objects(self) -> dict[str, Any]:
        """What is given to save and load."""
        return {
            "model": self.model, "optimizer": self.optimizer, "scheduler": self.scheduler,
            "scaler": self.scaler, "loader": self.loader,
        }  # fmt: skip

    def step(self, batch: Any) -> Any:
        """Take one step."""
        x, y = batch
        self.optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(self.model(x + 0.01 * random.random()), y)
        loss.backward()
        self.optimizer.step()
        self.scheduler.step()
        return loss

    def saved(self, path: Path, **more: Any) -> Any:
        """Take two steps and save."""
        for number, batch in enumerate(self.loader, start=1):
            loss = self.step(batch)
            if number == 2:
                break
        return checkpoint.save(path, step=2, metrics={"loss": loss}, **self.objects, **more)


def _draws() -> tuple[float, float, float]:
    return random.random(), np.random.rand(), torch.rand(1).item()


def test_everything_comes_back(tmp_path: Path) -> None:
    """Weights, moments, rate, scale and position are equal; the streams go on where they were."""
    first = Training()
    saved = first.saved(tmp_path / "one")
    after = _draws()
    second = Training(seed=9)
    np.random.seed(3)
    loaded = checkpoint.load(saved.path, **second.objects)
    assert loaded.step == 2
    assert loaded.not_given == ()
    batches = jupyter_repro.resume(second.loader)
    assert len([next(batches)]) == 1
    assert _draws() == after
    assert second.loader.state_dict() == {**first.loader.state_dict(), "batch": 3}
    for word in ("model", "optimizer", "scheduler", "scaler"):
        one, two = (str(training.objects[word].state_dict()) for training in (first, second))
        assert one == two


def test_the_streams_wait_for_the_iterator(tmp_path: Path) -> None:
    """`iter()` of a plain loader draws; they are put back after it, and a second pass leaves them alone."""
    training = Training()
    saved = training.saved(tmp_path / "one")
    after = _draws()

    class Drawing(type(training.loader)):  # type: ignore[misc] # a loader as others are
        def __iter__(self) -> Any:
            torch.rand(5)
            random.random()
            return super().__iter__()

    training.loader.__class__ = Drawing
    loaded = checkpoint.load(saved.path, **training.objects)
    batches = loaded.resume(training.loader)
    next(batches)
    assert _draws() == after
    list(batches)
    here = _draws()
    random.seed(5)
    list(jupyter_repro.resume(training.loader))
    assert _draws()[0] != here[0]


def test_a_plain_loader_goes_on_at_the_beginning_of_an_epoch(tmp_path: Path) -> None:
    """It has no position: the checkpoint says so, and the streams are put back before its iterator draws."""
    data = torch.utils.data.TensorDataset(torch.arange(12))
    loader = torch.utils.data.DataLoader(data, batch_size=3, shuffle=True)
    list(loader)
    saved = checkpoint.save(tmp_path / "one", model=torch.nn.Linear(1, 1), loader=loader)
    straight = [batch.tolist() for (batch,) in loader]
    loaded = checkpoint.load(saved.path, loader=loader)
    assert "beginning of an epoch only" in loaded.absent["loader"]
    assert [batch.tolist() for (batch,) in jupyter_repro.resume(loader)] == straight


def test_without_a_loader_the_streams_are_put_back_at_once(tmp_path: Path) -> None:
    """Also a named root, and generators of one's own."""
    own, more = np.random.default_rng(5), random.Random(5)
    saved = checkpoint.save(tmp_path / "one", extra={"own": own, "more": more, "note": [1, 2.5]})
    after = (*_draws(), own.random(), more.random())
    loaded = checkpoint.load(saved.path, extra={"own": own, "more": more})
    assert (*_draws(), own.random(), more.random()) == after
    assert loaded.extra["note"] == [1, 2.5]


def test_saving_draws_nothing(tmp_path: Path) -> None:
    """A run with checkpoints is the run without."""
    training = Training()
    training.saved(tmp_path / "one")
    random.seed(1), np.random.seed(1), torch.manual_seed(1)
    straight = _draws()
    random.seed(1), np.random.seed(1), torch.manual_seed(1)
    checkpoint.save(tmp_path / "two", **training.objects)
    assert _draws() == straight


def test_the_manifest_says_what_is_held_and_what_is_not(tmp_path: Path) -> None:
    """Digests of each tensor, the streams, the run, the settings of the data; each absence has a reason."""
    training = Training()
    saved = training.saved(tmp_path / "{run}" / "{step:05d}-{loss:.0f}", augmentation={"flip": 0.5})
    held = json.loads((saved.path / "manifest.json").read_bytes())
    assert saved.path.parent.name == held["run"]
    assert saved.path.name.startswith("00002-")
    assert held["digest"] == saved.digest
    assert held["parts"]["model"]["tensors"]["0.weight"]["shape"] == [8, 4]
    assert {"python", "numpy", "torch"} <= held["streams"].keys()
    assert held["settings"] == {"augmentation": {"flip": 0.5}}
    assert held["identity"]["torch"] == torch.__version__
    assert held["absent"]["extra"] == "not given"
    assert "follow" in held["absent"]["history of learning rates"]
    assert held["epoch"] == 0


def test_no_file_is_a_pickle(tmp_path: Path) -> None:
    """No file, the optimizer's and the streams' included, holds an opcode that imports or calls anything."""
    saved = Training().saved(tmp_path / "one", extra={"a": {1: (2, {3})}})
    names = {path.suffix for path in saved.path.iterdir()}
    assert names == {".json", ".safetensors", ".npy"}
    for path in saved.path.iterdir():
        with pytest.raises((ValueError, UnicodeDecodeError)):
            list(pickletools.genops(path.read_bytes()))


def _flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def _rewrite(path: Path, **fields: Any) -> None:
    held = json.loads(path.read_bytes())
    path.write_text(json.dumps({**held, **fields}), encoding="utf-8")


DAMAGE: dict[str, tuple[Any, str]] = {
    "a weight": (lambda f: _flip(f / "model.safetensors", -3), "the tensor `2.weight` in `model.safetensors` has"),
    "a moment": (lambda f: _flip(f / "optimizer.safetensors", -3), "the tensor `state"),
    "a header": (lambda f: _flip(f / "model.safetensors", 20), "list of tensors in `model.safetensors`"),
    "cut": (lambda f: os.truncate(f / "model.safetensors", 300), "has 300 bytes in place of"),
    "a stream": (lambda f: _flip(f / "rng.json", 300), "`rng.json` has other bytes"),
    "an array": (lambda f: _flip(f / "rng.0.npy", -1), "`rng.0.npy` has other bytes"),
    "gone": (lambda f: (f / "scheduler.json").unlink(), "`scheduler.json` is missing"),
    "added": (lambda f: (f / "optimizer.pt").touch(), "`optimizer.pt` was added"),
    "the step": (lambda f: _rewrite(f / "manifest.json", step=7), "changed after it was saved"),
    "no manifest": (lambda f: (f / "manifest.json").write_text("{"), "no manifest of a checkpoint, or is damaged"),
    "newer": (lambda f: _rewrite(f / "manifest.json", schema=99), "of a newer version"),
    "elsewhere": (shutil.rmtree, "there is no checkpoint at"),
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A checkpoint that every test copies."""
    return Training().saved(tmp_path_factory.mktemp("whole") / "one")


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_refused_and_named(whole: Any, tmp_path: Path, name: str) -> None:
    """One changed bit, wherever it is, and nothing is loaded."""
    folder = tmp_path / "copy"
    shutil.copytree(whole.path, folder)
    damage, says = DAMAGE[name]
    damage(folder)
    training = Training(seed=4)
    before = str(training.model.state_dict())
    with pytest.raises(BadCheckpoint, match=says):
        checkpoint.load(folder, **training.objects)
    assert str(training.model.state_dict()) == before


def test_the_same_state_has_the_same_digest(tmp_path: Path) -> None:
    """In another folder, at another time; one more draw makes another."""
    digests = []
    for name in ("one", "two"):
        random.seed(1), np.random.seed(1)
        digests.append(Training().saved(tmp_path / name).digest)
    assert digests[0] == digests[1]
    random.random()
    assert checkpoint.save(tmp_path / "three", **Training().objects).digest != digests[0]


def test_only_the_named_one_is_taken(whole: Any) -> None:
    """Who rewrites everything gets another digest."""
    assert checkpoint.load(whole.path, digest=whole.digest).step == 2
    with pytest.raises(BadCheckpoint, match="not 000000"):
        checkpoint.load(whole.path, digest="0" * 64)


def test_another_object_is_refused(whole: Any) -> None:
    """With the word that it was given as."""
    with pytest.raises(BadCheckpoint, match=r"given as `model=` does not take.*size mismatch"):
        checkpoint.load(whole.path, model=torch.nn.Sequential(torch.nn.Linear(3, 8)))
    with pytest.raises(BadCheckpoint, match="holds no extra: not given"):
        checkpoint.load(whole.path, extra={"ema": torch.nn.Linear(1, 1)})
    with pytest.raises(BadCheckpoint, match="which has no `state_dict"):
        checkpoint.save(whole.path.parent / "two", model=3)
    assert not (whole.path.parent / "two").exists()


def test_what_differs_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another augmentation, another number of threads."""
    training = Training()
    saved = training.saved(tmp_path / "one", augmentation={"flip": 0.5})
    monkeypatch.setattr(torch, "get_num_threads", lambda: 77)
    loaded = checkpoint.load(saved.path, augmentation={"flip": 0.25}, **training.objects)
    assert [each.partition(":")[0] for each in loaded.differences] == ["torch threads", "augmentation"]


def test_several_of_a_kind_go_by_name(tmp_path: Path) -> None:
    """Two models and two optimizers, tied weights, and a half-precision tensor."""
    models = {"g": torch.nn.Linear(2, 2).bfloat16(), "d": torch.nn.Linear(2, 1)}
    optimizers = [torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9) for model in models.values()]
    saved = checkpoint.save(tmp_path / "one", model=models, optimizer=optimizers)
    again = {"g": torch.nn.Linear(2, 2).bfloat16(), "d": torch.nn.Linear(2, 1)}
    checkpoint.load(saved.path, model=again, optimizer=optimizers)
    assert all(torch.equal(again[name].weight, models[name].weight) for name in models)
    with pytest.raises(BadCheckpoint, match=r"has .*'d'.* what was saved has"):
        checkpoint.load(saved.path, model={"d": again["d"]})


def test_verify_takes_the_same_steps_twice(whole: Any) -> None:
    """Seven steps over the end of an epoch; afterwards all is as before. A step that draws elsewhere is found."""
    training = Training(seed=8)
    before, stream = str(training.model.state_dict()), random.getstate()
    found = checkpoint.verify(whole.path, training.step, steps=7, **training.objects)
    assert found
    assert len(found.losses) == 7
    assert str(training.model.state_dict()) == before
    assert random.getstate() == stream

    count = iter(range(100))
    found = checkpoint.verify(
        whole.path,
        lambda batch: training.step(batch).item() + (next(count) == 9),
        steps=7,
        **training.objects,
    )
    assert found.difference.startswith("the loss of step 3 is ")
    found = checkpoint.verify(
        whole.path, lambda batch: next(count) and training.step((batch[0] + next(count), batch[1])) and None,
        steps=2, **training.objects,
    )  # fmt: skip
    assert found.difference == "after 2 steps the tensor `0.weight` of the model differs"
    with pytest.raises(BadWord):
        checkpoint.verify(whole.path, training.step, steps=0)


def test_what_took_no_step_is_not_verified(tmp_path: Path) -> None:
    """Two goes of nothing are alike, and prove nothing."""
    model = torch.nn.Linear(1, 1)
    saved = checkpoint.save(tmp_path / "one", model=model)
    with pytest.raises(BadWord, match="no step was taken"):
        checkpoint.verify(saved.path, lambda _: 0.0, model=model, loader=[])


def test_a_place_that_is_no_checkpoint_is_left_alone(tmp_path: Path) -> None:
    """The user's folder of that name stays as it is."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "notes.txt").touch()
    with pytest.raises(StorageFailed, match="is no checkpoint"):
        checkpoint.save(tmp_path / "data")
    assert (tmp_path / "data" / "notes.txt").exists()


KILLED = """
import os, sys
import jupyter_repro
from jupyter_repro.checkpoints import folder, saving
from pathlib import Path
import torch
def die(*_): os.kill(os.getpid(), 9)
jupyter_repro.checkpoint.save(sys.argv[1], model=torch.nn.Linear(2, 2), step=1)
where = sys.argv[2]
if where == "tensors": saving.write_tensors = die
elif where == "manifest": saving.sealed = die
elif where == "sync": folder._sync = die
else:
    folder.sync_folder = lambda path: None
    renames, real = [], Path.rename
    def rename(path, target):
        if len(renames) == int(where):
            die()
        renames.append(target)
        return real(path, target)
    Path.rename = rename
jupyter_repro.checkpoint.save(sys.argv[1], model=torch.nn.Linear(2, 2), step=2)
"""


@pytest.mark.parametrize("where", ["tensors", "manifest", "sync", "0", "1"])
def test_a_kill_leaves_the_previous_one_whole(tmp_path: Path, where: str) -> None:
    """`kill -9` while files are written, before they are on the disk, before and between the two renames."""
    path = tmp_path / "last"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), where], check=False, capture_output=True)
    assert done.returncode == -9, done.stderr.decode()
    (found,) = checkpoint.find(tmp_path)
    assert found.path == path
    assert checkpoint.load(path, model=torch.nn.Linear(2, 2)).step == 1
    checkpoint.save(path, model=torch.nn.Linear(2, 2), step=3)
    assert checkpoint.load(path).step == 3
    assert [each.name for each in tmp_path.iterdir()] == ["last"]


def test_safetensors_is_named_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that brings it; nothing is left behind."""
    monkeypatch.setitem(sys.modules, "safetensors.torch", None)
    with pytest.raises(NotInstalled, match=r'pip install "jupyter_repro\[checkpoints\]"'):
        checkpoint.save(tmp_path / "one", model=torch.nn.Linear(1, 1))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_loaded_before_it_is_used() -> None:
    """The package, the extension and the door cost none of these modules."""
    code = (
        "import sys, jupyter_repro; jupyter_repro.kernel if 0 else None\n"
        "from IPython.core.interactiveshell import InteractiveShell as S\n"
        "jupyter_repro.load_ipython_extension(S.instance())\n"
        "print([m for m in sys.modules if 'jupyter_repro.checkpoints' in m or 'safetensors' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
