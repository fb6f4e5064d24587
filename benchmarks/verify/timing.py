"""Wall time of running a notebook anew, each tool as a whole process, in turns.

``make timing`` makes an environment with the peers, saves two notebooks with their outputs, lets every tool run them
in each round, and puts the least of the rounds into docs/benchmarks.md. Other programs on the machine make a round slow,
never fast, so the least is what a tool needs; ratios are to plain nbclient, of the CPU's seconds, which hang less on them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
NEEDED = (
    "nbval", "papermill", "nbmake", "pytest-notebook", "nbclient", "ipykernel", "numpy", "pandas", "matplotlib",
)  # fmt: skip
_SHOWN = ("nbclient", "papermill", "nbmake", "nbval", "pytest-notebook")
_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p")
"""With one plug-in each: what the others load at the start is none of its time."""
_SETUP = (
    "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nrng = np.random.default_rng(0)"
)
_ROUND = (
    "data = pd.DataFrame(rng.normal(size=(2000, 4)), columns=list('abcd'))\ndata.describe()",
    "print(f\"mean {data['a'].mean():.6f}\")",
    "data.groupby(data['b'] > 0).mean()",
    "fig, ax = plt.subplots(figsize=(4, 3))\nax.plot(data['a'].cumsum());",
    "np.linalg.svd(data.to_numpy().T @ data.to_numpy())[1]",
)
NOTEBOOKS = {"one cell": ("1 + 1",), "20 cells": (_SETUP, *_ROUND * 3, *_ROUND[:4])}


class Tool(NamedTuple):
    """One way to run a notebook."""

    name: str
    compares: str
    arguments: tuple[str, ...]
    """After the interpreter; ``{}`` is the notebook."""


TOOLS = (
    Tool("nbclient", "no", (str(HERE / "timing_nbclient.py"), "{}")),
    Tool("papermill", "no", ("-m", "papermill", "--no-progress-bar", "{}", "{}.out.ipynb")),
    Tool("nbmake", "no", (*_PYTEST, "nbmake.pytest_plugin", "--nbmake", "{}")),
    Tool("nbval", "text, exactly", (*_PYTEST, "nbval.plugin", "--nbval", "{}")),
    Tool("pytest-notebook", "by nbdime", (*_PYTEST, "pytest_notebook.plugin", "--nb-test-files", "{}")),
    Tool("jupyter_repro", "all", (str(HERE / "timing_ours.py"), "{}")),
    Tool("jupyter_repro, pytest --repro", "all", (*_PYTEST, "jupyter_repro.testing.plugin", "--repro", "{}")),
)


def _python(folder: Path) -> Path:
    """Return the interpreter of the environment, which is made where there is none."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        print("installing the libraries and peers ...", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", *NEEDED, "--editable", str(ROOT)], check=True
        )
    return python


def _save(python: Path, folder: Path) -> dict[str, Path]:
    """Write the notebooks with outputs, each in a folder of its own."""
    paths = {}
    for number, (name, sources) in enumerate(NOTEBOOKS.items()):
        path = folder / str(number) / "notebook.ipynb"
        path.parent.mkdir()
        cells = [
            {"cell_type": "code", "id": f"c{n}", "source": source, "metadata": {}, "execution_count": None,
             "outputs": []}
            for n, source in enumerate(sources)
        ]  # fmt: skip
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        node = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
        path.write_text(json.dumps(node), encoding="utf-8")
        command = [python, HERE / "timing_nbclient.py", path.name, path.name]
        subprocess.run(command, cwd=path.parent, check=True, capture_output=True, env=_environment())
        paths[name] = path
    return paths


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTEST_ADDOPTS": "",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


def _timed(python: Path, tool: Tool, notebook: Path) -> tuple[float, float]:
    """Return wall and CPU seconds of one run, children included."""
    command = [str(python), *(each.format(notebook.name) for each in tool.arguments)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    done = subprocess.run(
        command, cwd=notebook.parent, capture_output=True, text=True, check=False, env=_environment()
    )
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # nbval and pytest-notebook may see a difference where there is none, and run all cells nevertheless
    if done.returncode not in ((0, 1) if tool.name in ("nbval", "pytest-notebook") else (0,)):
        sys.exit(f"{tool.name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return wall, (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def _measure(
    python: Path, notebooks: dict[str, Path], rounds: int
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the least wall and CPU time by tool and notebook; each round begins with another tool."""
    least: dict[tuple[str, str], tuple[float, float]] = {}
    for number in range(rounds):
        turn = number % len(TOOLS)
        for tool in (*TOOLS[turn:], *TOOLS[:turn]):
            for name, path in notebooks.items():
                found = _timed(python, tool, path)
                former = least.get((tool.name, name), found)
                least[tool.name, name] = min(found[0], former[0]), min(found[1], former[1])
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return least


def _table(least: dict[tuple[str, str], tuple[float, float]]) -> str:
    lines = [
        f"| tool | compares | {' | '.join(f'{name}: CPU s, to nbclient; s' for name in NOTEBOOKS)} |",
        "|---" * (len(NOTEBOOKS) + 2) + "|",
    ]
    for tool in TOOLS:
        fields = []
        for name in NOTEBOOKS:
            wall, cpu = least[tool.name, name]
            fields.append(f"{cpu:.2f}, {cpu / least['nbclient', name][1]:.2f}; {wall:.2f}")
        lines.append(f"| {tool.name} | {tool.compares} | {' | '.join(fields)} |")
    return "\n".join(lines)


def _versions(python: Path) -> str:
    code = "import json, sys\nfrom importlib.metadata import version\nprint(json.dumps({n: version(n) for n in sys.argv[1:]}))"
    done = subprocess.run([python, "-c", code, *_SHOWN], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return ", ".join(f"{name} {version}" for name, version in found.items())


def main() -> None:
    """Measure, print the table, and put it into the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    parser.add_argument("--rounds", type=int, default=len(TOOLS))
    parser.add_argument("--environment", type=Path, help="keep the environment here, or use the one there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="timing-") as scratch:
        python = _python(options.environment or Path(scratch, "venv"))
        folder = Path(scratch, "notebooks")
        folder.mkdir()
        least = _measure(python, _save(python, folder), options.rounds)
        text = (
            f"{platform.machine()}, {os.cpu_count()} cores, CPython {platform.python_version()}, {_versions(python)}; least of "
            f"{options.rounds} rounds in turns. Command: `make timing`.\n\n{_table(least)}"
        )
    print(text)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        block = f"<!-- timing -->\n{text}\n<!-- end -->"
        found = re.subn(r"<!-- timing -->.*?<!-- end -->", lambda _: block, page, flags=re.DOTALL)
        if not found[1]:
            sys.exit(f"{PAGE.name} has no place for the table")
        PAGE.write_text(found[0], encoding="utf-8")


if __name__ == "__main__":
    main()
