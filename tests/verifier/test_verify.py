"""The whole road with a bundle made by hand: what is reproduced, what is not, and what is said about it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import uv

from jupyter_repro.verifier import rebuild as rebuild_module
from jupyter_repro.verifier.progress import Progress
from jupyter_repro.verifier.rebuild import BuildOptions
from jupyter_repro.verifier.report_html import report_html
from jupyter_repro.verifier.sandbox import probe
from jupyter_repro.verifier.terms import Allowance, Terms
from jupyter_repro.verifier.verify import Options, verify

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.verifier.report import Report

    from .conftest import Parts


def _verify(path: Path, **options: Any) -> Report:
    options = {"terms": Terms(probe()), **options}
    return verify(Options(bundle=path, **options), Progress(quiet=True))


def _verdicts(report: Report) -> dict[str, str]:
    return {row["id"]: row["verdict"] for row in report.rows}


@pytest.mark.slow
def test_reproduced(whole: Parts, tmp_path: Path) -> None:
    """Each cell has its verdict, and the headline counts them; nothing weakens it."""
    report = _verify(whole.write(tmp_path / "x.zip"))
    assert (report.exit_code, report.verdict) == (0, "reproduced"), report.headline
    assert _verdicts(report) == {"sum": "identical", "float": "within tolerance", "object": "equivalent"}
    assert report.headline == (
        "reproduced: 3 of 3 cells give the author's results (1 identical, 1 within tolerance, 1 equivalent)"
    )
    assert report.environment["built_with"] == "uv with pylock.toml"
    assert "reproduced" in report_html(report.to_json())


@pytest.mark.slow
@pytest.mark.parametrize("command", ["python", "uv run", "uv run --no-project"])
def test_the_bundle_runs_by_itself(whole: Parts, tmp_path: Path, command: str) -> None:
    """From another folder, with nothing of ours to import; the extra words reach the program."""
    path = whole.write(tmp_path / "paper.repro.zip")
    start = {
        "python": [sys.executable, "-I"],
        "uv run": [uv.find_uv_bin(), "run"],
        "uv run --no-project": [uv.find_uv_bin(), "run", "--no-project"],
    }[command]
    (tmp_path / "out").mkdir()
    done = subprocess.run(
        [*start, str(path), "verify", "--output", "out", "--json"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_differs(whole: Parts, tmp_path: Path) -> None:
    """A changed result, an error and what comes behind it; both sides are in the report."""
    sources = {"a": "print(1)", "b": "1 / 0", "c": "print(2)"}
    outputs = {
        "a": {"output_type": "stream", "name": "stdout", "text": "2\n"},
        "c": {"output_type": "stream", "name": "stdout", "text": "2\n"},
    }
    whole.notebook(sources, outputs)
    report = _verify(whole.write(tmp_path / "x.zip"))
    assert (report.exit_code, report.verdict) == (1, "differs")
    assert _verdicts(report) == {"a": "differs", "b": "error", "c": "not run"}
    assert report.rows[0]["differences"] == [
        {"kind": "text", "mime": "text/plain", "reference": "2\n", "fresh": "1\n"}
    ]
    assert report.headline.startswith("differs: 0 of 3 cells")


@pytest.mark.slow
def test_dead_addresses(whole: Parts, tmp_path: Path) -> None:
    """Where the lock's addresses are dead, the reader's own index serves the same bytes, and that is told."""
    lock = whole.members["env/pylock.toml"].decode()
    whole.members["env/pylock.toml"] = lock.replace("https://", "http://127.0.0.1:9/").encode()
    assert lock.encode() != whole.members["env/pylock.toml"]
    report = _verify(whole.write(tmp_path / "x.zip"))
    assert report.exit_code == 0, report.headline
    assert report.environment["built_with"] == "uv with the reader's index"
    assert report.environment["packages_of_other_bytes"] == []


@pytest.mark.slow
def test_without_uv(whole: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Venv and pip with hashes install the same bytes. The absence of uv is the one thing made up here."""
    monkeypatch.setattr(rebuild_module, "find_uv", lambda: None)
    report = _verify(whole.write(tmp_path / "x.zip"), build=BuildOptions(python=sys.executable))
    assert report.exit_code == 0, report.headline
    assert report.environment["built_with"] == "venv and pip with hashes"
    assert report.environment["packages_of_other_bytes"] == []


@pytest.mark.slow
def test_what_weakens_the_verdict_is_in_the_headline(whole: Parts, tmp_path: Path) -> None:
    """Other bytes, another version, another platform, a widened tolerance: never a bare reproduced."""
    records = json.loads(whole.members["env/records.json"])
    records["ipykernel"]["sha256"] = "0" * 64
    records["traitlets"]["version"] = "0.1"
    whole.members["env/records.json"] = json.dumps(records).encode()
    whole.recipe(
        platform={"system": "Plan9", "machine": "mips"}, compare={"rtol": 0.25, "atol": 0.0},
        python={"version": f"{sys.version_info[0]}.{sys.version_info[1]}.999"},
    )  # fmt: skip
    report = _verify(whole.write(tmp_path / "x.zip"))
    assert (report.exit_code, report.verdict) == (0, "reproduced elsewhere")
    head, _, weaker = report.headline.partition(", with a tolerance the author widened (rtol 0.25, atol 0)")
    assert head.startswith("reproduced elsewhere: 3 of 3")
    for words in ("the author's was Plan9", "the author's was mips", ".999 is not used", "(locked 0.1)"):
        assert words in weaker
    assert report.environment["packages_of_other_bytes"] == ["ipykernel"]


@pytest.mark.slow
def test_limits_and_crashes_are_no_verdict(whole: Parts, tmp_path: Path) -> None:
    """A time limit is exit 6 and a dead kernel exit 4; neither is a difference."""
    whole.notebook({"a": "import time\ntime.sleep(600)"}, {})
    report = _verify(whole.write(tmp_path / "x.zip"), terms=Terms(probe(), Allowance(cell_timeout_s=2)))
    assert (report.exit_code, report.verdict) == (6, "resource limit")
    assert report.remedy == "give it more with --cell-timeout"
    whole.notebook({"a": "import os\nos._exit(1)"}, {})
    report = _verify(whole.write(tmp_path / "y.zip"))
    assert (report.exit_code, report.verdict) == (4, "could not run")


@pytest.mark.slow
def test_no_cell_is_no_success(whole: Parts, tmp_path: Path) -> None:
    """A notebook of blank cells reproduces nothing."""
    whole.notebook({"a": "  "}, {})
    assert _verify(whole.write(tmp_path / "x.zip")).exit_code == 4


@pytest.mark.slow
def test_packages_that_cannot_be_had(parts: Parts, tmp_path: Path) -> None:
    """The tool's own last lines are the reason, for each way that was tried."""
    parts.members["env/pylock.toml"] = b"broken ["
    parts.members["env/requirements.lock.txt"] = b"six==1.0 --hash=sha256:" + b"0" * 64 + b"\n"
    report = _verify(parts.write(tmp_path / "x.zip"), build=BuildOptions(offline=True))
    assert (report.exit_code, report.verdict) == (3, "could not build")
    assert "uv with pylock.toml:" in report.headline
    assert "uv with the reader's index:" in report.headline


def _bad(member: str, data: bytes | None) -> tuple[str, bytes | None]:
    return member, data


@pytest.mark.parametrize(
    ("member", "data"),
    [
        _bad("repro.json", None),
        _bad("repro.json", b"[]"),
        _bad("repro.json", b"[" * 100_000),
        _bad("reference.ipynb", None),
        _bad("reference.ipynb", b"{}"),
        _bad("notebook.ipynb", b'{"cells": [{}]}'),
        _bad("notebook.ipynb", b"\xff"),
        _bad("data/work/x.csv", b"1\n2\n4\n"),
    ],
)
def test_a_malformed_bundle_is_a_bad_bundle(
    parts: Parts, tmp_path: Path, member: str, data: bytes | None
) -> None:
    """An author's manifest makes no malformed member right; nothing is built or run."""
    if data is None:
        del parts.members[member]
    else:
        parts.members[member] = data
    report = _verify(parts.write(tmp_path / "x.zip"), keep=tmp_path / "kept")
    assert (report.exit_code, report.verdict) == (5, "bad bundle"), report.headline
    assert not (tmp_path / "kept/environment").exists()


@pytest.mark.parametrize(
    "path", ["../nb.ipynb", "/nb.ipynb", "a/../../nb.ipynb", "nb.py", "work/x.csv", "\ud800.ipynb"]
)
def test_the_recipe_leads_nowhere_else(parts: Parts, tmp_path: Path, path: str) -> None:
    """Paths of the recipe are as untrusted as names in the zip."""
    parts.recipe(notebook=path)
    report = _verify(parts.write(tmp_path / "x.zip"))
    assert (report.exit_code, report.rows) == (5, [])


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices")
@pytest.mark.parametrize("kind", ["missing", "other", "pipe", "device", "folder"])
def test_files_outside_have_to_be_there(parts: Parts, tmp_path: Path, kind: str) -> None:
    """A file that is not packed is checked before anything is built; a pipe or endless device is not read."""
    path = tmp_path / "outside.csv"
    if kind == "other":
        path.write_bytes(b"other")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    named = "/dev/zero" if kind == "device" else str(path)
    parts.recipe(external_files=[{"path": named, "sha256": hashlib.sha256(b"x").hexdigest(), "size": 1}])
    report = _verify(parts.write(tmp_path / "x.zip"), keep=tmp_path / "kept")
    assert (report.exit_code, report.verdict) == (4, "could not run")
    assert named in report.headline
    assert not (tmp_path / "kept/environment").exists()


@pytest.mark.parametrize("path", ["~nobody-of-that-name/x.csv", "a\0b", "\ud800"])
def test_names_that_cannot_be_are_missing_files(parts: Parts, tmp_path: Path, path: str) -> None:
    """An impossible name outside the bundle is a file that is not there."""
    parts.recipe(external_files=[{"path": path, "sha256": "0", "size": 1}])
    assert _verify(parts.write(tmp_path / "x.zip")).exit_code == 4


def test_a_full_disk_is_told(parts: Parts, tmp_path: Path) -> None:
    """What cannot be written is no difference: exit 4 with the reason. A name too long stands for the disk."""
    parts.recipe(notebook="w" * 400 + ".ipynb")
    report = _verify(parts.write(tmp_path / "x.zip"))
    assert (report.exit_code, report.verdict) == (4, "could not run")
    assert "cannot be written" in report.headline
