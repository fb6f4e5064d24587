"""Lightning's Trainer goes on bit for bit, with any number of workers."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import jupyter_repro
from jupyter_repro import checkpoint

lightning = pytest.importorskip("lightning", reason="installed by `make checkpoints` alone")
torch = pytest.importorskip("torch", reason="as above")

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore")  # Lightning gives much advice on tiny runs


class Net(lightning.LightningModule):  # type: ignore[misc] # mypy does not read Lightning
    """Dropout, batch norm, a schedule by step, and draws of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(4, 16), torch.nn.BatchNorm1d(16), torch.nn.Dropout(0.5), torch.nn.Linear(16, 1)
        )
        self.losses: list[str] = []

    def training_step(self, batch: Any, index: int) -> Any:
        """Return the loss."""
        x, y = batch
        noise = random.random() + np.random.rand()
        loss = torch.nn.functional.mse_loss(self.layers(x + 0.01 * noise), y)
        self.losses.append(loss.item().hex())
        self.log("loss", loss)
        return loss

    def validation_step(self, batch: Any, index: int) -> None:
        """Draw, as a validation may."""
        random.random()

    def configure_optimizers(self) -> Any:
        """Return the optimizer and its schedule."""
        optimizer = torch.optim.AdamW(self.parameters(), lr=0.1)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.2, total_steps=18)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


class Noisy(torch.utils.data.Dataset[Any]):
    """Draws from every stream."""

    def __len__(self) -> int:
        return 24

    def __getitem__(self, index: int) -> Any:
        x = torch.full((4,), index / 24) + torch.rand(4) + random.random() + np.random.rand()
        return x, x.sum().reshape(1)


def _scaled() -> list[Any]:
    """Half precision with a real gradient scaler; by the word "16-mixed" Lightning makes one on a GPU only."""
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**24, growth_interval=2)
    return [lightning.pytorch.plugins.MixedPrecision("16-mixed", "cpu", scaler)]


def _fit(folder: Path, seed: int, workers: int, plugins: Any = None, **callback: Any) -> Net:
    lightning.seed_everything(seed, verbose=False)
    net = Net()
    loader = jupyter_repro.loader(Noisy(), batch_size=4, shuffle=True, seed=3, num_workers=workers)
    trainer = lightning.Trainer(
        max_epochs=3, accelerator="cpu", devices=1, logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, default_root_dir=folder, plugins=plugins,
        callbacks=[
            checkpoint.LightningCheckpoint(folder / "{step:03d}", every_n_steps=2, loader=loader, **callback)
        ],
    )  # fmt: skip
    trainer.fit(net, loader, jupyter_repro.loader(Noisy(), batch_size=8, seed=4))
    return net


@pytest.mark.parametrize(("step", "workers"), [(4, 2), (6, 0), (10, 1)])
def test_it_goes_on_bit_for_bit(tmp_path: Path, step: int, workers: int) -> None:
    """In the middle and at the end of an epoch, with validation: every loss and all weights."""
    straight = _fit(tmp_path / "straight", 1, 0)
    assert len(straight.losses) == 18
    found = _fit(tmp_path / "again", 99, workers, resume=tmp_path / "straight" / f"{step:03d}")
    assert found.losses == straight.losses[step:]
    assert all(
        torch.equal(a, b)
        for a, b in zip(found.state_dict().values(), straight.state_dict().values(), strict=True)
    )
    manifest = checkpoint.find(tmp_path / "again")[-1].manifest
    assert manifest is not None
    assert manifest.step == 18
    assert "loss" in manifest.metrics
    assert "history" in manifest.parts


@pytest.mark.parametrize(("step", "workers"), [(4, 2), (12, 0)])
def test_the_scaler_goes_on(tmp_path: Path, step: int, workers: int) -> None:
    """A loss scale that falls and grows, with skipped steps: losses, weights and the history of scales."""
    straight = _fit(tmp_path / "straight", 1, 0, _scaled())
    resume = tmp_path / "straight" / f"{step:03d}"
    found = _fit(tmp_path / "again", 99, workers, _scaled(), resume=resume)
    assert found.losses == straight.losses[step:]
    assert all(
        torch.equal(a, b)
        for a, b in zip(found.state_dict().values(), straight.state_dict().values(), strict=True)
    )
    one, other = (checkpoint.load(tmp_path / side / "018").history for side in ("straight", "again"))
    assert one == other
    scales = [scale for _, (scale,) in one["scaler"]["changes"]]
    assert min(scales) < scales[0] < 2.0**24
    assert sorted(scales, reverse=True) != scales
    assert one["optimizer"][0]["steps"] < one["scaler"]["steps"] == 18


def test_it_must_save_sometimes(tmp_path: Path) -> None:
    """A number of steps is needed."""
    with pytest.raises(jupyter_repro.errors.BadWord):
        checkpoint.LightningCheckpoint(tmp_path, every_n_steps=0)
