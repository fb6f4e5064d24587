"""A small real environment: one package of an index, one from a folder, one editable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import uv

_REPOSITORY = Path(__file__).parents[2]

_FOLDER_PACKAGE = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "loc-pkg"
version = "1.5"
requires-python = ">=3.10"
[project.scripts]
loc-entry = "loc_pkg:main"
[tool.hatch.build.targets.wheel]
packages = ["loc_pkg"]
[tool.hatch.build.targets.wheel.shared-data]
"etc/settings.json" = "share/loc-pkg/settings.json"
[tool.hatch.build.targets.wheel.shared-scripts]
"bin/loc-script" = "loc-script"
""",
    "loc_pkg/__init__.py": "def main():\n    print('entry')\n",
    "loc_pkg/data, odd.txt": "a name with a comma\n",
    "etc/settings.json": "{}\n",
    "bin/loc-script": "#!/usr/bin/env python\nprint('script')\n",
}
_EDITABLE_PACKAGE = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "ed-pkg"
version = "0.3"
requires-python = ">=3.10"
[tool.hatch.build.targets.wheel]
packages = ["src/ed_pkg"]
""",
    "src/ed_pkg/__init__.py": "VALUE = 1\n",
}


def run_uv(*arguments: str) -> str:
    """Run uv and return what it wrote."""
    environ = {**os.environ, "SKIP_JUPYTER_BUILDER": "1"}  # no bundle holds the panel
    command = [uv.find_uv_bin(), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environ).stdout


def write_tree(folder: Path, files: dict[str, str]) -> Path:
    """Write files below a folder and return it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def venv_python(folder: Path) -> str:
    """Return the interpreter of a virtual environment."""
    return str(folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))


@pytest.fixture(scope="session")
def small_venv(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The interpreter of an environment with six, a folder's package and an editable one."""
    base = tmp_path_factory.mktemp("small")
    run_uv("venv", "--quiet", "--python", sys.executable, str(base / "venv"))
    python = venv_python(base / "venv")
    folder = write_tree(base / "loc", _FOLDER_PACKAGE)
    editable = write_tree(base / "ed", _EDITABLE_PACKAGE)
    run_uv("pip", "install", "--quiet", "--python", python, "six==1.17.0", str(folder), "-e", str(editable))
    return python


@pytest.fixture(scope="session")
def kernel_venv(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The interpreter of an environment that holds this project, as a user would have installed it."""
    base = tmp_path_factory.mktemp("kernel")
    run_uv("venv", "--quiet", "--python", sys.executable, str(base / "venv"))
    python = venv_python(base / "venv")
    run_uv("pip", "install", "--quiet", "--python", python, str(_REPOSITORY))
    return python
