"""Journals of ranks: written by real processes, joined, and every way to be inconsistent told."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from click.testing import CliRunner

import jupyter_repro
from jupyter_repro.cli.merge import command
from jupyter_repro.errors import BadRecord, BadWord
from jupyter_repro.records.ranks import RankBegun, RankEnded, RankSame, RankTold
from jupyter_repro.store.ranks.journal import rank_files, read_rank
from jupyter_repro.store.ranks.merge import merged

if TYPE_CHECKING:
    from pathlib import Path


def _told(rank: int, **begun: Any) -> RankTold:
    facts: dict[str, Any] = {
        "rank": rank, "size": 2, "source": "torchrun's RANK", "job": "j", "seed": 42, "rank_seed": 100 + rank,
        "environment": "e" * 64,
    }  # fmt: skip
    return RankTold(begun=RankBegun(**{**facts, **begun}), ended=RankEnded(code="c" * 64))


def _with(rank: RankTold, **changes: Any) -> RankTold:
    return msgspec.structs.replace(rank, **changes)


GOOD = (_told(0), _told(1))


@pytest.mark.parametrize(
    ("ranks", "problems"),
    [
        (GOOD, []),
        (GOOD[::-1], []),
        ((_told(0),), ["rank 1 of 2 left no journal"]),
        ((*GOOD, _told(1)), ["rank 1: more than one journal"]),
        ((_told(0), _told(1, size=3)), ["rank 2 of 3 left no journal", "another number of ranks: rank 0: 2; rank 1: 3"]),
        ((_told(0), _told(1, job="k")), ["another job: rank 0: j; rank 1: k"]),
        ((_told(0), _told(1, seed=7)), ["another root seed: rank 0: 42; rank 1: 7"]),
        (
            (_told(0), _told(1, environment="f" * 64)),
            ["another environment (Python and packages): rank 0: eeeeeeeeeeee; rank 1: ffffffffffff"],
        ),
        (
            (_told(0), _with(_told(1), ended=RankEnded(code="d" * 64))),
            ["another code: rank 0: cccccccccccc; rank 1: dddddddddddd"],
        ),
        (
            (_told(0), _told(1, rank_seed=100)),
            ["ranks 0, 1 have the same seed of their own, 100: they draw the same numbers"],
        ),
        (
            (_told(0), _with(_told(1), ended=None)),
            ["rank 1 did not come to its end: it was killed, or still runs"],
        ),
        (
            (_told(0), _with(_told(1), ended=RankEnded(error="ValueError: x", code="c" * 64))),
            ["rank 1 ended with ValueError: x"],
        ),
        ((_told(0), _with(_told(1), damaged=2)), ["rank 1: 2 damaged lines"]),
        (
            (_with(_told(0), same=(RankSame(name="w", digest="a" * 32),)), _told(1)),
            ["another `w`, which all should hold alike: rank 0: aaaaaaaaaaaa; rank 1: nothing"],
        ),
    ],
    ids=[
        "good", "any-order", "missing", "twice", "sizes", "jobs", "roots", "environments", "code", "seeds", "killed", "error",
        "damaged", "unlike",
    ],
)  # fmt: skip
def test_problems(ranks: tuple[RankTold, ...], problems: list[str]) -> None:
    """Each is told in a sentence of its own, and a good job has none."""
    assert problems == list(merged(ranks).problems)


def test_one_process_and_a_damaged_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a launcher it is rank 0 of 1; a torn line is counted; a second run in the folder takes the first one's place."""
    for name in ("RANK", "WORLD_SIZE", "SLURM_PROCID", "MASTER_ADDR", "TORCHELASTIC_RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    for value in (0.5, 0.25):
        with jupyter_repro.rank_run(tmp_path, seed=42) as run:
            run.log(0, loss=value)
            run.same(weights=[1.0, 2.0])
            with pytest.raises(BadWord, match="not a number"):
                run.log(1, loss="x")
            with pytest.raises(BadWord, match="cannot be looked into"):
                run.same(weights=object())
    (path,) = rank_files(tmp_path)
    path.write_bytes(path.read_bytes() + b"0000 {torn")
    told = read_rank(path)
    assert [step.values for step in told.steps] == [{"loss": (0.25).hex()}]
    assert (told.begins, told.damaged, told.begun.size) == (2, 1, 1)
    (tmp_path / "rank-00000.jsonl").write_bytes(b"nothing\n")
    with pytest.raises(BadRecord, match="does not say how it began"):
        read_rank(path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """With what would have written there."""
    found = CliRunner().invoke(command, [str(tmp_path)])
    assert isinstance(found.exception, BadRecord)


SCRIPT = """
import sys
import jupyter_repro, torch, torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
dist.init_process_group("gloo")
with jupyter_repro.rank_run(sys.argv[1], seed=42) as run:
    model = torch.nn.Linear(4, 1)
    replica = DistributedDataParallel(model)
    own = torch.Generator().manual_seed(run.seed)
    optimizer = torch.optim.SGD(replica.parameters(), lr=0.1)
    for step in range(3):
        optimizer.zero_grad()
        loss = replica(torch.randn(8, 4, generator=own)).square().mean()
        loss.backward()
        optimizer.step()
        run.log(step, loss=loss)
    run.same(weights=model.weight.detach().clone() + (0 if len(sys.argv) == 2 else run.rank))
dist.destroy_process_group()
"""


@pytest.mark.slow
def test_torchrun(tmp_path: Path) -> None:
    """Two ranks with gloo: a journal each, other batches, the same weights; `merge` joins them, and tells replicas that parted."""
    pytest.importorskip("torch", reason="torch is installed apart from the development dependencies")
    script = tmp_path / "train.py"
    script.write_text(SCRIPT)
    for folder, words in ((tmp_path / "logs", []), (tmp_path / "apart", ["apart"])):
        done = subprocess.run(
            [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", str(script), str(folder), *words],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
    found = CliRunner().invoke(command, [str(tmp_path / "logs")], standalone_mode=False)
    assert found.return_value == 0, found.output
    record = json.loads((tmp_path / "logs/merged.json").read_text())
    first, second = record["ranks"]
    assert (first["begun"]["rank"], second["begun"]["rank"], record["size"]) == (0, 1, 2)
    assert first["begun"]["rank_seed"] != second["begun"]["rank_seed"]
    assert first["steps"][0]["values"] != second["steps"][0]["values"]
    assert first["same"] == second["same"]
    parted = CliRunner().invoke(command, [str(tmp_path / "apart")], standalone_mode=False)
    assert parted.return_value == 1
    assert "another `weights`, which all should hold alike" in parted.output
