"""Cost of `g.log` in a step of training, against the same step without.

``python benchmarks/golden.py`` prints the table, ``--write`` puts it into docs/benchmarks.md between its markers. Steps with
and without take turns in one process with one thread; figures are medians of processor time, so that a busy machine changes
them little. What one call takes is measured by itself as well, since it is less than what two steps differ by.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

import jupyter_repro

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
CALLS = 5000


def _step(model: torch.nn.Module, x: torch.Tensor, device: str) -> Callable[[], torch.Tensor]:
    model, x = model.to(device), x.to(device)
    optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)
    y = torch.randint(0, 10, (x.shape[0],)).to(device)

    def step() -> torch.Tensor:
        loss = torch.nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def _mlp(device: str) -> Callable[[], torch.Tensor]:
    nn = torch.nn
    layers = (nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
    return _step(nn.Sequential(*layers), torch.randn(64, 64), device)


def _convolutions(device: str) -> Callable[[], torch.Tensor]:
    nn = torch.nn
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10),
    )  # fmt: skip
    return _step(model, torch.randn(64, 1, 28, 28), device)


WORKLOADS = {"MLP, batch 64": (_mlp, 400), "convolutions, 64 images of 28 x 28": (_convolutions, 60)}


def _taken(act: Callable[[], Any], *, device: str) -> float:
    if device == "cuda":
        torch.cuda.synchronize()
    clock = time.process_time if device == "cpu" else time.perf_counter
    start = clock()
    act()
    if device == "cuda":
        torch.cuda.synchronize()
    return clock() - start


def _row(name: str, device: str) -> str:
    make, rounds = WORKLOADS[name]
    torch.manual_seed(0)
    step = make(device)
    with tempfile.TemporaryDirectory() as folder:
        with jupyter_repro.golden("b", mode="record", folder=folder) as golden:
            plain, logged = [], []
            for round_ in range(rounds):
                plain.append(_taken(step, device=device))
                logged.append(_taken(lambda at=round_: golden.log(at, loss=step(), lr=0.01), device=device))
            loss = step()
            start = _taken(
                lambda: [golden.log(rounds + i, loss=loss, lr=0.01) for i in range(CALLS)], device=device
            )
        one = start / CALLS
    before, after = (statistics.median(each[rounds // 10 :]) for each in (plain, logged))
    return (
        f"| {name} | {before * 1e6:.0f} µs | {after * 1e6:.0f} µs | {after / before:.3f}x "
        f"| {one * 1e6:.1f} µs | {one / before:.2%} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(1)
    lines = [
        "| training step | plain | with `g.log` | ratio | one call of `g.log` | of the step |",
        "|---|---|---|---|---|---|",
        *(_row(name, options.device) for name in WORKLOADS),
    ]
    table = "\n".join(lines)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}, torch {torch.__version__}, one thread"
    if options.device == "cuda":
        machine = (
            f"{torch.cuda.get_device_name()}, CUDA {torch.version.cuda}, torch {torch.__version__}, wall time"
        )
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
