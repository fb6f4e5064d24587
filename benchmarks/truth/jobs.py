"""What is done in a fresh process."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from truth.peer import play
from truth.program import Act, Program
from truth.stage import Stage

if TYPE_CHECKING:
    from truth.stage import Seen

__all__ = ["Judged", "peer_session", "run_all", "session", "warmed"]


@dataclasses.dataclass(frozen=True)
class Judged:
    """A session, and what the product says of it before anybody looks."""

    seen: dict[str, Seen]
    verdicts: dict[str, tuple[str, tuple[str, ...]]]
    """Cell -> verdict and reasons."""
    stops_at: str | None
    faults: tuple[str, ...]
    plan: str
    walk_s: float


def session(program: Program, folder: str) -> Judged:
    """Play a session under the product and ask for its verdicts."""
    stage = Stage(folder, f"session {program.seed}")
    if program.governing != "cell":
        stage.load(seed=program.governing == "configured")
    seen = stage.play(program)
    return judge(stage, program.final(), seen, program.tagged)


def warmed() -> list[str]:
    """Return the modules of IPython, of the product and of what they rest on that a session imports on its way."""
    folder = tempfile.mkdtemp()
    try:
        cells = (("a", "values = [1]\nvalues"), ("b", "1 / 0"), ("c", "print(values)"))
        acts = tuple(Act("run", (name,)) for name in ("a", "b", "a", "c"))
        session(Program(0, (), "configured", False, cells, acts, {}), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    modules = dict(sys.modules)  # a thread may import meanwhile
    return sorted(name for name, module in modules.items() if name != "__main__" and module is not None)


def judge(
    stage: Stage, cells: dict[str, str], seen: dict[str, Seen], tagged: frozenset[str] = frozenset()
) -> Judged:
    """Ask for the verdicts and the plan."""
    import time

    from jupyter_repro.kernel.extension import session_of
    from jupyter_repro.kernel.verdict import plan_of, walk

    product = session_of(stage.shell)
    if product is None:
        raise RuntimeError("the extension is not loaded")
    began = time.perf_counter()
    walked = walk(product, document_of(cells, tagged))
    took = time.perf_counter() - began
    plan: Any = plan_of(walked, product)
    return Judged(
        seen=seen,
        verdicts={str(said.id): (said.verdict, said.why) for said in walked.verdicts},
        stops_at=None if walked.stops_at is None else str(walked.stops_at),
        faults=product.recording_faults()
        + ((product.boundary.last_traceback or "",) if product.boundary.failures else ()),
        plan=plan.sentence,
        walk_s=took,
    )


def document_of(cells: dict[str, str], tagged: frozenset[str] = frozenset()) -> Any:
    """Return the cells as the product's document."""
    from jupyter_repro.digest import source_digest
    from jupyter_repro.records import Cell, CellId, Document

    return Document(
        cells=tuple(
            Cell(
                id=CellId(name),
                source=source,
                digest=source_digest(source),
                label=name,
                tags=("raises-exception",) if name in tagged else (),
            )
            for name, source in cells.items()
        ),
        origin="given",
    )


def run_all(program: Program, folder: str) -> dict[str, Seen]:
    """Run the final document top to bottom, as Restart & Run All would."""
    stage = Stage(folder, f"oracle {program.seed}")
    os.environ["IPYTHONDIR"] = str(Path(folder).parent / "ipython")
    if program.governing != "cell":
        stage.load(seed=program.governing == "configured")
    return stage.straight(program.final(), program.tagged)


def peer_session(program: Program, folder: str) -> Any:
    """Play a session under the peer."""
    stage = Stage(folder, f"session {program.seed}")
    stage.quietly("load_ext", "ipyflow")
    return play(stage, program)
