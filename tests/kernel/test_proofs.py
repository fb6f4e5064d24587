"""``%repro prove`` in a session: what is refused, what is told, and what a proof is worth afterwards."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.error import UsageError

from jupyter_repro.errors import BadWord
from jupyter_repro.kernel.extension import session_of
from jupyter_repro.kernel.options import parse_options
from jupyter_repro.kernel.requests import Prove
from jupyter_repro.reports import status_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.kernel.proofs import Proofs


def save(bench: Any, **results: str) -> None:
    """Save the notebook as a front end would, with the results of its cells."""
    bench.save()
    node = json.loads(bench.path.read_text())
    for cell in node["cells"]:
        if cell["id"] in results:
            result = {"data": {"text/plain": results[cell["id"]]}, "output_type": "execute_result"}
            cell["outputs"] = [{**result, "metadata": {}, "execution_count": 1}]
        cell["execution_count"] = 1
    time.sleep(0.02)  # after the cells, as the clock of the file system tells it
    bench.path.write_text(json.dumps(node))


def proofs_of(bench: Any) -> Proofs:
    """Return the proofs of the session."""
    session = session_of(bench.shell)
    assert session is not None
    return session.proofs


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("prove", Prove()),
        ("prove wait profile=gpu timeout=2m", Prove(act="wait", profile="gpu", cell_timeout_s=120)),
        ("prove allow=~/a allow=/b", Prove(allowed=("~/a", "/b"))),
        ("prove cancel", Prove(act="cancel")),
        ("prove idle=30", Prove(act="idle", idle_s=30)),
        ("prove idle=1.5h", Prove(act="idle", idle_s=5400)),
        ("prove idle=off", Prove(act="idle")),
    ],
)
def test_words(line: str, wanted: Prove) -> None:
    """What the line asks for, as data."""
    assert parse_options(line) == wanted


@pytest.mark.parametrize(
    "line", ["prove soon", "prove idle=never", "prove timeout=", "prove allow=", "prove profile=tpu"]
)
def test_slips(line: str) -> None:
    """A word that is not known, and a duration that is none."""
    with pytest.raises(BadWord):
        parse_options(line)


def test_a_proof_and_what_it_is_worth(bench: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """It is the headline until a cell runs again; what differs is named, and it is told once."""
    bench.write(a="x = 20 + 1", b="x * 2", c="x - 1")
    bench.run_all()
    save(bench, b="42", c="20")
    assert bench.status().verdict == "reproduced"
    capsys.readouterr()
    bench.shell.run_line_magic("repro", "prove wait")
    told = capsys.readouterr()
    assert "3 identical" in told.out
    assert "repro: comparing" in told.err
    status = bench.status()
    assert (status.verdict, status.proof_since) == ("reproduced", "")
    assert status.headline.startswith("Proven ")
    assert status.proof is not None
    assert status.proof.reproduced
    bench.run("b")
    assert "proven" not in capsys.readouterr().err  # who waited has been told
    status = bench.status()
    assert status.proof_since == "cell 2 ran again"
    assert "; since then cell 2 ran again" in status_text(status)
    bench.edit("c", "x - 2")
    bench.run("b", "c")
    save(bench, b="42", c="20")
    bench.shell.run_line_magic("repro", "prove")
    assert proofs_of(bench).wait(timeout_s=60)
    status = bench.status()
    assert status.verdict == "differs"
    assert status.headline.endswith("2 identical, 1 differs: cell 3")
    assert "  cell 3 differs: 20 became 19" in status_text(status)
    capsys.readouterr()
    bench.run("a")
    assert "repro: proven " in capsys.readouterr().err


def test_what_is_not_displayed_is_not_proven(bench: Any) -> None:
    """The file must hold what ran, and be written after it."""
    bench.write(a="1 + 1")
    bench.run("a")
    with pytest.raises(UsageError, match="was saved before cell 1 last ran"):
        bench.shell.run_line_magic("repro", "prove")


def test_one_at_a_time_and_cancelled(bench: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A second one is refused, the first can be ended, and neither the status nor the file knows of it."""
    bench.write(a="import time\ntime.sleep(0)")
    bench.run("a")
    save(bench)
    before = bench.path.read_bytes()
    bench.shell.run_line_magic("repro", "prove")
    with pytest.raises(UsageError, match="a proof is being made"):
        bench.shell.run_line_magic("repro", "prove")
    bench.shell.run_line_magic("repro", "prove cancel")
    assert proofs_of(bench).wait(timeout_s=60)
    assert bench.status().proof is None
    assert bench.path.read_bytes() == before
    capsys.readouterr()
    bench.run("a")
    assert capsys.readouterr().err == ""
    bench.shell.run_line_magic("repro", "prove cancel")
    assert "no proof is being made" in capsys.readouterr().out


def test_nothing_of_the_user_is_touched(bench: Any) -> None:
    """Neither names, generators nor the record know that a proof was made."""
    bench.write(a="import random\nrandom.seed(3)", b="random.random()")
    bench.run_all()
    save(bench, b="0.23796462709189137")
    import random

    state, names, runs = random.getstate(), set(bench.shell.user_ns), len(session_runs(bench))
    bench.shell.run_line_magic("repro", "prove wait")
    assert (random.getstate(), set(bench.shell.user_ns), len(session_runs(bench))) == (state, names, runs)
    assert bench.status().headline.endswith("2 identical")


def session_runs(bench: Any) -> Any:
    """Return the recorded runs."""
    session = session_of(bench.shell)
    assert session is not None
    return session.ledger.runs


def test_by_itself_when_idle(bench: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Once after each cell, when the notebook is saved; and no more when it is told so."""
    bench.write(a="1 + 1")
    bench.run("a")
    bench.shell.run_line_magic("repro", "prove idle=0.1s")
    changes: list[int] = []
    proofs = proofs_of(bench)
    proofs.on_change.append(lambda: changes.append(1))
    time.sleep(0.5)
    assert proofs.proving is None  # the file is older than the run
    save(bench, a="2")
    _until(lambda: proofs.last is not None)
    assert bench.status().headline.endswith("1 identical")
    assert changes
    first = proofs.last
    time.sleep(0.5)
    assert proofs.last is first
    bench.shell.run_line_magic("repro", "prove idle=off")
    assert "proves by itself no more" in capsys.readouterr().out


def _until(look: Callable[[], bool], patience_s: float = 60) -> None:
    end = time.monotonic() + patience_s
    while not look():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_inside_a_run_of_ours(
    bench: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cell that proves does not prove in the shadow."""
    monkeypatch.setenv("JUPYTER_REPRO_RUN", "1")
    bench.shell.run_line_magic("repro", "prove wait")
    assert "prove is left out" in capsys.readouterr().out
