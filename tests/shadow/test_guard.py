"""What Python may change under the guard, in a process of its own: an audit hook stays for good."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import os, pathlib, shutil, sys, tempfile
from jupyter_repro.shadow.guard import hold_back
inside, outside = map(pathlib.Path, sys.argv[1:3])
hold_back([str(inside), "/dev"])
ACTS = {
    "write": lambda here: (here / "old").write_text("x"),
    "append": lambda here: open(here / "old", "a").close(),
    "update": lambda here: open(here / "old", "r+b").close(),
    "os.open": lambda here: os.close(os.open(here / "new", os.O_CREAT | os.O_WRONLY)),
    "mkdir": lambda here: (here / "folder").mkdir(),
    "move out": lambda here: os.rename(inside / "mine", here / "mine"),
    "move in": lambda here: os.rename(here / "old", inside / "got"),
    "remove": lambda here: os.remove(here / "other"),
    "tree": lambda here: shutil.rmtree(here / "tree"),
    "chmod": lambda here: os.chmod(here / "older", 0o600),
    "utime": lambda here: os.utime(here / "older", (1, 1)),
    "truncate": lambda here: os.truncate(here / "older", 0),
    "symlink": lambda here: os.symlink("older", here / "made"),
    "link": lambda here: os.link(inside / "older", here / "hard"),
    "through a link": lambda here: (here / "link").write_text("x"),
    "read": lambda here: (here / "older").read_text(),
}
act = ACTS[sys.argv[3]]
for here in (inside, outside):
    try:
        act(here)
    except PermissionError as error:
        print("refused", error.strerror)
    else:
        print("done")
os.remove(inside / "link")
pathlib.Path("/dev/null").write_text("x")
tempfile.TemporaryDirectory(dir=inside).cleanup()
"""

ACTS = (
    "write", "append", "update", "os.open", "mkdir", "move out", "move in", "remove", "tree", "chmod", "utime", "truncate", "symlink",
    "link", "through a link", "read",
)  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_only_inside(tmp_path: Path, act: str) -> None:
    """What is free inside is refused outside, but for reading; a link out is no door."""
    for name in ("inside", "outside"):
        here = tmp_path / name
        (here / "tree" / "deep").mkdir(parents=True)
        (here / "tree" / "deep" / "file").write_text("")
        for file in ("old", "older", "other"):
            (here / file).write_text(file)
    (tmp_path / "inside" / "mine").write_text("")
    (tmp_path / "inside" / "link").symlink_to(
        tmp_path / ("inside" if act == "write" else "outside") / "older"
    )
    (tmp_path / "outside" / "link").symlink_to(tmp_path / "outside" / "older")
    before = [
        (p.name, p.stat().st_mode, p.stat().st_mtime_ns) for p in sorted((tmp_path / "outside").rglob("*"))
    ]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "inside"), str(tmp_path / "outside"), act],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    refused = "refused a proof writes nothing outside the project"
    inside = refused if act == "through a link" else "done"
    assert done.stdout.splitlines() == [inside, "done" if act == "read" else refused]
    after = [
        (p.name, p.stat().st_mode, p.stat().st_mtime_ns) for p in sorted((tmp_path / "outside").rglob("*"))
    ]
    assert after == before
