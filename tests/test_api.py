"""The Python door."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import jupyter_repro
from jupyter_repro.errors import BadNotebook, BadWord, NoNotebook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench


def test_public_names_are_there() -> None:
    """Everything in `__all__` can be had, and nothing else is promised."""
    for name in jupyter_repro.__all__:
        assert getattr(jupyter_repro, name) is not None
    assert set(jupyter_repro.__all__) <= set(dir(jupyter_repro))
    with pytest.raises(AttributeError):
        _ = jupyter_repro.nothing  # type: ignore[attr-defined]


def test_status_is_stable_json(bench: Bench) -> None:
    """The documented fields, with plain types, and a round trip through JSON."""
    bench.write(a="x = 1", b="y = x")
    bench.run("b", "a")
    plain = bench.status().to_json()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["schema"] == 1
    assert plain["verdict"] == "differs"
    assert {cell["id"]: cell["verdict"] for cell in plain["cells"]} == {"a": "reproduced", "b": "stale"}
    for cell in plain["cells"]:
        assert cell.keys() == {"id", "label", "verdict", "why", "because_of", "order"}
    for finding in plain["findings"]:
        assert finding.keys() == {"code", "severity", "message", "remedy", "cell"}
    assert plain.keys() == {
        "schema", "verdict", "headline", "cells", "plan", "findings", "governed", "settings", "document",
        "recording", "environment", "proof", "proof_since", "run", "trackers",
    }  # fmt: skip


def test_every_documented_field_is_in_the_page() -> None:
    """docs/status-json.md names each field and each verdict."""
    from pathlib import Path
    from typing import get_args

    from jupyter_repro.records import Status, Verdict

    page = (Path(__file__).parent.parent / "docs" / "status-json.md").read_text(encoding="utf-8")
    for name in (*Status.__struct_fields__, *get_args(Verdict)):
        assert f"`{name}`" in page, name


def test_status_takes_a_path_a_node_or_nothing(bench: Bench) -> None:
    """The same verdicts each way."""
    bench.write(a="x = 1", b="y = x")
    bench.run_all()
    node = json.loads(bench.path.read_text())
    expected = [cell.verdict for cell in jupyter_repro.status(bench.path, bench.shell).cells]
    assert expected == ["reproduced", "reproduced"]
    assert [cell.verdict for cell in jupyter_repro.status(node, shell=bench.shell).cells] == expected
    assert [cell.verdict for cell in jupyter_repro.status(shell=bench.shell).cells] == expected


def test_a_document_without_cell_ids_is_matched_by_source(shell: Any) -> None:
    """Old notebooks, and front ends whose ids change."""
    for source in ("x = 1", "y = x", "x = 1"):
        shell.run_cell(source)
    node = {
        "cells": [{"cell_type": "code", "source": s, "metadata": {}} for s in ("x = 1", "y = x", "x = 1")]
    }
    assert [cell.verdict for cell in jupyter_repro.status(node, shell=shell).cells] == ["reproduced"] * 3


def test_without_a_record_nothing_is_claimed(tmp_path: Path) -> None:
    """A notebook that no kernel has run is `not run`, and says so."""
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        {"cell_type": "code", "id": "a", "source": "1", "metadata": {}, "outputs": [], "execution_count": None}
    ]}))  # fmt: skip
    code = (
        "import jupyter_repro, sys\n"
        "status = jupyter_repro.status(sys.argv[1])\n"
        "print(status.verdict, [c.verdict for c in status.cells])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "nothing run ['not run']"
    bare = "import jupyter_repro\njupyter_repro.status()"
    done = subprocess.run([sys.executable, "-c", bare], capture_output=True, text=True, check=False)
    assert "there is no notebook and no shell" in done.stderr


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("", "it is not JSON"),
        ("not json", "it is not JSON"),
        ("[]", "no list of cells"),
        ('{"cells": 3}', "no list of cells"),
        ('{"cells": [{"cell_type": "code"}]}', "has no source"),
        ('<<<<<<< HEAD\n{"cells": []}\n=======\n{}\n>>>>>>> x\n', "merge conflict markers"),
        ("[" * 100_000, "it is not JSON"),
    ],
)
def test_what_is_not_a_notebook_is_one_clear_error(
    tmp_path: Path, content: str, part: str, shell: Any
) -> None:
    """One line, with the remedy."""
    path = tmp_path / "n.ipynb"
    path.write_text(content)
    with pytest.raises(BadNotebook, match=part) as caught:
        jupyter_repro.status(path, shell=shell)
    assert "\n" not in str(caught.value)


def test_odd_documents_are_refused(shell: Any, tmp_path: Path) -> None:
    """A missing file, a folder, a number."""
    for document in (tmp_path / "gone.ipynb", tmp_path, 3):
        with pytest.raises(BadNotebook):
            jupyter_repro.status(document, shell=shell)  # type: ignore[arg-type]


class TestSeed:
    """`jupyter_repro.seed(...)`."""

    def test_a_block_governs_and_gives_back(self) -> None:
        """Exactly 42 inside, bit for bit as before outside."""
        before = random.getstate(), np.random.get_state()
        with jupyter_repro.seed(42) as governed:
            assert random.random() == random.Random(42).random()
            assert np.random.rand() == np.random.RandomState(42).rand()
            assert {s.name for s in governed.settings if s.effect == "in force"} >= {
                "seed.python",
                "seed.numpy",
            }
        assert random.getstate() == before[0]
        assert all(np.array_equal(a, b) for a, b in zip(np.random.get_state(), before[1], strict=True))

    def test_without_a_block_it_stays_until_restored(self) -> None:
        """`restore()` twice is once."""
        before = random.getstate()
        governed = jupyter_repro.seed(1, strictness="strict")
        assert random.getstate() != before
        governed.restore()
        governed.restore()
        assert random.getstate() == before

    @pytest.mark.parametrize("value", [-1, 3.7, True, "42", None, 2**400])
    def test_what_is_no_seed_is_refused(self, value: Any) -> None:
        """Nothing is rounded or guessed, and nothing is changed."""
        before = random.getstate()
        with pytest.raises(BadWord):
            jupyter_repro.seed(value)
        assert random.getstate() == before


def test_errors_survive_pickling() -> None:
    """They cross process borders whole."""
    import pickle

    error = NoNotebook("what and where", remedy="do this")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is NoNotebook
    assert (again.message, again.remedy) == ("what and where", "do this")


class TestSeedWords:
    """`jupyter_repro.seed(...)` takes the words of `%repro`."""

    def test_threads_and_tf32_hold_without_strictness(self) -> None:
        """They are in force in the block, and as before after it."""
        torch = pytest.importorskip("torch", reason="torch is not installed")
        before = (
            torch.get_num_threads(),
            torch.backends.cuda.matmul.allow_tf32,
            torch.backends.cudnn.allow_tf32,
        )
        with jupyter_repro.seed(42, threads=before[0] + 1, tf32="off") as governed:
            assert torch.get_num_threads() == before[0] + 1
            assert not torch.backends.cudnn.allow_tf32
            rows = {row.name: row.effect for row in governed.settings}
            assert rows["torch.threads"] == rows["torch.tf32"] == "in force"
        after = (
            torch.get_num_threads(),
            torch.backends.cuda.matmul.allow_tf32,
            torch.backends.cudnn.allow_tf32,
        )
        assert after == before

    @pytest.mark.parametrize("entropy", ["report", "derive"])
    def test_leaks_are_told(self, entropy: Any) -> None:
        """What drew without a seed is told by line; `derive` makes it the same each time."""
        drawn = []
        for _ in range(2):
            with jupyter_repro.seed(42, entropy=entropy) as governed:
                drawn.append(np.random.default_rng().random())
            (leak,) = governed.leaks
            assert (leak.what, leak.derived) == ("np.random.default_rng()", entropy == "derive")
        assert (drawn[0] == drawn[1]) is (entropy == "derive")

    @pytest.mark.parametrize(
        "words",
        [{"entropy": "reprot"}, {"tf32": "on"}, {"threads": 0}, {"threads": "four"}, {"strictness": "hard"}],
    )
    def test_slips(self, words: dict[str, Any]) -> None:
        """A value that is not known is refused, and nothing is changed."""
        before = random.getstate()
        with pytest.raises(BadWord):
            jupyter_repro.seed(42, **words)
        assert random.getstate() == before

    @pytest.mark.parametrize(("words", "verdict"), [("", "unknown"), (', entropy="derive"', "unknown")])
    def test_the_notebook_still_knows(self, bench: Bench, words: str, verdict: str) -> None:
        """Draws under a program's own word on entropy are not hidden from the notebook's verdicts."""
        bench.write(
            seed="import numpy as np, jupyter_repro\n%repro seed=42",
            own=f"governed = jupyter_repro.seed(7{words})",
            draw="x = np.random.default_rng().random()",
            restore="governed.restore()",
        )
        bench.run_all()
        assert bench.verdicts()["draw"] == verdict
        assert [found.cell for found in bench.status().findings if found.code == "RP203"] == ["draw"]


class TestReport:
    """`jupyter_repro.report(...)`."""

    def test_it_holds_what_the_magic_writes(self, bench: Bench) -> None:
        """The same facts as `%repro report json PATH`."""
        bench.write(
            seed="import numpy as np\n%repro seed=42",
            draw="x = np.random.default_rng().random()",
            write="%repro report json report.json",
        )
        bench.run_all()
        made = jupyter_repro.report(shell=bench.shell).to_json()
        assert [(source["code"], source["cell"]) for source in made["sources"] if source["changes"]] == [
            ("RP203", "draw")
        ]
        assert json.loads((bench.path.parent / "report.json").read_text())["sources"] == made["sources"]
        assert jupyter_repro.report(bench.path, shell=bench.shell).to_json()["sources"] == made["sources"]

    def test_a_notebook_that_nobody_recorded(self, bench: Bench, shell_maker: Any) -> None:
        """Nothing was seen, and it says of each cell that it has not run."""
        bench.write(a="x = 1")
        made = jupyter_repro.report(bench.path, shell=shell_maker())
        assert made.governed is None
        assert any("run" in each.why or "run" in each.what for each in made.uncovered)

    def test_without_anything(self, shell_maker: Any) -> None:
        """Neither a notebook nor a recorded shell: what to do is said."""
        with pytest.raises(NoNotebook, match="load_ext"):
            jupyter_repro.report(shell=shell_maker())


def test_trace_writes_what_torch_does(tmp_path: Path) -> None:
    """A block of a script is written down as cells are, also if it raises, and can be compared."""
    import torch

    from jupyter_repro.determinism.trace.compare import compare_traces
    from jupyter_repro.determinism.trace.format import read_trace

    def failing(number: int) -> None:
        with jupyter_repro.seed(number), jupyter_repro.trace(tmp_path / f"{number}.trace"):
            torch.rand(3)
            raise KeyError

    for number in (1, 2):
        with pytest.raises(KeyError):
            failing(number)
    one, two = (read_trace(tmp_path / f"{number}.trace") for number in (1, 2))
    found = compare_traces(one, two).divergence
    assert found is not None
    assert found.cause == "RNG state"
    assert one.facts["seed"] == "1"
