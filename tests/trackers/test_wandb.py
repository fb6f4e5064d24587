"""Weights & Biases in offline mode: what it writes to disk names our run, and ours its."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_repro
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.extension import session_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover

wandb = pytest.importorskip("wandb", reason="not in the development set; `make trackers` has it")

REAL = vars(wandb)["init"]

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::ResourceWarning"
)  # the library's own


@pytest.fixture
def project(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Return a notebook with data; the library keeps everything below its folder and asks no server."""
    for name in ("WANDB_DIR", "WANDB_DATA_DIR", "WANDB_CACHE_DIR", "WANDB_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    with unwatched():
        (tmp_path / "train.csv").write_text("a\n1\n")
    yield bench
    wandb.teardown()


def records_in(folder: Path) -> list[Any]:
    """Return what the library has written of its one run: a log in LevelDB's form, after seven bytes of its own."""
    from wandb.proto import wandb_internal_pb2

    (path,) = folder.glob("wandb/offline-run-*/*.wandb")
    data, at, part, found = path.read_bytes(), 7, b"", []
    while at + 7 <= len(data):
        left = (1 << 15) - at % (1 << 15)
        if left < 7:
            at += left
            continue
        size, kind = struct.unpack_from("<HB", data, at + 4)
        part += data[at + 7 : at + 7 + size]
        at += 7 + size
        if kind in (1, 4):  # whole, or the last part
            found.append(wandb_internal_pb2.Record.FromString(part))
            part = b""
    return found


def config_in(folder: Path) -> dict[str, Any]:
    """Return the last facts of ours in the configuration."""
    found = [
        json.loads(item.value_json)
        for record in records_in(folder)
        for item in (*record.run.config.update, *record.config.update)
        if "jupyter_repro" in (item.key, *item.nested_key)
    ]
    return dict(found[-1])


def test_a_run_of_one_cell_names_ours(project: Bench, tmp_path: Path) -> None:
    """Also where the same cell imports the library, opens the run and ends it."""
    project.write(
        a="%repro seed=7",
        b="import wandb\nwith wandb.init(project='digits', config={'lr': 0.1}) as run:\n    run.log({'loss': 1})",
        c='%repro note "enough"',
    )
    project.run_all()
    session = session_of(project.shell)
    assert session is not None
    assert session.tracking is not None
    facts = config_in(tmp_path)
    assert (facts["run"], facts["seed"], facts["notebook"]) == (session.tracking.run, "7", "analysis.ipynb")
    summary = {
        item.key or "/".join(item.nested_key): item.value_json
        for record in records_in(tmp_path)
        for item in record.summary.update
    }
    assert json.loads(summary["jupyter_repro/run"]) == session.tracking.run
    (run,) = jupyter_repro.runs(tmp_path)
    (link,) = run.trackers
    assert (link.tracker, link.experiment, link.cell) == ("Weights & Biases", "digits", "b")
    assert link.address == f"wandb/{link.address.partition('/')[2]}"
    assert link.address.endswith(link.id)


def test_an_open_run_refers_to_the_inputs(project: Bench, tmp_path: Path) -> None:
    """An artifact with our digests and no bytes; nothing twice."""
    project.write(
        a="import wandb\nrun = wandb.init(project='digits')",
        b="rows = open('train.csv').read()",
        c="rows = open('train.csv').read()\nrun.finish()",
    )
    project.run_all()
    (artifact,) = [each.artifact for each in records_in(tmp_path) if each.HasField("artifact")] or [
        each.request.log_artifact.artifact
        for each in records_in(tmp_path)
        if each.request.HasField("log_artifact")
    ]
    (entry,) = artifact.manifest.contents
    assert entry.path == "train.csv"
    assert entry.ref.startswith("file://")
    held = jupyter_repro.input_files(project.shell)
    digest = next(each.sha256 for each in held.files if each.path == "train.csv")
    assert json.loads(artifact.metadata)["jupyter_repro"]["sha256"] == {"train.csv": digest}


def test_off_gives_the_library_back(project: Bench) -> None:
    """The same function as before."""
    project.write(a="import wandb", b="%repro off")
    project.run("a")
    assert vars(wandb)["init"] is not REAL
    project.run("b")
    assert vars(wandb)["init"] is REAL
