"""No planted secret leaves with a bundle, and nothing that only looks like one keeps a bundle from being written."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest

from jupyter_repro.bundle.export import ExportOptions, export
from jupyter_repro.bundle.guard import exposed_in_notebook
from jupyter_repro.bundle.notebook import Notebook, read_notebook
from jupyter_repro.errors import ExportRefused

sys.path.insert(0, str(Path(__file__).parents[1] / "secrets"))

from planted import PLACED, PLANTED

WRITTEN = {**PLANTED, **{name: around.format(secret) for name, (around, secret) in PLACED.items()}}
SECRETS = {**PLANTED, **{name: secret for name, (_, secret) in PLACED.items()}}
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + hashlib.sha512(b"image").digest() * 900).decode()
HARMLESS = f"{hashlib.sha256(b'x').hexdigest()} {uuid.UUID(int=2**100 + 9)} {hashlib.md5(b'x').hexdigest()}"
WORD = "Tr0ub4dor-and-3"
"""A password that only the environment tells to be one."""


def cell(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"c{hashlib.md5(source.encode()).hexdigest()[:8]}",
        "metadata": {},
        "execution_count": 1 if outputs else None,
        "source": source,
        "outputs": list(outputs),
    }


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def write(folder: Path, *cells: dict[str, Any]) -> Path:
    path = folder / "nb.ipynb"
    path.write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), encoding="utf-8"
    )
    return path


def read(folder: Path, *cells: dict[str, Any]) -> Notebook:
    return read_notebook(write(folder, *cells))


@pytest.mark.parametrize("kind", WRITTEN)
def test_each_kind_is_refused_in_sources_and_outputs(kind: str, tmp_path: Path) -> None:
    """As text, as JSON, as HTML and in a traceback."""
    text = WRITTEN[kind]
    data = {"output_type": "display_data", "metadata": {}, "data": {"text/html": f"<pre>\n{text}\n</pre>"}}
    error = {"output_type": "error", "ename": "E", "evalue": text, "traceback": [text]}
    for each in (cell(text), cell("1", stream(text)), cell("2", data), cell("3", error)):
        notebook = read(tmp_path, each)
        assert exposed_in_notebook(notebook, notebook.node), each


def test_the_value_of_a_secret_variable_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it looks like; the variable is named, the value is not."""
    monkeypatch.setenv("DB_PASSWORD", WORD)
    monkeypatch.setenv("SHORT_TOKEN", "on")
    monkeypatch.setenv("STAGE_SECRET", "development")
    with pytest.raises(ExportRefused, match="the value of DB_PASSWORD in an output of cell 1") as caught:
        export(
            write(tmp_path, cell("1", stream(f"on development {WORD}"))),
            options=ExportOptions(output=tmp_path / "x.zip"),
        )
    assert WORD not in str(caught.value)


@pytest.mark.slow
def test_a_bundle_of_a_project_full_of_them_holds_none(
    kernel_venv: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables, remote, diff, untracked files, configurations; digests, images and identifiers stay."""
    for number, secret in enumerate(SECRETS.values()):
        monkeypatch.setenv(f"SERVICE_{number}_API_KEY", secret)
    monkeypatch.setenv("DB_PASSWORD", WORD)
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://me:tOpS3cret@pypi.example.org/simple")
    text = "".join(f"'''{each}'''\n" for each in WRITTEN.values())
    (tmp_path / "tracked.py").write_text("a = 1\n")
    for words in (
        ("init", "-q"),
        ("add", "tracked.py"),
        ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "commit", "-qm", "one"),
        ("remote", "add", "origin", f"https://me:{PLANTED['github-token']}@github.com/a/b.git"),
    ):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "tracked.py").write_text(text)
    (tmp_path / "beside.py").write_text(f"{text}'''{WORD} {HARMLESS}'''\n")
    image = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"image/png": PNG, "text/plain": "<Figure>"},
    }
    shows = (
        "from IPython.display import display\n"
        "import base64, hashlib\n"
        "display({'image/png': base64.b64encode(b'\\x89PNG\\r\\n\\x1a\\n' + hashlib.sha512(b'image').digest() * 900)"
        ".decode(), 'text/plain': '<Figure>'}, raw=True)"
    )
    notebook = write(
        tmp_path,
        cell("import os\nconfig = {k.lower(): v for k, v in os.environ.items() if k.startswith('SERVICE')}"),
        cell("settings = {'a': os.environ['DB_PASSWORD'], 'b': os.environ['PIP_EXTRA_INDEX_URL'], 'lr': 1}"),
        cell(f"print({HARMLESS!r})", stream(HARMLESS + "\n")),
        cell(shows, image),
    )
    output = tmp_path / "paper.repro.zip"
    export(notebook, options=ExportOptions(output=output, python=kernel_venv))
    with zipfile.ZipFile(output) as archive:
        held = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    assert _leaks(held) == []
    facts = json.loads(held["env/environment.json"])
    assert [each["names"] for each in facts["configs"]] == [["config"], ["settings"]]
    assert facts["configs"][1]["content"]["a"] == "[REDACTED:variable:DB_PASSWORD]"
    assert facts["configs"][1]["content"]["lr"] == 1
    assert facts["git"]["remote"] == "https://github.com/a/b.git"
    assert "PIP_EXTRA_INDEX_URL" in facts["other_variables"]
    assert "[REDACTED:" in held["source/dirty.patch"]
    sources = json.loads(held["source/git.json"])["sources"]
    assert HARMLESS in next(each["text"] for each in sources if each["path"] == "beside.py")
    assert PNG[:5000] in held["reference.ipynb"]


def _leaks(held: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    for kind, secret in {**SECRETS, "word": WORD, "pip": "tOpS3cret"}.items():
        tail = secret.splitlines()[1 if "\n" in secret else 0]
        found += [(name, kind) for name, text in held.items() if tail in text]
    return found
