"""A small ResNet on scikit-learn's digits, and the run that others have to follow.

``jupyter repro golden check goldens/digits_resnet.py`` trains it again and compares; ``make golden`` does so in CI.
Initial weights and the order of samples come from NumPy's frozen legacy generator, as whole numbers: torch's own normal
numbers differ between instruction sets, and would begin another run there.
"""

from __future__ import annotations

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as everyone writes it

import jupyter_repro

STEPS, BATCH, CHANNELS, RATE = 80, 64, 16, 0.02


class Block(nn.Module):
    """Two convolutions and the way around them."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.one = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.two = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return what goes on to the next block."""
        y = F.relu(self.norms[0](self.one(x)))
        return F.relu(x + self.norms[1](self.two(y)))


class ResNet(nn.Module):
    """A convolution, three blocks, the mean of each channel, ten classes."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, CHANNELS, 3, padding=1, bias=False)
        self.blocks = nn.Sequential(*(Block(CHANNELS) for _ in range(3)))
        self.head = nn.Linear(CHANNELS, 10, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits of images of shape (n, 1, 8, 8)."""
        found: torch.Tensor = self.head(self.blocks(F.relu(self.stem(x))).mean((2, 3)))
        return found


def initialise(model: nn.Module, draws: np.random.RandomState) -> None:
    """Draw He-scaled uniform weights that are the same on every machine."""
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 1:  # the others are those of the norms, which torch sets to one and zero
                whole = draws.randint(-(2**20), 2**20, size=tuple(weight.shape))
                bound = (6.0 / weight[0].numel()) ** 0.5
                weight.copy_(torch.from_numpy(whole / 2.0**20 * bound).float())


def train() -> None:
    """Train, and log loss, learning rate and the weights at both ends."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    draws = np.random.RandomState(8)  # the one stream of NumPy's that no version changes
    images, labels = load_digits(return_X_y=True)
    x = torch.from_numpy(images / 16.0).float().reshape(-1, 1, 8, 8)
    y = torch.from_numpy(labels).long()
    model = ResNet()
    initialise(model, draws)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=0.9)
    with jupyter_repro.golden("digits_resnet", level="auto") as golden:
        golden.start(model)
        for step in range(STEPS):
            chosen = torch.from_numpy(draws.randint(0, len(y), size=BATCH))
            lr = RATE * (1 - step / STEPS)
            for group in optimizer.param_groups:
                group["lr"] = lr
            loss = F.cross_entropy(model(x[chosen]), y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            golden.log(step, loss=loss, lr=lr)
        golden.final(model)


if __name__ == "__main__":
    train()
