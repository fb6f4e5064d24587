"""The program of one job: told on its standard input what to do, it tells how far it is, a line of JSON each time.

The end of its input ends it, as Ctrl-C would: nothing half made stays behind.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from jupyter_repro.errors import ExportRefused, ReproError
from jupyter_repro.verifier.progress import Progress

from .jobs import JobResult, JobRow, judged
from .refused import refusals
from .worker_process import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_repro.bundle.progress import ExportEvent

__all__ = ["main"]

_VERIFY_STEPS = 3


def main() -> int:
    """Do what the first line of standard input says."""
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a kernel ignores it, and so would what it starts
    lines = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what programs and libraries print is no message
    teller = _Teller(lines)
    try:
        task = msgspec.json.decode(sys.stdin.buffer.readline())
        threading.Thread(target=_end_with_input, daemon=True).start()
        do = {"export": _export, "verify": _verify}[task["do"]]
        result = do(task, teller.tell)
    except KeyboardInterrupt:
        teller.tell(Told(kind="end", error="it was ended"))
    except ExportRefused as error:
        refused = refusals(error.against)
        teller.tell(Told(kind="end", error=error.message, remedy=error.remedy, refused=refused))
    except ReproError as error:
        teller.tell(Told(kind="end", error=error.message, remedy=error.remedy))
    else:
        teller.tell(Told(kind="end", result=result))
    return 0


class _Teller:
    """Writes lines, from whatever thread."""

    def __init__(self, lines: IO[bytes]) -> None:
        self._lines = lines
        self._lock = threading.Lock()

    def tell(self, told: Told) -> None:
        """Write a line."""
        with self._lock:
            self._lines.write(msgspec.json.encode(told) + b"\n")
            self._lines.flush()


def _end_with_input() -> None:
    """Interrupt the work when nobody is there any more who wants it."""
    while os.read(0, 4096):  # not by `sys.stdin`, whose lock would be held when the interpreter ends
        pass
    if os.name == "posix":
        os.kill(os.getpid(), signal.SIGINT)
    else:
        import _thread

        _thread.interrupt_main()


def _export(task: Mapping[str, Any], tell: Callable[[Told], None]) -> dict[str, object]:
    from jupyter_repro.bundle.export import export
    from jupyter_repro.bundle.options import ExportWish, as_options
    from jupyter_repro.records import SeedPlan, Setting

    options = as_options(
        msgspec.convert(task["wish"], ExportWish),
        output=Path(task["output"]),
        plan=msgspec.convert(task["plan"], SeedPlan),
        settings=msgspec.convert(task["settings"], tuple[Setting, ...]),
        python=task["python"],
        durations=task["durations"],
        progress=lambda event: tell(_step(event)),
    )
    made = export(Path(task["notebook"]), options=options)
    result = JobResult(
        sentence=made.sentence(),
        command=f"uv run {made.path.name}",
        size=made.size,
        findings=tuple(f"{each.code} {each.severity}: {each.message}" for each in made.findings),
    )
    # for the record of the run, which the kernel makes
    return {**msgspec.to_builtins(result), "durations": dict(made.durations)}


def _step(event: ExportEvent) -> Told:
    return Told(
        kind="step",
        step=event.text,
        number=event.number,
        of=event.of,
        cell=event.cell_number or None,
        cells=event.cells or None,
        estimate_s=event.remaining_s,
    )


class _VerifyProgress(Progress):
    """What the verifier tells, as steps and rows."""

    def __init__(self, tell: Callable[[Told], None]) -> None:
        super().__init__(quiet=True)
        self._tell = tell
        self._number = 0

    def step(self, name: str) -> None:
        """Begin a step."""
        self._number += 1
        self._tell(Told(kind="step", step=name, number=self._number, of=_VERIFY_STEPS))

    def detail(self, text: str) -> None:
        """Say how it goes."""
        self._tell(Told(kind="step", step=text))

    def about(self, *_: object) -> None:
        """What is run is told by the request that asked for it."""

    def cell(self, event: dict[str, Any]) -> None:
        """Say that a cell has begun or ended."""
        position, ended = event["position"], event.get("kind") == "end"
        state: Any = "ran" if ended else "running"
        row = JobRow(
            cell=event.get("cell", ""),
            label=f"cell {position}",
            state=state,
            detail=f"{event['duration_s']:.1f} s" if ended else "",
        )
        self._tell(Told(kind="step", cell=position, cells=event["total"]))
        self._tell(Told(kind="rows", rows=(row,)))


def _verify(task: Mapping[str, Any], tell: Callable[[Told], None]) -> dict[str, object]:
    from jupyter_repro.bundle.verify import verify

    bundle = Path(task["bundle"])
    folder = bundle.with_name(f"{bundle.name.removesuffix('.zip')}.report")
    folder.mkdir(exist_ok=True)
    report = verify(
        bundle,
        output=folder,
        sandbox=task["sandbox"],
        network=task["network"],
        progress=_VerifyProgress(tell),
    )
    rows = tuple(judged(row["id"], row["label"], row["verdict"], row["why"]) for row in report["cells"])
    tell(Told(kind="rows", rows=rows))
    result = JobResult(
        sentence=report["headline"],
        report=str(folder / "report.html"),
        exit_code=report["exit_code"],
        findings=(report["remedy"],) if report.get("remedy") else (),
    )
    return dict(msgspec.to_builtins(result))


if __name__ == "__main__":
    sys.exit(main())
