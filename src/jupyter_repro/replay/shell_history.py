"""The shell's numbered inputs and results, by the places of the cells in the document.

In Restart & Run All the third cell that is not blank is the third cell run: what ``_3``, ``Out[3]`` and ``In[3]`` mean there is
known from the document and from what its cells show. A cell that reads them reproduces if it found just that.
"""

from __future__ import annotations

import functools
import hashlib
import re
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.records import Version

from .history_uses import CHANGED, COUNT, INPUTS, OUTPUTS, PREFIXES, SHOWN
from .last_result import LAST_RESULT, binds_it
from .scope import is_history
from .shares import is_fixed
from .versions import MISSING, Expected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_repro.digest.values import Budget
    from jupyter_repro.records import Cell, CellRun

    from .names import Names

__all__ = ["Past", "is_numbered", "read_history", "shows_history_itself"]

_MANY = 900
"""Beyond a thousand results the shell forgets the oldest."""
_UNDERSCORES = frozenset(("__", "___"))
_MEDDLES = re.compile(
    r"run_cell|displayhook|interactivity|cache_size|history_manager|paste|(?m:^\s*(?:exit|quit)\b|^%%(?:capture|prun|repro|time))"
)
"""What a source may say that numbers or keeps results otherwise, and of which its names do not tell."""


def is_numbered(resource: str) -> bool:
    """Tell whether the resource goes by the numbers of runs, which only a restart takes back."""
    return resource.startswith(PREFIXES) and resource != LAST_RESULT


def shows_history_itself(run: CellRun) -> bool:
    """Tell whether a run shows ``Out``, which the shell does not keep as a result."""
    lines = run.source.rstrip().splitlines()
    return bool(lines) and lines[-1].strip() in ("Out", "_oh")


def read_history(
    resources: frozenset[str],
    namespace: Mapping[str, Any],
    digest: Callable[[Any, Budget], str | None],
    budget: Budget,
) -> dict[str, Version] | None:
    """Return the versions of parts of the history as a cell is about to find them; None: they cannot be told.

    Args:
        resources: What :func:`.history_uses.history_uses` has found.
        namespace: All names of the shell.
        digest: Digest of a value.
        budget: How much of values may be looked at.
    """
    inputs, outputs = namespace.get("In"), namespace.get("Out")
    if type(inputs) is not list or type(outputs) is not dict or not 0 < len(inputs) < _MANY:
        return None
    kept = [namespace.get(f"_i{number}") for number in range(1, len(inputs))]
    texts = [text for text in kept if type(text) is str]
    if len(texts) < len(kept) or not _tells_results_singly(namespace):
        return None
    found: dict[str, Version] = {}
    for resource in resources:
        state = _state(resource, texts, outputs, namespace, lambda value: _digest(value, digest, budget))
        if state is None:
            return None
        found[resource] = MISSING if state == "" else Version(state)
    return found


def _tells_results_singly(namespace: Mapping[str, Any]) -> bool:
    """Tell whether a cell shows one result at most, the value of its last expression."""
    shell = getattr(namespace.get("get_ipython"), "__self__", None)
    return (
        getattr(shell, "ast_node_interactivity", "") == "last_expr"
        and getattr(shell, "cache_size", 0) > _MANY
    )


def _digest(value: Any, digest: Callable[[Any, Budget], str | None], budget: Budget) -> str | None:
    return digest(value, budget) if is_fixed(value) else None


def _state(
    resource: str,
    texts: Sequence[str],
    outputs: Mapping[int, Any],
    namespace: Mapping[str, Any],
    digest: Callable[[Any], str | None],
) -> str | None:
    """Return the digest of one part of the history; empty: it is not there; None: not known."""
    kind, _, name = resource.partition(":")
    if kind == "history" and resource not in (OUTPUTS, SHOWN):
        return _of_texts(resource, texts)
    if resource == SHOWN:
        return str(len(outputs))
    if resource == OUTPUTS:
        digests = [(number, digest(value)) for number, value in outputs.items()]
        return None if any(each is None for _, each in digests) else _joined(digests)
    if name in _UNDERSCORES:
        value = namespace.get(name)
        return None if value is None else "" if type(value) is str and not value else digest(value)
    held: Mapping[Any, Any] = namespace if name.startswith("_") else outputs
    key = name if held is namespace else number_of(name)
    return digest(held[key]) if key in held else ""


def number_of(name: str) -> int:
    """Return the number in ``_3`` and ``Out[3]``."""
    return int(name.strip("_Out[]"))


def _of_texts(resource: str, texts: Sequence[str]) -> str:
    """Return the digest of what a cell finds that runs after these texts."""
    if resource == COUNT:
        return str(len(texts))
    if resource == INPUTS:
        return _joined(texts)
    name = resource.partition(":")[2]
    if name.startswith("before"):
        place = len(texts) - int(name.removeprefix("before"))
    else:
        place = int(name.removeprefix("input")) - 1
        if place == len(texts):
            return "its own"
    return _joined(texts[place : place + 1]) if 0 <= place < len(texts) else ""


def _joined(parts: Sequence[object]) -> str:
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Past:
    """The history that run-all would have at each cell.

    Args:
        cells: The document.
        names_of: What a cell reads and binds.
    """

    def __init__(self, cells: Sequence[Cell], names_of: Callable[[Cell], Names]) -> None:
        self.cells = cells
        self._names_of = names_of
        self._results: dict[int, Expected] = {}
        """Place of a cell -> its result, if it shows one or perhaps does."""
        self._here = 0
        self._numbers: list[int] = []
        self._first_meddler: int | None = None
        """The first cell that may change the history otherwise than by being run."""
        self._first_changer: int | None = None
        """The first cell that changes ``Out`` itself."""
        self._first_binder: int | None = None
        """The first cell that binds ``_``, after which the shell leaves it alone."""

    def stand_at(self, index: int) -> None:
        """What is asked for next is asked by this cell."""
        self._here = index

    def show(self, index: int, result: Expected) -> None:
        """The cell shows this result."""
        self._results[index] = result
        cell = self.cells[index]
        if result.recomputed and ("raises-exception" in cell.tags or ";" in cell.source):
            self.may_show(index, result.recomputed)

    def may_show(self, index: int, reason: str) -> None:
        """The cell shows another result, or perhaps none."""
        self._results[index] = Expected(Version(), index, unsure=reason)

    def doubt(self, index: int, reason: str) -> None:
        """What the cell shows is not sure to be so."""
        if index in self._results:
            self._results[index] = msgspec.structs.replace(self._results[index], unsure=reason)

    @property
    def underscores_bound(self) -> bool:
        """Whether a cell above binds ``_``, ``__`` or ``___`` itself, or may."""
        self._look()
        return self._first_binder is not None and self._first_binder < self._here

    def expected(self, resource: str) -> Expected:
        """Return a part of the history as the cell would find it."""
        self._look()
        meddler = self._first_meddler
        if meddler is None and (resource in (OUTPUTS, SHOWN) or resource.startswith("result:O")):
            meddler = self._first_changer
        if meddler is not None and meddler < self._here:
            label = self.cells[meddler].label
            return Expected(Version(), meddler, unsure=f"{label} may change the history")
        if resource.startswith("history:") and resource not in (OUTPUTS, SHOWN):
            state = _of_texts(resource, self._texts())
            return Expected(Version(state) if state else MISSING)
        results = {place: result for place, result in self._results.items() if place < self._here}
        if resource in (SHOWN, OUTPUTS):
            return self._all_of(results, resource)
        name = resource.partition(":")[2]
        if name in _UNDERSCORES:
            return self._before_last(results, len(name))
        return self._numbered(results, number_of(name))

    def _all_of(self, results: Mapping[int, Expected], resource: str) -> Expected:
        unsure = next((result for result in results.values() if result.unsure), None)
        if unsure is not None:
            return unsure
        if resource == SHOWN:
            return Expected(Version(str(len(results))))
        anew = next(
            (each for each in results.values() if each.recomputed or each.version.digest is None), None
        )
        if anew is not None:
            return Expected(Version(), anew.maker, unsure=anew.recomputed or "it can be changed in place")
        return Expected(
            Version(_joined([(self._number(place), each.version.digest) for place, each in results.items()]))
        )

    def _before_last(self, results: Mapping[int, Expected], back: int) -> Expected:
        shown = list(results.values())[-back:]
        doubted = next((result for result in shown if result.unsure), None)
        if doubted is not None:
            return doubted
        return self._fixed(shown[0]) if len(shown) == back else Expected(MISSING)

    def _numbered(self, results: Mapping[int, Expected], number: int) -> Expected:
        for place, result in results.items():
            if self._number(place) == number:
                return self._fixed(result)
        return Expected(MISSING)

    @staticmethod
    def _fixed(result: Expected) -> Expected:
        if result.version.digest is None and not result.recomputed and not result.unsure:
            return msgspec.structs.replace(result, unsure="it can be changed in place")
        return result

    # -- places -----------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Number the cells, once somebody asks: front ends run no blank ones."""
        if self._numbers:
            return
        count = 0
        for index, cell in enumerate(self.cells):
            count += not cell.source.isspace() and bool(cell.source)
            self._numbers.append(count)
            names = self._names_of(cell)
            if self._first_meddler is None and _meddles(cell, names):
                self._first_meddler = index
            if self._first_changer is None and names.past and CHANGED in names.past:
                self._first_changer = index
            if self._first_binder is None and (names.opaque or binds_it((names,))):
                self._first_binder = index

    def _number(self, place: int) -> int:
        return self._numbers[place]

    def _texts(self) -> list[str]:
        above = self.cells[: self._here]
        return [cell.source.rstrip("\n") for cell in above if cell.source and not cell.source.isspace()]


def _meddles(cell: Cell, names: Names) -> bool:
    """Tell whether a cell may change the history otherwise than by being run."""
    own = names.writes | names.deletes
    return (
        bool(names.opaque)
        or names.past is None
        or any(is_history(name) and name.strip("_") for name in own)
        or _says_so(cell.source)
    )


@functools.lru_cache(maxsize=4096)
def _says_so(source: str) -> bool:
    return bool(_MEDDLES.search(source))
