"""What libraries tell when they are loaded, found out by another process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_repro.environments.capture import capture_environment
from jupyter_repro.environments.loading import as_loaded, loaded_apart, modules_that_compute
from jupyter_repro.records import Missing, Package

if TYPE_CHECKING:
    from pathlib import Path


def test_a_process_of_its_own_loads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What they print is no answer, and what fails is left out."""
    pytest.importorskip("threadpoolctl", reason="it tells BLAS and its threads")
    (tmp_path / "loud.py").write_text("print('hello')\nimport numpy\n")
    (tmp_path / "broken.py").write_text("raise RuntimeError")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = loaded_apart(["broken", "no_such_module", "loud"])
    assert found is not None
    assert not isinstance(found.libraries, Missing)
    assert {each.kind for each in found.libraries} >= {"blas"}
    now = as_loaded(capture_environment(None, libraries=False), found)
    assert now.system is not None
    assert now.system.libraries == found.libraries


def test_without_an_answer_nothing_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment stays as it was."""
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert loaded_apart(["json"]) is None
    now = capture_environment(None, libraries=False)
    assert as_loaded(now, None) == now


def test_only_what_cells_imported_to_compute_is_loaded() -> None:
    """Not what libraries brought, and nothing that computes nothing."""
    packages = (
        Package(name="numpy", version="1", imported="cells"),
        Package(name="scipy", version="1", imported="libraries"),
        Package(name="rich", version="1", imported="cells"),
    )
    found = modules_that_compute(msgspec.structs.replace(capture_environment(None), packages=packages))
    assert found == ("numpy",)
