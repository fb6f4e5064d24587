"""A program that trains, is stopped, and goes on in another process: `train_digits.py SEED FOLDER:WORKERS:STOP ...`.

STOP is the step after which it saves and ends; 0: go on from the newest checkpoint, to the end; -1: train straight.
Printed are, for each, the losses from there on, and the digest of all weights. TRAIN_DEVICE names another device than the CPU.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.data import Dataset

import jupyter_repro as repro

STEPS, EPOCHS = 6, 3
DEVICE = os.environ.get("TRAIN_DEVICE", "cpu")


class Noisy(Dataset[Any]):
    """Digits of a kind: augmented with every generator there is, and one of its own."""

    def __init__(self) -> None:
        generator = torch.Generator().manual_seed(7)
        self.x = torch.rand(48, 1, 8, 8, generator=generator)
        self.y = torch.randint(0, 10, (48,), generator=generator)
        self.rng = np.random.default_rng()

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: int) -> Any:
        shift = random.random() + np.random.rand() + torch.rand(1).item() + self.rng.random()
        return self.x[index] + 0.1 * shift, self.y[index]


def main() -> None:
    """Train for each of the words."""
    warnings.filterwarnings("ignore", message="This DataLoader will create")
    warnings.filterwarnings("ignore", message="Detected call of `lr_scheduler.step")  # steps are skipped here
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(DEVICE != "cpu")
    told = []
    for word in sys.argv[2:]:
        folder, workers, stop = word.rsplit(":", 2)
        repro.seed(int(sys.argv[1]))
        told.append(train(folder, int(workers), int(stop)))
    sys.stdout.write(json.dumps(told))


def train(folder: str, workers: int, stop: int) -> dict[str, Any]:
    """Train once."""
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Flatten(), torch.nn.Dropout(0.3),
        torch.nn.Linear(144, 10),
    ).to(DEVICE)  # fmt: skip
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.05, total_steps=STEPS * EPOCHS)
    scaler = torch.amp.GradScaler(DEVICE, init_scale=2.0**40, growth_interval=3)
    loader = repro.loader(
        Noisy(), batch_size=8, shuffle=True, num_workers=workers, seed=42, persistent_workers=workers == 3
    )
    objects = {
        "model": model, "optimizer": optimizer, "scheduler": scheduler, "scaler": scaler, "loader": loader,
    }  # fmt: skip
    repro.checkpoint.follow(optimizer=optimizer, scaler=scaler)
    step = 0
    if stop == 0:
        step = repro.checkpoint.load(repro.checkpoint.latest(folder), **objects).step
    losses = []
    while loader.epoch < EPOCHS:
        for x, y in repro.resume(loader):
            optimizer.zero_grad()
            noise = 0.01 * (random.random() + np.random.rand() + torch.rand(1).item())
            with torch.autocast(DEVICE, torch.float16):
                loss = torch.nn.functional.cross_entropy(model((x + noise).to(DEVICE)), y.to(DEVICE))
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
            scheduler.step()
            step += 1
            losses.append(loss.item().hex())
            if step == stop:
                repro.checkpoint.save(f"{folder}/{{step:04d}}", step=step, **objects)
                return {}
    digest = hashlib.sha256()
    for tensor in model.state_dict().values():
        digest.update(tensor.cpu().numpy().tobytes())
    repro.checkpoint.save(str(Path(folder) / "end"), step=step, **objects)
    history = repro.checkpoint.load(Path(folder) / "end").history
    return {"losses": losses, "weights": digest.hexdigest(), "history": history}


if __name__ == "__main__":
    main()
