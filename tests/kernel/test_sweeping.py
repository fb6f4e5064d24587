"""`%repro sweep` in a shell: words, what it leaves alone, what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.errors import BadWord
from jupyter_repro.kernel.options import parse_options
from jupyter_repro.kernel.requests import Sweep
from jupyter_repro.rng.swept import SWEPT_ENV

if TYPE_CHECKING:
    from tests.conftest import Bench


def _run(shell: Any, source: str) -> None:
    shell.run_cell(source, store_history=True)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sweep train", Sweep(subject="train")),
        (
            'sweep notebook seeds=2:4 metric=acc,loss claim="a > b" repeats=0 # why',
            Sweep(subject="notebook", seeds=(2, 3), metrics=("acc", "loss"), claim="a > b", repeats=0),
        ),
        ("sweep cell=3 claim='a > b' fresh", Sweep(cell="3", claim="a > b", keep=False)),
        (
            "sweep f param=lr=0.1 param=name=x ulp=2 threads=1,2 hashseeds=1 pin=2 jobs=4 seed=7 seedparam=s timeout=2m html=a.html engine=serial",
            Sweep(
                subject="f", params=(("lr", "0.1"), ("name", "x")), ulp=2, threads=(1, 2), hash_seeds=1, pin=2, jobs=4,
                seed=7, seed_parameter="s", timeout_s=120.0, html="a.html", engine="serial",
            ),
        ),
    ],
    ids=["function", "notebook", "cell", "all"],
)  # fmt: skip
def test_words(line: str, expected: Sweep) -> None:
    """Each word has its place in the request."""
    assert expected == parse_options(line)


def test_lists() -> None:
    """Commas separate metrics, and belong to brackets and quotes where they stand in them."""
    assert parse_options('sweep seeds=2 metric="acc, hist[0, 1]"').metrics == ("acc", "hist[0, 1]")
    assert parse_options("sweep seeds=3,5").seeds == (3, 5)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("sweep f seds=3", "unknown word `seds=3`"),
        ("sweep f g", "unknown word `g`"),
        ("sweep f cell=3", "two things"),
        ("sweep f pin=0", "no number from 1"),
        ("sweep f timeout=x", "no duration"),
        ("sweep f param=lr", "no assignment"),
    ],
)
def test_slips(line: str, told: str) -> None:
    """One line with what is wrong."""
    with pytest.raises(BadWord, match=told):
        parse_options(line)


FUNCTION = "import random\ndef train(lr=0.1):\n    return {'acc': random.random() + lr}"


def test_a_function_in_the_shell(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The report is printed; no stream and no name of the kernel moves; the notebook stays reproduced."""
    _run(shell, "%repro seed=42")
    _run(shell, FUNCTION)
    names, state = set(shell.user_ns), __import__("random").getstate()
    capsys.readouterr()
    _run(shell, '%repro sweep train seeds=3 repeats=1 claim="acc > 0.1" engine=serial fresh')
    said = capsys.readouterr()
    assert "train: 3 seeds, children 0 to 2 of 42 (the seed in force), 1 thread each" in said.out
    assert "`acc > 0.1` is true in 3 of 3 seeds" in said.out
    assert "4 of 4 runs" in said.err
    assert state == __import__("random").getstate()
    assert {name for name in set(shell.user_ns) - names if not name.startswith("_")} == set()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("%repro sweep trian", "did you mean `train`?"),
        ("%repro sweep", "nothing to sweep is named"),
        ("%repro sweep notebook metric=x", "no notebook path is known"),
        ("%%repro sweep train\npass", "about its own cell"),
    ],
)
def test_refusals(shell: Any, capsys: pytest.CaptureFixture[str], line: str, told: str) -> None:
    """One line, and what to do."""
    _run(shell, FUNCTION)
    _run(shell, line)
    said = capsys.readouterr()
    assert told in said.err + said.out


def test_left_out_in_a_run_of_ours(
    shell: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep does not begin sweeps; neither does a proof."""
    monkeypatch.setenv("JUPYTER_REPRO_RUN", "1")
    _run(shell, "%repro sweep notebook metric=x")
    _run(shell, "%%repro sweep metric=x\nx = 1")
    assert capsys.readouterr().out.count("sweep is left out") == 2
    assert "x" not in shell.user_ns


def test_tab_offers_words_and_functions(shell: Any) -> None:
    """After `sweep`, the options and the notebook's functions."""
    _run(shell, FUNCTION)
    from IPython.core.completer import provisionalcompleter

    for line, word in (("%repro sweep tr", "train"), ("%repro sweep train cl", "claim=")):
        with provisionalcompleter():
            assert word in [each.text for each in shell.Completer.completions(line, len(line))]


@pytest.mark.slow
def test_a_cell_runs_below_the_saved_ones_and_not_here(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """The body is run in fresh kernels under child seeds; in this kernel nothing of it happens, and the file must hold what ran."""
    bench.write(
        a="%repro seed=42\nbase = 0.5",
        b="%%repro sweep seeds=2 repeats=0 metric=acc fresh\nimport random\nacc = base + random.random()",
        c="raise SystemError('not reached')",
    )
    bench.run("a", "b")
    said = capsys.readouterr().out
    assert "analysis.ipynb down to b: 2 seeds, children 0 to 1 of 42 (its own `%repro seed=42`)" in said
    assert "2 of 2 runs gave numbers" in said
    assert "acc" not in bench.shell.user_ns
    bench.sources["a"] += "1"
    bench.run("a", "b")
    assert "does not hold cell 1 as they ran" in capsys.readouterr().err


def test_a_swept_function_is_read(bench: Bench) -> None:
    """A sweep made again after a cell below has changed what its function uses is not what Run All would make."""
    bench.write(
        defined="rate = 1\ndef helper(seed): return seed * rate\ndef train(seed): return helper(seed)",
        swept="%repro sweep train seeds=1 repeats=0 jobs=1",
        other="elsewhere = 5",
        global_="rate = 5",
        helper="def helper(seed): return -seed",
    )
    bench.run("defined", "swept")
    assert bench.verdicts()["swept"] == "reproduced"
    for below, verdict in (("other", "reproduced"), ("global_", "out of order"), ("helper", "out of order")):
        bench.run("defined", below, "swept")
        assert bench.verdicts()["swept"] == verdict, below


def test_a_swept_notebook_is_not_vouched_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep of the saved notebook runs other cells once they are saved: its verdict is never `reproduced`."""
    monkeypatch.setenv(SWEPT_ENV, "1")  # the words alone: no run of the notebook
    bench.write(acc="acc = 0.9", swept="%repro sweep notebook metric=acc")
    bench.run("acc", "swept")
    (_, found) = bench.status().cells
    assert found.verdict != "reproduced"
    assert any("runs the notebook as it is saved" in why for why in found.why), found.why
