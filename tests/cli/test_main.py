"""The command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_repro.cli.main import main
from jupyter_repro.digest import source_digest


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the installed program."""
    program = str(Path(sys.executable).with_name("jupyter-repro"))
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False, **options)


def code(*arguments: str) -> int:
    """Run in this process and return the exit code."""
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    return int(stop.value.code or 0)


def test_help_is_instant_and_names_every_verb() -> None:
    """`--help` imports no verb, no notebook library."""
    probe = (
        "import sys\nfrom jupyter_repro.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'nbformat', 'git', 'rich', 'IPython', 'jupyter_repro.bundle.export'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    for verb in ("export", "verify", "inspect"):
        assert verb in done.stdout


def test_jupyter_finds_the_verb() -> None:
    """`jupyter repro --version` works."""
    jupyter = shutil.which("jupyter", path=str(Path(sys.executable).parent))
    if jupyter is None:
        pytest.skip("jupyter-core's program is not installed beside this Python")
    done = subprocess.run([jupyter, "repro", "--version"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "jupyter repro" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["export"], 2),
        (["nonsense"], 2),
        (["export", "gone.ipynb"], 2),
        (["export", "gone.ipynb", "-o", "paper.tar"], 2),
        (["export", "gone.ipynb", "--seed", "-1"], 2),
        (["export", "gone.ipynb", "--seed", "1.5"], 2),
        (["verify"], 2),
        (["verify", "gone.repro.zip"], 5),
        (["inspect", "gone.repro.zip"], 5),
        (["verify", "gone.repro.zip", "--memory-limit", "lots"], 2),
    ],
)
def test_slips_have_their_exit_codes(
    arguments: list[str], expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Usage is 2, a bad bundle is 5; no traceback."""
    monkeypatch.chdir(tmp_path)
    assert code(*arguments) == expected


def test_an_error_is_an_error_line_and_a_hint(tmp_path: Path) -> None:
    """Talk goes to stderr, nothing to stdout."""
    done = run("export", "gone.ipynb", "--quiet", cwd=tmp_path)
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert "\n\nhint: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_export_prints_json_on_request(tmp_path: Path) -> None:
    """The result is plain JSON on stdout; the bundle can be inspected."""
    notebook = tmp_path / "n.ipynb"
    cell = {
        "cell_type": "code",
        "id": "a",
        "source": "1 + 1",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    notebook.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    done = run("export", "n.ipynb", "--seed", "7", "--strict", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert Path(told["path"]).name == "n.repro.zip"
    (record,) = json.loads(run("runs", "list", "--json", cwd=tmp_path).stdout)
    assert (record["kind"], record["notebook"], record["bundle"]["id"]) == (
        "export",
        "n.ipynb",
        told["bundle_id"],
    )
    assert [cell["source"] for cell in record["cells"]] == [source_digest("1 + 1")]
    assert record["seed"]["seed"] == 7
    compared = run("drift", "n.ipynb", "n.repro.zip", "--json", cwd=tmp_path)
    assert json.loads(compared.stdout)["record"] == "n.repro.zip"
    facts = run("inspect", "n.repro.zip", "--json", cwd=tmp_path)
    assert facts.returncode == 0
    assert json.loads(facts.stdout)["id"] == told["bundle_id"]
    assert json.loads(facts.stdout)["seed"].items() >= {"seed": 7, "strictness": "strict"}.items()


def test_kernelspec(tmp_path: Path) -> None:
    """The kernel it writes starts this Python under a fixed hash seed; one that is not ours is left alone."""
    done = run("kernelspec", "--name", "paper", "--prefix", str(tmp_path), "--threads", "2")
    assert done.returncode == 0, done.stderr
    spec_file = tmp_path / "share" / "jupyter" / "kernels" / "paper" / "kernel.json"
    spec = json.loads(spec_file.read_text(encoding="utf-8"))
    assert Path(spec["argv"][0]).samefile(sys.executable)
    assert spec["env"]["PYTHONHASHSEED"] == "0"
    assert spec["env"]["OMP_NUM_THREADS"] == "2"
    environ = {**os.environ, "JUPYTER_PATH": str(tmp_path / "share" / "jupyter")}
    again = run("kernelspec", "--name", "paper", "--prefix", str(tmp_path), env=environ)
    assert again.returncode == 0, again.stderr
    spec_file.write_text("{}", encoding="utf-8")
    refused = run("kernelspec", "--name", "paper", "--prefix", str(tmp_path), env=environ)
    assert refused.returncode == 2
    assert "not ours" in refused.stderr
