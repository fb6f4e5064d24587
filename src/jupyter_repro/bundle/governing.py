"""What the kernel of a canonical run is told: seeds, strictness, and a controlled environment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_repro.inputs.web.modes import REPLAY_ENV

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_repro.records import Cell, SeedPlan

__all__ = [
    "RECORDER_ENV",
    "governing_arguments",
    "kernel_environment",
    "loads_extension",
    "recorder_arguments",
]

EXTENSION = "jupyter_repro"
RECORDER = "jupyter_repro.kernel.recorder"
RECORDER_ENV = "JUPYTER_REPRO_INPUTS"
"""Names the file that the recorder writes what it saw to."""

_NO_TIP = "--InteractiveShell.enable_tip=False"
"""IPython draws its tip of the day from the user's ``random``, each time a front end says hello."""

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_LOADS = re.compile(
    r"""^[ \t]*%(?:re)?load_ext[ \t]+jupyter_repro\b(?![.\w])
      | \brun_line_magic\(\s*['"](?:re)?load_ext['"]\s*,\s*['"]jupyter_repro['"]
      | \bload_extension\(\s*['"]jupyter_repro['"]""",
    re.MULTILINE | re.VERBOSE,
)
_RECORDS = re.compile(r"^[ \t]*%%repro[ \t]+http\b", re.MULTILINE)
_GOVERNS = re.compile(r"^[ \t]*%repro\b[^\n#]*\b(?:seed[ \t]*=|strict\b|warn\b)", re.MULTILINE)


def loads_extension(cells: Sequence[Cell]) -> bool:
    """Whether a cell loads jupyter_repro by itself."""
    return any(_LOADS.search(cell.source) for cell in cells)


def governing_arguments(cells: Sequence[Cell], plan: SeedPlan) -> tuple[str, ...]:
    """Return the kernel arguments that put ``plan`` in force from the first cell on.

    Nothing is added for what the cells do themselves: neither loading the extension twice nor a plan
    beside the one that a ``%repro seed=...`` line states.
    """
    if plan.seed is None and plan.strictness == "off":
        return ()
    loads = loads_extension(cells)
    if loads and any(_GOVERNS.search(cell.source) for cell in cells):
        return ()
    arguments = [_NO_TIP] if loads else [_NO_TIP, f"--InteractiveShellApp.extensions={EXTENSION}"]
    if plan.seed is not None:
        arguments.append(f"--ReproMagics.seed={plan.seed}")
        if plan.per_cell:
            arguments.append("--ReproMagics.per_cell=True")
    if plan.strictness != "off":
        arguments.append(f"--ReproMagics.strictness={plan.strictness}")
    return tuple(arguments)


def recorder_arguments() -> tuple[str, ...]:
    """Return the kernel arguments that make a canonical run note the files it reads.

    Several ``extensions=`` arguments add up: traitlets takes each as one more item of the list.
    """
    return (f"--InteractiveShellApp.extensions={RECORDER}",)


def kernel_environment(
    environ: Mapping[str, str], *, cores: int, cells: Sequence[Cell] = ()
) -> dict[str, str]:
    """Return the variables that are fixed for every run of the bundle, the author's included.

    Args:
        environ: The author's variables; the numbers of threads in force are taken from it.
        cores: The number of threads where no variable says so: sums are split by threads, so a reader
            with other cores must use as many.
        cells: The notebook's cells; those whose web answers are recorded must be answered from the record.
    """
    replays = {REPLAY_ENV: "replay"} if any(_RECORDS.search(cell.source) for cell in cells) else {}
    return {
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "315532800",
        **replays,
        **{name: environ.get(name) or str(cores) for name in _THREADS},
    }
