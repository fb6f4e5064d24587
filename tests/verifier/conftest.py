"""Small real bundles, made by hand: what the verifier does must not depend on what writes them."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uv

from jupyter_repro import verifier
from jupyter_repro.verifier.manifest import NAME, format_manifest
from jupyter_repro.verifier.recipe import Recipe, RecipeFile

_SOURCES = {
    "sum": "print(sum(map(int, open('x.csv').read().split())))",
    "float": "0.1 + 0.2",
    "object": "object()",
}
_OUTPUTS: dict[str, dict[str, Any]] = {
    "sum": {"output_type": "stream", "name": "stdout", "text": "6\n"},
    "float": {"output_type": "execute_result", "data": {"text/plain": "0.3000000000000001"}, "metadata": {}},
    "object": {
        "output_type": "execute_result",
        "data": {"text/plain": "<object at 0x7f0000000000>"},
        "metadata": {},
    },
}


def notebook(sources: dict[str, str], outputs: dict[str, dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return a notebook of these cells by id, with outputs if there are any."""
    cells = [
        {
            "cell_type": "code",
            "id": name,
            "source": source,
            "metadata": {},
            "execution_count": None,
            "outputs": [outputs[name]] if outputs and name in outputs else [],
        }
        for name, source in sources.items()
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def _plain(value: Any) -> bytes:
    return json.dumps(value).encode()


@dataclass
class Parts:
    """A bundle to be: members by name, changed by tests before it is written."""

    members: dict[str, bytes] = field(default_factory=dict)

    def recipe(self, **changes: Any) -> None:
        """Change top fields of the recipe."""
        self.members["repro.json"] = _plain({**json.loads(self.members["repro.json"]), **changes})

    def notebook(self, sources: dict[str, str], outputs: dict[str, dict[str, Any]]) -> None:
        """Take another notebook with these reference outputs."""
        self.members["notebook.ipynb"] = _plain(notebook(sources))
        self.members["reference.ipynb"] = _plain(notebook(sources, outputs))

    def write(self, path: Path) -> Path:
        """Write the zip with the manifest that belongs to it."""
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in self.members.items()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in sorted({**self.members, NAME: format_manifest(digests)}.items()):
                archive.writestr(name, data)
        return path


def _program() -> dict[str, bytes]:
    folder = Path(verifier.__file__).parent
    files = [*folder.rglob("*.py"), *folder.rglob("*.css")]
    inside = {f"verifier/{file.relative_to(folder).as_posix()}": file.read_bytes() for file in files}
    return {"__main__.py": inside["verifier/bundle_main.py"], **inside}


@pytest.fixture
def parts() -> Parts:
    """A sound bundle without an environment: good for everything before the rebuild."""
    data = b"1\n2\n3\n"
    recipe = Recipe(
        notebook="work/nb.ipynb",
        python={"version": platform.python_version(), "implementation": "CPython"},
        platform={"system": platform.system(), "machine": platform.machine()},
        kernel_environment={"PYTHONHASHSEED": "0"},
        files=(
            RecipeFile("work/x.csv", hashlib.sha256(data).hexdigest(), len(data), member="data/work/x.csv"),
        ),
    )
    made = Parts(
        {
            **_program(),
            "repro.json": _plain(recipe.to_json()),
            "data/work/x.csv": data,
            "env/pylock.toml": b'lock-version = "1.0"\ncreated-by = "test"\npackages = []\n',
            "env/requirements.lock.txt": b"",
            "env/records.json": b"{}",
        }
    )
    made.notebook(_SOURCES, _OUTPUTS)
    return made


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The lock of what ipykernel needs, and the records of an environment built from it by pip."""
    folder = tmp_path_factory.mktemp("lock")
    (folder / "in.txt").write_text("ipykernel\n", encoding="utf-8")
    found = uv.find_uv_bin()
    compile_ = [found, "pip", "compile", "--quiet", "--no-header", "--python", sys.executable, "in.txt"]
    for extra in (
        ["--format", "pylock.toml", "-o", "pylock.toml"],
        ["--generate-hashes", "-o", "requirements.txt"],
    ):
        subprocess.run([*compile_, *extra], cwd=folder, check=True, capture_output=True)
    subprocess.run([found, "venv", "--quiet", "--python", sys.executable, "venv"], cwd=folder, check=True)
    python = str(folder / ("venv/Scripts/python.exe" if sys.platform == "win32" else "venv/bin/python"))
    subprocess.run(
        [found, "pip", "sync", "--quiet", "--python", python, "pylock.toml"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    tools = folder / "tools"
    for name, data in _program().items():
        (tools / name).parent.mkdir(parents=True, exist_ok=True)
        (tools / name).write_bytes(data)
    command = [python, "-m", "verifier.installed_main"]
    installed = json.loads(subprocess.run(command, cwd=tools, check=True, capture_output=True).stdout)
    return {
        "env/pylock.toml": (folder / "pylock.toml").read_bytes(),
        "env/requirements.lock.txt": (folder / "requirements.txt").read_bytes(),
        "env/records.json": _plain(installed["packages"]),
    }


@pytest.fixture
def whole(parts: Parts, environment: dict[str, bytes]) -> Parts:
    """A bundle that reproduces: one cell identical, one within tolerance, one equivalent."""
    parts.members.update(environment)
    return parts
