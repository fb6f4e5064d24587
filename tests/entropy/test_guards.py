"""Every way to make or seed a generator without a seed is seen with its line; nothing else is."""

from __future__ import annotations

import copy
import linecache
import os
import pickle
import random
import secrets
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from sklearn.utils import check_random_state

from jupyter_repro.entropy import Entropy
from jupyter_repro.errors import BadWord, UngovernedEntropy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _places() -> list[Any]:
    return [
        random.Random.__dict__["seed"],
        random.seed,
        random.__dict__["_urandom"],
        os.urandom,
        np.random.bit_generator.randbits,
        torch.seed,
        torch.random.seed,
        torch.cuda.seed_all,
        ThreadPoolExecutor.submit,
    ]


@pytest.fixture(autouse=True)
def _all_given_back() -> Iterator[None]:
    """Whatever is put in place is given back: the same objects, and no generator has moved."""
    before, finders = _places(), list(sys.meta_path)
    states = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    yield
    assert all(now is was or now == was for now, was in zip(_places(), before, strict=True))
    assert list(sys.meta_path) == finders
    random.setstate(states[0])
    assert np.random.get_state()[1].tolist() == states[1]
    assert torch.get_rng_state().tolist() == states[2]


@pytest.fixture
def entropy() -> Iterator[Entropy]:
    """Return a watch that reports."""
    watch = Entropy()
    watch.begin("report", None)
    yield watch
    assert watch.missed() == 0
    assert watch.end() == ()


class _Configuration:
    seed = 3
    nothing = None


@pytest.fixture
def run_cell() -> Iterator[Callable[[str], None]]:
    """Run a source as a kernel does: its text is known by the name of its code."""
    name = "<ipython-input-1-test>"
    modules = (copy, np, os, pickle, random, secrets, tempfile, time, torch, uuid)
    names = {module.__name__: module for module in modules}
    names.update({"__name__": "__main__", "np": np, "configuration": _Configuration(), "Path": Path})
    names["check_random_state"] = check_random_state

    def run(source: str) -> None:
        linecache.cache[name] = (len(source), None, [f"{line}\n" for line in source.split("\n")], name)
        exec(compile(source, name, "exec"), names)

    yield run
    linecache.cache.pop(name, None)


SEEN = {
    "np.random.default_rng()": "unseeded generator",
    "np.random.default_rng(None)": "unseeded generator",
    "np.random.RandomState()": "unseeded generator",
    "np.random.RandomState(none)": "unseeded generator",
    "np.random.RandomState(configuration.nothing)": "unseeded generator",
    "np.random.SeedSequence()": "unseeded generator",
    "np.random.PCG64()": "unseeded generator",
    "random.Random()": "unseeded generator",
    "random.Random(1).seed()": "reseeded",
    "random.Random(time.time())": "clock seed",
    "random.Random(int(time.time()))": "clock seed",
    "uuid.uuid4()": "system entropy",
    "os.urandom(4)": "system entropy",
    "secrets.token_hex(4)": "system entropy",
    "random.SystemRandom().random()": "system entropy",
}


@pytest.mark.parametrize("source", SEEN)
def test_seen(source: str, entropy: Entropy, run_cell: Callable[[str], None]) -> None:
    """The draw is seen once, as the source spells it, at its line."""
    run_cell(f"none = None\n{source}")
    (leak,) = entropy.take()
    assert (leak.kind, leak.what, leak.via, leak.certain, leak.count) == (SEEN[source], source, "", True, 1)
    assert (leak.line, leak.text) == (2, source)


NOT_SEEN = (
    "np.random.default_rng(4)",
    "np.random.RandomState(3)",
    "np.random.RandomState(three)",
    "np.random.RandomState(configuration.seed)",
    "np.random.RandomState(three + 1)",
    "np.random.RandomState(int('3'))",
    "check_random_state(3)",
    "copy.deepcopy(np.random.default_rng(4))",
    "pickle.loads(pickle.dumps(np.random.default_rng(4)))",
    "np.random.PCG64(3).jumped()",
    "np.random.SeedSequence(3).spawn(2)",
    "random.Random(3)",
    "copy.deepcopy(random.Random(3))",
    "pickle.loads(pickle.dumps(random.Random(3)))",
    "Path(tempfile.mkdtemp()).rmdir()",
    "torch.Generator()",
)


@pytest.mark.parametrize("source", NOT_SEEN)
def test_not_seen(source: str, entropy: Entropy, run_cell: Callable[[str], None]) -> None:
    """What has a seed, or gets a known state, is no leak."""
    run_cell(f"three = 3\n{source}")
    assert entropy.take() == ()


def test_global_reseeding_is_seen(entropy: Entropy) -> None:
    """The module's own functions that seed without a seed are seen."""
    states = np.random.get_state(), torch.get_rng_state()
    random.seed()
    np.random.seed()
    torch.seed()
    np.random.set_state(states[0])
    torch.set_rng_state(states[1])
    found = entropy.take()
    assert [leak.kind for leak in found] == ["reseeded"] * 3
    assert [leak.what for leak in found] == ["random.seed()", "np.random.seed()", "torch.seed()"]


def test_a_library_on_behalf_of_a_line(entropy: Entropy) -> None:
    """What a library draws for a line of the user's is told with both names."""
    qmc = pytest.importorskip("scipy.stats.qmc", reason="scipy is not in every environment")
    entropy.take()
    qmc.Sobol(2)
    (leak,) = entropy.take()
    assert (leak.via, leak.text) == ("scipy", "qmc.Sobol(2)")


def test_calls_at_one_line_are_counted(entropy: Entropy) -> None:
    """A loop is one leak with its count."""
    for _ in range(5):
        np.random.default_rng()
    assert [leak.count for leak in entropy.take()] == [5]


def _three() -> list[float]:
    return [np.random.default_rng().random(), random.Random().random(), np.random.default_rng().random()]


def test_derive_makes_it_reproducible() -> None:
    """Under one seed the same generators come in the same order, all different; another seed gives others."""
    entropy = Entropy()
    runs = []
    for seed in (7, 7, 8):
        entropy.begin("derive", seed)
        assert entropy.state() == entropy.base()
        runs.append(_three())
        assert entropy.state() != entropy.base()
    entropy.end()
    assert runs[0] == runs[1] != runs[2]
    assert len({*runs[0], *runs[2]}) == 6
    assert _three() != _three()


def test_derive_reseeds_the_global_ones() -> None:
    """`torch.seed()` and `np.random.seed()` give what the seed gives."""
    states = np.random.get_state(), torch.get_rng_state()
    entropy, runs = Entropy(), []
    for _ in range(2):
        entropy.begin("derive", 7)
        given = torch.seed()
        np.random.seed(0)  # NumPy's seed() fills the state and leaves its position as it is
        np.random.seed()
        runs.append((given, torch.initial_seed() == given, torch.rand(1).item(), np.random.rand()))
    entropy.end()
    np.random.set_state(states[0])
    torch.set_rng_state(states[1])
    assert runs[0] == runs[1]
    assert runs[0][1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_derive_in_forked_children() -> None:
    """Children and parent derive different numbers, the same in each run."""

    def run() -> list[str]:
        entropy = Entropy()
        entropy.begin("derive", 7)
        found = []
        for _ in range(2):
            read, write = os.pipe()
            if os.fork() == 0:
                os.write(write, str(np.random.default_rng().random()).encode())
                os._exit(0)
            os.wait()
            found.append(os.read(read, 100).decode())
            os.close(read)
            os.close(write)
        found.append(str(np.random.default_rng().random()))
        entropy.end()
        return found

    first = run()
    assert len(set(first)) == 3
    from jupyter_repro.entropy import derive

    derive._children -= 2
    assert run() == first


def test_derive_needs_a_seed() -> None:
    """Without a seed there is nothing to derive from."""
    with pytest.raises(BadWord, match="needs a seed"):
        Entropy().begin("derive", None)


def test_raise_names_the_line() -> None:
    """`raise` forbids generators without a seed; the system's own randomness goes on."""
    entropy = Entropy()
    entropy.begin("raise", 7)
    with pytest.raises(
        UngovernedEntropy, match=r"default_rng\(\)` in line \d+ draws from the system's entropy"
    ):
        np.random.default_rng()
    with pytest.raises(UngovernedEntropy):
        random.Random()
    np.random.default_rng(3)
    uuid.uuid4()
    entropy.end()
    np.random.default_rng()


def test_raise_lets_pass_what_is_allowed() -> None:
    """Where the cell allows the code, with a reason, the draw is reported only."""
    entropy = Entropy(exempt=lambda code: "the point of the lesson" if code == "RP203" else "")
    entropy.begin("raise", 7)
    np.random.default_rng()
    with pytest.raises(UngovernedEntropy):
        random.Random(1).seed()
    assert [leak.kind for leak in entropy.take()] == ["unseeded generator", "reseeded"]
    entropy.end()


def test_two_owners() -> None:
    """The one that began last decides; the other goes on when it ends."""
    first, second = Entropy(), Entropy()
    first.begin("report", None)
    second.begin("derive", 3)
    np.random.default_rng()
    assert [leak.derived for leak in second.take()] == [True]
    second.end()
    np.random.default_rng()
    assert [leak.derived for leak in first.take()] == [False]
    first.end()
    assert first.settings() == ()


def test_settings_tell_what_is_in_place(entropy: Entropy) -> None:
    """A guard whose place somebody else took is not in force, and theirs is left alone."""
    rows = {row.name: row for row in entropy.settings()}
    assert {row.effect for row in rows.values()} == {"in force"}
    ours = os.urandom
    os.urandom = lambda size: b"0" * size
    rows = {row.name: row for row in entropy.settings()}
    assert rows["entropy.system"].effect == "not in force"
    os.urandom = ours


def _draws(_: int) -> None:
    for _ in range(20):
        random.random()
        time.sleep(0.001)


def _draws_nothing(_: int) -> None:
    time.sleep(0.01)


def _own_generator(number: int) -> float:
    time.sleep(0.01)
    return random.Random(number).random()


@pytest.mark.parametrize(
    ("function", "workers", "seen"),
    [(_draws, 3, True), (_draws, 1, False), (_draws_nothing, 3, False), (_own_generator, 3, False)],
)
def test_threads_that_draw(function: Any, workers: int, entropy: Entropy, *, seen: bool) -> None:
    """Only threads that draw from one global stream at the same time are a leak."""
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(function, range(4)))
    found = entropy.take()
    assert [leak.kind for leak in found] == (["threads that draw"] if seen else [])
    if seen:
        assert found[0].text == "list(pool.map(function, range(4)))"


def test_own_threads_that_draw(entropy: Entropy) -> None:
    """Threads that are started by hand are seen too."""
    import threading

    threads = [threading.Thread(target=_draws, args=(1,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [leak.kind for leak in entropy.take()] == ["threads that draw"]


def test_derive_takes_the_rank_into_account() -> None:
    """Each rank derives numbers of its own, rank 0 those of a job of one, also if the job begins later."""
    found, rank = {}, 0
    entropy = Entropy(rank=lambda: rank)
    for rank in (0, 1, 2, 1):
        entropy.begin("derive", 7)
        assert entropy.state() == entropy.base()
        found.setdefault(rank, []).append(_three())
    rows = {row.name: row.effective for row in entropy.settings()}
    entropy.begin("derive", 7)
    rank = 2
    assert _three() == found[2][0]
    entropy.end()
    alone = Entropy()
    alone.begin("derive", 7)
    assert _three() == found[0][0]
    alone.end()
    assert found[1][0] == found[1][1]
    assert len({number for runs in found.values() for number in runs[0]}) == 9
    assert rows["entropy.numpy"] == "derive, rank 1"
    assert rows["entropy.system"] == "report"
