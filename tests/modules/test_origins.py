"""The user's modules are told from Python's and from installed ones by their files."""

from __future__ import annotations

import json
import sys
import types
from typing import TYPE_CHECKING

import pytest

import jupyter_repro
from jupyter_repro.modules import Origins

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The notebook's folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("module", [json, pytest, jupyter_repro], ids=lambda module: module.__name__)
def test_python_and_installed_modules_are_not_the_users(module: types.ModuleType, home: Path) -> None:
    """The standard library, installed packages and editable installs are not the user's."""
    assert module.__file__ is not None
    assert not Origins(str(home)).is_user_module(module.__name__, module.__file__)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("utils", "utils.py"),
        ("package", "package/__init__.py"),
        ("package.part", "package/part.py"),
        ("package.inner", "package/inner/__init__.py"),
        ("elsewhere", "../lib/elsewhere.py"),
    ],
)
def test_modules_beside_the_notebook_or_on_the_path_are_the_users(name: str, file: str, home: Path) -> None:
    """What lies in no folder of installed packages is the user's."""
    assert Origins(str(home)).is_user_module(name, str(home / file))


@pytest.mark.parametrize("folder", ["site-packages", "dist-packages"])
def test_packages_of_another_environment_are_installed_too(folder: str, tmp_path: Path, home: Path) -> None:
    """A folder on ``PYTHONPATH`` that holds installed packages is known by its name."""
    assert not Origins(str(home)).is_user_module("numpy", str(tmp_path / folder / "numpy" / "__init__.py"))


def test_a_link_to_an_installed_package_is_installed(tmp_path: Path, home: Path) -> None:
    """The real place of a file decides."""
    real = tmp_path / "site-packages"
    real.mkdir()
    (real / "thing.py").write_text("")
    link = home / "thing.py"
    try:
        link.symlink_to(real / "thing.py")
    except OSError:
        pytest.skip("this system makes no links")
    assert not Origins(str(home)).is_user_module("thing", str(link))


def test_the_source_of_an_editable_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders in ``.pth`` files hold libraries; what lies beside the notebook is the user's all the same."""
    packages, project = tmp_path / "site-packages", tmp_path / "project"
    packages.mkdir()
    (project / "notebooks").mkdir(parents=True)
    (packages / "__editable__.thing.pth").write_text(f"# a comment\nimport os\n{project}\n\n")
    monkeypatch.setattr("site.getsitepackages", lambda: [str(packages)])
    thing, helper = str(project / "thing" / "__init__.py"), str(project / "notebooks" / "helper.py")
    assert not Origins(str(project / "notebooks")).is_user_module("thing", thing)
    assert Origins(str(project / "notebooks")).is_user_module("helper", helper)
    assert Origins(str(project)).is_user_module("thing", thing), "its files are the notebook's neighbours"


def test_the_finder_of_an_editable_install(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Setuptools maps packages to folders in a module of its own."""
    finder = types.ModuleType("__editable___thing_1_0_finder")
    finder.MAPPING = {"thing": str(tmp_path / "src" / "thing"), "single": str(tmp_path / "src" / "single")}  # type: ignore[attr-defined] # as setuptools writes it
    monkeypatch.setitem(sys.modules, finder.__name__, finder)
    origins = Origins(str(home))
    assert not origins.is_user_module("thing.part", str(tmp_path / "src" / "thing" / "part.py"))
    assert not origins.is_user_module("single", str(tmp_path / "src" / "single.py"))
    assert origins.is_user_module("thingy", str(tmp_path / "src" / "thingy.py"))
