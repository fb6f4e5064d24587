"""The nondeterminism report: sources with their effect, what is allowed, what is not covered."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
import torch

from jupyter_repro.reports.uncovered import _regions
from jupyter_repro.reports.unseeded import unseeded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Bench  # pragma: no cover


@pytest.fixture(autouse=True)
def _mode_given_back() -> Iterator[None]:
    before = torch.get_deterministic_debug_mode()
    yield
    torch.set_deterministic_debug_mode(before)


def _made(bench: Bench) -> dict[str, Any]:
    bench.shell.run_line_magic("repro", "report json made.json")
    made: dict[str, Any] = json.loads((bench.path.parent / "made.json").read_text(encoding="utf-8"))
    return made


@pytest.mark.filterwarnings("ignore:put_ does not have")
def test_each_source_with_its_effect(bench: Bench) -> None:
    """A line is tied to the cells that are unknown because of it, though another cell defines it."""
    bench.write(
        seed="import random, torch\n%repro seed=42 warn",
        define="def make():\n    return random.Random()",
        other="z = 1\nz = 2",
        use="value = make().random()",
        hangs="more = value + 1",
        put="x = torch.zeros(3)\nx.put_(torch.tensor([0]), torch.ones(1))",
    )
    bench.run_all()
    made = {each["code"]: each for each in _made(bench)["sources"] if each["code"]}
    leak, op = made["RP203"], made["RP302"]
    assert (leak["cell"], leak["changes"], leak["spoils"]) == ("define", ["use"], ["hangs"])
    assert leak["effect"] == "cell 4 is unknown because of it; cell 5 hangs on it"
    assert (op["cell"], op["changes"], op["measured"]) == ("put", ["put"], True)
    bench.shell.run_line_magic("repro", "strictness=off")


def test_shifted_derived_and_allowed(bench: Bench) -> None:
    """A shifted cell is its own effect; derived numbers have none; a reason stands apart from the message."""
    bench.write(
        seed="import numpy as np, uuid\n%repro seed=42 entropy=derive",
        derived="a = np.random.default_rng().random()",
        draw="b = np.random.rand()",
        named="# repro: allow RP205 because names only differ\nc = uuid.uuid4()",
    )
    bench.run_all()
    bench.run("draw")
    made = {each["code"]: each for each in _made(bench)["sources"] if each["code"]}
    assert made["RP201"]["changes"] == ["draw"]
    assert made["RP203"]["effect"] == "none: a fresh kernel derives the same numbers"
    assert made["RP205"]["allowed"] == "names only differ"
    assert "allowed" not in made["RP205"]["what"]


def test_nothing_governed(bench: Bench) -> None:
    """Without `%repro` the report says what is not watched, and claims nothing in force."""
    bench.write(a="import torch\nx = torch.rand(1)", b="y = 1")
    bench.run("a")
    made = _made(bench)
    assert made["governed"] is None
    assert made["in_force"] == []
    assert "no seed governs the global generator of `torch`" in [each["what"] for each in made["sources"]]
    assert [each["where"] for each in made["uncovered"] if "not run" in each["why"]] == ["cell 2"]
    assert any("nothing is governed" in each["why"] for each in made["uncovered"])


def test_writing_is_no_part_of_the_cell(bench: Bench) -> None:
    """The file that is written is no output of the cell; the page escapes what the notebook says."""
    bench.write(
        seed="%repro seed=42",
        a="import random\nx = random.Random().choice('<script>')",
        report="%repro report html r.html",
    )
    bench.run_all()
    page = (bench.path.parent / "r.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "random.Random()" in page
    assert bench.verdicts()["report"] == "reproduced"
    assert not list(bench.path.parent.glob(".r.html*"))


def test_unwritable_is_one_line(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that cannot be written is told in one line, and nothing is left behind."""
    bench.write(a="%repro report json none/r.json")
    bench.run("a")
    said = capsys.readouterr()
    assert "cannot be written" in said.out + said.err


def test_text(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """The text has the counts, each source with effect and remedy, and what is not covered."""
    bench.write(seed="%repro seed=42", a="import random\nx = random.Random().random()")
    bench.run_all()
    capsys.readouterr()
    bench.shell.run_line_magic("repro", "report")
    said = capsys.readouterr().out
    assert "Nondeterminism report (seed=42 strictness=off entropy=report)" in said
    assert "  effect: cell 2 is unknown because of it" in said
    assert "  remedy: give it a seed, or `%repro entropy=derive`" in said
    assert "operations without a deterministic algorithm (everywhere)" in said


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f = torch.compile(model)", [("compiled region", "torch.compile", 1)]),
        ("@numba.njit(parallel=True)\ndef f(): pass", [("compiled region", "numba.njit", 1)]),
        ("@triton.jit\ndef f(): pass", [("custom kernel", "triton.jit", 1)]),
        ("x = 1\nwith mp.Pool(2) as p: pass", [("other processes", "mp.Pool", 2)]),
        ("!ls", [("other processes", "!", 1)]),
        ("compile('1', '', 'eval')", []),
        ("def broken(:", []),
    ],
)
def test_regions_by_name(source: str, expected: list[tuple[str, str, int]]) -> None:
    """Compiled regions, custom kernels and processes are found with their line."""
    assert list(_regions(source)) == expected


def test_libraries_with_generators_of_their_own() -> None:
    """Each imported one is told with the way to seed it; those that are not imported are not."""
    found = list(unseeded((), {"polars", "sys"}))
    assert [each.what for each in found] == ["no seed governs generators of its own in `polars`"]
    assert "polars.set_random_seed(42)" in found[0].remedy
    assert not list(unseeded((), set(sys.builtin_module_names)))
