"""When the kernel ends, all that it stood on is written down."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import jupyter_repro
from jupyter_repro.kernel.ending import at_end, not_at_end
from jupyter_repro.store.sidecar import read_sidecar

if TYPE_CHECKING:
    from pathlib import Path

KERNEL = """
import sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell(config=config)
shell.run_line_magic("load_ext", "jupyter_repro")
shell.run_cell("import packaging.version", store_history=True)
shell.run_cell({last!r}, store_history=True)
"""


def lived(folder: Path, last: str = "x = 1") -> None:
    """Let a process of its own run two cells and end."""
    subprocess.run([sys.executable, "-c", KERNEL.format(last=last)], cwd=folder, check=True, timeout=120)


def test_the_record_of_a_kernel_that_has_ended_tells_every_import(tmp_path: Path) -> None:
    """Also of one that ended before anything could be captured beside its cells."""
    lived(tmp_path)
    (path,) = (tmp_path / ".jupyter_repro").glob("env-*.json")
    found = read_sidecar(path)
    assert found.latest is not None
    assert found.ended is not None
    assert found.ended >= found.captured
    assert {each.name: each.imported for each in found.latest.packages}["packaging"] == "cells"
    (run,) = jupyter_repro.runs(tmp_path)
    assert (run.kind, len(run.cells), run.verdict) == ("session", 2, "reproduced")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_child_writes_nothing(tmp_path: Path) -> None:
    """A process that a cell forks and that ends as Python does leaves the record to its parent."""
    lived(tmp_path, "import os\nif os.fork() == 0:\n    sys = __import__('sys'); sys.exit(0)\nos.wait()")
    assert len(list((tmp_path / ".jupyter_repro").glob("env-*.json"))) == 1


def test_who_has_gone_is_not_called() -> None:
    """Any number of times."""

    def never() -> None:
        raise AssertionError

    at_end(never)
    not_at_end(never)
    not_at_end(never)
