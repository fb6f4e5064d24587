"""The same sessions under ipyflow: what its front end would mark."""

from __future__ import annotations

import dataclasses
import importlib.util
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from truth.program import changed
from truth.zygote import Died

if TYPE_CHECKING:
    from truth.playground import Playground
    from truth.program import Program
    from truth.score import CellScore
    from truth.stage import Stage

__all__ = ["Answer", "ask", "play"]

NAME = "ipyflow"
LIBRARIES = ("IPython.core.interactiveshell", "numpy", "pandas", "ipyflow")


@dataclasses.dataclass(frozen=True)
class Answer:
    """What the peer marks at the end of a session."""

    marked: frozenset[str]
    """Cells that are stale or ready to run again, wait for another, or ran in an unsafe order."""
    raised: str = ""

    def said_of(self, cell: CellScore) -> CellScore:
        """Return the cell's score with the peer's answer in place of ours."""
        said = "stale" if cell.cell in self.marked else "reproduced"
        lie = cell.differs and said == "reproduced"
        return dataclasses.replace(cell, verdict=said, why=(), broken_promise=lie)


def interpreter(root: Path) -> str:
    """Return a Python that has the peer: this one, or one in a throw-away environment on top of it."""
    if importlib.util.find_spec(NAME) is not None:
        return sys.executable
    home = root / "peer"
    venv.create(home, with_pip=True, system_site_packages=True)
    # an environment made from another one does not see that one's packages
    ours = "\n".join(path for path in sys.path if path.endswith("site-packages"))
    python = str(home / "bin" / "python")
    where = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip()
    Path(site, "ours.pth").write_text(ours + "\n", encoding="utf-8")
    subprocess.run([python, "-m", "pip", "install", "--quiet", NAME], check=True)
    return python


def ask(playground: Playground, program: Program) -> Answer:
    """Play the session under the peer, in a fresh process."""
    folder = playground.fresh()
    try:
        answer: Answer = playground.peers().call("peer_session", program, folder)
    except Died as death:
        return Answer(frozenset(), str(death))
    return answer


class _Comm:
    """Stands where the peer's front end would listen."""

    def __init__(self) -> None:
        self.last: dict[str, Any] = {}

    def send(self, data: dict[str, Any]) -> None:
        self.last = data


def play(stage: Stage, program: Program) -> Answer:
    """Drive the peer by the messages of its own front end; in order, by liveness, as it advises for notebooks."""
    import random

    from ipyflow.config import ExecutionSchedule, FlowDirection
    from ipyflow.singletons import flow

    random.seed(42)
    sys.modules["numpy.random"].seed(42)
    notebook = flow()
    notebook.mut_settings.flow_order = FlowDirection.IN_ORDER
    notebook.mut_settings.exec_schedule = ExecutionSchedule.LIVENESS_BASED
    comm, cells = _Comm(), dict(program.cells)
    if program.governing == "cell":
        # our own extension stays out; the generators are seeded above
        cells["c0"] = "pass"

    def tell(kind: str, **more: Any) -> str:
        metadata = {
            name: {"index": at, "content": source, "type": "code"}
            for at, (name, source) in enumerate(cells.items())
        }
        notebook.comm_manager.handle({"type": kind, "cell_metadata_by_id": metadata, **more}, comm=comm)
        return "" if comm.last.get("success", True) else str(comm.last.get("error"))

    raised = tell("compute_exec_schedule")
    for act in program.acts:
        cells = changed(cells, act)
        if act.do in ("edit", "delete", "move", "insert"):
            raised = tell("notify_content_changed") or raised
        stage.touch(act)
        for name in act.cells if act.do in ("run", "run in turn") else ():
            raised = tell("change_active_cell", active_cell_id=name) or raised
            seen = stage.run(name, cells[name])
            raised = tell("compute_exec_schedule", executed_cell_id=name) or raised
            if seen.error and act.do == "run in turn" and name not in program.tagged:
                break
    raised = tell("compute_exec_schedule") or raised
    said = comm.last
    marked = {
        name
        for kind in (
            "waiting_cells",
            "ready_cells",
            "new_ready_cells",
            "unsafe_order_cells",
            "unsafe_order_symbol_usage",
            "stale_parents",
        )
        for name in said.get(kind, ())
    }
    return Answer(frozenset(marked), raised)
