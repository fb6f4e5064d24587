"""`jupyter repro checkpoint`."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from jupyter_repro import checkpoint
from jupyter_repro.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("safetensors", reason="the extra `checkpoints`; needed where torch is imported")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two checkpoints."""
    monkeypatch.chdir(tmp_path)
    for step in (1, 2):
        checkpoint.save("runs/{step:03d}", step=step, extra={"w": np.arange(4.0)}, metrics={"loss": 1 / step})
    return tmp_path


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["checkpoint", *words])
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out, told.err


def test_list_show_and_verify(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whole ones: exit code 0, and what they are."""
    code, out, _ = _run(capsys, "list")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[2:]] == ["runs/001", "runs/002"]
    code, out, _ = _run(capsys, "show", "runs/002")
    assert code == 0
    assert "loss 0.5" in out
    assert "optimizer" in out
    code, out, _ = _run(capsys, "verify", "runs/001", "runs/002")
    assert code == 0
    assert out.count("is what was saved: ") == 2
    code, out, _ = _run(capsys, "list", "--json")
    assert [each["step"] for each in json.loads(out)] == [1, 2]
    _, out, _ = _run(capsys, "show", "runs/001", "--json")
    assert json.loads(out)["format"] == "jupyter_repro.checkpoint"


def test_damage_is_exit_code_5(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the file, and what to do; the others are checked all the same."""
    path = folder / "runs" / "001" / "extra.0.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    code, out, err = _run(capsys, "verify", "runs/001", "runs/002")
    assert code == 5
    assert "`extra.0.npy` has other bytes than were saved" in err
    assert "runs/002" in out
    (folder / "runs" / "002" / "manifest.json").write_text('{"format": "jupyter_repro.checkpoint"')
    code, out, _ = _run(capsys, "list")
    assert code == 5
    assert "or is damaged" in out
    code, _, err = _run(capsys, "show", "nowhere")
    assert code == 5
    assert "there is no checkpoint at `nowhere`" in err


def test_another_digest_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A checkpoint that is whole, and not the one that is meant."""
    code, _, err = _run(capsys, "verify", "runs/001", "--digest", "0" * 64)
    assert code == 5
    assert "not 0000000000000000" in err


def test_no_library_is_needed(folder: Path) -> None:
    """Neither torch nor numpy nor safetensors is imported."""
    code = (
        "import sys\nfrom jupyter_repro.cli.main import main\ntry:\n    main(['checkpoint', 'verify', 'runs/001'])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "assert not {'torch', 'numpy', 'safetensors'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=folder)
