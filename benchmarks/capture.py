"""What it takes to write an environment down: jupyter_repro, watermark, session-info and ``pip inspect`` in one run.

``make bench`` prints the table; ``--write`` puts it into docs/benchmarks.md. Each figure is the median over fresh
processes that take turns.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import re
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
ROUNDS = 5
DELAYED = {
    "one cell": "one cell of four seconds that is nothing but Python",
    "many cells": "300 cells one after the other, four seconds in all",
}
TOLD = {
    "thread": ("jupyter_repro, at the start, beside the cells", "all below but who imported what"),
    "ours": (
        "`%repro env`",
        "origin, commit, who imported it, conflicts; system, BLAS, container, devices, revision with patch and sources",
    ),
    "watermark": ("watermark 2.6", "versions of what is named or imported; machine; commit and branch"),
    "session_info": ("session-info 1.0", "versions of what is imported; machine"),
    "pip inspect": ("`pip inspect`", "versions and metadata, installer, direct URLs"),
}
PEERS = ("watermark", "session_info")


def _measure(way: str, *more: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(HERE / "capture_worker.py"), way, *more],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{way}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _table(found: dict[str, list[dict[str, float]]]) -> str:
    lines = ["| way | time | packages | what it tells |", "|---|---|---|---|"]
    for way, (name, tells) in TOLD.items():
        if way not in found:
            lines.append(f"| {name} | not installed | - | {tells} |")
            continue
        taken = statistics.median(each["seconds"] for each in found[way])
        packages = int(found[way][0]["packages"])
        lines.append(f"| {name} | {taken * 1e3:.0f} ms | {packages or '-'} | {tells} |")
    lines += ["", "| what begins right after the load | longer with the capture beside it |", "|---|---|"]
    for way, told in DELAYED.items():
        delays = sorted(each["delay"] * 1e3 for each in found[way])
        middle = statistics.median(delays)
        lines.append(f"| {told} | {middle:+.0f} ms ({delays[0]:+.0f} to {delays[-1]:+.0f}) |")
    return "\n".join(lines)


def _delay(way: str) -> dict[str, float]:
    """Return how much longer the same cells take beside a capture; those before and after it have none."""
    before = _measure(way, "0")
    steps = str(int(before["steps"]))
    with_us = _measure(way, steps)
    after = _measure(way, f"-{steps}")
    return {"delay": with_us["waited"] - (before["waited"] + after["waited"]) / 2}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    options = parser.parse_args()
    ways = [*DELAYED, *(way for way in TOLD if way not in PEERS or importlib.util.find_spec(way))]
    found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way in ways:
            found[way].append(_delay(way) if way in DELAYED else _measure(way))
    table = _table(found)
    print(table)
    if options.write:
        machine = f"{os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}"
        block = f"<!-- capture -->\nMachine: {machine}. Command: `make bench`.\n\n{table}\n<!-- end -->"
        text = PAGE.read_text(encoding="utf-8")
        text = re.sub(r"<!-- capture -->.*?<!-- end -->", lambda _: block, text, flags=re.DOTALL)
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
