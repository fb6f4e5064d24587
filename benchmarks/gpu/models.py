"""The two models whose training steps are measured, and their sizes on a GPU and on a CPU."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional

__all__ = ["MODELS", "Cnn", "Transformer"]


class Cnn(nn.Module):
    """Convolutions with batch norm, as in a small residual network; strict mode has an algorithm for each layer."""

    def __init__(self, device: str) -> None:
        super().__init__()
        width, self.batch, self.side = (128, 128, 64) if device == "cuda" else (16, 8, 32)
        self.stem = nn.Conv2d(3, width, 3, padding=1)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(width, width, 3, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
                nn.Conv2d(width, width, 3, padding=1, bias=False),
                nn.BatchNorm2d(width),
            )
            for _ in range(4)
        )
        self.head = nn.Linear(width, 10)

    def loss(self, device: str) -> Any:
        """Return the loss of one random batch."""
        x = torch.randn(self.batch, 3, self.side, self.side, device=device)
        y = torch.randint(0, 10, (self.batch,), device=device)
        x = self.stem(x)
        for block in self.blocks:
            x = functional.relu(x + block(x))
        return functional.cross_entropy(self.head(x.mean((2, 3))), y)


class Transformer(nn.Module):
    """Embedding, causal self-attention and dropout: the sums of the embedding's gradient are the usual culprit."""

    def __init__(self, device: str) -> None:
        super().__init__()
        width, layers, self.words, self.batch, self.length = (
            (512, 6, 8192, 16, 256) if device == "cuda" else (64, 2, 512, 4, 32)
        )
        self.embedding = nn.Embedding(self.words, width)
        layer = nn.TransformerEncoderLayer(width, 8, 4 * width, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.head = nn.Linear(width, self.words)

    def loss(self, device: str) -> Any:
        """Return the loss of one random batch of texts: the next word from the words before."""
        words = torch.randint(0, self.words, (self.batch, self.length + 1), device=device)
        mask = nn.Transformer.generate_square_subsequent_mask(self.length, device=device)
        seen = self.encoder(self.embedding(words[:, :-1]), mask=mask, is_causal=True)
        return functional.cross_entropy(self.head(seen).flatten(0, 1), words[:, 1:].flatten())


MODELS = {"cnn": Cnn, "transformer": Transformer}
