"""Run every test that needs a GPU, and measure what ``strict`` costs and gives there.

``python benchmarks/gpu/run.py --write`` on a machine with an NVIDIA GPU runs the tests marked ``gpu``, trains a
convolutional network and a transformer under each word in two fresh processes, and puts times and bitwise equality
into docs/determinism.md. ``--device cpu`` does the same with small models on the CPU, and says so.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from worker import MODES

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "determinism.md"
MODELS = ("cnn", "transformer")
STEPS = {"cuda": 50, "cpu": 20}


def first_difference(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Say where two trainings part: ``bit for bit equal``, or the first step whose loss differs."""
    for step, (loss, again) in enumerate(zip(one["losses"], other["losses"], strict=True), 1):
        if loss != again:
            return f"loss differs from step {step} on"
    return "bit for bit equal" if one["weights"] == other["weights"] else "weights differ after the last step"


def table(results: dict[tuple[str, str], list[dict[str, Any]]]) -> str:
    """Return the results as Markdown, each time beside the default's."""
    lines = ["| model | words | step | against default | two processes |", "|---|---|---|---|---|"]
    for (model, mode), runs in results.items():
        seconds = min(run["seconds"] for run in runs)
        base = results.get((model, "default"))
        ratio = f"{seconds / min(run['seconds'] for run in base):.2f}x" if base else "-"
        words = "`seed=42`" if mode == "default" else f"`seed=42 {mode}`"
        lines.append(f"| {model} | {words} | {seconds * 1e3:.1f} ms | {ratio} | {first_difference(*runs)} |")
    return "\n".join(lines)


def _trained(model: str, mode: str, device: str, steps: int) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", HERE / "worker.py", model, mode, device, str(steps)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"error: {model}, {mode}: {done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _tests() -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "gpu", str(ROOT / "tests")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    print(done.stdout[-6000:], file=sys.stderr)
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr[-300:]
    if done.returncode:
        sys.exit(f"error: the tests that need a GPU did not pass: {last}")
    return re.sub(r" in [0-9.]+s.*", "", last).strip("= ")


def _head(run: dict[str, Any], device: str, steps: int) -> str:
    where = run["device"] if device == "cuda" else "CPU with one thread, small models, no GPU"
    what = "time" if device == "cuda" else "processor time"
    return f"{where}, torch {run['torch']}, median {what} of {steps} steps, the faster of two processes."


def _write(device: str, text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    block = f"<!-- strict {device} -->\n{text}\n<!-- end strict {device} -->"
    pattern = rf"<!-- strict {device} -->.*?<!-- end strict {device} -->"
    PAGE.write_text(re.sub(pattern, lambda _: block, page, flags=re.DOTALL), encoding="utf-8")


def main() -> None:
    """Test, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--write", action="store_true", help="put the table into docs/determinism.md")
    parser.add_argument("--no-tests", action="store_true", help="measure only")
    parser.add_argument("--steps", type=int, help="timed steps of each training")
    parser.add_argument("--model", action="append", choices=MODELS)
    parser.add_argument("--mode", action="append", choices=MODES)
    options = parser.parse_args()
    import torch

    if options.device == "cuda" and not torch.cuda.is_available():
        sys.exit("error: torch sees no CUDA device; `--device cpu` rehearses the same steps on the CPU")
    steps = options.steps or STEPS[options.device]
    tested = "" if options.no_tests or options.device == "cpu" else _tests()
    results: dict[tuple[str, str], list[dict[str, Any]]] = {}
    # the processes take turns, so that a slow moment meets every mode
    for _turn in range(2):
        for model in options.model or MODELS:
            for mode in options.mode or MODES:
                print(f"{model}, {mode} ...", file=sys.stderr, flush=True)
                run = _trained(model, mode, options.device, steps)
                results.setdefault((model, mode), []).append(run)
    any_run = next(iter(results.values()))[0]
    text = f"{_head(any_run, options.device, steps)}\n\n{table(results)}"
    if tested:
        text += f"\n\nTests that need a GPU: {tested}."
    print(text)
    if options.write:
        _write(options.device, text)


if __name__ == "__main__":
    main()
