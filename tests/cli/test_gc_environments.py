"""``jupyter repro gc --environments``: what nobody has used goes, and only with --yes."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no environments")


def test_unused_environments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An old one is told, then removed; a new one stays; without a number of days nothing is decided."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "jupyter_repro/environments"
    for name, used in (("old", 0), ("new", None)):
        (folder / name).mkdir(parents=True)
        (folder / name / "file").write_bytes(bytes(1000))
        (folder / f"{name}.json").write_text("{}", encoding="utf-8")
        if used is not None:
            os.utime(folder / f"{name}.json", (used, used))

    def run(*words: str) -> str:
        with pytest.raises(SystemExit) as stop:
            main(["gc", "--environments", *words])
        captured = capsys.readouterr()
        return captured.out if not stop.value.code else f"{stop.value.code} {captured.err}"

    assert "nothing was removed" in run("--keep-days", "30")
    assert (folder / "old").is_dir()
    facts = json.loads(run("--keep-days", "30", "--yes", "--json"))
    assert (facts["environments"], facts["removed"], facts["bytes"]) == ([str(folder / "old")], True, 1000)
    assert sorted(path.name for path in folder.iterdir() if path.suffix == "") == ["new"]
    assert run().startswith("2 ")
