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


class ParameterInCell:
    """RP611: a hyperparameter is a number in a cell, and in no configuration.

    Off by default; `extend-select = ["RP611"]` turns it on. Cells tagged `parameters` are passed over.

    **Why is this bad?** Two runs with other numbers differ in the source, and no file says which gave which result.
    **Example**: `learning_rate = 3e-4`.
    **Remedy**: tag the cell `parameters`, or read the number from a file: `config["learning_rate"]`.
    """

    code = "RP611"
    severity: Severity = "info"
    on = False
    remedy = "tag the cell `parameters`, or read the number from a configuration file"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each assignment of a number to such a name."""
        for cell in notebook.cells:
            if "parameters" in cell.tags:
                continue
            for node in cell.tree.body:
                if isinstance(node, ast.Assign) and _is_number(node.value):
                    for target in node.targets:
                        if isinstance(target, ast.Name) and _NAMES.fullmatch(target.id):
                            message = f"`{target.id}` stands in this cell only"
                            yield Spotted(cell=cell.index, line=node.lineno, message=message)


def _is_number(expression: ast.expr) -> bool:
    value = expression.value if isinstance(expression, ast.Constant) else None
    return isinstance(value, (int, float)) and not isinstance(value, bool)
