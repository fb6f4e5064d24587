"""Cost of a cell under jupyter_repro, against plain IPython and against ipyflow, in one run.

``make bench`` prints the table; ``--write`` puts it into docs/benchmarks.md between its markers. Each figure is a
median over the cells of a process, and the least of these over rounds: what else the machine does only adds.
Processes take turns, so that a slow moment meets all three. The package is compiled to byte code first, as
installing it does.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from shell_worker import WORKLOADS

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
ROUNDS = 3
SESSIONS = (60, 500, 2000)
"""How many cells ran before the verdicts are asked for."""


def _has_ipyflow() -> bool:
    return (
        subprocess.run([sys.executable, "-c", "import ipyflow"], capture_output=True, check=False).returncode
        == 0
    )


def _measure(kind: str, workload: str) -> dict[str, float]:
    command = [sys.executable, str(HERE / "shell_worker.py"), kind, workload]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{kind}, {workload}: {done.stderr[-2000:]}")
    return json.loads(done.stdout[done.stdout.index('{"load"') :])


def _table(results: dict[str, dict[str, float]]) -> str:
    plain, ours, peer = results["plain"], results["ours"], results.get("ipyflow")
    lines = [
        "| workload | plain IPython | jupyter_repro | added | ratio | ipyflow | ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in plain:
        other = (
            f"{peer[name] * 1e3:.2f} ms | {_ratio(peer[name], plain[name])}" if peer else "not installed | -"
        )
        lines.append(
            f"| {name} | {plain[name] * 1e3:.2f} ms | {ours[name] * 1e3:.2f} ms "
            f"| {(ours[name] - plain[name]) * 1e3:+.2f} ms | {_ratio(ours[name], plain[name])} | {other} |"
        )
    return "\n".join(lines)


def _ratio(value: float, base: float) -> str:
    return f"{value / base:.1f}x" if base > 1e-6 else "-"


def _refreshes(rounds: int) -> str:
    """Return the table of what a refresh of all verdicts takes."""
    lines = ["| cells in the session | verdicts | `%repro status` |", "|---|---|---|"]
    for cells in SESSIONS:
        taken = []
        for _ in range(rounds):
            command = [sys.executable, str(HERE / "verdict_worker.py"), str(cells)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            taken.append(json.loads(done.stdout.splitlines()[-1]))
        verdicts, status = (min(each[what] for each in taken) * 1e3 for what in ("refresh", "status"))
        lines.append(f"| {cells} | {verdicts:.1f} ms | {status:.0f} ms |")
    return "\n".join(lines)


def _write(table: str, refreshes: str) -> None:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}"
    text = PAGE.read_text(encoding="utf-8")
    for mark, found in (("cells", table), ("refreshes", refreshes)):
        block = f"<!-- {mark} -->\nMachine: {machine}. Command: `make bench`.\n\n{found}\n<!-- end -->"
        text = re.sub(rf"<!-- {mark} -->.*?<!-- end -->", lambda _, made=block: made, text, flags=re.DOTALL)
    PAGE.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    options = parser.parse_args()
    kinds = ["plain", "ours"] + (["ipyflow"] if _has_ipyflow() else [])
    compileall.compile_dir(HERE.parent / "src", quiet=1)
    samples: dict[str, dict[str, list[float]]] = {kind: {"load": []} for kind in kinds}
    for _ in range(options.rounds):
        for workload in WORKLOADS:
            for kind in kinds:
                taken = _measure(kind, workload)
                samples[kind]["load"].append(taken["load"])
                samples[kind].setdefault(workload, []).append(taken["median"])
    table = _table({kind: {name: min(t) for name, t in taken.items()} for kind, taken in samples.items()})
    refreshes = _refreshes(options.rounds)
    print(table, refreshes, sep="\n\n")
    if options.write:
        _write(table, refreshes)


if __name__ == "__main__":
    main()
