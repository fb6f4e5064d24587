"""The user's own modules are found, installed ones are not."""

from __future__ import annotations

import importlib
import sys
import types
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.inputs.modules import local_modules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def put(path: Path, text: str = "x = 1") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_modules_and_packages_below_the_root(project: Path) -> None:
    """A module, a package and its part; not what was never imported."""
    files = [put(project / name) for name in ("lm_one.py", "lm_pkg/__init__.py", "lm_pkg/part.py")]
    put(project / "lm_never.py")
    importlib.import_module("lm_one")
    importlib.import_module("lm_pkg.part")
    assert local_modules(project) == tuple(sorted(files))


def test_an_environment_below_the_root_is_left_out(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages installed in ``.venv`` beside the notebook are the lock's matter."""
    site = project / ".venv" / "lib" / "python3.11" / "site-packages"
    put(site / "lm_installed.py")
    monkeypatch.syspath_prepend(site)
    importlib.import_module("lm_installed")
    assert local_modules(project) == ()


def test_a_root_behind_a_link(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The real folder decides."""
    file = put(project / "lm_two.py")
    importlib.import_module("lm_two")
    alias = tmp_path_factory.mktemp("alias") / "link"
    alias.symlink_to(project)
    assert local_modules(alias) == (file.resolve(),)


def test_odd_entries_of_sys_modules_do_no_harm(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None, objects without a file, a file that is gone, a module whose getattr raises."""

    class Hostile(types.ModuleType):
        def __getattr__(self, name: str) -> object:
            raise RuntimeError(name)

    gone = types.ModuleType("lm_gone")
    gone.__file__ = str(project / "gone.py")
    odd = types.ModuleType("lm_odd")
    odd.__file__ = 7  # type: ignore[assignment]  # the odd type is the test
    for name, module in {
        "lm_none": None,
        "lm_gone": gone,
        "lm_odd": odd,
        "lm_bad": Hostile("lm_bad"),
    }.items():
        monkeypatch.setitem(sys.modules, name, module)  # type: ignore[arg-type]  # as import leaves it
    assert local_modules(project) == ()
