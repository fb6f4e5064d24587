"""The probe reads what a cell stood on: it draws nothing, sees nothing of its own, and never raises into a cell."""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from jupyter_repro.verifier.probe import Probe

if TYPE_CHECKING:
    from collections.abc import Callable

torch = pytest.importorskip("torch", reason="torch's generators are read where it is installed")


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A probe of a project whose notebook lies in a folder of it."""
    (tmp_path / "nb").mkdir()
    monkeypatch.chdir(tmp_path / "nb")
    return Probe(SimpleNamespace(user_ns={"rng": np.random.default_rng(1)}), str(tmp_path))


def _told(probe: Any, cell: Callable[[], object]) -> dict[str, Any]:
    """Return what is told of a cell; audit events are told by hand, since a hook cannot be taken out again."""
    probe.begin()
    cell()
    probe.end()
    found: dict[str, Any] = json.loads(probe.told())
    return found


@pytest.mark.parametrize(
    ("draw", "stream"),
    [
        (random.random, "python"),
        (lambda: np.random.rand(), "numpy"),  # noqa: PLW0108 - looked up when it is called
        (lambda: torch.rand(1), "torch"),
    ],
    ids=["python", "numpy", "torch"],
)
def test_a_draw_is_seen(probe: Any, draw: Callable[[], object], stream: str) -> None:
    """The stream that a cell drew from, and no other."""
    assert list(_told(probe, draw)["streams"]) == [stream]


def test_named_generators(probe: Any) -> None:
    """Those that names of the notebook hold, of each library."""
    names = probe._shell.user_ns
    names |= {
        "own": random.Random(1), "old": np.random.RandomState(1), "other": torch.Generator(), "_hidden": random.Random(),
    }  # fmt: skip

    def cell() -> None:
        for name in ("own", "_hidden"):
            names[name].random()
        names["rng"].random()
        names["old"].rand()
        torch.rand(1, generator=names["other"])

    assert sorted(_told(probe, cell)["streams"]) == ["name:old", "name:other", "name:own", "name:rng"]


def test_reading_draws_nothing(probe: Any) -> None:
    """States are the same before and after, however often they are read."""
    before = random.getstate(), np.random.get_state(), torch.get_rng_state()
    for _ in range(3):
        assert _told(probe, lambda: None) == {}
    after = random.getstate(), np.random.get_state(), torch.get_rng_state()
    assert before[0] == after[0]
    assert all(np.array_equal(a, b) for a, b in zip(before[1], after[1], strict=True))
    assert torch.equal(before[2], after[2])


def test_what_entropy_made_is_told_when_it_is_drawn(probe: Any) -> None:
    """It differs in each run: before a draw it says nothing, so two exports stay the same bytes."""
    names = probe._shell.user_ns

    def cell() -> None:
        names["fresh"] = np.random.RandomState()

    assert _told(probe, cell) == {}
    assert list(_told(probe, names["fresh"].rand)["streams"]) == ["name:fresh"]


def test_seeding_between_two_cells(probe: Any) -> None:
    """A seed for each cell is told as the state that the cell entered with."""
    _told(probe, lambda: None)
    state = random.getstate()
    random.seed(7)
    found = _told(probe, lambda: None)
    random.setstate(state)
    assert list(found["entered"]) == ["python"]


def test_files_of_the_project(probe: Any, tmp_path: Path) -> None:
    """Relative to the notebook, with the digest where the cell did not change it; nothing of others."""
    for name in ("nb/a.csv", "b.csv", "nb/both.csv", "nb/made.csv"):
        (tmp_path / name).write_text("", encoding="utf-8")

    def cell() -> None:
        probe.heard("open", ("a.csv", "r", 0))
        probe.heard("open", (os.fsencode(tmp_path / "b.csv"), None, os.O_RDONLY))
        probe.heard("open", ("both.csv", "r", 0))
        probe.heard("open", ("both.csv", "a", 0))
        probe.heard("open", ("made.csv.tmp", "wb", 0))
        probe.heard("os.rename", ("made.csv.tmp", "made.csv", -1, -1))
        probe.heard("open", ("missing.csv", "r", 0))
        probe.heard("open", (3, "r", 0))
        probe.heard("open", (os.__file__, "r", 0))
        probe.heard("open", (str(tmp_path / ".git/index"), "r", 0))

    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert _told(probe, cell) == {
        "read": {"a.csv": empty, "../b.csv": empty, "both.csv": None},
        "wrote": ["both.csv", "made.csv"],
    }


def test_effects(probe: Any) -> None:
    """The network and other programs, by their audit events."""

    def cell() -> None:
        probe.heard("subprocess.Popen", ("true", [], None, None))
        probe.heard("socket.connect", (None, ("example.org", 80)))
        probe.heard("compile", ("x", "y"))

    assert _told(probe, cell)["effects"] == ["network", "subprocess"]


def test_nothing_raises(probe: Any) -> None:
    """A namespace that cannot be read, a folder that is gone: less is told."""

    class Broken(dict):  # type: ignore[type-arg]  # of anything
        def items(self) -> Any:
            raise RuntimeError("broken")

    probe._shell.user_ns = Broken()
    assert list(_told(probe, random.random)["streams"]) == ["python"]
    probe._shell = None
    assert _told(probe, lambda: None) == {}


def test_the_machine(probe: Any) -> None:
    """What sums may hang on, as text; torch is asked since it is imported."""
    machine = json.loads(probe.machine())
    assert {"cores", "time zone", "threads of torch"} <= machine.keys()
    assert all(isinstance(value, str) for value in machine.values())


def test_it_needs_the_standard_library_only() -> None:
    """Its source runs in an environment that may not hold this package."""
    source = Path(sys.modules[Probe.__module__].__file__ or "").read_text(encoding="utf-8")
    imported = {
        line.split()[1].partition(".")[0]
        for line in source.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names
