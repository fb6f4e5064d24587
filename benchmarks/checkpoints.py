"""Cost of saving and loading a checkpoint, against `torch.save` and `torch.load` of the same states.

``python benchmarks/checkpoints.py`` prints the table, ``--write`` puts it into docs/checkpoints.md between its markers.
The ways take turns in one process; a figure is the median of its rounds. The first save of a process, which also looks
at the environment, is told apart.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from jupyter_repro import checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).resolve().parent.parent / "docs" / "checkpoints.md"
ROUNDS = 7
WIDTHS = {"1 MB": 300, "12 MB": 1000, "120 MB": 3162}


def _objects(width: int) -> dict[str, Any]:
    model = torch.nn.Sequential(*(torch.nn.Linear(width, width) for _ in range(1)))
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.rand(2, width)).sum().backward()
    optimizer.step()
    return {"model": model, "optimizer": optimizer}


def _torch_save(objects: dict[str, Any], path: Path, *, sync: bool) -> None:
    with path.open("wb") as file:
        torch.save({name: each.state_dict() for name, each in objects.items()}, file)
        if sync:
            file.flush()
            os.fsync(file.fileno())


def _torch_load(objects: dict[str, Any], path: Path) -> None:
    held = torch.load(path, weights_only=True)
    for name, each in objects.items():
        each.load_state_dict(held[name])


def _medians(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            begin = time.perf_counter()
            way()
            taken[name].append(time.perf_counter() - begin)
    return {name: statistics.median(each) for name, each in taken.items()}


def _row(name: str, objects: dict[str, Any], folder: Path) -> str:
    pickled, ours = folder / "states.pt", folder / "ours"
    found = _medians(
        {
            "torch": lambda: _torch_save(objects, pickled, sync=False),
            "synced": lambda: _torch_save(objects, pickled, sync=True),
            "ours": lambda: checkpoint.save(ours, **objects),
            "torch load": lambda: _torch_load(objects, pickled),
            "our load": lambda: checkpoint.load(ours, **objects),
        }
    )
    shown = [f"{found[way] * 1000:.0f} ms" for way in ("torch", "synced", "ours")]
    loads = [f"{found[way] * 1000:.0f} ms" for way in ("torch load", "our load")]
    ratios = found["ours"] / found["torch"], found["ours"] / found["synced"]
    back = found["our load"] / found["torch load"]
    return (
        f"| {name} | {' | '.join(shown)} | {ratios[0]:.1f}x | {ratios[1]:.1f}x "
        f"| {' | '.join(loads)} | {back:.1f}x |"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into docs/checkpoints.md")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir="."))
    try:
        begin = time.perf_counter()
        checkpoint.save(folder / "first")
        first = time.perf_counter() - begin
        rows = [_row(name, _objects(width), folder) for name, width in WIDTHS.items()]
    finally:
        shutil.rmtree(folder)
    head = (
        "| weights and moments | `torch.save` | with `fsync` | `checkpoint.save` | ratio | ratio with `fsync` "
        "| `torch.load` | `checkpoint.load` | ratio |\n|---|---|---|---|---|---|---|---|---|"
    )
    table = "\n".join((head, *rows))
    machine = f"{os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}, torch {torch.__version__}"
    print(table)
    if options.write:
        text = PAGE.read_text(encoding="utf-8")
        block = (
            f"<!-- checkpoints -->\nMachine: {machine}. Command: `python benchmarks/checkpoints.py --write`. The first save of a "
            f"process looks at the environment, which took {first:.1f} s more.\n\n{table}\n<!-- end checkpoints -->"
        )
        PAGE.write_text(
            re.sub(
                r"<!-- checkpoints -->.*?<!-- end checkpoints -->", lambda _: block, text, flags=re.DOTALL
            ),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
