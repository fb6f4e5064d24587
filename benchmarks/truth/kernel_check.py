"""Is the oracle honest? The final document of some sessions is run in a real kernel, through nbclient."""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING, Any

from truth.stage import normal

if TYPE_CHECKING:
    from truth.program import Program
    from truth.stage import Seen

__all__ = ["disagreements", "shown_by_kernel"]

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def shown_by_kernel(program: Program, folder: str) -> dict[str, str]:
    """Return what each cell shows in a fresh ipykernel, top to bottom."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.v4.new_notebook()
    for name, source in program.final().items():
        cell = nbformat.v4.new_code_cell(source, id=name)
        if name in program.tagged:
            cell.metadata["tags"] = ["raises-exception"]
        notebook.cells.append(cell)
    client = NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": folder}}
    )
    client.create_kernel_manager().extra_arguments = _arguments(program)
    # as Run All, it ends at an error; what was shown is in the notebook
    with contextlib.suppress(CellExecutionError):
        client.execute(cwd=folder, env={**os.environ, "PYTHONHASHSEED": "1", "JUPYTER_PLATFORM_DIRS": "1"})
    return {
        cell.id: normal(_text(cell.outputs)) for cell in notebook.cells if cell.execution_count is not None
    }


def _arguments(program: Program) -> list[str]:
    """Let the kernel start as the session's shell did."""
    own = ["--HistoryManager.enabled=False", "--InteractiveShell.colors=nocolor"]
    if program.governing == "cell":
        return own
    own.append("--InteractiveShellApp.extensions=jupyter_repro")
    if program.governing == "configured":
        own.append("--InteractiveShellApp.exec_lines=%repro seed=42")
    return own


def _text(outputs: list[Any]) -> str:
    out, err, result = [], [], []
    for output in outputs:
        if output.output_type == "stream":
            (out if output.name == "stdout" else err).append(output.text)
        elif output.output_type == "error":
            result.append(f"{output.ename}: {output.evalue}\n")
        elif output.output_type == "execute_result":
            text = output.data.get("text/plain", "")
            result.append("Out: " + ("\n" if "\n" in text else "") + text + "\n")
        else:
            out.append(output.data.get("text/plain", "") + "\n")
    return _COLOUR.sub("", "".join((*out, *result, *err)))


def disagreements(seen: dict[str, Seen], real: dict[str, Seen], kernel: dict[str, str]) -> dict[str, str]:
    """Return the cells of which the oracle and the kernel do not agree whether they show the same as before."""
    found = {}
    for name, was in seen.items():
        if name not in real or name not in kernel or real[name].source != was.source:
            if (name in real) != (name in kernel):
                found[name] = f"oracle reached it: {name in real}, kernel: {name in kernel}"
            continue
        if (was.shown == real[name].shown) != (was.shown == kernel[name]):
            found[name] = f"session {was.shown!r}, oracle {real[name].shown!r}, kernel {kernel[name]!r}"
    return found
