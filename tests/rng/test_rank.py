"""The rank is the launcher's, global, and only believed with a size beside it."""

from __future__ import annotations

import pytest
import torch.distributed

from jupyter_repro.rng.rank import Rank, global_rank


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, Rank(0, 1, "")),
        ({"RANK": "3", "WORLD_SIZE": "8", "LOCAL_RANK": "1"}, Rank(3, 8, "torchrun's RANK")),
        (
            {"SLURM_PROCID": "2", "SLURM_NTASKS": "4", "SLURM_LOCALID": "0"},
            Rank(2, 4, "Slurm's SLURM_PROCID"),
        ),
        (
            {"OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2"},
            Rank(1, 2, "Open MPI's OMPI_COMM_WORLD_RANK"),
        ),
        ({"PMI_RANK": "5", "PMI_SIZE": "6"}, Rank(5, 6, "MPI's PMI_RANK")),
        (
            {"RANK": "1", "WORLD_SIZE": "2", "SLURM_PROCID": "0", "SLURM_NTASKS": "1"},
            Rank(1, 2, "torchrun's RANK"),
        ),
        ({"RANK": "3"}, Rank(0, 1, "")),
        ({"RANK": "first", "WORLD_SIZE": "2"}, Rank(0, 1, "")),
        ({"RANK": "9", "WORLD_SIZE": "2"}, Rank(0, 1, "")),
    ],
)
def test_launchers(environ: dict[str, str], expected: Rank) -> None:
    """Each launcher's variables; local ranks and lone or impossible numbers do not count."""
    assert global_rank(environ) == expected


def test_torch_distributed_knows_best(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A running process group wins over variables."""
    store = tmp_path_factory.mktemp("group") / "store"
    torch.distributed.init_process_group("gloo", init_method=f"file://{store}", rank=0, world_size=1)
    try:
        assert global_rank({"RANK": "3", "WORLD_SIZE": "8"}) == Rank(0, 1, "torch.distributed")
    finally:
        torch.distributed.destroy_process_group()
