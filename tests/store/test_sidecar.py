"""The environment of a kernel life beside its journal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_repro.environments import capture_environment
from jupyter_repro.errors import StorageFailed
from jupyter_repro.records.packages import PackageChange
from jupyter_repro.records.sidecar import EnvironmentFile
from jupyter_repro.store.journal import Journal
from jupyter_repro.store.prune import prune
from jupyter_repro.store.sidecar import read_sidecar, sidecar_path, write_sidecar

if TYPE_CHECKING:
    from pathlib import Path


def facts(kernel: str = "k1") -> EnvironmentFile:
    return EnvironmentFile(
        kernel=kernel,
        captured=1.5,
        start=capture_environment(None),
        changes=(PackageChange(name="a", before=None, after="1", order=3),),
    )


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """Byte for byte the same facts, at the place that the journal's name gives."""
    written = facts()
    path = write_sidecar(tmp_path, written)
    assert path == sidecar_path(tmp_path, "k1") == tmp_path / "env-k1.json"
    assert read_sidecar(path) == written
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600, "as its journal"


def test_a_credential_in_a_variable_is_not_written(tmp_path: Path) -> None:
    """Also where it came in by a variable that is recorded."""
    start = msgspec.structs.replace(facts().start, variables={"XLA_FLAGS": "--token=ghp_" + "a1B2c3D4e5" * 4})
    path = write_sidecar(tmp_path, msgspec.structs.replace(facts(), start=start))
    assert "a1B2c3D4e5" not in path.read_text("utf-8")
    assert "[REDACTED:github-token:" in path.read_text("utf-8")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b"\xff"])
def test_damage_is_one_clear_error(tmp_path: Path, data: bytes) -> None:
    """Never anything else."""
    (tmp_path / "env-x.json").write_bytes(data)
    with pytest.raises(StorageFailed):
        read_sidecar(tmp_path / "env-x.json")


def test_it_goes_with_its_journal(tmp_path: Path) -> None:
    """When old journals are removed; that of a newer one stays."""
    for number, name in enumerate(("old", "new")):
        Journal.open(tmp_path, kernel_id=name).close()
        write_sidecar(tmp_path, facts(name))
        os.utime(tmp_path / f"run-{name}.jsonl", (number, number))
    prune(tmp_path, keep=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["env-new.json", "run-new.jsonl"]
