"""Leaks in cells: findings with cell and line, effects, `derive` as one more stream, allowed with a reason."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Bench  # pragma: no cover


def _findings(bench: Bench) -> dict[str, list[tuple[str, str | None]]]:
    found: dict[str, list[tuple[str, str | None]]] = {}
    for finding in bench.status().findings:
        found.setdefault(finding.code, []).append((finding.message, finding.cell))
    return found


def test_report_is_on_from_the_first_seed(bench: Bench) -> None:
    """After `%repro seed=` a generator without a seed is a finding at its line, and its cell is unknown."""
    bench.write(
        seed="%repro seed=42",
        define="import random\ndef make():\n    return random.Random()",
        use="value = make().random()",
    )
    bench.run_all()
    assert bench.verdicts() == {"seed": "reproduced", "define": "reproduced", "use": "unknown"}
    ((message, cell),) = _findings(bench)["RP203"]
    assert message == "cell 2, line 3, makes a generator without a seed (`random.Random()`)"
    assert cell == "define"
    why = next(each.why for each in bench.status().cells if each.id == "use")
    assert why == ("it draws from the system's entropy (`random.Random()`, line 3)",)


def test_without_a_seed_nothing_is_patched(bench: Bench) -> None:
    """Recording alone leaves every function as it was; `off` gives all back."""
    before = os.urandom, random.Random.__dict__["seed"], random.seed
    bench.write(a="x = 1", s="%repro seed=42", o="%repro off")
    bench.run("a")
    assert (os.urandom, random.Random.__dict__["seed"], random.seed) == before
    bench.run("s")
    assert os.urandom is not before[0]
    bench.run("o")
    assert (os.urandom, random.Random.__dict__["seed"], random.seed) == before


def test_derive_is_one_more_stream(bench: Bench) -> None:
    """Derived generators are reproduced top to bottom, and shifted when a cell runs again."""
    bench.write(
        seed="import numpy as np\n%repro seed=42 entropy=derive",
        a="x = np.random.default_rng().random()",
        b="y = np.random.RandomState().rand()\nprint(x, y)",
    )
    bench.run_all()
    first = bench.shell.user_ns["x"], bench.shell.user_ns["y"]
    assert set(bench.verdicts().values()) == {"reproduced"}
    assert "derived from the seed" in _findings(bench)["RP203"][0][0]
    bench.run("a")
    assert bench.verdicts()["a"] == "rng shifted"
    bench.run_all()
    assert (bench.shell.user_ns["x"], bench.shell.user_ns["y"]) == first
    assert set(bench.verdicts().values()) == {"reproduced"}


def test_raise_and_allow(bench: Bench) -> None:
    """`raise` stops the cell; a comment with a reason lets it pass and is told with the finding."""
    bench.write(
        seed="import numpy as np\n%repro seed=42 entropy=raise",
        bad="np.random.default_rng()",
        good="# repro: allow RP203 because noise is the subject\nrng = np.random.default_rng()",
    )
    bench.run("seed")
    assert "forbids it" in str(bench.run("bad").error_in_exec)
    assert bench.run("good").success
    messages = dict(reversed(pair) for pair in _findings(bench)["RP203"])
    assert messages["good"].endswith("(allowed here: noise is the subject)")


def test_one_cell_only(bench: Bench) -> None:
    """`%%repro seed= entropy=derive` holds for its cell, which is reproduced; then as before."""
    before = os.urandom
    bench.write(a="%%repro seed=7 entropy=derive\nimport random\nx = random.Random().random()")
    bench.run("a")
    first = bench.shell.user_ns["x"]
    assert os.urandom is before
    bench.run("a")
    assert bench.shell.user_ns["x"] == first


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("entropy=derive", "`entropy=derive` needs a seed to derive from"),
        ("entropy=reprot", "did you mean `report`?"),
        ("entropy=report entropy=off", "contradicts an earlier word"),
    ],
)
def test_slips(line: str, said: str, bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip changes nothing and is answered in one line."""
    before = os.urandom
    bench.write(a=f"%repro {line}")
    assert not bench.run("a").success
    assert said in "".join(capsys.readouterr())
    assert os.urandom is before


def test_source_rules_reach_the_status(bench: Bench) -> None:
    """A seed from `hash()` and a set's own order are findings of the cell that ran."""
    bench.write(
        seed="%repro seed=42",
        a="import random\nrandom.seed(hash('a'))",
        b="words = list(set('some text'.split()))",
    )
    bench.run_all()
    found = _findings(bench)
    if os.environ.get("PYTHONHASHSEED", "random") == "random":
        assert found["RP204"][0][1] == "a"
        assert found["RP208"][0][1] == "b"


@pytest.fixture
def hash_seed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the hash seed for random or fixed, whatever it is in this process."""
    from jupyter_repro.kernel import set_orders

    monkeypatch.setattr(set_orders, "_fixed", lambda: request.param == "fixed")


_SETS = {
    "words": "words = 'the quick brown fox'.split()",
    "bind": "vocabulary = set(words)",
    "sorted": "safe = sorted(vocabulary)",
    "numbers": "years = [1, 2, 3]\nfound = list(set(years))",
    "define": "def walk(some):\n    return [w for w in set(some)]",
    "call": "z = walk('one two'.split())",
    "other": "index = {w: i for i, w in enumerate(vocabulary)}",
    "inline": "first = list(set(words))",
    "hang": "n = first[0]",
}


@pytest.mark.parametrize("hash_seed", ["random"], indirect=True)
@pytest.mark.usefixtures("hash_seed")
def test_the_order_of_a_set_is_not_reproduced(bench: Bench) -> None:
    """Where the hash seed is random, a cell that goes through a set of texts is unknown, with line and reason."""
    bench.write(**_SETS)
    bench.run_all()
    assert bench.verdicts() == {
        "words": "reproduced", "bind": "reproduced", "sorted": "reproduced", "numbers": "reproduced",
        "define": "reproduced", "call": "unknown", "other": "unknown", "inline": "unknown", "hang": "unknown",
    }  # fmt: skip
    whys = {cell.id: cell.why for cell in bench.status().cells}
    assert whys["inline"] == (
        "it goes through a set, in an order that this kernel alone has (`list(set(words))`, line 1)",
    )
    assert whys["call"][0].endswith("(`[w for w in set(some)]`, line 2)")
    messages = dict(reversed(pair) for pair in _findings(bench)["RP208"])
    assert set(messages) == {"inline", "other", "define"}
    assert messages["define"].startswith("cell 5, line 2, hangs on the order of a set")
    bench.edit("define", "def walk(some):\n    return sorted(some)")
    bench.run("define", "call")
    assert bench.verdicts()["call"] == "reproduced"


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("x = list(set(frame['year']))", "reproduced"),
        ("x = list(set(frame.year))", "reproduced"),
        ("x = list(set(frame['who']))", "unknown"),
        ("x = list(set(frame['year'].astype(str)))", "unknown"),
        ("x = list(set(array))", "reproduced"),
        ("x = list(set(numbers) | {4})", "reproduced"),
        ("x = list(numbers)", "reproduced"),
        ("x = f'{texts}'", "unknown"),
        ("x = texts.pop()", "unknown"),
        ("x = {k: v for k, v in frame.items()}", "reproduced"),
    ],
)
@pytest.mark.parametrize("hash_seed", ["random"], indirect=True)
@pytest.mark.usefixtures("hash_seed")
def test_values_tell_whether_the_order_is_sure(bench: Bench, source: str, verdict: str) -> None:
    """Columns, arrays, lists and sets of numbers alone have one order in every kernel."""
    bench.write(
        make="import numpy as np, pandas as pd\nframe = pd.DataFrame({'year': [2, 1], 'who': ['a', 'b']})\n"
        "array, numbers, texts = np.arange(3), {1, 2.5, True}, frozenset(('a', 'b')) | {'c'}\ntexts = set(texts)",
        use=source,
    )
    bench.run_all()
    assert bench.verdicts()["use"] == verdict


def test_what_cannot_be_looked_at_is_unknown(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of ours leaves the run in the record, as unknown."""
    from jupyter_repro.entropy import set_order

    def fails(_source: str, _kinds: object) -> object:
        raise RecursionError

    monkeypatch.setattr(set_order, "set_walks", fails)
    monkeypatch.setattr("jupyter_repro.kernel.set_orders._fixed", lambda: False)
    bench.write(a="x = list(set('abc'))", b="y = 1")
    bench.run_all()
    assert bench.verdicts() == {"a": "unknown", "b": "reproduced"}


@pytest.mark.parametrize("hash_seed", ["fixed"], indirect=True)
@pytest.mark.usefixtures("hash_seed")
def test_a_fixed_hash_seed_fixes_the_order(bench: Bench) -> None:
    """Then a fresh kernel goes through it in the same order, and nothing is told."""
    bench.write(**_SETS)
    bench.run_all()
    assert set(bench.verdicts().values()) == {"reproduced"}
    assert "RP208" not in _findings(bench)
