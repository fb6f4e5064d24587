"""A saved notebook is run in the shadow, and nothing of the author's changes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_repro.errors import BadNotebook, Cancelled, RunFailed
from jupyter_repro.shadow.landlock import landlock_version
from jupyter_repro.shadow.messages import Wanted
from jupyter_repro.shadow.proving import ProofOptions, Proving

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.proof import Proof


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return times and contents of all files below a folder."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def verdicts(proof: Proof) -> list[str]:
    """Return the verdict of each cell."""
    return [cell.verdict for cell in proof.cells]


def test_a_proof(tmp_path: Path, run_notebook: Callable[..., Path]) -> None:
    """Files are read and written as at home, paths are those of home, and home is as it was."""
    project = tmp_path / "home" / "study"
    (project / ".git").mkdir(parents=True)
    (tmp_path / "home" / "shared").mkdir()
    (tmp_path / "home" / "shared" / "more.csv").write_text("y\n")
    (project / "data.csv").write_text("x\n")
    path = run_notebook(
        project / "notebooks" / "a.ipynb",
        "%load_ext jupyter_repro\n%repro seed=3",
        "import os, random, subprocess, sys, tempfile, time\nprint(random.random(), os.getcwd())",
        "open('../data.csv').read() + open('../../shared/more.csv').read()",
        "open('../made.txt', 'w').write('made')\nsubprocess.run('cat ../made.txt', shell=True, capture_output=True).stdout",
        "open('../data.csv', 'a').write('changed')",
        "tempfile.TemporaryFile().name is None",
        "object()",
        "time.time_ns()",
    )
    (project / "made.txt").unlink()
    (project / "data.csv").write_text("x\n")
    before = tree(tmp_path)
    steps: list[str] = []
    proof = Proving(path, ProofOptions(), steps.append).run()
    assert tree(tmp_path) == before
    assert verdicts(proof) == [*["identical"] * 6, "equivalent", "differs"]
    assert not proof.reproduced
    assert proof.counts() == "6 identical, 1 equivalent, 1 differs: cell 8"
    assert proof.notebook == str(path)
    assert ("Landlock kept" in proof.held_back) == bool(landlock_version())
    assert steps[0] == "copying the working tree"
    assert steps[-1] == "comparing"
    assert "running cell 8 of 8" in steps


def test_what_it_must_not_write(tmp_path: Path, run_notebook: Callable[..., Path]) -> None:
    """A cell that writes elsewhere fails, in Python and, where the system can, in programs; what it needs can be allowed."""
    outside, cache = tmp_path / "outside", tmp_path / "cache"
    outside.mkdir()
    cache.mkdir()
    path = run_notebook(
        tmp_path / "study" / "a.ipynb",
        f"import os, pathlib, subprocess\nsubprocess.run(['touch', {str(outside / 'program')!r}]).returncode",
        f"pathlib.Path({str(cache / 'kept')!r}).write_text('x')",
        f"pathlib.Path({str(outside / 'file')!r}).write_text('x')",
        "1 + 1",
    )
    for made in (outside / "program", outside / "file", cache / "kept"):
        made.unlink()
    proof = Proving(path, ProofOptions(allowed=(str(cache),))).run()
    held = bool(landlock_version())
    assert verdicts(proof) == ["differs" if held else "identical", "identical", "error", "not run"]
    assert "a proof writes nothing outside the project" in proof.cells[2].why
    assert [each.name for each in outside.iterdir()] == ([] if held else ["program"])
    assert (cache / "kept").read_text() == "x"


def test_an_error_that_is_shown_is_proven(
    tmp_path: Path, run_notebook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run goes on where the saved notebook shows the same error; a cell that was never run proves nothing."""
    path = run_notebook(tmp_path / "a.ipynb", "1 / 0", "2")
    proof = Proving(path, ProofOptions()).run()
    assert (proof.reproduced, proof.counts()) == (True, "2 identical")
    run_notebook(tmp_path / "b.ipynb", "1", run=False)
    monkeypatch.chdir(tmp_path)
    proof = Proving(Path("b.ipynb"), ProofOptions()).run()  # relative, as a terminal gives it
    assert (proof.reproduced, verdicts(proof)) == (False, ["not run"])


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="asks /proc for the processes")
def test_it_ends_when_it_is_cancelled(tmp_path: Path, run_notebook: Callable[..., Path]) -> None:
    """At once, with its kernel, and nothing is left behind."""
    path = run_notebook(
        tmp_path / "a.ipynb",
        "import os, time\nopen('told.pid', 'w').write(str(os.getpid()))\ntime.sleep(600)",
        run=False,
    )
    folders: list[Path] = []
    proving = Proving(path, ProofOptions())
    caught: list[BaseException] = []

    def run() -> None:
        try:
            proving.run()
        except Cancelled as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    pid = _appears(lambda: _pid(proving, folders))
    proving.cancel()
    thread.join(30)
    assert caught
    assert not any(folder.exists() for folder in folders)
    _appears(lambda: not _alive(pid))


def _pid(proving: Proving, folders: list[Path]) -> int | None:
    """Return the process of the shadow kernel, when its cell has told it."""
    process = proving._process
    if process is None or not proving.step.startswith("running"):
        return None
    folder = Path(f"/proc/{process.pid}/cwd").resolve()
    folders[:] = [folder]
    told = [each.read_text() for each in folder.rglob("told.pid")]
    return int(told[0]) if told and told[0] else None


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _appears(look: Callable[[], int | None], patience_s: float = 60) -> int:
    """Return what is found, waiting for it."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        found = look()
        if found:
            return int(found)
        time.sleep(0.05)
    raise AssertionError("it does not come")


def test_what_cannot_be_proven(tmp_path: Path, run_notebook: Callable[..., Path]) -> None:
    """The errors of the process are those of a call."""
    with pytest.raises(BadNotebook, match="cannot read"):
        Proving(tmp_path / "none.ipynb", ProofOptions()).run()
    path = run_notebook(tmp_path / "a.ipynb", "1", run=False)
    with pytest.raises(RunFailed, match="does not exist"):
        Proving(path, ProofOptions(allowed=(str(tmp_path / "none"),))).run()


WITHOUT = """
import sys
from jupyter_repro.shadow import home, run
def none(_writable):
    raise OSError("this system has no Landlock")
home.write_only_below = none
sys.exit(run.main())
"""


def test_without_landlock(tmp_path: Path, run_notebook: Callable[..., Path]) -> None:
    """Where a system has none, Python is guarded and nothing is linked to; the result says so: its absence is played."""
    (tmp_path / "beside").write_text("old")
    path = run_notebook(
        tmp_path / "study" / "a.ipynb",
        "open('here.txt', 'w').write('x')",
        f"import os\nos.path.exists('../beside'), open({str(tmp_path / 'beside')!r}).read()",
        f"open({str(tmp_path / 'beside')!r}, 'a').close()",
    )
    folder = tmp_path / "folder"
    folder.mkdir()
    wanted = Wanted(notebook=str(path), folder=str(folder), python=sys.executable)
    process = subprocess.Popen([sys.executable, "-c", WITHOUT], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(msgspec.json.encode(wanted) + b"\n")
    process.stdin.flush()
    *_, last = [msgspec.json.decode(line) for line in process.stdout]
    process.stdin.close()
    process.stdout.close()
    assert process.wait() == 0
    proof = last["proof"]
    assert "no Landlock" in proof["held_back"]
    assert [cell["verdict"] for cell in proof["cells"]] == ["identical", "differs", "error"]
    assert "a proof writes nothing outside the project" in proof["cells"][2]["why"]
    assert (tmp_path / "beside").read_text() == "old"
