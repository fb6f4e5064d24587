"""The command line: words, exit codes, and a terminal that a bundle cannot write to."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.verifier.__main__ import main
from jupyter_repro.verifier.progress import Progress, shown

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Parts


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["verify"],
        ["verify", "x.zip", "--cell-timeout", "0"],
        ["verify", "x.zip", "--timeout", "soon"],
        ["verify", "x.zip", "--memory-limit", "4 elephants"],
        ["verify", "x.zip", "--no-such-option"],
        ["extract", "x.zip"],
    ],
)
def test_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A slip is exit 2, said on stderr."""
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.err
    assert not captured.out


@pytest.mark.parametrize(
    "words", [["--help"], ["-h"], ["verify", "--help"], ["inspect", "-h"], ["extract", "-h"]]
)
def test_help(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Help tells the exit codes."""
    assert main(words) == 0
    assert "5 bad or tampered bundle" in " ".join(capsys.readouterr().out.split())


def test_inspect_runs_nothing(parts: Parts, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The facts as lines and as JSON; no file is written."""
    path = parts.write(tmp_path / "x.zip")
    assert main(["inspect", str(path)]) == 0
    assert "data/work/x.csv" in capsys.readouterr().out
    assert main(["inspect", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notebook"] == "work/nb.ipynb"
    assert [path] == list(tmp_path.iterdir())


def test_extract(parts: Parts, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All members as they are, into a new folder only."""
    path = parts.write(tmp_path / "x.zip")
    assert main(["extract", str(path), str(tmp_path / "out")]) == 0
    for name, data in parts.members.items():
        assert data == (tmp_path / "out" / name).read_bytes()
    assert main(["extract", str(path), str(tmp_path / "out")]) == 2
    assert "cannot be made" in capsys.readouterr().err


def test_from_within_a_bundle_no_name_is_needed(parts: Parts, tmp_path: Path) -> None:
    """`python paper.repro.zip inspect` speaks of itself."""
    path = parts.write(tmp_path / "x.zip")
    command = [sys.executable, "-I", str(path), "inspect", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert json.loads(done.stdout)["files"]["data/work/x.csv"] == 6


@pytest.mark.parametrize("words", [[], ["inspect"], ["extract", "out"]])
def test_a_changed_bundle_is_exit_5(parts: Parts, tmp_path: Path, words: list[str]) -> None:
    """Every verb refuses it, and nothing is unpacked."""
    path = parts.write(tmp_path / "x.zip")
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"1\n2\n3\n", b"1\n2\n4\n"))
    assert raw != path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-I", str(path), *words], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 5, done.stderr
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_bundle_cannot_write_to_the_terminal(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """Escape sequences, direction marks and lone surrogates in a recipe reach no terminal of any encoding."""
    name = "\x1b]0;title\x07\u202e\ud800/nope.csv"
    parts.recipe(external_files=[{"path": name, "sha256": "0", "size": 1}], notebook="w\x9b2J\u00fc.ipynb")
    path = parts.write(tmp_path / "x.zip")
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    codes = [main(["verify", str(path), "--output", str(tmp_path)]), main(["inspect", str(path)])]
    for stream in streams:
        stream.flush()
        written = stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]  # a BytesIO
        assert not set("\x1b\x07\x9b\u202e") & set(written)
    assert set(codes) <= {0, 4, 5}
    json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))


def test_an_output_folder_that_cannot_be(
    parts: Parts, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The verdict is told even if the report cannot be kept."""
    parts.recipe(notebook="nb.py")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert main(["verify", str(parts.write(tmp_path / "x.zip")), "--output", str(tmp_path / "file/out")]) == 2
    assert "the verdict: bad bundle" in capsys.readouterr().err


def test_keep_needs_a_new_folder(parts: Parts, tmp_path: Path) -> None:
    """Nothing of the reader's is mixed with the author's."""
    assert main(["verify", str(parts.write(tmp_path / "x.zip")), "--keep", str(tmp_path)]) == 2


def test_what_is_told_at_the_end() -> None:
    """The lines of the report between blank lines; quiet, and a report without cells, print nothing."""
    out = io.StringIO()
    row = {"label": "cell 1", "verdict": "identical", "why": "", "causes": [], "unexplained": ""}
    report: dict[str, Any] = {"cells": [row], "claims": [], "first_divergence": None}
    Progress(stream=out).told(report)
    assert out.getvalue() == "\n  = cell 1  identical\n\n"
    Progress(quiet=True, stream=out).told(report)
    Progress(stream=out).told({**report, "cells": []})
    assert out.getvalue().count("cell") == 1


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a b", "a b"),
        ("a\nb\tc", "a b c"),
        ("\x1b[31mx", "?[31mx"),
        ("\u202ex", "?x"),
        ("\ud800", "?"),
        ("ü→", "ü→"),
    ],
)
def test_shown(text: str, safe: str) -> None:
    """One line without control and direction characters."""
    assert safe == shown(text)
