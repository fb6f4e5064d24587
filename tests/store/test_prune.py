"""Old journals go, those of living kernels stay."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from jupyter_repro.store.journal import Journal
from jupyter_repro.store.prune import journals, prune

if TYPE_CHECKING:
    from pathlib import Path


def make(folder: Path, name: str, age: int) -> Path:
    path = folder / f"run-{name}.jsonl"
    path.write_text("x")
    os.utime(path, (1_000_000 - age, 1_000_000 - age))
    return path


def test_the_newest_are_kept(tmp_path: Path) -> None:
    """Age is the last write; other files are not ours to remove."""
    paths = [make(tmp_path, str(age), age) for age in range(5)]
    (tmp_path / "notes.txt").write_text("mine")
    assert prune(tmp_path, keep=2) == tuple(paths[2:])
    assert journals(tmp_path) == tuple(paths[:2])
    assert (tmp_path / "notes.txt").exists()


def test_fifty_are_kept_if_nothing_is_said(tmp_path: Path) -> None:
    """A kernel a day for seven weeks."""
    for age in range(53):
        make(tmp_path, str(age), age)
    assert len(prune(tmp_path)) == 3


def test_an_open_journal_is_never_removed(tmp_path: Path) -> None:
    """Ours, and that of another process; once that is killed its journal may go."""
    ours = Journal.open(tmp_path, kernel_id="ours")
    code = (
        "import sys, time; from pathlib import Path; from jupyter_repro.store.journal import Journal\n"
        "journal = Journal.open(Path(sys.argv[1]), kernel_id='theirs'); print('open', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    theirs = tmp_path / "run-theirs.jsonl"
    assert prune(tmp_path, keep=0) == ()
    child.kill()
    child.wait()
    child.stdout.close()
    assert prune(tmp_path, keep=0) == (theirs,)
    ours.close()
    assert prune(tmp_path, keep=0) == (ours.path,)


def test_no_folder_is_no_journals(tmp_path: Path) -> None:
    """Nothing was recorded yet."""
    assert prune(tmp_path / "none") == ()
