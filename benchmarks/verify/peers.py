"""What nbval and pytest-notebook flag in pairs of cells, each judged by the tool's own comparison.

Run inside an environment that has both: ``python peers.py PAIRS.json`` prints the numbers of the flagged pairs
by way. The pairs are outputs of two runs, so each tool sees the same outputs and none has to run anything.
"""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import nbformat
from nbval.plugin import IPyNbCell, coalesce_streams
from pytest_notebook.diffing import diff_notebooks, filter_diff
from pytest_notebook.nb_regression import DEFAULT_DIFF_IGNORE
from pytest_notebook.notebook import regex_replace_nb
from pytest_notebook.post_processors import load_processor

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["main"]

Cell = dict[str, Any]
_RULES = (
    (r"\d\d\d\d-\d\d-\d\d", "DATESTAMP"),
    (r"\d\d-\d\d-\d\d\d\d", "DATESTAMP"),
    (r"\d\d:\d\d:\d\d", "TIMESTAMP"),
    (r"\d\d:\d\d", "TIMESTAMP"),
    (r"(<[a-zA-Z_][0-9a-zA-Z_.]* at )(0x[0-9a-fA-F]+)(>)", r"\1MEMORY_ADDRESS\3"),
    (r"(Figure size )\d+x\d+( with \d+ Axes)", r"\1WIDTHxHEIGHT\2"),
)
"""The sanitising that nbval's own tests come with (``tests/sanitize_defaults.cfg``)."""
_SKIPPED = (
    "metadata", "traceback", "prompt_number", "output_type", "name", "execution_count",
    "application/vnd.jupyter.widget-view+json", "image/png", "image/jpeg",
)  # fmt: skip
"""What nbval leaves out of its comparison by default."""


def _nbval(rules: tuple[tuple[str, str], ...]) -> Callable[[Cell, Cell], bool]:
    def differs(was: Cell, now: Cell) -> bool:
        judge = IPyNbCell.__new__(IPyNbCell)
        judge.parent = SimpleNamespace(skip_compare=_SKIPPED, sanitize_patterns=dict(rules))
        judge.colors = SimpleNamespace(FAIL="", ENDC="", OKBLUE="", OKGREEN="")
        judge.format_output_compare = lambda *_told: (
            None
        )  # it needs a session of pytest, and only words the message
        test, ref = (
            coalesce_streams(nbformat.from_dict(json.loads(json.dumps(cell["outputs"]))))
            for cell in (now, was)
        )
        return not judge.compare_outputs(test, ref)

    return differs


def _pytest_notebook(
    processors: tuple[str, ...], rules: tuple[tuple[str, str], ...]
) -> Callable[[Cell, Cell], bool]:
    replaced = [("/cells/*/outputs", pattern, text.replace("\\1", r"\g<1>")) for pattern, text in rules]

    def differs(was: Cell, now: Cell) -> bool:
        before, after = _notebook(was), _notebook(now)
        for name in processors:
            before, _ = load_processor(name)(before, {})
            after, _ = load_processor(name)(after, {})
        if replaced:
            before, after = regex_replace_nb(before, replaced), regex_replace_nb(after, replaced)
        ignored = {*DEFAULT_DIFF_IGNORE, "/cells/*/execution_count", "/cells/*/outputs/*/execution_count"}
        return bool(filter_diff(diff_notebooks(before, after), ignored))

    return differs


def _notebook(cell: Cell) -> nbformat.NotebookNode:
    node = nbformat.v4.new_notebook()
    node.cells = [nbformat.from_dict(json.loads(json.dumps(cell)))]
    return node


WAYS = {
    "nbval": _nbval(()),
    "nbval, sanitised": _nbval(_RULES),
    "pytest-notebook": _pytest_notebook(("coalesce_streams",), ()),
    "pytest-notebook, sanitised": _pytest_notebook(("coalesce_streams", "beautifulsoup"), _RULES),
}


def main() -> None:
    """Print which pairs each way flags, and the versions."""
    pairs = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    flagged = {
        name: [number for number, (was, now) in enumerate(pairs) if differs(was, now)]
        for name, differs in WAYS.items()
    }
    versions = {name: metadata.version(name) for name in ("nbval", "pytest-notebook")}
    print(json.dumps({"flagged": flagged, "versions": versions}))


if __name__ == "__main__":
    main()
