"""What Landlock refuses, in processes of their own: it is never given back."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.shadow.landlock import landlock_version

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import os, pathlib, subprocess, sys, threading
from jupyter_repro.shadow.landlock import write_only_below
inside, outside = map(pathlib.Path, sys.argv[1:3])
write_only_below([inside, pathlib.Path("/dev")])
def attempt(what, act):
    try:
        act()
    except PermissionError:
        print(what, "refused")
    else:
        print(what, "done")
"""


def told(tmp_path: Path, *lines: str) -> list[str]:
    """Return what a restricted process says of its attempts."""
    for name in ("inside", "outside"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "old").write_text("old")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            PROGRAM + "\n".join(lines),
            str(tmp_path / "inside"),
            str(tmp_path / "outside"),
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return done.stdout.splitlines()


pytestmark = pytest.mark.skipif(not landlock_version(), reason="this system has no Landlock")


@pytest.mark.parametrize(
    ("spelled", "inside"),
    [
        ("lambda: (here / 'new').write_text('x')", "done"),
        ("lambda: (here / 'old').write_text('x')", "done"),
        ("lambda: (here / 'old').unlink()", "done"),
        ("lambda: (here / 'folder').mkdir()", "done"),
        ("lambda: os.symlink('old', here / 'link')", "done"),
        ("lambda: os.rename(here / 'old', here / 'other')", "done"),
        ("lambda: subprocess.run(['sh', '-c', f'echo x > {here}/new'], check=True)", "done"),
        ("lambda: (here / 'old').read_text()", "done"),
    ],
    ids=["new file", "old file", "unlink", "mkdir", "symlink", "rename", "program", "read"],
)
def test_nothing_outside_changes(tmp_path: Path, spelled: str, inside: str) -> None:
    """What is free inside is refused outside, but for reading."""
    lines = (
        "failed = subprocess.CalledProcessError",
        f"act = {spelled}",
        "here = inside; attempt('inside', act)",
        "here = outside",
        "try: attempt('outside', act)",
        "except failed: print('outside refused')",
    )
    reads = "read_text" in spelled
    assert told(tmp_path, *lines) == [f"inside {inside}", f"outside {'done' if reads else 'refused'}"]
    assert [each.name for each in (tmp_path / "outside").iterdir()] == ["old"]
    assert (tmp_path / "outside" / "old").read_text() == "old"


def test_through_a_link_and_in_a_thread(tmp_path: Path) -> None:
    """A link into the writable folder does not open what it leads to, and threads are no way out."""
    lines = (
        "os.symlink(outside / 'old', inside / 'link')",
        "attempt('link', lambda: (inside / 'link').write_text('x'))",
        "t = threading.Thread(target=attempt, args=('thread', lambda: (outside / 'old').write_text('x')))",
        "t.start(); t.join()",
        "attempt('null', lambda: pathlib.Path('/dev/null').write_text('x'))",
    )
    assert told(tmp_path, *lines) == ["link refused", "thread refused", "null done"]
