"""The compiled file beside a module tells whether the module's file was edited since its import."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from jupyter_repro.modules.compiled import compiled_from

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_an_edit_after_the_import_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiled file is of the text that was imported."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    file = tmp_path / "repro_compiled.py"
    file.write_text("x = 1\n")
    module = importlib.import_module("repro_compiled")
    try:
        before = file.stat()
        assert compiled_from(module, before.st_mtime_ns, before.st_size)
        assert not compiled_from(module, before.st_mtime_ns, before.st_size + 1)
        assert not compiled_from(module, before.st_mtime_ns + 2_000_000_000, before.st_size)
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        assert compiled_from(module, 0, 0), "an old one may lie there that this import did not write"
    finally:
        del sys.modules["repro_compiled"]


def test_nothing_is_known_against_a_module_without_one(tmp_path: Path) -> None:
    """Where Python keeps no compiled file, the module is taken as it is."""
    import types

    assert compiled_from(types.ModuleType("bare"), 0, 0)
