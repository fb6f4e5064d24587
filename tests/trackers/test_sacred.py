"""Sacred with its own observer of files: each record names the other's run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_repro
from jupyter_repro.kernel.extension import session_of
from jupyter_repro.trackers.sacred import Observer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover

EXPERIMENT = """
import warnings
warnings.simplefilter("ignore")  # Sacred's own
from sacred import Experiment
from sacred.observers import FileStorageObserver
import jupyter_repro
ex = Experiment("digits", interactive=True)
ex.observers.append(FileStorageObserver("sacred"))
ex.observers.append(jupyter_repro.ReproObserver(get_ipython()))

@ex.main
def train():
    return 0.5
"""


def test_both_sides_name_each_other(bench: Bench, tmp_path: Path) -> None:
    """Our run in Sacred's file, Sacred's id in our record."""
    pytest.importorskip("sacred", reason="not in the development set; `make trackers` has it")
    bench.write(a="%repro seed=3", b=EXPERIMENT, c="_ = ex.run()", d='%repro note "enough"')
    bench.run_all()
    session = session_of(bench.shell)
    assert session is not None
    assert session.tracking is not None
    told = json.loads((tmp_path / "sacred" / "1" / "run.json").read_text())["meta"]["jupyter_repro"]
    assert (told["run"], told["seed"], told["notebook"]) == (session.tracking.run, "3", "analysis.ipynb")
    (run,) = jupyter_repro.runs(tmp_path)
    (link,) = run.trackers
    assert (link.tracker, link.id, link.experiment, link.cell) == ("Sacred", "1", "digits", "c")


def start(observer: Any, meta: dict[str, Any], run_id: Any) -> None:
    """Tell an observer that a run begins, as Sacred does."""
    observer.started_event({"name": "x"}, "main", {}, None, {}, meta, run_id)


def test_an_observer_without_a_session_says_nothing() -> None:
    """The experiment may run anywhere."""
    meta: dict[str, Any] = {}
    start(jupyter_repro.ReproObserver(), meta, 1)
    assert not meta


def test_what_fails_in_it_is_told_and_ends_no_experiment() -> None:
    """Sacred would end it."""
    told: list[Exception] = []

    def ours() -> Any:
        raise OSError("no git")

    start(Observer(ours=ours, made=lambda _: None, failed=told.append), {}, None)
    assert [str(each) for each in told] == ["no git"]
