"""Cost of a training step while its torch operations are traced, against the same step without.

``python benchmarks/trace.py`` prints the table, ``--write`` puts it into docs/determinism.md between its markers.
Plain and traced steps take turns in one process with one thread; a figure is the median of its steps, in processor
time, so that a busy machine changes it little.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from jupyter_repro.determinism.trace.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).resolve().parent.parent / "docs" / "determinism.md"
ROUNDS = 15


def _step(model: torch.nn.Module, x: torch.Tensor, classes: int) -> Callable[[], None]:
    optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)
    y = torch.randint(0, classes, (x.shape[0],))

    def step() -> None:
        loss = torch.nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def _mlp() -> Callable[[], None]:
    nn = torch.nn
    model = nn.Sequential(
        nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.1), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
    )
    return _step(model, torch.randn(64, 64), 10)


def _convolutions() -> Callable[[], None]:
    nn = torch.nn
    model = nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.BatchNorm2d(64), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10),
    )  # fmt: skip
    return _step(model, torch.randn(32, 3, 32, 32), 10)


def _transformer() -> Callable[[], None]:
    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            layer = torch.nn.TransformerEncoderLayer(128, 4, 512, batch_first=True)
            self.encoder = torch.nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
            self.head = torch.nn.Linear(128, 10)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = self.head(self.encoder(x).mean(1))
            return found

    return _step(Model(), torch.randn(16, 64, 128), 10)


WORKLOADS = {
    "MLP, batch 64": _mlp,
    "transformer, 2 layers of 128, 16 x 64 tokens": _transformer,
    "convolutions, 32 images of 32 x 32": _convolutions,
}


def _taken(step: Callable[[], None]) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start


def _row(name: str, make: Callable[[], Callable[[], None]]) -> str:
    torch.manual_seed(0)
    step = make()
    plain, traced = [], []
    tracer = Tracer("benchmark", {})
    for round_ in range(ROUNDS + 2):
        without = _taken(step)
        tracer.enter()
        with_trace = _taken(step)
        tracer.leave()
        if round_ > 1:  # the first steps allocate and choose algorithms
            plain.append(without)
            traced.append(with_trace)
    ops = tracer.ops // (ROUNDS + 2)
    size = len(tracer.whole({}, {})) / tracer.ops
    one, two = statistics.median(plain), statistics.median(traced)
    return (
        f"| {name} | {ops} | {one * 1e3:.2f} ms | {two * 1e3:.2f} ms | {two / one:.1f}x "
        f"| {(two - one) / ops * 1e6:.0f} µs | {size:.0f} bytes |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into docs/determinism.md")
    options = parser.parse_args()
    torch.set_num_threads(1)
    lines = [
        "| training step | operations | plain | traced | ratio | added for each | file for each |",
        "|---|---|---|---|---|---|---|",
        *(_row(name, make) for name, make in WORKLOADS.items()),
    ]
    table = "\n".join(lines)
    print(table)
    if options.write:
        machine = f"{os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}, torch {torch.__version__}, one thread"
        block = f"<!-- trace -->\nMachine: {machine}. Command: `python benchmarks/trace.py --write`.\n\n{table}\n<!-- end trace -->"
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(
            re.sub(r"<!-- trace -->.*?<!-- end trace -->", lambda _: block, text, flags=re.DOTALL),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
