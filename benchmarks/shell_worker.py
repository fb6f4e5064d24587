"""One process, one shell, one extension: print medians as JSON.

Run by run.py as ``python shell_worker.py plain|ours|ipyflow WORKLOAD``; each workload has a process to itself.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

_LOOP = """
total = 0
for i in range(300_000):
    total += i
"""
_IN_FUNCTION = """
def add_up():
    total = 0
    for i in range(300_000):
        total += i
    return total
"""
_PANDAS = """
import numpy as np, pandas as pd
frame = pd.DataFrame({'key': np.arange(100) % 7, 'value': np.arange(100.0)})
"""

WORKLOADS: dict[str, tuple[str, tuple[str, ...]]] = {
    "trivial cell": ("", ("t = 1 + 1",)),
    "ordinary cell": (
        "values = list(range(50)); table = {str(i): i for i in range(50)}",
        ("scaled = [v * 2 for v in values]\nbest = max(scaled)\nlabel = f'{best}'\ntable['best'] = best",),
    ),
    "chain of 200 two-line cells": (
        "x0 = 0",
        tuple(f"x{i + 1} = x{i} + 1\ny{i} = str(x{i + 1})" for i in range(200)),
    ),
    "trivial cell, 500 names": (
        "\n".join(f"name_{i} = [{i}, 'text']" if i % 3 else f"name_{i} = {i}" for i in range(500)),
        ("t = 1 + 1",),
    ),
    "small pandas cell": (_PANDAS, ("means = frame.groupby('key').value.mean()\ntop = means.max()",)),
    "numpy draw": ("import numpy as np", ("sample = np.random.rand(100)\nsample.mean()",)),
    "1 GB array, untouched": ("import numpy as np\nbig = np.ones(125_000_000)", ("t = 1 + 1",)),
    "1 GB array, one element set": ("import numpy as np\nbig = np.ones(125_000_000)", ("big[7] += 1",)),
    "100 MB array, one element set": ("import numpy as np\nbig = np.ones(12_500_000)", ("big[7] += 1",)),
    "module-level loop": ("", (_LOOP,)),
    "the same loop in a function": (_IN_FUNCTION, ("total = add_up()",)),
    "100,000 calls of a function": (
        "def twice(v): return 2 * v",
        ("out = 0\nfor i in range(100_000): out = twice(i)",),
    ),
}
REPEATS = 60


def _shell() -> object:
    import ipykernel.ipkernel  # noqa: F401 - a kernel has all this before any extension
    from IPython.core.interactiveshell import InteractiveShell

    return InteractiveShell.instance()


def _load(shell: object, kind: str) -> float:
    start = time.perf_counter()
    if kind == "ours":
        shell.run_line_magic("load_ext", "jupyter_repro")
    elif kind == "ipyflow":
        shell.run_line_magic("load_ext", "ipyflow")
    return time.perf_counter() - start


def _notebook(setup: str, cells: tuple[str, ...]) -> dict[str, str]:
    """Return cell id -> source: the cells again and again as new cells below the old ones, as one writes a notebook."""
    rounds = max(2, REPEATS // len(cells))
    numbered = {
        f"{number}-{position}": source for number in range(rounds) for position, source in enumerate(cells)
    }
    return {"setup": setup, **numbered}


def _save(sources: dict[str, str]) -> None:
    """Put the notebook where the server says it is."""
    nodes = [
        {"cell_type": "code", "id": name, "source": source, "metadata": {}}
        for name, source in sources.items()
    ]
    path = Path("bench.ipynb").resolve()
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": nodes}), "utf-8")
    os.environ["JPY_SESSION_NAME"] = str(path)


def _median(shell: object, sources: dict[str, str]) -> float:
    """Run the notebook down the page; the first cell does not count."""
    times = []
    for name, source in sources.items():
        start = time.perf_counter()
        result = shell.run_cell(source, store_history=True, cell_id=name)
        times.append(time.perf_counter() - start)
        if not result.success:
            raise SystemExit(f"benchmark cell failed: {source}")
    return statistics.median(times[1:])


def main() -> None:
    kind, name = sys.argv[1], sys.argv[2]
    os.chdir(tempfile.mkdtemp())
    sources = _notebook(*WORKLOADS[name])
    _save(sources)
    shell = _shell()
    load_s = _load(shell, kind)
    if kind == "ours":
        shell.run_line_magic("repro", "seed=42 strict")
    json.dump({"load": load_s, "median": _median(shell, sources)}, sys.__stdout__)


if __name__ == "__main__":
    main()
