"""Running the notebook again, under the isolation and the limits that the reader asked for.

The program here, which has the reference and gives the verdict, only reads what a pipe brings. The one that drives the
kernel lives with it in the sandbox; neither can reach the reference, the report or this program.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import json
import os
import re
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import sandbox
from .errors import BundleRejected, LimitReached, RunFailed
from .prefixes import system_folders
from .rebuild import changed_packages
from .shape import checked_notebook
from .watch import Watch, kill_all
from .workspace import discard, module_command

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from .rebuild import Built
    from .recipe import Recipe
    from .sandbox import Isolation
    from .terms import Allowance, Terms
    from .workspace import Workspace

__all__ = ["Rerun", "rerun", "wanted_network"]

_MOST_BYTES = 1 << 30
"""Of a notebook with its outputs, as one line of JSON."""
_OURS = "jupyter_repro"
_NO_NETWORK = re.compile(
    r"gaierror|URLError|NewConnectionError|MaxRetryError|ConnectError|ClientConnector|Connection(Refused)?Error"
    r"|Network is unreachable|name resolution|LocalEntryNotFoundError|OfflineModeIsEnabled"
)
"""How the common clients of the web say that they reach nobody."""
_ANYBODY = stat.S_IROTH | stat.S_IXOTH
_LONGEST_S = 1e9
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - where multiprocessing shares memory


@dataclasses.dataclass(frozen=True)
class Rerun:
    """The notebook with fresh outputs, and how it went."""

    notebook: dict[str, Any]
    cells: list[dict[str, Any]]
    died: str | None
    limit: bool


def rerun(  # noqa: PLR0913 - what runs, where, and under which terms
    built: Built,
    workspace: Workspace,
    recipe: Recipe,
    *,
    notebook: dict[str, Any],
    terms: Terms,
    tell: Callable[[dict[str, Any]], None],
    only: Collection[str] | None = None,
) -> Rerun:
    """Run the author's sources with the rebuilt environment's own Python.

    Args:
        built: The environment.
        workspace: Where the author's files lie.
        recipe: What the bundle asks for.
        notebook: The author's notebook.
        terms: What the code may do and use.
        tell: Called with each event of a cell.
        only: Ids of the cells to run; None: all.

    Raises:
        RunFailed: The kernel does not start, or what came back is no notebook.
        LimitReached: A limit ended it before it could tell anything.
    """
    isolation, allowance = terms.isolation, terms.allowance
    sources = _sources_only(notebook)
    request = _request(recipe, workspace, sources, allowance, changed_packages(built), only)
    with _places(recipe, workspace, built, isolation) as places:
        command = [*module_command(built.python, "execute_main"), str(request)]
        with (workspace.folder / "execute.log").open("wb") as log:
            process = subprocess.Popen(
                sandbox.wrapped(
                    isolation, places, allowance.of_processes(own_user=isolation.uid is not None), command
                ),
                cwd=workspace.tools,
                env=sandbox.environment(isolation, places, os.environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
            with process, Watch(process, places.written, allowance.of_all()) as watch:
                try:
                    last = _follow(process, tell)
                except BaseException:
                    kill_all(process)
                    raise
    return _taken(last, sources, watch, process, workspace)


def wanted_network(cell: dict[str, Any]) -> bool:
    """Return whether a cell ended with an error that says that there is no network."""
    return any(
        output["output_type"] == "error"
        and _NO_NETWORK.search(f"{output['ename']}: {output['evalue']}") is not None
        for output in cell.get("outputs", ())
    )


def _sources_only(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook without what its cells gave: nothing that runs may read the results that are expected."""
    plain = copy.deepcopy(notebook)
    for cell in plain["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return plain


def _request(  # noqa: PLR0913, PLR0917 - what the program inside is told, private
    recipe: Recipe,
    workspace: Workspace,
    sources: dict[str, Any],
    allowance: Allowance,
    packages: list[str],
    only: Collection[str] | None,
) -> Path:
    """Say what is to be run, for :mod:`.execute_main`."""
    folder = workspace.folder / "request"
    folder.mkdir()
    text = json.dumps(sources, indent=1)
    (folder / "run.ipynb").write_text(text, encoding="utf-8")
    (workspace.project / recipe.notebook).write_text(text, encoding="utf-8")
    asked = {
        "notebook": str(folder / "run.ipynb"),
        "cwd": str(workspace.working_folder(recipe)),
        "root": str(workspace.project),
        "arguments": list(recipe.kernel_arguments),
        "environment": recipe.kernel_environment,
        "limits": dataclasses.asdict(allowance.of_cells()),
        "expected": [cell.id for cell in recipe.cells if cell.expects_error],
        "packages": packages,
        "only": None if only is None else list(only),
    }
    (folder / "request.json").write_text(json.dumps(asked), encoding="utf-8")
    return folder / "request.json"


@contextlib.contextmanager
def _places(
    recipe: Recipe, workspace: Workspace, built: Built, isolation: Isolation
) -> Iterator[sandbox.Places]:
    folders = {name: workspace.folder / name for name in ("home", "temp", "settings")}
    for folder in folders.values():
        folder.mkdir()
    with contextlib.ExitStack() as stack:
        shared = None
        if isolation.kind == "bubblewrap" and os.access(_SHARED_MEMORY, os.W_OK):
            shared = Path(tempfile.mkdtemp(prefix="repro-", dir=_SHARED_MEMORY))
            stack.callback(discard, shared)
        places = sandbox.Places(
            home=folders["home"],
            temp=folders["temp"],
            environment=built.folder,
            programs=tuple(map(Path, built.new.programs)),
            writable=(workspace.project,),
            tools=workspace.tools,
            readable=(workspace.folder / "request", *_outside(recipe)),
            shared=shared,
            settings=folders["settings"],
        )
        if isolation.uid is not None:
            _hand_over(isolation.uid, places, workspace)
        yield places


def _outside(recipe: Recipe) -> Iterator[Path]:
    """Yield the files outside the project that the notebook reads: their digests have been checked."""
    for file in recipe.external_files:
        path = Path(os.path.normpath(Path(file.path).expanduser()))
        if not any(Path(place) in path.parents for place in system_folders()):
            yield path


def _hand_over(uid: int, places: sandbox.Places, workspace: Workspace) -> None:
    """Give what is written to another user, and let that user read the rest."""
    for top in places.written:
        for folder, _, names in os.walk(top):
            for path in (folder, *(os.path.join(folder, name) for name in names)):  # noqa: PTH118 - many names
                os.chown(path, uid, uid, follow_symlinks=False)
    for top in (
        places.environment,
        places.tools,
        workspace.folder / "request",
        workspace.folder / "settings",
    ):
        _open(top)


def _open(top: Path) -> None:
    """Let everybody read a folder that a strict umask has closed."""
    if top.stat().st_mode & _ANYBODY == _ANYBODY:
        return
    for folder, _, names in os.walk(top):
        for path in (Path(folder), *(Path(folder, name) for name in names)):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | (_ANYBODY if mode & stat.S_IXUSR else stat.S_IROTH))


def _follow(
    process: subprocess.Popen[bytes], tell: Callable[[dict[str, Any]], None]
) -> dict[str, Any] | None:
    """Pass the events on; return the last row, which is the result or the reason why there is none."""
    last = None
    while line := (process.stdout.readline(_MOST_BYTES) if process.stdout else b""):
        if not line.endswith(b"\n"):
            return {
                "failed": "the outputs take more than a gibibyte",
                "remedy": "look at the largest",
                "limit": True,
            }
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            if "result" in row or "failed" in row:
                last = row
            else:
                tell(row)
    return last


def _taken(
    row: dict[str, Any] | None,
    sources: dict[str, Any],
    watch: Watch,
    process: subprocess.Popen[bytes],
    workspace: Workspace,
) -> Rerun:
    """Return what came back as a run of these sources, whatever the other side says they are."""
    if watch.reached is not None:
        message, _, remedy = watch.reached.partition("; ")
        raise LimitReached(message, remedy=remedy)
    if row is None:
        lines = (
            (workspace.folder / "execute.log")
            .read_text(encoding="utf-8", errors="replace")
            .strip()
            .splitlines()
        )
        reason = lines[-1] if lines else f"exit status {process.returncode}"
        raise RunFailed(
            f"the notebook could not be run: {reason}", remedy="run with --keep and look into execute.log"
        )
    if "failed" in row:
        kind = LimitReached if row.get("limit") else RunFailed
        raise kind(str(row["failed"]), remedy=str(row.get("remedy", "")))
    try:
        result = row["result"]
        notebook = checked_notebook(result["notebook"], "what the kernel gave")
        died = result["died"]
        outcomes = [{"duration_s": _seconds(cell["duration_s"])} for cell in result["cells"]]
        return Rerun(
            _joined(sources, notebook), outcomes, None if died is None else str(died), bool(result["limit"])
        )
    except (AttributeError, BundleRejected, KeyError, TypeError, ValueError) as error:
        raise RunFailed(
            f"what came back from the kernel is no notebook: {error}",
            remedy="ask the author how the notebook was run",
        ) from error


def _seconds(value: Any) -> float:
    return min(max(float(value), 0.0), _LONGEST_S) if value == value else 0.0  # noqa: PLR0124 - NaN alone is not itself


def _joined(sources: dict[str, Any], fresh: dict[str, Any]) -> dict[str, Any]:
    """Return our notebook with the outputs and records of the other: sources, ids and order are not the kernel's to say."""
    if len(sources["cells"]) != len(fresh["cells"]):
        raise ValueError("it has another number of cells")
    joined = copy.deepcopy(sources)
    joined["metadata"] = {**joined.get("metadata", {}), _OURS: dict(fresh.get("metadata", {}).get(_OURS, {}))}
    for cell, other in zip(joined["cells"], fresh["cells"], strict=True):
        if cell["cell_type"] == "code":
            cell["outputs"] = other.get("outputs", [])
            told = other.get("metadata", {}).get(_OURS, {})
            ended = str(told.get("ended", "not run"))
            cell["metadata"] = {**cell.get("metadata", {}), _OURS: {**told, "ended": ended}}
    return joined
