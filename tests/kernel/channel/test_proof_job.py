"""A proof as the panel sees it: steps, a row a cell, its end; the same proof that the magic knows."""

from __future__ import annotations

import json
import time
from typing import Any

from followed import Followed

from jupyter_repro.kernel.channel.requests import Prove
from jupyter_repro.kernel.channel.snapshot import Seen, state_of, status_now
from jupyter_repro.kernel.channel.tasks import start
from jupyter_repro.kernel.extension import session_of


def saved(bench: Any, shown: str) -> Any:
    """Run one cell and save it with a result; return the session."""
    bench.write(a="20 + 1")
    bench.run("a")
    node = json.loads(bench.path.read_text())
    result = {"data": {"text/plain": shown}, "output_type": "execute_result", "metadata": {}}
    node["cells"][0] |= {"outputs": [{**result, "execution_count": 1}], "execution_count": 1}
    time.sleep(0.02)
    bench.path.write_text(json.dumps(node))
    return session_of(bench.shell)


def test_a_proof_that_differs(bench: Any) -> None:
    """It is done, its rows say which cell, and the session keeps it."""
    session, followed = saved(bench, "22"), Followed()
    job = start(session, followed.work, Prove(id="1"))
    assert (job.kind, job.about, job.state) == ("prove", "analysis.ipynb", "running")
    over = followed.end()
    assert over.state == "done"
    assert over.result is not None
    assert over.result.exit_code == 1
    assert over.result.sentence.endswith("1 differs: cell 1")
    rows = {row.cell: row for job in followed.told for row in job.rows}
    assert (rows["a"].state, rows["a"].detail) == ("differs", "differs: 22 became 21")
    assert any((job.cell, job.cells) == (1, 1) for job in followed.told)
    assert session.status().verdict == "differs"
    shown = state_of(status_now(session, Seen(settings=(), twins=())), session, busy=None, jobs=())
    assert (shown.verdict, shown.headline) == ("differs", session.status().headline)
    assert session.proofs.on_change == []


def test_cancelled_from_the_panel(bench: Any) -> None:
    """It ends as a job that was cancelled, and there is no proof."""
    session, followed = saved(bench, "21"), Followed()
    job = start(session, followed.work, Prove(id="1"))
    assert followed.work.cancel(job.id).state == "cancelling"
    assert followed.end().state == "cancelled"
    assert session.proofs.last is None
