"""A notebook, or its cells down to one of them, as the subject of a sweep."""

from __future__ import annotations

import copy
import hashlib
import re
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.bundle.notebook import read_notebook
from jupyter_repro.canonical import dumps
from jupyter_repro.errors import BadWord
from jupyter_repro.records import SeedPlan
from jupyter_repro.rng.seeds import check_seed
from jupyter_repro.rng.swept import SWEPT_ENV, swept_seed

from .claim import Claim
from .document import NotebookTask, run_notebook
from .parameters import SEED_NAMES, assigned, with_parameters
from .pinning import thread_variables
from .ulp import moved_params

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_repro.bundle.notebook import Notebook
    from jupyter_repro.records import Strictness
    from jupyter_repro.records.sweeps import SweepPoint

    from .plan import Settings

__all__ = ["NotebookOptions", "NotebookSubject"]

_OWN_SEED = re.compile(r"^[ \t]*%repro\b[^\n#]*?\bseed[ \t]*=[ \t]*([0-9]+)", re.MULTILINE)
_SWEEPS = re.compile(r"^[ \t]*%%repro[ \t]+sweep\b")
_METRICS_CELL = "jupyter-repro-metrics"


class NotebookOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What concerns notebooks alone."""

    seed: int | None = None
    """For a notebook that does not seed itself; None takes 0, and says so."""
    seed_from: str = ""
    """Who gave the seed."""
    strictness: Strictness = "off"
    seed_parameter: str = ""
    """The parameter that gets the child seed; empty takes one that is called as seeds are."""
    cell: str = ""
    """Id or label of the cell after which runs end; empty: the last one."""
    body: str | None = None
    """What stands in the place of that cell."""
    python: str = sys.executable
    allowed: tuple[str, ...] = ()
    """Folders outside the project that cells may write to."""


class NotebookSubject:
    """A saved notebook, run top to bottom in fresh kernels, each in a copy of the project.

    Args:
        path: The ``.ipynb`` file.
        settings: How it is swept.
        options: What concerns notebooks alone.

    Raises:
        BadNotebook: The file is none.
        BadWord: No metric is asked for, a parameter or the cell is not there.
    """

    call = staticmethod(run_notebook)

    def __init__(self, path: Path, settings: Settings, options: NotebookOptions) -> None:
        claimed = Claim(settings.claim).metrics if settings.claim else ()
        self._metrics = tuple(dict.fromkeys((*settings.metrics, *claimed)))
        if not self._metrics:
            raise BadWord(
                "a sweep of a notebook needs to know what to look at",
                remedy="name a variable of it, such as `metric=acc`, or a claim",
            )
        self._path = path.resolve()
        self._options, self._settings = options, settings
        notebook = read_notebook(path)
        self._node = _bare(_down_to(notebook, options))
        self._known = assigned(self._node)
        self._given = dict(settings.params)
        self._seed_name = self._seed_parameter()
        with_parameters(self._node, {**self._given, **({self._seed_name: 0} if self._seed_name else {})})
        self._floats = {
            name: value for name, value in {**self._known, **self._given}.items() if type(value) is float
        }
        if settings.ulp:
            moved_params(self._floats, 0)
        self.root, self.root_from = self._root()
        self.name = path.name + (f" down to {options.cell}" if options.cell else "")
        self.params = {name: repr(value) for name, value in self._given.items()}
        code = [
            (cell["source"], sorted(cell["metadata"].get("tags", ())))
            for cell in self._node["cells"]
            if cell["cell_type"] == "code"
        ]
        facts = [
            code,
            self._given,
            self._metrics,
            self._seed_name,
            self.root,
            options.strictness,
            options.python,
        ]
        self.digest: str | None = hashlib.sha256(dumps(["notebook", *facts])).hexdigest()

    def task(self, point: SweepPoint, *, remote: bool) -> NotebookTask:  # noqa: ARG002 - a project does not travel
        """Return one run."""
        values = dict(self._given)
        if point.kind == "ulp":
            values |= moved_params(self._floats, point.number)
        if self._seed_name:
            old = self._known.get(self._seed_name)
            own = old if isinstance(old, int) and not isinstance(old, bool) and old >= 0 else self.root
            values[self._seed_name] = swept_seed(own, point.index)
        node = with_parameters(self._node, values)
        node["cells"].append(_metrics_cell(self._metrics))
        return NotebookTask(
            path=str(self._path),
            node=node,
            metrics=self._metrics,
            plan=SeedPlan(seed=self.root, strictness=self._options.strictness),
            environment={
                **thread_variables(point.threads),
                "PYTHONHASHSEED": str(point.hash_seed),
                SWEPT_ENV: str(point.index),
            },
            python=self._options.python,
            allowed=self._options.allowed,
            timeout_s=self._settings.timeout_s,
        )

    def close(self) -> None:
        """Nothing is left behind: each run removes its own copy."""

    def _seed_parameter(self) -> str:
        named = self._options.seed_parameter
        if named and named not in self._known:
            raise BadWord(
                f"the cell tagged `parameters` assigns no `{named}`",
                remedy="assign it there, or name another",
            )
        return named or next(
            (name for name in SEED_NAMES if name in self._known and name not in self._given), ""
        )

    def _root(self) -> tuple[int, str]:
        for cell in self._node["cells"]:
            own = _OWN_SEED.search(cell["source"]) if cell["cell_type"] == "code" else None
            if own:
                return check_seed(int(own[1])), f"its own `%repro seed={own[1]}`"
        parameter = self._known.get(self._seed_name)
        if isinstance(parameter, int) and not isinstance(parameter, bool) and parameter >= 0:
            return check_seed(parameter), f"its parameter `{self._seed_name}`"
        if self._options.seed is not None:
            return check_seed(self._options.seed), self._options.seed_from or "as given"
        return 0, "no seed is given"


def _down_to(notebook: Notebook, options: NotebookOptions) -> dict[str, Any]:
    """Return the notebook down to the cell that is asked for."""
    node = copy.deepcopy(notebook.node)
    if not options.cell:
        return node
    labels = {cell.label: str(cell.id) for cell in notebook.cells}
    wanted = labels.get(options.cell, labels.get(f"cell {options.cell}", options.cell))
    at = next((i for i, cell in enumerate(node["cells"]) if cell["id"] == wanted), None)
    if at is None:
        raise BadWord(
            f"`{notebook.path.name}` as it is saved has no `{options.cell}`",
            remedy="save the notebook, and name a cell by its number among the code cells, or by its id",
        )
    node["cells"] = node["cells"][: at + 1]
    if options.body is not None:
        node["cells"][at] |= {"source": options.body, "outputs": []}
    return node


def _bare(node: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is shown, but for errors that runs may show again, and cells that sweep."""
    for cell in node["cells"]:
        if cell["cell_type"] != "code":
            continue
        cell["outputs"] = [out for out in cell["outputs"] if out.get("output_type") == "error"]
        if _SWEEPS.match(cell["source"]):
            cell["source"] = "pass"
    return node


def _metrics_cell(metrics: tuple[str, ...]) -> Mapping[str, Any]:
    """Return the cell that tells the metrics; it binds no name."""
    return {
        "cell_type": "code", "id": _METRICS_CELL, "metadata": {}, "execution_count": None, "outputs": [],
        "source": f'__import__("jupyter_repro.kernel.swept_metrics", fromlist=["tell"]).tell({list(metrics)!r})',
    }  # fmt: skip
