"""A sweep that is killed, and begun once more."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import json, sys, time
import jupyter_repro

def train(seed):
    if sys.argv[1] == "slow":
        time.sleep(0.3)
    return seed / 7

def told(progress):
    print(progress.found, progress.done, flush=True)

if __name__ == "__main__":
    found = jupyter_repro.sweep(train, seeds=6, repeats=0, seed=42, jobs=1, progress=told)
    print(json.dumps(found.record.digest))
"""


def _begin(folder: Path, speed: str) -> Any:
    program = folder / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    words = [sys.executable, str(program), speed]
    return subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def test_a_killed_sweep_goes_on(tmp_path: Path) -> None:
    """After `kill -9` the same line runs what is missing, no more, and comes to the digest of a sweep that nobody killed."""
    for name in ("killed", "whole"):
        (tmp_path / name).mkdir()
    first = _begin(tmp_path / "killed", "slow")
    for line in first.stdout:
        if line.split()[1] == "2":
            first.kill()
            break
    first.wait()
    first.stdout.close()
    *lines, digest = _begin(tmp_path / "killed", "fast").communicate()[0].splitlines()
    found, done = map(int, lines[0].split())
    assert 2 <= found == done < 6
    assert lines[-1].split() == [str(found), "6"]
    *lines, whole = _begin(tmp_path / "whole", "fast").communicate()[0].splitlines()
    assert lines[0] == "0 0"
    assert json.loads(digest) == json.loads(whole)
