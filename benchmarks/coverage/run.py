"""Which streams and switches each tool governs, found by asking it: draws in fresh processes, values read back.

``python benchmarks/coverage/run.py --write`` makes an environment for jupyter_repro and for each peer, asks each
for the same twelve streams and twenty switches, and puts the tables into docs/determinism.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from installing import NotInstalled, python_of, versions
from peers import PEERS
from streams import GROUPS
from switches import SWITCHES
from table import stream_word, switch_word, table

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "determinism.md"
SEEDS = (42, 42, 43)
_CLEAN = ("PYTHONHASHSEED", "PYTHONPATH", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def _asked(python: Path, script: str, *arguments: str) -> dict[str, Any]:
    environ = {name: value for name, value in os.environ.items() if name not in _CLEAN}
    environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_MODULE_LOADING="LAZY")
    done = subprocess.run(
        [python, "-W", "ignore", HERE / script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environ,
    )
    if done.returncode:
        sys.exit(f"{script} {' '.join(arguments)}: {done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _column(name: str, python: Path) -> dict[str, dict[str, str]]:
    streams: dict[str, str] = {}
    for group in GROUPS:
        runs = [_asked(python, "streams.py", name, group, str(seed)) for seed in SEEDS]
        streams |= {row: stream_word(row, [run[row] for run in runs]) for row in runs[0]}
    first, again = (_asked(python, "switches.py", name, "first") for _ in range(2))
    second = _asked(python, "switches.py", name, "second")
    switches = {row: switch_word(row, first, again, second) for row in (*SWITCHES, "given back")}
    return {"stream": streams, "switch": switches}


def _write(text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    block = f"<!-- coverage -->\n{text}\n<!-- end coverage -->"
    found = re.subn(r"<!-- coverage -->.*?<!-- end coverage -->", lambda _: block, page, flags=re.DOTALL)
    PAGE.write_text(found[0], encoding="utf-8")


def main() -> None:
    """Ask all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/determinism.md")
    parser.add_argument("--torch", default="torch==2.13.0", help="which torch every environment gets")
    parser.add_argument(
        "--environments", type=Path, help="keep the environments here, and use those that are there"
    )
    parser.add_argument("--peer", action="append", choices=PEERS, help="ask only these")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coverage-") as scratch:
        folder = options.environments or Path(scratch)
        columns: dict[str, dict[str, dict[str, str]]] = {}
        heads: dict[str, str] = {}
        why_not: dict[str, str] = {}
        common: dict[str, str] = {}
        for name in options.peer or PEERS:
            peer = PEERS[name]
            package = re.split(r"[<>=]", peer.requirement)[0] or name
            heads[name] = peer.title
            print(f"{name} ...", file=sys.stderr, flush=True)
            try:
                python = python_of(name, peer, folder, torch=options.torch)
            except NotInstalled as reason:
                why_not[name] = str(reason)
                continue
            common = versions(python, ("torch", "numpy", "tensorflow-cpu", "jax", "numba"))
            heads[name] = f"{peer.title} {versions(python, (package,))[package]}"
            columns[name] = _column(name, python)
    machine = f"{platform.machine()}, CPython {platform.python_version()}"
    with_ = ", ".join(f"{name} {version}" for name, version in common.items())
    text = f"{machine}, {with_}. Command: `python benchmarks/coverage/run.py --write`.\n\n"
    text += "Asked were:\n" + "\n".join(f"- {heads[name]}: `{PEERS[name].call}`" for name in columns) + "\n\n"
    text += table(columns, heads, why_not)
    print(text)
    if options.write:
        _write(text)


if __name__ == "__main__":
    main()
