"""The Trainer of Hugging Face goes on from our checkpoints bit for bit."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import jupyter_repro
from jupyter_repro import checkpoint

transformers = pytest.importorskip("transformers", reason="installed by `make checkpoints` alone")
torch = pytest.importorskip("torch", reason="as above")

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore")  # the libraries deprecate parts of each other

LOSSES: list[str] = []


class Net(transformers.PreTrainedModel):  # type: ignore[misc] # mypy does not read transformers
    """Dropout, tied weights, and draws of its own."""

    def __init__(self) -> None:
        super().__init__(transformers.PretrainedConfig())
        self.a = torch.nn.Linear(4, 4)
        self.b = torch.nn.Linear(4, 4)
        self.b.weight = self.a.weight
        self.drop = torch.nn.Dropout(0.5)
        self.post_init()

    def forward(self, x: Any, labels: Any) -> Any:
        """Return the loss."""
        noise = random.random() + np.random.rand()
        loss = torch.nn.functional.mse_loss(self.b(self.drop(self.a(x + 0.01 * noise))), labels)
        if self.training:
            LOSSES.append(loss.item().hex())
        return {"loss": loss}


class Noisy(torch.utils.data.Dataset[Any]):
    """Draws from every stream, or from none."""

    def __init__(self, *, draws: bool) -> None:
        self.draws = draws

    def __len__(self) -> int:
        return 24

    def __getitem__(self, index: int) -> Any:
        x = torch.full((4,), index / 24)
        if self.draws:
            x = x + torch.rand(4) + random.random() + np.random.rand()
        return {"x": x, "labels": x * 2}


class OwnLoader(transformers.Trainer):  # type: ignore[misc] # mypy does not read transformers
    """Its data come from a loader of ours."""

    def get_train_dataloader(self) -> Any:
        """Return ours, as it is."""
        return jupyter_repro.loader(
            self.train_dataset, batch_size=4, shuffle=True, seed=3, num_workers=self.args.dataloader_num_workers,
            collate_fn=self.data_collator,
        )  # fmt: skip


class Scaled(OwnLoader):
    """Steps through a real gradient scaler, as ``fp16=True`` does on a GPU; accelerate makes none on a CPU."""

    def create_accelerator_and_postprocess(self) -> None:
        """Give accelerate what it would have made."""
        super().create_accelerator_and_postprocess()
        self.accelerator.scaler = torch.amp.GradScaler("cpu", init_scale=2.0**24, growth_interval=2)

    def compute_loss(self, *arguments: Any, **more: Any) -> Any:
        """Compute in half precision, so that gradients overflow."""
        with torch.autocast("cpu", torch.float16):
            return super().compute_loss(*arguments, **more)


def _fit(
    folder: Path, seed: int, kind: Any, *, draws: bool, workers: int = 0, resume: Path | None = None
) -> Any:
    LOSSES.clear()
    random.seed(seed), np.random.seed(seed), torch.manual_seed(seed)
    args = transformers.TrainingArguments(
        output_dir=str(folder / "out"), num_train_epochs=3, per_device_train_batch_size=4, save_strategy="no",
        report_to=[], disable_tqdm=True, logging_steps=3, use_cpu=True, dataloader_num_workers=workers,
        learning_rate=0.05, gradient_accumulation_steps=1, seed=42, dataloader_pin_memory=False, max_grad_norm=0,
    )  # fmt: skip
    callback = checkpoint.TrainerCheckpoint(folder / "{step:03d}", every_n_steps=2, resume=resume)
    trainer = kind(model=Net(), args=args, train_dataset=Noisy(draws=draws), callbacks=[callback])
    trainer.train(resume_from_checkpoint=None if resume is None else str(resume))
    return list(LOSSES), [each.clone() for each in trainer.model.state_dict().values()]


@pytest.mark.parametrize(
    ("kind", "draws", "step", "workers"),
    [
        (OwnLoader, True, 4, 0), (OwnLoader, True, 10, 2), (OwnLoader, True, 6, 1),
        (transformers.Trainer, False, 4, 0), (transformers.Trainer, False, 12, 0),
    ],
    ids=["ours4", "ours10", "ours6", "theirs4", "theirs12"],
)  # fmt: skip
def test_it_goes_on_bit_for_bit(tmp_path: Path, kind: Any, *, draws: bool, step: int, workers: int) -> None:
    """With a loader of ours whatever the data draw, with the Trainer's own where they draw nothing."""
    losses, weights = _fit(tmp_path / "straight", 1, kind, draws=draws)
    assert len(losses) == 18
    resume = tmp_path / "straight" / f"{step:03d}"
    again, found = _fit(tmp_path / "again", 99, kind, draws=draws, workers=workers, resume=resume)
    assert again == losses[step:]
    assert all(torch.equal(a, b) for a, b in zip(found, weights, strict=True))
    manifest = checkpoint.find(tmp_path / "again")[-1].manifest
    assert manifest is not None
    assert manifest.step == 18
    assert "loss" in manifest.metrics


@pytest.mark.parametrize(("step", "workers"), [(4, 0), (10, 2)])
def test_the_scaler_goes_on(tmp_path: Path, step: int, workers: int) -> None:
    """A loss scale that falls and grows, with skipped steps: losses, weights and the history of scales."""
    losses, weights = _fit(tmp_path / "straight", 1, Scaled, draws=True)
    resume = tmp_path / "straight" / f"{step:03d}"
    again, found = _fit(tmp_path / "again", 99, Scaled, draws=True, workers=workers, resume=resume)
    assert again == losses[step:]
    assert all(torch.equal(a, b) for a, b in zip(found, weights, strict=True))
    one, other = (checkpoint.load(tmp_path / side / "018").history for side in ("straight", "again"))
    assert one == other
    scales = [scale for _, (scale,) in one["scaler"]["changes"]]
    assert min(scales) < scales[0] < 2.0**24
    assert sorted(scales, reverse=True) != scales
    assert one["scaler"]["steps"] == 18  # as are those of the optimizer, which is fused and skips within
