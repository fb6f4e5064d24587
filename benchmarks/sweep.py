"""Cost of a sweep over what its runs cost anyway: against joblib over the same seeds, and papermill over the same notebook.

``python benchmarks/sweep.py`` prints the table, ``--write`` puts it into docs/benchmarks.md between its markers. Needs the
extra ``bench``. The ways take turns, each with fresh workers; a figure is the median of its rounds. That both ways of running the
function give the same numbers, bit for bit, is checked in each round.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import platform
import re
import statistics
import tempfile
import time
import warnings
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import joblib
import nbformat
from joblib.externals.loky import get_reusable_executor

import jupyter_repro

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
JOBS = 2
ROUNDS = 3
SEEDS = 16
NOTEBOOK_SEEDS = 4
BODY = """
import random

draws = random.Random(seed)
points = [(draws.gauss(0, 1), draws.gauss(0, 1)) for _ in range(2000)]
a, b = 0.0, 0.0
for _ in range(STEPS):
    for x, noise in points:
        wrong = a * x + b - (2 * x + 1 + noise)
        a, b = a - 1e-3 * wrong * x, b - 1e-3 * wrong
"""
STEPS = 250
"""About a tenth of a second for each 100 of them; with a library in it, the runs would mostly import that."""


def train(seed: int) -> float:
    """Return the slope of a regression by steps, in plain Python."""
    names = {"seed": seed, "STEPS": STEPS}
    exec(BODY, names)
    return float(names["a"])


def _notebook(folder: Path) -> Path:
    parameters = nbformat.v4.new_code_cell(f"seed = 0\nSTEPS = {STEPS}", metadata={"tags": ["parameters"]})
    book = nbformat.v4.new_notebook(cells=[parameters, nbformat.v4.new_code_cell(BODY)])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / "study.ipynb"
    nbformat.write(book, path)
    return path


def _papermill(path: Path, seed: int) -> None:
    import papermill

    warnings.simplefilter("ignore")
    with contextlib.redirect_stderr(io.StringIO()):
        papermill.execute_notebook(
            path, path.with_name(f"{seed}.ipynb"), parameters={"seed": seed}, progress_bar=False
        )


def _taken(way: Callable[[], object]) -> tuple[float, object]:
    get_reusable_executor().shutdown(wait=True)
    begin = time.perf_counter()
    found = way()
    return time.perf_counter() - begin, found


def _functions() -> list[str]:
    def ours(*, keep: bool) -> jupyter_repro.SweepResult:
        return jupyter_repro.sweep(train, seeds=SEEDS, repeats=0, seed=42, jobs=JOBS, keep=keep)

    seeds = [point.seed for point in ours(keep=True).record.points]

    def bare() -> list[float]:
        with joblib.parallel_config("loky", inner_max_num_threads=1):
            return list(joblib.Parallel(n_jobs=JOBS)(joblib.delayed(train)(seed) for seed in seeds))

    taken: dict[str, list[float]] = {"bare": [], "ours": [], "again": []}
    for _ in range(ROUNDS):
        seconds, expected = _taken(bare)
        taken["bare"].append(seconds)
        seconds, found = _taken(lambda: ours(keep=False))
        taken["ours"].append(seconds)
        assert found.values() == expected, "both give the same numbers"
        seconds, found = _taken(lambda: ours(keep=True))
        taken["again"].append(seconds)
        assert found.values() == expected, "what was kept is the same"
    return _rows(f"{SEEDS} runs of a function", "joblib", taken)


def _notebooks(folder: Path) -> list[str]:
    path = _notebook(folder)

    def ours(*, keep: bool) -> jupyter_repro.SweepResult:
        return jupyter_repro.sweep(
            path, seeds=NOTEBOOK_SEEDS, metric="a", repeats=0, seed=42, jobs=JOBS, keep=keep
        )

    first = ours(keep=True)
    assert None not in first.values(), first
    seeds = [point.seed for point in first.record.points]

    def bare() -> object:
        with joblib.parallel_config("loky", inner_max_num_threads=1):
            return joblib.Parallel(n_jobs=JOBS)(joblib.delayed(_papermill)(path, seed) for seed in seeds)

    taken: dict[str, list[float]] = {"bare": [], "ours": [], "again": []}
    for _ in range(ROUNDS):
        taken["bare"].append(_taken(bare)[0])
        taken["ours"].append(_taken(lambda: ours(keep=False))[0])
        taken["again"].append(_taken(lambda: ours(keep=True))[0])
    return _rows(f"{NOTEBOOK_SEEDS} runs of a notebook", "papermill in joblib", taken)


def _rows(what: str, peer: str, taken: dict[str, list[float]]) -> list[str]:
    middle = {name: statistics.median(each) for name, each in taken.items()}
    ranges = {name: f"{min(each):.1f} to {max(each):.1f}" for name, each in taken.items()}
    return [
        (
            f"| {what} | {peer} | {middle['bare']:.1f} s ({ranges['bare']}) | {middle['ours']:.1f} s ({ranges['ours']}) "
            f"| {middle['ours'] / middle['bare']:.2f} | {middle['again']:.2f} s |"
        )
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["PYTHONHASHSEED"] = "0"  # of the workers: as our own have it
        rows = [*_functions(), *_notebooks(Path(folder))]
        os.chdir("/")
    lines = [
        "| what | peer | the peer | `sweep` | of it | `sweep` again, all kept |",
        "|---|---|---|---|---|---|",
        *rows,
    ]
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("joblib", "papermill"))
    table = "\n".join(lines)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}, {versions}, {JOBS} at once"
    print(f"{machine}\n{table}")
    if options.write:
        block = f"<!-- sweep -->\nMachine: {machine}. Command: `python benchmarks/sweep.py --write`.\n\n{table}\n<!-- end sweep -->"
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(
            re.sub(r"<!-- sweep -->.*?<!-- end sweep -->", lambda _: block, text, flags=re.DOTALL),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
