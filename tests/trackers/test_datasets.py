"""Hugging Face `datasets`: fingerprints of what names hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import jupyter_repro
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.trackers.datasets import dataset_revisions

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover


def test_nothing_is_asked_while_the_library_is_not_loaded() -> None:
    """Nor of objects of other kinds."""
    assert dataset_revisions({"a": {"b": 1}, "c": object()}) == ()


@pytest.mark.filterwarnings("ignore")  # the library's own
def test_each_split_is_on_record(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fingerprint, builder, version and rows; a map gives another fingerprint; a stream has none and says so."""
    pytest.importorskip("datasets", reason="not in the development set; `make trackers` has it")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with unwatched():
        (tmp_path / "x.csv").write_text("a,b\n1,2\n3,4\n")
    bench.write(
        a="import datasets\nfrom datasets import load_dataset\ndatasets.disable_progress_bars()",
        b="splits = load_dataset('csv', data_files='x.csv', cache_dir='cache')\n"
        "more = splits['train'].map(lambda row: {'c': row['a'] + 1})",
        c="stream = load_dataset('csv', data_files='x.csv', split='train', streaming=True)",
        d='%repro note "why"',
    )
    bench.run_all()
    (run,) = jupyter_repro.runs(tmp_path)
    found = {each.name: each for each in run.data or ()}
    splits = bench.shell.user_ns["splits"]
    first = found["splits['train']"]
    assert first.revision == splits["train"]._fingerprint
    assert (first.rows, first.source) == (2, "csv/default/train, version 0.0.0")
    assert found["more"].revision not in ("", first.revision)
    assert found["stream"].revision == ""
    assert "streamed" in found["stream"].note
