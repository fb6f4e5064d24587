"""Cost of `g.log` in a step of training, against the same step without.

``python benchmarks/golden.py`` prints the table, ``--write`` puts it into docs/benchmarks.md between its markers. Three
kinds of step take turns in one process with one thread, each time in another order and then back: nothing is logged; the
loss is read by ``loss.item()`` into a list, as anybody who logs does; and ``g.log(step, loss=loss, lr=0.01)``. What comes
after the step is timed by itself as well: two steps differ by more than it takes, and in a loop of its own it would have
warm caches. Figures are medians with their 95 % intervals (binomial, of order statistics); shares are taken step by
step, since a busy machine slows down both.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

import jupyter_repro

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
nn = torch.nn


def _step(model: nn.Module, x: torch.Tensor, device: str) -> Callable[[], torch.Tensor]:
    model, x = model.to(device), x.to(device)
    optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)
    y = torch.randint(0, 10, (x.shape[0],)).to(device)

    def step() -> torch.Tensor:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    return step


def _mlp(device: str) -> Callable[[], torch.Tensor]:
    layers = (nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
    return _step(nn.Sequential(*layers), torch.randn(64, 64), device)


def _resnet(device: str) -> Callable[[], torch.Tensor]:
    sys.path.insert(0, str(ROOT / "goldens"))
    from digits_resnet import BATCH, ResNet

    return _step(ResNet(), torch.randn(BATCH, 1, 8, 8), device)


WORKLOADS = {
    "MLP, 17,000 weights, batch 64": (_mlp, 2000),
    "the ResNet of `goldens/`, batch 64": (_resnet, 150),
}


class _Timed:
    """Steps of one kind: how long each took, and what came after it."""

    def __init__(
        self, step: Callable[[], torch.Tensor], after: Callable[[int, torch.Tensor], Any], device: str
    ) -> None:
        self._step, self._after = step, after
        self._wait = torch.cuda.synchronize if device == "cuda" else None
        self.steps: list[float] = []
        self.afters: list[float] = []

    def take(self, number: int) -> None:
        """Take one step; whole steps in processor time on a CPU, where others take turns with this process."""
        whole = time.thread_time if self._wait is None else time.perf_counter
        if self._wait is not None:
            self._wait()
        begun = whole()
        loss = self._step()
        stepped = time.perf_counter()
        self._after(number, loss)
        done = time.perf_counter()
        if self._wait is not None:
            self._wait()
        self.steps.append(whole() - begun)
        self.afters.append(done - stepped)


def _median(values: list[float], form: str, unit: str) -> str:
    values, half = sorted(values), 0.98 * math.sqrt(len(values))
    middle = len(values) / 2
    low, high = values[max(0, int(middle - half))], values[min(len(values) - 1, int(middle + half))]
    return f"{format(statistics.median(values), form)} ({format(low, form)} to {format(high, form)}) {unit}"


def _row(name: str, device: str) -> str:
    make, rounds = WORKLOADS[name]
    torch.manual_seed(0)
    step = make(device)
    read: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyter_repro.golden("b", mode="record", folder=folder) as golden,
    ):
        afters = {
            "bare": lambda _number, _loss: None,
            "read": lambda _number, loss: read.append(loss.item()),
            "logged": lambda number, loss: golden.log(number, loss=loss, lr=0.01),
        }
        kinds = {kind: _Timed(step, after, device) for kind, after in afters.items()}
        order, shuffled = list(kinds), random.Random(0)
        for number in range(rounds):
            shuffled.shuffle(order)
            for place, kind in enumerate(order + order[::-1]):
                kinds[kind].take(6 * number + place)
    return _figures(name, kinds["bare"], kinds["read"], kinds["logged"])


def _figures(name: str, bare: _Timed, read: _Timed, logged: _Timed) -> str:
    nothing = statistics.median(bare.afters)
    calls = [1e6 * (after - nothing) for after in logged.afters]
    shares = [
        100 * (after - nothing) / (whole - after)
        for after, whole in zip(logged.afters, logged.steps, strict=True)
    ]
    above = [
        100 * (log - item) / (whole - log)
        for log, item, whole in zip(logged.afters, read.afters, logged.steps, strict=True)
    ]
    apart = [
        100 * (sum(logged.steps[at : at + 2]) / sum(bare.steps[at : at + 2]) - 1)
        for at in range(0, len(bare.steps), 2)
    ]
    cells = (
        name, f"{1e6 * statistics.median(bare.steps):.0f} µs", _median(calls, ".1f", "µs"), _median(shares, ".2f", "%"),
        _median(above, ".2f", "%"), _median(apart, "+.1f", "%"),
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(1)
    lines = [
        "| training step | without | `g.log` | of the step | beyond `loss.item()` | whole steps differ by |",
        "|---|---|---|---|---|---|",
        *(_row(name, options.device) for name in WORKLOADS),
    ]
    table = "\n".join(lines)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}, torch {torch.__version__}, one thread"
    if options.device == "cuda":
        machine = f"{torch.cuda.get_device_name()}, CUDA {torch.version.cuda}, torch {torch.__version__}"
    print(f"{machine}\n{table}")
    if options.write:
        word = "golden" if options.device == "cpu" else "golden cuda"
        command = f"python benchmarks/golden.py --write{'' if options.device == 'cpu' else ' --device cuda'}"
        block = f"<!-- {word} -->\nMachine: {machine}. Command: `{command}`.\n\n{table}\n<!-- end {word} -->"
        text = PAGE.read_text(encoding="utf-8")
        pattern = rf"<!-- {word} -->.*?<!-- end {word} -->"
        PAGE.write_text(re.sub(pattern, lambda _: block, text, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
