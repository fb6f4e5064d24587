"""What `.reproignore` passes over is what git would pass over."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.errors import BadManifest
from jupyter_repro.inputs.ignore_rules import IgnoreRules, read_ignore_rules

if TYPE_CHECKING:
    from pathlib import Path

PATHS = (
    "a.csv", "a.tmp", "b/a.tmp", "b/c/a.tmp", "build/x.csv", "b/build/x.csv", "data/raw/1.bin", "data/raw/2.bin",
    "data/cooked/1.bin", "x1.csv", "x2.csv", "xa.csv", "x-.csv", "deep/er/still/z.log", "deep/z.log", "#odd", "!odd", "sp ace", "q[1].csv",
)  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ["*.tmp"],
        ["/*.tmp"],
        ["b/*.tmp"],
        ["build/"],
        ["build"],
        ["/build/"],
        ["data/raw"],
        ["data/**"],
        ["**/raw/*"],
        ["deep/**/z.log"],
        ["*.tmp", "!b/a.tmp"],
        ["data/*", "!data/cooked"],
        ["x[0-9].csv"],
        ["x[!0-9].csv"],
        ["x[a-]*.csv"],
        ["x?.csv"],
        ["# a comment", "", "\\#odd", "\\!odd"],
        ["sp\\ ace", "q\\[1\\].csv"],
        ["sp ace   "],
        ["*", "!*.csv"],
        ["**"],
        ["a.*"],
    ],
    ids="; ".join,
)
def test_the_syntax_is_that_of_git(lines: list[str], tmp_path: Path) -> None:
    """Every pattern decides as `git check-ignore` does."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for path in PATHS:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    (tmp_path / ".gitignore").write_text("\n".join(lines), encoding="utf-8")
    asked = subprocess.run(
        ["git", "-C", tmp_path, "check-ignore", "--no-index", "--stdin"],
        input="\n".join(PATHS), capture_output=True, text=True, check=False,
    )  # fmt: skip
    rules = IgnoreRules(tuple(lines))
    ours = [path for path in PATHS if _skipped(rules, path)]
    assert sorted(asked.stdout.replace('"', "").splitlines()) == sorted(ours)


def _skipped(rules: IgnoreRules, path: str) -> bool:
    """Walk down as one who does not go into folders that are passed over."""
    parts = path.split("/")
    above = ["/".join(parts[:number]) for number in range(1, len(parts))]
    return any(rules.skips(folder, folder=True) for folder in above) or rules.skips(path, folder=False)


@pytest.mark.parametrize("name", [".git", "__pycache__", ".ipynb_checkpoints", ".jupyter_repro", ".DS_Store"])
def test_what_machines_leave_behind_is_passed_over(name: str) -> None:
    """Nobody has to write it down."""
    assert IgnoreRules().skips(f"data/{name}", folder=True)


def test_a_pattern_that_is_none_is_an_error(tmp_path: Path) -> None:
    """It names the file."""
    (tmp_path / ".reproignore").write_text("x[z-a]\n", encoding="utf-8")
    with pytest.raises(BadManifest, match="reproignore"):
        read_ignore_rules(tmp_path)


def test_no_file_is_no_rule(tmp_path: Path) -> None:
    """Data are not passed over."""
    assert not read_ignore_rules(tmp_path).skips("data/a.csv", folder=False)
