"""Traps of determinism on a CPU: each is shown to be real where that is sure, and that we are not caught in it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import jupyter_repro

torch = pytest.importorskip("torch", reason="torch is not installed")

if TYPE_CHECKING:
    from collections.abc import Iterator

_RACES = 400
"""A race need not show; so many tries find it on any machine with two cores that was looked at."""


@pytest.fixture(autouse=True)
def _threads_as_before() -> Iterator[None]:
    """After the test torch has as many threads as before."""
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def _run(code: str, **environ: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def _sums(tries: int) -> set[bytes]:
    """Return the different results of one sum by indices."""
    generator = torch.Generator().manual_seed(0)
    index = torch.randint(0, 50, (200_000,), generator=generator)
    values = torch.rand(200_000, generator=generator)
    found = set()
    for _ in range(tries):
        result = torch.zeros(50).index_put((index,), values, accumulate=True)
        found.add(result.numpy().tobytes())
        if len(found) > 1:
            break
    return found


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="a race needs two cores")
def test_index_put_is_a_race_that_strict_ends() -> None:
    """On the CPU too, sums by index differ from call to call; under `strict` they do not."""
    torch.set_num_threads(2)
    if len(_sums(_RACES)) == 1:
        pytest.skip(f"the race did not show in {_RACES} sums")
    with jupyter_repro.seed(42, strictness="strict"):
        assert len(_sums(_RACES)) == 1


def test_the_number_of_threads_is_part_of_the_result() -> None:
    """A long product has other bits with other threads, deterministic algorithms or not; `threads=` pins them."""
    generator = torch.Generator().manual_seed(0)
    one, other = (torch.rand(4_000_003, generator=generator) for _ in range(2))
    found: dict[int, set[bytes]] = {}
    for begun in (1, 2):
        torch.set_num_threads(begun)
        for asked in (1, 2):
            with jupyter_repro.seed(42, strictness="strict", threads=asked):
                found.setdefault(asked, set()).add((one @ other).numpy().tobytes())
        assert torch.get_num_threads() == begun
    assert [len(results) for results in found.values()] == [1, 1]


def test_variables_of_threads_come_too_late_after_the_import() -> None:
    """`OMP_NUM_THREADS` set after the import changes nothing, so we do not use it; `threads=` holds."""
    lines = _run(
        "import os, torch, jupyter_repro\nbefore = torch.get_num_threads()\n"
        "os.environ['OMP_NUM_THREADS'] = str(before + 1)\n"
        "torch.rand(10) @ torch.rand(10)\nprint(torch.get_num_threads() == before)\n"
        "governed = jupyter_repro.seed(42, threads=before + 1)\n"
        "print(torch.get_num_threads() == before + 1)\n"
    )
    assert lines == ["True", "True"]


def test_other_instructions_are_another_generator() -> None:
    """The same seed gives other numbers without vector instructions: so the instruction set is recorded."""
    code = (
        "import torch, jupyter_repro\ngoverned = jupyter_repro.seed(42, strictness='strict')\n"
        "rows = {row.name: row.effective for row in governed.settings}\n"
        "print(rows['cpu.instruction_set'])\nprint(torch.randn(64).numpy().tobytes().hex())\n"
    )
    native, plain = _run(code), _run(code, ATEN_CPU_CAPABILITY="default")
    if native[0].split(",")[0] == plain[0].split(",")[0]:
        pytest.skip("this CPU has no vector instructions that torch uses")
    assert native[0] != plain[0]
    assert native[1] != plain[1]


def test_uninitialised_memory_shows_nothing_under_strict() -> None:
    """`torch.empty` is filled, also where somebody has turned the filling off; by itself the mode is not enough."""
    filling = torch.utils.deterministic.fill_uninitialized_memory
    torch.utils.deterministic.fill_uninitialized_memory = False
    try:
        with jupyter_repro.seed(42, strictness="strict"):
            assert all(bool(torch.empty(1000).isnan().all()) for _ in range(20))
        assert torch.utils.deterministic.fill_uninitialized_memory is False
    finally:
        torch.utils.deterministic.fill_uninitialized_memory = filling


def test_beginning_a_pass_draws_from_the_global_stream() -> None:
    """`iter()` of torch's loader moves the global stream, so a state restored before it is wrong; ours does not."""
    data = list(range(8))
    with jupyter_repro.seed(42):
        before = torch.get_rng_state()
        iter(torch.utils.data.DataLoader(data, shuffle=True))
        assert not torch.equal(before, torch.get_rng_state())
        before = torch.get_rng_state()
        iter(jupyter_repro.loader(data, shuffle=True))
        assert torch.equal(before, torch.get_rng_state())


def test_the_workspace_of_cublas_is_not_claimed_after_cuda_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is read when CUDA starts. Started CUDA is pretended here, for want of a GPU."""
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG", raising=False)
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    with jupyter_repro.seed(42, strictness="strict") as governed:
        (row,) = [row for row in governed.too_late if row.name == "env.CUBLAS_WORKSPACE_CONFIG"]
        assert row.note.endswith("`%repro restart` starts the kernel with it")


def test_numpy_without_its_hook_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The function with which NumPy asks for entropy is private: where it is gone, its draws are `not in force`."""
    import numpy as np

    monkeypatch.delattr(np.random.bit_generator, "randbits")
    with jupyter_repro.seed(42, entropy="derive") as governed:
        (row,) = [row for row in governed.settings if row.name == "entropy.numpy"]
        assert row.effect == "not in force"
        assert "not seen" in row.note
