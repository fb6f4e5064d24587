"""Jobs: told step by step, ended from outside, failed with a reason; by the real program of a job."""

from __future__ import annotations

import json
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from followed import Followed

from jupyter_repro.errors import BadWord
from jupyter_repro.kernel.channel.jobs import JobResult, JobRow
from jupyter_repro.kernel.channel.work import Work
from jupyter_repro.kernel.channel.worker_process import Told, WorkerProcess

if TYPE_CHECKING:
    from pathlib import Path


def made(told: Told) -> JobResult:
    return JobResult(sentence=str(told.result.get("sentence", "")), exit_code=told.result.get("exit_code"))  # type: ignore[arg-type]


def notebook(folder: Path, *sources: str) -> Path:
    cells = [
        {"cell_type": "code", "id": f"c{n}", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for n, source in enumerate(sources)
    ]  # fmt: skip
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = folder / "paper.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": spec, "cells": cells}))
    return path


def export_task(path: Path) -> dict[str, object]:
    import sys

    return {
        "do": "export",
        "notebook": str(path),
        "output": str(path.with_name("paper.repro.zip")),
        "plan": {},
        "settings": (),
        "python": sys.executable,
        "wish": {},
        "durations": {},
    }


def test_a_job_that_fails_says_why(tmp_path: Path) -> None:
    """What keeps the work from its end is told with its remedy, and the next job can start."""
    path = tmp_path / "not a notebook.ipynb"
    path.write_text("hello")
    followed = Followed()

    followed.work.start("export", "x.zip", partial(WorkerProcess, export_task(path)), made)
    job = followed.end()

    assert (job.state, job.result) == ("failed", None)
    assert "not a notebook" in job.message
    assert job.remedy
    assert (
        followed.work.start("export", "x.zip", partial(WorkerProcess, export_task(path)), made).id != job.id
    )
    followed.work.close()


def test_a_bundle_that_is_none_has_a_report(tmp_path: Path) -> None:
    """A verification that comes to no verdict is done, and its exit code says so."""
    bundle = tmp_path / "paper.repro.zip"
    bundle.write_bytes(b"PK\x05\x06" + b"\0" * 18)
    followed = Followed()

    followed.work.start(
        "verify",
        "paper.repro.zip",
        partial(WorkerProcess, {"do": "verify", "bundle": str(bundle), "sandbox": "off", "network": False}),
        made,
    )
    job = followed.end()

    assert job.state == "done"
    assert job.result is not None
    assert job.result.exit_code not in (0, 1)
    assert (tmp_path / "paper.repro.report" / "report.html").is_file()


@pytest.mark.slow
def test_a_job_is_ended_from_outside(tmp_path: Path) -> None:
    """Cancelled in the midst of a cell, the program ends, nothing half made is left, and the job says what it is."""
    path = notebook(tmp_path, "1", "import time; time.sleep(600)")
    followed = Followed()
    job = followed.work.start("export", "x.zip", partial(WorkerProcess, export_task(path)), made)
    with pytest.raises(BadWord):
        followed.work.start("export", "y.zip", partial(WorkerProcess, export_task(path)), made)
    followed.until(lambda job: "2 of 2" in job.step)

    assert followed.work.cancel(job.id).state == "cancelling"
    over = followed.end()

    assert (over.state, over.message) == ("cancelled", "")
    assert [each.name for each in tmp_path.iterdir()] == ["paper.ipynb"]
    assert [job.state for job in followed.work.all()] == ["cancelled"]


def test_a_program_that_dies_is_told_of() -> None:
    """Whatever becomes of the program, its end is told once, with its last words."""
    heard: list[Told] = []
    over = threading.Event()

    def hear(told: Told) -> None:
        heard.append(told)
        if told.kind == "end":
            over.set()

    WorkerProcess({"do": "no such thing"}, hear).start()

    assert over.wait(60)
    assert len(heard) == 1
    assert "no such thing" in str(heard[0].error)


def test_rows_are_told_once(tmp_path: Path) -> None:
    """Of a job's rows only those that are another are told; the job itself keeps all of them."""
    work = Work(lambda: None, name="life")
    path = tmp_path / "x.ipynb"
    path.write_text("hello")
    job = work.start("export", "x.zip", partial(WorkerProcess, export_task(path)), made)
    hear = work._heard
    one, two = (JobRow(cell=name, label=name, state="running") for name in ("a", "b"))

    told = []
    for row in (one, two, JobRow(cell="a", label="a", state="ran")):
        hear(job.id, Told(kind="rows", rows=(row,)), made)
        told.append([(each.cell, each.state) for each in work.take_changed()[0].rows])
    work.close()

    assert told == [[("a", "running")], [("b", "running")], [("a", "ran")]]
    assert [(each.cell, each.state) for each in work.all()[0].rows] == [("a", "ran"), ("b", "running")]
