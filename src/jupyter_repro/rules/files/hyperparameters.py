"""RP611: hyperparameters that stand in a cell only."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from .protocol import Spotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .notebook import NotebookFile

__all__ = ["ParameterInCell"]

_NAMES = re.compile(
    r"(?:n_?|num_?|max_?|min_?)?(?:lr|learning_rate|batch_?size|epochs?|dropout|weight_decay|momentum|hidden_?(?:size|dim)"
    r"|layers|heads|estimators|depth|alpha|gamma|beta|lambda_|temperature|patience|warmup_?steps?|threshold)",
    re.IGNORECASE,
)

_OF_PLOTS = frozenset(("alpha", "beta", "gamma", "depth", "layers", "threshold"))
"""Arguments that as often mean something else: how opaque a line is, how deep a listing."""


class ParameterInCell:
    """RP611: a hyperparameter is a number in a cell, and in no configuration.

    Off by default; `extend-select = ["RP611"]` turns it on. Cells tagged `parameters` are passed over.

    **Why is this bad?** Two runs with other numbers differ in the source, and no file says which gave which result.
    **Example**: `learning_rate = 3e-4`, `Adam(parameters, lr=3e-4)`, `config = {"lr": 3e-4}`.
    **Remedy**: tag the cell `parameters`, or read the number from a file: `config = jupyter_repro.config("config.yaml")`.
    """

    code = "RP611"
    severity: Severity = "info"
    on = False
    remedy = "tag the cell `parameters`, or read the number from a configuration file"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each number that such a name, key or argument has in the source of a cell."""
        for cell in notebook.cells:
            if "parameters" in cell.tags:
                continue
            for line, name in sorted(set(_numbers(cell.tree))):
                yield Spotted(cell=cell.index, line=line, message=f"`{name}` stands in this cell only")


def _numbers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and name of each."""
    for line in tree.body:
        if isinstance(line, (ast.Assign, ast.AnnAssign)) and _is_number(line.value):
            targets = line.targets if isinstance(line, ast.Assign) else [line.target]
            names = (each.id for each in targets if isinstance(each, ast.Name))
            yield from ((line.lineno, name) for name in names if _NAMES.fullmatch(name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                name = key.value if isinstance(key, ast.Constant) else None
                if isinstance(name, str) and _NAMES.fullmatch(name) and _is_number(value):
                    yield value.lineno, name
        elif isinstance(node, ast.keyword) and node.arg and _is_number(node.value) and _is_named(node.arg):
            yield node.value.lineno, node.arg


def _is_named(argument: str) -> bool:
    return bool(_NAMES.fullmatch(argument)) and argument.lower() not in _OF_PLOTS


def _is_number(expression: ast.expr | None) -> bool:
    value = expression.value if isinstance(expression, ast.Constant) else None
    return isinstance(value, (int, float)) and not isinstance(value, bool)
