"""The Python of a cell as it was written, each statement at its line."""

from __future__ import annotations

from jupyter_repro.replay.ipython_lines import as_python
from jupyter_repro.replay.magic_table import row_named

__all__ = ["python_of"]


def python_of(source: str) -> str | None:
    """Return the Python of a cell, with as many lines; None if a cell magic gives it to another program.

    Magics become the calls that IPython makes of them. The line of a cell magic that runs Python is left out.
    """
    lines = source.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), None)
    if first is None or not lines[first].startswith("%%"):
        return as_python(source)
    name, _, line = lines[first][2:].partition(" ")
    if row_named(name, cell=True, line=line).kind != "code":
        return None
    return "\n" * (first + 1) + (python_of("\n".join(lines[first + 1 :])) or "")
