"""What a bundle would hold and weigh, before anything runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro import verifier

from .budget import budgeted
from .build import source_folder
from .canonical import Trace
from .dists import read_interpreter
from .expected import durations_of, expected_seconds, latest_run
from .exported import size_words
from .foreseen import foreseen
from .gather import gather
from .lock import Locked
from .notebook import read_notebook
from .progress import span
from .quick import quick_cells
from .saved_run import trace_of_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Finding

    from .dists import Distribution, Interpreter
    from .gather import Gathered
    from .notebook import Notebook
    from .options import ExportOptions

__all__ = ["ExportPlan", "PlannedPart", "plan_export"]

_LARGEST = 5


class PlannedPart(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the bundle."""

    name: str
    size: int
    """Bytes; of packages as they are installed, which is more than their wheels weigh."""
    files: int
    largest: tuple[tuple[str, int], ...] = ()
    """The largest of them."""
    note: str = ""


class ExportPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The parts, the time, and what is not known yet."""

    parts: tuple[PlannedPart, ...]
    cells: int
    runs: int
    """How often the notebook will be run from top to bottom."""
    quick: int
    """How many cells its quick variant has."""
    seconds: float | None
    """Of cells, by the times of earlier runs; None: a cell has none."""
    unknown: tuple[str, ...] = ()
    refusing: tuple[Finding, ...] = ()
    """What would refuse the export, as far as it is known before the run."""

    def sentence(self) -> str:
        """Return what will be run and how long that takes."""
        if not self.runs:
            return f"{self.cells} cells, none is run: the bundle will say `not proven`"
        time = "an unknown time" if self.seconds is None else f"about {span(self.seconds)}"
        runs = "one run" if self.runs == 1 else f"{self.runs} runs"
        return f"{self.cells} cells in {runs} from top to bottom: {time}"

    def size(self) -> int:
        """Return how much the bundle weighs at most, in bytes."""
        return sum(part.size for part in self.parts if part.name != _FETCHED)

    def lines(self) -> Iterator[str]:
        """Yield the plan as text."""
        yield self.sentence()
        if self.quick:
            yield f"quick variant: {self.quick} cells"
        for part in (part for part in self.parts if part.files):
            files = "1 file" if part.files == 1 else f"{part.files} files"
            yield f"{size_words(part.size):>10}  {part.name} ({files}{', ' if part.note else ''}{part.note})"
            for name, size in part.largest:
                yield f"{size_words(size):>14}  {name}"
        yield f"{size_words(self.size()):>10}  in all, at most"
        for each in self.unknown:
            yield f"unknown: {each}"
        for finding in self.refusing:
            yield f"would be refused: {finding.code} {finding.message}; {finding.remedy}"


_FETCHED = "by address"


def plan_export(notebook: Path, *, options: ExportOptions) -> ExportPlan:
    """Return what the bundle of a notebook would hold and weigh, by the record of its last run.

    Raises:
        BadNotebook: The notebook cannot be read.
        BadWord: A tag or an address is not understood.
        LockFailed: The interpreter does not answer.
    """
    author = read_notebook(notebook)
    interpreter = read_interpreter(options.python)
    record = options.run or latest_run(author)
    trace = Trace() if record is None else trace_of_record(record, author.path)
    seconds = (
        expected_seconds(author)
        if record is None
        else {**expected_seconds(author), **durations_of(author, record)}
    )
    seconds.update(options.durations)
    found = _gathered(author, trace, interpreter, options)
    cells = [str(cell.id) for cell in author.cells]
    known = [seconds.get(cell) for cell in cells]
    runs = 1 + options.calibrate if options.prove else 0
    unknown = [] if record is not None else ["which files it reads: no run is on record"]
    unknown += (
        []
        if options.offline
        else ["which packages no index offers: looked up when the environment is locked"]
    )
    return ExportPlan(
        parts=tuple(_parts(author, found, interpreter, options)),
        cells=len(cells),
        runs=runs,
        quick=len(quick_cells(author.cells)),
        seconds=None if None in known else runs * sum(each for each in known if each is not None),
        unknown=tuple(unknown),
        refusing=foreseen(author, found, options),
    )


def _gathered(author: Notebook, trace: Trace, interpreter: Interpreter, options: ExportOptions) -> Gathered:
    editable = [source_folder(dist) for dist in interpreter.distributions if dist.origin == "editable"]
    modules = tuple(
        file for file in trace.modules if not any(Path(file).is_relative_to(each) for each in editable)
    )
    found = gather(
        author.path,
        msgspec.structs.replace(trace, modules=modules),
        interpreter=interpreter,
        locked=Locked(packages=(), vendored=(), warnings=()),
        include=options.include,
    )
    return budgeted(found, max_data=options.max_data, addresses=options.addresses)


def _parts(
    author: Notebook, found: Gathered, interpreter: Interpreter, options: ExportOptions
) -> Iterator[PlannedPart]:
    yield PlannedPart(name="notebook and reference", size=2 * len(author.raw), files=2)
    for name, role in (("data", "data"), ("modules", "source")):
        yield _files(name, [(file.path, file.size) for file in found.packed if file.role == role])
    if found.fetched:
        homeless = sum(not each.url for each in found.fetched)
        note = f"{homeless} without an address: the export would be refused" if homeless else ""
        yield _files(_FETCHED, [(each.file.path, each.file.size) for each in found.fetched], note)
    carried = [dist for dist in interpreter.distributions if options.offline or dist.origin != "index"]
    yield _files("wheels", [(dist.key, _installed_size(dist)) for dist in carried], "installed size")
    program = [path for path in Path(verifier.__file__).parent.rglob("*") if path.suffix in {".py", ".css"}]
    yield PlannedPart(name="program", size=sum(path.stat().st_size for path in program), files=len(program))


def _files(name: str, files: list[tuple[str, int]], note: str = "") -> PlannedPart:
    largest = sorted(files, key=lambda each: (-each[1], each[0]))[:_LARGEST]
    return PlannedPart(
        name=name, size=sum(size for _, size in files), files=len(files), largest=tuple(largest), note=note
    )


def _installed_size(dist: Distribution) -> int:
    if dist.origin == "editable":
        return sum(path.stat().st_size for path in source_folder(dist).rglob("*.py"))
    return sum(int(row.size) for row in dist.rows if row.size.isdecimal())
