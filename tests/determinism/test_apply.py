"""Switches are set now or at import, told as they are, and given back bit for bit."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import threadpoolctl
import torch
import torch._inductor.config as inductor

from jupyter_repro.determinism import PROCESS, Switches

if TYPE_CHECKING:
    from collections.abc import Iterator

_NODES = [
    (family, op)
    for family in ("generic", "cuda", "mkldnn")
    for op in ("all", "matmul", "conv", "rnn")
    if (family, op) == ("generic", "all") or family != "generic"
]


_SDPA = ("flash", "mem_efficient", "math", "cudnn")
_REDUCED = (
    "allow_fp16_reduced_precision_reduction",
    "allow_fp16_reduced_precision_reduction_split_k",
    "allow_bf16_reduced_precision_reduction",
    "allow_bf16_reduced_precision_reduction_split_k",
    "allow_fp16_accumulation",
)


def _readable(call: Any) -> Any:
    try:
        return call()
    except RuntimeError:
        return "raises"


def _everything() -> dict[str, Any]:
    """Every value that a switch, or torch behind it, may change."""
    getter = getattr(torch._C, "_get_fp32_precision_getter", None)
    return {
        "mode": torch.are_deterministic_algorithms_enabled(),
        "warn only": torch.is_deterministic_algorithms_warn_only_enabled(),
        "fill": torch.utils.deterministic.fill_uninitialized_memory,
        "cudnn": (torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark),
        "matmul": _readable(torch.get_float32_matmul_precision),
        "old": _readable(lambda: torch.backends.cuda.matmul.allow_tf32),
        "old cudnn": _readable(lambda: torch.backends.cudnn.allow_tf32),
        "nodes": {node: getter(*node) for node in _NODES} if getter else None,
        "inductor": inductor.deterministic,
        "reduced": [getattr(torch.backends.cuda.matmul, name) for name in _REDUCED],
        "sdpa": [getattr(torch.backends.cuda, f"{name}_sdp_enabled")() for name in _SDPA],
        "onednn": torch.backends.mkldnn.deterministic,
        "threads": torch.get_num_threads(),
        "blas": {pool["filepath"]: pool["num_threads"] for pool in threadpoolctl.threadpool_info()},
        "environ": {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"},
    }


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """Whatever the test does with switches, the process is afterwards as it was."""
    before, finders = _everything(), list(sys.meta_path)
    yield
    assert _everything() == before
    assert list(sys.meta_path) == finders


def _effects(switches: Switches) -> dict[str, tuple[str, str]]:
    return {row.name: (row.effective, row.effect) for row in switches.settings()}


@pytest.mark.parametrize(("strictness", "mode"), [("strict", "raises"), ("warn", "warns")])
def test_begin_and_end(strictness: Any, mode: str) -> None:
    """Each switch says what is in force, torch agrees, and end gives all back."""
    switches = Switches()
    rows = switches.begin(strictness)
    found = _effects(switches)
    assert found["torch.deterministic_algorithms"] == (mode, "in force")
    assert found["torch.fill_uninitialized_memory"] == ("True", "in force")
    assert found["torch.tf32"] == ("off", "in force")
    assert torch.get_deterministic_debug_mode() == {"raises": 2, "warns": 1}[mode]
    assert torch.get_float32_matmul_precision() == "highest"
    assert torch.backends.cuda.matmul.allow_tf32 is False
    assert torch.backends.cudnn.allow_tf32 is False
    notes = {row.name: row.note for row in rows}
    assert bool(notes["torch.deterministic_algorithms"]) == (strictness == "warn")
    assert switches.end() == ()
    assert switches.settings() == ()


def test_off_changes_nothing() -> None:
    """`off` sets nothing and says nothing."""
    before = _everything()
    switches = Switches()
    assert switches.begin("off") == ()
    assert _everything() == before
    switches.end()


def test_strict_makes_torch_raise() -> None:
    """An operation without a deterministic algorithm really raises, and works again after end."""
    switches = Switches()
    switches.begin("strict")
    target, index = torch.zeros(3), torch.tensor([0, 0])
    with pytest.raises(RuntimeError, match="deterministic"):
        target.put_(index, torch.ones(2), accumulate=False)
    switches.end()
    target.put_(index, torch.ones(2), accumulate=False)


def test_two_owners_the_strictest_wins() -> None:
    """While two are active the stricter mode holds; the last to end gives back the original."""
    first, second = Switches(), Switches()
    first.begin("warn")
    second.begin("strict")
    assert _effects(first)["torch.deterministic_algorithms"] == ("raises", "in force")
    second.end()
    assert _effects(first)["torch.deterministic_algorithms"] == ("warns", "in force")
    second.begin("strict")
    first.end()
    assert _effects(second)["torch.deterministic_algorithms"] == ("raises", "in force")
    second.end()


def test_what_the_user_changes_is_told() -> None:
    """A switch that is no longer as asked is not in force."""
    switches = Switches()
    switches.begin("strict")
    torch.set_deterministic_debug_mode(0)
    row = next(row for row in switches.settings() if row.name == "torch.deterministic_algorithms")
    assert (row.effective, row.effect) == ("off", "not in force")
    assert row.note == "it was changed since; run `%repro strict` again"
    switches.begin("strict")
    assert torch.get_deterministic_debug_mode() == 2
    switches.end()


def _matmul(value: str) -> None:
    torch.set_float32_matmul_precision(value)


def _node(*node: str) -> Any:
    return lambda value: torch._C._set_fp32_precision_setter(*node, value)


@pytest.mark.skipif(not hasattr(torch._C, "_set_fp32_precision_setter"), reason="torch before 2.9")
@pytest.mark.filterwarnings("ignore:Please use the new API")
@pytest.mark.parametrize(
    ("change", "value"),
    [
        (_matmul, "high"),
        (_matmul, "medium"),
        (_node("generic", "all"), "tf32"),
        (_node("cuda", "all"), "ieee"),
        (_node("cuda", "matmul"), "tf32"),
        (_node("mkldnn", "conv"), "bf16"),
        (lambda value: setattr(torch.backends.cudnn, "allow_tf32", value), False),
    ],
)
def test_tf32_comes_back_exactly(change: Any, value: Any) -> None:
    """Any precision set by the user before comes back, inherited values as inherited ones."""
    switches = Switches()
    original = next(switch for switch in PROCESS._switches if switch.name == "torch.tf32").capture()
    try:
        change(value)
        before = _everything()
        switches.begin("strict")
        assert _effects(switches)["torch.tf32"] == ("off", "in force")
        switches.end()
        assert _everything() == before
        _node("generic", "all")("tf32")
        follows = _everything()["nodes"]
        _write_raw(original)
        change(value)
        _node("generic", "all")("tf32")
        assert _everything()["nodes"] == follows
    finally:
        _write_raw(original)


def _write_raw(state: Any) -> None:
    next(switch for switch in PROCESS._switches if switch.name == "torch.tf32").restore(state)


@pytest.mark.parametrize("mode", [(True, False), (True, True), (False, True)])
def test_the_users_own_mode_comes_back(mode: tuple[bool, bool]) -> None:
    """Enabled, warn-only, and the odd disabled warn-only come back as they were."""
    kept = inductor.deterministic
    try:
        torch.use_deterministic_algorithms(mode[0], warn_only=mode[1])
        before = _everything()
        switches = Switches()
        switches.begin("strict")
        assert inductor.deterministic is True
        switches.end()
        assert _everything() == before
    finally:
        torch.use_deterministic_algorithms(False)
        inductor.deterministic = kept


@pytest.mark.parametrize(
    ("value", "kept"), [(None, ":4096:8"), (":16:8", ":16:8"), (":4096:8", ":4096:8"), (":0:0", ":4096:8")]
)
def test_cublas_keeps_a_good_value(value: str | None, kept: str) -> None:
    """A deterministic workspace of the user's is kept, anything else replaced, and end gives it back."""
    if torch.cuda.is_initialized():
        pytest.skip("CUDA has started in this process, so it is too late")
    name = "CUBLAS_WORKSPACE_CONFIG"
    before = os.environ.pop(name, None)
    try:
        if value is not None:
            os.environ[name] = value
        switches = Switches()
        switches.begin("strict")
        assert _effects(switches)[f"env.{name}"] == (kept, "in force")
        switches.end()
        assert os.environ.get(name) == value
    finally:
        os.environ.pop(name, None)
        if before is not None:
            os.environ[name] = before


def test_without_cudnn() -> None:
    """Where torch has no cuDNN the rows say why."""
    if torch.backends.cudnn.is_available():
        pytest.skip("this torch has cuDNN")
    switches = Switches()
    rows = {row.name: row for row in switches.begin("strict")}
    for name in ("torch.cudnn.deterministic", "torch.cudnn.benchmark"):
        assert (rows[name].effect, rows[name].note) == ("not available", "this torch is built without cuDNN")
    switches.end()


def _run(code: str, **environ: str) -> list[str]:
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONHASHSEED"}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**clean, **environ}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_torch_imported_later() -> None:
    """Torch and its compiler are switched at their import, which imports nothing more, and given back."""
    lines = _run(
        "import sys\nfrom jupyter_repro.determinism import Switches\n"
        "s = Switches()\n"
        "def show(name): print(*[(r.effective, r.effect) for r in s.settings() if r.name == name])\n"
        "s.begin('strict'); show('torch.deterministic_algorithms')\n"
        "assert 'torch' not in sys.modules\n"
        "import torch\nshow('torch.deterministic_algorithms'); show('torch.inductor.deterministic')\n"
        "assert 'torch._inductor.config' not in sys.modules\n"
        "import contextvars\n"
        "contextvars.copy_context().run(__import__, 'torch._inductor.config')\n"
        "show('torch.inductor.deterministic')\n"
        "s.end()\n"
        "print(torch.get_deterministic_debug_mode(), torch._inductor.config.deterministic)\n"
    )
    assert lines == [
        "('', 'waiting')",
        "('raises', 'in force')",
        "('', 'waiting')",
        "('True', 'in force')",
        "0 False",
    ]


@pytest.mark.parametrize(
    ("before", "environ", "row"),
    [
        ("", {}, ("random", "too late")),
        ("", {"PYTHONHASHSEED": "0"}, ("fixed to 0", "in force")),
        ("", {"PYTHONHASHSEED": "42"}, ("fixed to 42", "in force")),
        ("", {"PYTHONHASHSEED": "random"}, ("random", "too late")),
        ("import os; os.environ['PYTHONHASHSEED'] = '42'\n", {}, ("random", "too late")),
        (
            "import os; os.environ['PYTHONHASHSEED'] = '7'\n",
            {"PYTHONHASHSEED": "42"},
            ("fixed to 42", "in force"),
        ),
    ],
)
def test_the_hash_seed_is_told_as_it_is(before: str, environ: dict[str, str], row: tuple[str, str]) -> None:
    """Only a seed that the interpreter really uses counts, whatever the variable says now."""
    if "'7'" in before and not sys.platform.startswith("linux"):
        pytest.skip("only Linux keeps the variables of the process start")
    lines = _run(
        f"{before}from jupyter_repro.determinism import Switches\n"
        "rows = {r.name: r for r in Switches().begin('strict')}\n"
        "print((rows['env.PYTHONHASHSEED'].effective, rows['env.PYTHONHASHSEED'].effect))\n",
        **environ,
    )
    assert lines == [str(row)]


@pytest.mark.parametrize(
    ("strictness", "name", "row"),
    [
        ("strict", "torch.reduced_precision", ("off", "in force")),
        ("warn", "torch.reduced_precision", ("off", "in force")),
        ("strict", "torch.sdpa", ("flash, mem_efficient, math", "in force")),
        ("warn", "torch.sdpa", ("flash, math", "in force")),
        ("strict", "torch.onednn.deterministic", ("True", "in force")),
        ("strict", "env.FLASH_ATTENTION_DETERMINISTIC", ("1", "in force")),
        ("strict", "torch.threads", (str(torch.get_num_threads()), "in force")),
        ("strict", "tensorflow.op_determinism", ("", "waiting")),
        ("strict", "env.XLA_FLAGS", ("", "waiting")),
    ],
)
def test_further_switches(strictness: Any, name: str, row: tuple[str, str]) -> None:
    """Each of them is set, read back, and given back at the end."""
    switches = Switches()
    switches.begin(strictness)
    assert _effects(switches)[name] == row
    switches.end()


def test_the_instruction_set_is_recorded() -> None:
    """`strict` says which instructions the CPU's libraries take, and changes nothing."""
    switches = Switches()
    switches.begin("strict")
    value, effect = _effects(switches)["cpu.instruction_set"]
    assert (value.partition(",")[0], effect) == (torch.backends.cpu.get_cpu_capability(), "in force")
    switches.end()


def test_sdpa_enables_nothing() -> None:
    """What the user has disabled stays so, and comes back as it was."""
    torch.backends.cuda.enable_flash_sdp(False)
    try:
        switches = Switches()
        switches.begin("strict")
        assert _effects(switches)["torch.sdpa"] == ("mem_efficient, math", "in force")
        switches.end()
        assert not torch.backends.cuda.flash_sdp_enabled()
    finally:
        torch.backends.cuda.enable_flash_sdp(True)


def test_threads_by_word() -> None:
    """`threads=1` holds without a strictness, in torch and in the BLAS of NumPy, and is given back."""
    assert np.zeros(1).shape == (1,)
    switches = Switches()
    switches.begin("off", {"threads": "1"})
    found = _effects(switches)
    assert found["torch.threads"] == ("1", "in force")
    assert found["blas.threads"] == ("1", "in force")
    assert torch.get_num_threads() == 1
    switches.begin("strict")
    assert _effects(switches)["torch.threads"][1] == "in force"
    switches.end()


def test_tf32_kept() -> None:
    """`tf32=keep` leaves what `strict` would turn off, also after it was turned off, and says so."""
    switches = Switches()
    before = (
        torch._C._get_fp32_precision_getter("cuda", "conv")
        if hasattr(torch._C, "_get_fp32_precision_getter")
        else None
    )
    switches.begin("strict")
    switches.begin("strict", {"tf32": "keep"})
    row = next(row for row in switches.settings() if row.name == "torch.tf32")
    assert (row.requested, row.effect) == ("keep", "in force")
    if before is not None:
        assert torch._C._get_fp32_precision_getter("cuda", "conv") == before
    switches.end()


def test_a_number_of_threads_fixes_the_bits() -> None:
    """A long dot product gives the same bits whenever the number of threads is the same."""
    switches = Switches()
    generator = torch.Generator().manual_seed(0)
    left, right = torch.randn(2, 1_000_000, generator=generator)
    results = {}
    for threads in ("1", "2", "1"):
        switches.begin("off", {"threads": threads})
        results.setdefault(threads, set()).add(torch.dot(left, right).item())
    switches.end()
    assert all(len(found) == 1 for found in results.values())
