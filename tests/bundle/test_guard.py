"""Credentials are refused before a bundle is written, named by place and never by value."""

from __future__ import annotations

import json
import zipfile
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from jupyter_repro.bundle.dists import Distribution
from jupyter_repro.bundle.export import ExportOptions, export
from jupyter_repro.bundle.gather import Gathered
from jupyter_repro.bundle.guard import (
    Exposed,
    exposed_in_files,
    exposed_in_notebook,
    exposed_in_wheels,
    secret_findings,
)
from jupyter_repro.bundle.lock import Locked, Vendored
from jupyter_repro.bundle.notebook import Notebook, read_notebook
from jupyter_repro.errors import ExportRefused
from jupyter_repro.records import InputFile

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.bundle.dists import Interpreter

TOKEN = "ghp_" + "a1B2c3D4e5" * 4


def notebook(folder: Path, *cells: dict[str, Any], **metadata: Any) -> Notebook:
    nodes = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            **cell,
        }
        for number, cell in enumerate(cells, 1)
    ]
    path = folder / "nb.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": nodes}))
    return read_notebook(path)


def shown(**output: Any) -> dict[str, Any]:
    return {"source": "show()", "outputs": [{"output_type": "display_data", "metadata": {}, **output}]}


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        ({"source": f"import hub\nhub.login('{TOKEN}')"}, "cell 1, line 2"),
        ({"source": f"text {TOKEN}", "cell_type": "markdown"}, "markdown cell at place 1, line 1"),
        (shown(text=f"token: {TOKEN}\n"), "an output of cell 1"),
        (shown(data={"text/html": f"<b>{TOKEN}</b>"}), "an output of cell 1"),
        (shown(data={"application/json": {"auth": [TOKEN]}}), "an output of cell 1"),
        (shown(traceback=[f"  url = 'https://{TOKEN}@host'"]), "an output of cell 1"),
        ({"source": "x", "metadata": {"papermill": {"note": TOKEN}}}, "the metadata of cell 1"),
    ],
)
def test_places_in_a_notebook(tmp_path: Path, cell: dict[str, Any], place: str) -> None:
    """Sources, outputs of every kind, metadata."""
    made = notebook(tmp_path, cell)
    found = exposed_in_notebook(made, made.node)
    assert [each.place for each in found] == [place]
    assert found[0].kind.startswith(("github-token", "url-"))


@pytest.mark.parametrize(
    "cell",
    [
        {"source": f"# repro: allow RP812 because it was revoked\nlogin('{TOKEN}')"},
        {"source": "import os\nlogin(os.environ['TOKEN'])"},
        shown(data={"image/png": TOKEN}),
        shown(data={"text/plain": "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}),
    ],
)
def test_what_is_allowed(tmp_path: Path, cell: dict[str, Any]) -> None:
    """A reason in the cell, a variable of the environment, the bytes of an image, a digest."""
    made = notebook(tmp_path, cell)
    assert exposed_in_notebook(made, made.node) == ()


def test_metadata_of_the_notebook(tmp_path: Path) -> None:
    """By the names that values stand under, too."""
    made = notebook(tmp_path, {"source": "x"}, hub={"password": "letmein"})
    assert exposed_in_notebook(made, made.node) == (Exposed("the metadata of the notebook", "named"),)


def gathered(root: Path, **files: str) -> Gathered:
    packed = []
    for name, text in files.items():
        (root / name).write_text(text)
        packed.append(InputFile(path=name, sha256="", size=len(text), role="data"))
    return Gathered(
        root=root, packed=tuple(packed), external=(), kept_out=(), unreadable=(), links=(), rewritten=()
    )


def test_packed_files_and_their_waivers(tmp_path: Path) -> None:
    """By line; a waiver is for one line or for the whole file; large files are data."""
    made = gathered(
        tmp_path, settings=f"a = 1\ntoken = '{TOKEN}'\n", plain="x", large="#" * (1 << 20) + f"\n{TOKEN}"
    )
    (tmp_path / "bytes").write_bytes(b"\xff\xfe" + TOKEN.encode())
    assert [each.place for each in exposed_in_files(made, allowed=())] == ["settings:2"]
    assert exposed_in_files(made, allowed=["settings:2"]) == ()
    assert exposed_in_files(made, allowed=["settings"]) == ()
    assert len(exposed_in_files(made, allowed=["settings:3", "other"])) == 1


def test_packages_of_the_authors_own_are_looked_through(tmp_path: Path) -> None:
    """Those installed from a folder; what comes from elsewhere is others' business."""

    def made(origin: str) -> tuple[Locked, Interpreter]:
        info = tmp_path / f"{origin}-1.dist-info"
        info.mkdir()
        (info / "direct_url.json").write_text(
            json.dumps({"url": "file:///x", "dir_info": {}} if origin == "directory" else {})
        )
        wheel = tmp_path / f"{origin}-1-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("own/client.py", f"x = 1\ntoken = '{TOKEN}'\n")
            archive.writestr("own/core.so", b"\xff" + TOKEN.encode())
        vendored = Vendored(name=origin, version="1", wheel=wheel, why="", files=())
        interpreter = SimpleNamespace(find=lambda _: Distribution(origin, "1", info))
        return Locked(packages=(), vendored=(vendored,), warnings=()), cast("Interpreter", interpreter)

    locked, interpreter = made("directory")
    assert exposed_in_wheels(locked, interpreter, allowed=()) == (Exposed("own/client.py:2", "github-token"),)
    assert exposed_in_wheels(locked, interpreter, allowed=["own/client.py:2"]) == ()
    assert exposed_in_wheels(*made("index"), allowed=()) == ()


def test_images_in_packed_notebooks_are_no_text(tmp_path: Path) -> None:
    """Only what a reader reads counts."""
    cell = {"outputs": [{"data": {"image/png": TOKEN}}], "source": "x"}
    (tmp_path / "other.ipynb").write_text(json.dumps({"cells": [cell]}))
    made = Gathered(
        root=tmp_path,
        packed=(InputFile(path="other.ipynb", sha256="", size=100, role="data"),),
        external=(),
        kept_out=(),
        unreadable=(),
        links=(),
        rewritten=(),
    )
    assert exposed_in_files(made, allowed=()) == ()
    (tmp_path / "other.ipynb").write_text(json.dumps({"cells": [{"source": TOKEN}]}))
    assert len(exposed_in_files(made, allowed=())) == 1


def test_the_refusal_names_places_and_never_the_secret() -> None:
    """Five places at most, and what to do."""
    assert secret_findings((), "") == ()
    (found,) = secret_findings((Exposed(f"a.py:{line}", "jwt") for line in range(7)), "")
    assert (found.code, found.severity) == ("RP812", "warning")
    assert "jwt in a.py:0; jwt in a.py:1" in found.message
    assert "and 2 more" in found.message
    assert "--allow-secret a.py:0" in found.remedy
    told = secret_findings((Exposed("a.py:0", "jwt"),), "a sample")
    assert [(each.severity, each.message) for each in told] == [
        ("info", "a.py:0 looks like a credential: jwt (allowed here: a sample)")
    ]


def test_an_export_with_a_credential_stops_before_anything_runs(tmp_path: Path) -> None:
    """No kernel is started, nothing is written."""
    made = notebook(tmp_path, {"source": f"open('ran', 'w')\nlogin('{TOKEN}')"})
    with pytest.raises(ExportRefused, match=r"RP812 .*github-token in cell 1, line 2") as refused:
        export(made.path, options=ExportOptions(output=tmp_path / "x.zip"))
    assert TOKEN not in str(refused.value)
    assert {path.name for path in tmp_path.iterdir()} == {"nb.ipynb"}


def test_all_that_needs_no_run_is_told_at_once(tmp_path: Path) -> None:
    """A credential and a draw without a seed are two reasons of one refusal."""
    made = notebook(tmp_path, {"source": f"import random\nlogin('{TOKEN}')\nprint(random.random())"})
    with pytest.raises(ExportRefused, match="for 2 reasons") as refused:
        export(made.path, options=ExportOptions(output=tmp_path / "x.zip"))
    assert all(code in str(refused.value) for code in ("RP812 secret found", "RP202 not seeded"))
