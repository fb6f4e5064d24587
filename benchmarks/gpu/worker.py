"""One process that trains: ``worker.py MODEL MODE DEVICE STEPS`` prints the time of a step and the digest of all bits."""

from __future__ import annotations

import hashlib
import json
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

import jupyter_repro

if TYPE_CHECKING:
    import torch

__all__ = ["MODES"]

MODES: dict[str, dict[str, Any]] = {
    "default": {},
    "warn": {"strictness": "warn"},
    "strict": {"strictness": "strict"},
    "strict tf32=keep": {"strictness": "strict", "tf32": "keep"},
}
"""What is asked for, as words of ``jupyter_repro.seed``."""

_WARM = 3
"""Steps that choose algorithms and fill caches; trained and digested, not timed."""


def _digest(model: torch.nn.Module) -> str:
    found = hashlib.sha256()
    for name, tensor in model.state_dict().items():
        found.update(name.encode() + tensor.detach().cpu().contiguous().numpy().tobytes())
    return found.hexdigest()


def _trained(model: Any, device: str, steps: int) -> tuple[list[float], list[str]]:
    import torch

    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    # on a CPU the time of its one thread, which other processes disturb less
    clock = time.perf_counter if device == "cuda" else time.process_time
    times, losses = [], []
    for _ in range(_WARM + steps):
        begun = clock()
        loss = model.loss(device)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item().hex())  # also waits for the GPU
        if device == "cuda":
            torch.cuda.synchronize()
        times.append(clock() - begun)
    return times[_WARM:], losses


def main(name: str, mode: str, device: str, steps: int) -> None:
    """Train and print."""
    with jupyter_repro.seed(42, **MODES[mode], threads=1 if device == "cpu" else None) as governed:
        import torch
        from models import MODELS

        model = MODELS[name](device).to(device)
        times, losses = _trained(model, device, steps)
        rows = {
            row.name: row.effect for row in governed.settings if row.effect not in ("in force", "waiting")
        }
        found = {
            "seconds": statistics.median(times),
            "losses": losses,
            "weights": _digest(model),
            "not in force": rows,
            "device": torch.cuda.get_device_name() if device == "cuda" else "CPU",
            "torch": torch.__version__,
            "threads": torch.get_num_threads(),
        }
    print("\n" + json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
