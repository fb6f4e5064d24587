"""The whole environment is captured anywhere, and importing costs nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.canonical import dumps
from jupyter_repro.environments import capture_environment
from jupyter_repro.records import Environment, Missing

if TYPE_CHECKING:
    from pathlib import Path


def test_a_record_goes_to_json_and_back(tmp_path: Path) -> None:
    """All parts are there; each absence has a reason."""
    found = capture_environment(tmp_path)
    assert msgspec.json.decode(dumps(found), type=Environment) == found
    for part in (found.git, found.gpus):
        assert not isinstance(part, Missing) or part.reason


def test_no_folder_is_a_reason() -> None:
    """A console without a notebook has no revision."""
    assert isinstance(capture_environment(None).git, Missing)


def test_importing_loads_neither_git_nor_nvml() -> None:
    """They are loaded when they are asked."""
    code = (
        "import sys, jupyter_repro.environments.capture, jupyter_repro.inputs.collect, jupyter_repro.store.journal\n"
        "print(sorted({'git', 'pynvml', 'numpy', 'torch', 'pandas', 'IPython'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
