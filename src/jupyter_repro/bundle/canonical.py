"""The canonical run: the notebook top to bottom in a fresh kernel, in its own folder, under the plan."""

from __future__ import annotations

import contextlib
import copy
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.errors import RunFailed
from jupyter_repro.inputs.root import git_root
from jupyter_repro.records.configs import Config  # noqa: TC001 - msgspec resolves the field types at run time
from jupyter_repro.records.system import Loaded  # noqa: TC001 - as above
from jupyter_repro.verifier.errors import VerifierError
from jupyter_repro.verifier.execute import Event, Executed, KernelSpec, Limits, execute
from jupyter_repro.verifier.execute_main import allow_errors

from .governing import RECORDER_ENV, governing_arguments, kernel_environment, recorder_arguments
from .standing import CellFacts, standing
from .stopping import go_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jupyter_repro.records import SeedPlan

    from .dists import Interpreter
    from .notebook import Notebook

__all__ = ["CanonicalRun", "Trace", "canonical_run"]

_NEEDED = ("ipykernel", "jupyter-repro")
_ALLOWED_TAG = "raises-exception"
_ERROR_LENGTH = 200
_OURS = "jupyter_repro"
_VOLATILE = ("execution", "ExecuteTime", "papermill")


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """What the recorder saw in the kernel."""

    read: tuple[str, ...] = ()
    """Files read before the run wrote them."""
    written: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    """Files that the run wrote before it read them."""
    modules: tuple[str, ...] = ()
    """Files of imported modules."""
    effects: tuple[str, ...] = ()
    """What it did that cannot be replayed, in words."""
    blind_spots: tuple[str, ...] = ()
    """What the recorder cannot see, in words."""
    programs: tuple[str, ...] = ()
    """Programs that cells called."""
    loaded: Loaded | None = None
    """What the libraries that it imported tell; None: no cell has run."""
    configs: tuple[Config, ...] | None = None
    """Configurations that its names held in the end; None: they could not be looked for."""
    cells: dict[str, CellFacts] = {}
    """What jupyter_repro saw of each cell, where it watched."""

    def and_also(self, other: Trace) -> Trace:
        """Return what either run used."""
        fields = ("read", "written", "products", "modules", "effects", "blind_spots", "programs")
        joined = {
            name: tuple(dict.fromkeys((*getattr(self, name), *getattr(other, name)))) for name in fields
        }
        return msgspec.structs.replace(self, **joined)


class CanonicalRun(msgspec.Struct, frozen=True, kw_only=True):
    """What a fresh kernel made of the notebook."""

    node: dict[str, Any]
    """The notebook with the outputs of this run and without volatile metadata."""
    errors: dict[str, str]
    """Expected errors: the exception's name by cell id."""
    trace: Trace
    arguments: tuple[str, ...]
    """What every run of the bundle gives to the kernel; the recorder is not among them."""
    environment: dict[str, str]
    seconds: float


def canonical_run(  # noqa: PLR0913 - the settings of one run, all keyword-only
    notebook: Notebook,
    *,
    plan: SeedPlan,
    interpreter: Interpreter,
    cell_timeout_s: float | None,
    progress: Callable[[str], None],
    partial: bool = False,
    watch: Callable[[Event, str], None] | None = None,
    only: frozenset[str] | None = None,
    more_environment: Mapping[str, str] | None = None,
) -> CanonicalRun:
    """Run the notebook from top to bottom as a reader's machine will.

    Args:
        notebook: What is run.
        plan: Put in force for a notebook that does not govern itself.
        interpreter: The kernel's Python.
        cell_timeout_s: Longest time for one cell.
        progress: Called with a sentence as each cell begins.
        watch: Called with each event and the label of its cell, in the place of ``progress``.
        only: The ids of the cells to run; None: all.
        more_environment: Variables of this run alone.
        partial: A run that ends early is told as far as it came, and raises nothing.

    Raises:
        RunFailed: A cell failed that shows no such error in the saved notebook and is not tagged
            ``raises-exception``, the kernel died, or it could not start.
    """
    _require(interpreter)
    arguments = governing_arguments(notebook.cells, plan)
    environment = kernel_environment(os.environ, cores=os.cpu_count() or 1, cells=notebook.cells)
    labels = {str(cell.id): cell.label for cell in notebook.cells}
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jr-inputs-") as folder, _started_kernel():
        seen = Path(folder) / "inputs.json"
        executed = execute(
            _going_on(notebook),
            kernel=KernelSpec(
                python=interpreter.python,
                cwd=notebook.path.resolve().parent,
                arguments=(*arguments, *recorder_arguments()),
                environment={**environment, **(more_environment or {}), RECORDER_ENV: str(seen)},
                root=git_root(notebook.path.resolve().parent),
            ),
            limits=Limits(cell_timeout_s=cell_timeout_s, total_timeout_s=None, memory_bytes=None),
            on_event=lambda event: _tell(event, labels, progress, watch),
            go_on=go_on,
            only=only,
        )
        if not partial:
            _refuse_failure(executed, notebook)
        trace = Trace() if partial and executed.died else _read_trace(seen, notebook)
    return CanonicalRun(
        node=_stable(executed.notebook, notebook, trace),
        errors=_errors(executed.notebook),
        trace=trace,
        arguments=arguments,
        environment=environment,
        seconds=time.monotonic() - started,
    )


@contextlib.contextmanager
def _started_kernel() -> Iterator[None]:
    """Pass the verifier's own failure on as one of ours."""
    try:
        yield
    except VerifierError as error:
        raise RunFailed(error.message, remedy=error.remedy) from error


def _require(interpreter: Interpreter) -> None:
    for name in _NEEDED:
        if interpreter.find(name) is None:
            raise RunFailed(
                f"`{interpreter.python}` has no {name}, so the notebook cannot be run and watched there",
                remedy=f"run `uv pip install --python {interpreter.python} {name}`",
            )


def _tell(
    event: Event,
    labels: Mapping[str, str],
    progress: Callable[[str], None],
    watch: Callable[[Event, str], None] | None,
) -> None:
    label = labels.get(event.cell)
    if label and watch is not None:
        watch(event, label)
    elif event.kind == "start" and label:
        progress(f"running {label} of {len(labels)}")


def _refuse_failure(executed: Executed, notebook: Notebook) -> None:
    """Raise unless every cell ended as the author's notebook shows or allows."""
    cells = {str(cell.id): cell for cell in notebook.cells}
    shown = {cell["id"]: error_name(cell) for cell in notebook.code_cells}
    raised = {cell["id"]: error_name(cell) for cell in executed.notebook["cells"] if "outputs" in cell}
    told = {cell["id"]: _last_told(cell) for cell in executed.notebook["cells"] if "outputs" in cell}
    for outcome in executed.cells:
        cell = cells.get(outcome.id)
        if cell is None or outcome.ended in {"ok", "not run"}:
            continue
        if outcome.ended != "error":
            raise RunFailed(
                f"the canonical run ended in {cell.label}: {executed.died or outcome.ended}",
                remedy="look for what ends the kernel there, such as memory, or give the cell more time",
            )
        named = raised[outcome.id]  # a slip in a magic is told on stderr, and by no error
        if _ALLOWED_TAG not in cell.tags and (named is None or named != shown[outcome.id]):
            raise RunFailed(
                f"{cell.label} fails in a fresh kernel: {_one_line(outcome.error or told[outcome.id])}",
                remedy="mend it so that Restart & Run All succeeds; if the error is meant, tag the cell "
                f"`{_ALLOWED_TAG}`",
            )
    if executed.died is not None:
        raise RunFailed(
            f"the kernel of the canonical run did not finish: {executed.died}",
            remedy="look for what ends the kernel, such as memory",
        )


def _last_told(cell: Mapping[str, Any]) -> str:
    """Return the last line that a cell wrote to stderr."""
    texts = [out["text"] for out in cell["outputs"] if out.get("name") == "stderr"]
    lines = "".join(texts[-1]).strip().splitlines() if texts else []
    return lines[-1] if lines else "an error that shows nothing"


def _one_line(error: str) -> str:
    text = " ".join(error.split())
    return text if len(text) <= _ERROR_LENGTH else f"{text[:_ERROR_LENGTH]}..."


def error_name(cell: Mapping[str, Any]) -> str | None:
    """Return the name of the exception that a cell's outputs show, or None."""
    return next((str(o.get("ename")) for o in cell["outputs"] if o.get("output_type") == "error"), None)


def _errors(node: Mapping[str, Any]) -> dict[str, str]:
    found = {cell["id"]: error_name(cell) for cell in node["cells"] if cell["cell_type"] == "code"}
    return {cell: name for cell, name in found.items() if name is not None}


def _read_trace(path: Path, notebook: Notebook) -> Trace:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Trace)
    except FileNotFoundError as error:
        if not notebook.cells:
            return Trace()
        raise RunFailed(
            "the kernel of the canonical run did not tell which files it read",
            remedy="make sure that `import jupyter_repro` works in the kernel's Python, in this version",
        ) from error
    except (OSError, msgspec.DecodeError) as error:
        raise RunFailed(
            f"the list of files that the canonical run read is damaged ({error})",
            remedy="use the same version of jupyter_repro in the kernel's Python",
        ) from error


def _going_on(notebook: Notebook) -> dict[str, Any]:
    """Return a copy that runs on after errors which the saved notebook shows."""
    node = copy.deepcopy(notebook.node)
    allow_errors(node, [cell["id"] for cell in notebook.code_cells if error_name(cell) is not None])
    return node


def _stable(node: dict[str, Any], notebook: Notebook, trace: Trace) -> dict[str, Any]:
    """Return the notebook with the author's own tags, with what cells stand on, without metadata that name a moment."""
    stand = standing(notebook.cells, trace.cells)
    for cell, saved in zip(node["cells"], notebook.node["cells"], strict=True):
        ours = cell["metadata"].get(_OURS)
        if ours is not None and cell["id"] in stand:
            ours = {**ours, "stands": stand[cell["id"]]}
        metadata = {**saved["metadata"], _OURS: ours}
        cell["metadata"] = {
            key: value for key, value in metadata.items() if key not in _VOLATILE and value is not None
        }
    return node
