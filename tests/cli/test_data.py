"""`jupyter repro data`: exit codes, JSON, quiet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyter_repro.cli.main import main


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").write_text("1", encoding="utf-8")


def code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["data", *arguments])
    return int(stop.value.code or 0)


def test_exit_codes_follow_the_files(capsys: pytest.CaptureFixture[str]) -> None:
    """0 as tracked, 1 differs, 2 usage, 5 a manifest that cannot be read."""
    assert code("verify") == 2
    assert code("track", "data") == 0
    assert code("verify") == 0
    Path("data/a.csv").write_text("2", encoding="utf-8")
    assert code("verify") == 1
    assert code("track", "data") == 1
    assert code("accept", "data/a.csv") == 0
    assert code("verify", "--full", "data") == 0
    assert code("verify", "nothing") == 2
    assert code("track") == 2
    Path("data.repro.jsonl").write_text("<<<<<<< HEAD\n", encoding="utf-8")
    capsys.readouterr()
    assert code("list") == 5
    assert "merge conflict" in capsys.readouterr().err


def test_a_difference_names_both_digests_and_the_next_step(capsys: pytest.CaptureFixture[str]) -> None:
    """In text twelve digits of each, in JSON all."""
    code("track", "data")
    Path("data/a.csv").write_text("2", encoding="utf-8")
    capsys.readouterr()
    code("verify")
    text = capsys.readouterr().out
    assert "6b86b273ff34 (1 byte)  d4735e3a265e (1 byte)" in text
    assert "jupyter repro data accept data/a.csv" in text
    code("verify", "--json")
    change = json.loads(capsys.readouterr().out)["changes"][0]
    assert (change["kind"], change["before"]["sha256"][:12], change["after"]["sha256"][:12]) == (
        "changed", "6b86b273ff34", "d4735e3a265e",
    )  # fmt: skip


def test_quiet_says_nothing_where_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    """For hooks and CI."""
    code("track", "data", "--quiet")
    capsys.readouterr()
    assert code("verify", "--quiet") == 0
    assert capsys.readouterr().out == ""


def test_list_reads_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    """It is what the manifest says, as a table or as JSON."""
    code("track", "data")
    Path("data/a.csv").unlink()
    capsys.readouterr()
    assert code("list") == 0
    assert capsys.readouterr().out.splitlines()[2].split() == ["data/a.csv", "1", "byte", "6b86b273ff34"]
    code("list", "--json", "data")
    assert [each["path"] for each in json.loads(capsys.readouterr().out)] == ["data/a.csv"]
