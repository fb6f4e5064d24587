"""Whether a stranger's code may run here: in a sandbox, or because the reader said so."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .errors import UsageFault
from .sandbox import Isolation, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["MODES", "VARIABLE", "ask_on_terminal", "decide"]

MODES = ("required", "if-possible", "off")
VARIABLE = "JUPYTER_REPRO_SANDBOX"
"""Says the same as ``--sandbox``, for machines where nobody can be asked."""


def decide(
    mode: str | None,
    *,
    network: bool,
    environ: Mapping[str, str],
    ask: Callable[[str], bool] | None = None,
) -> Isolation:
    """Return the isolation that the code will run under.

    Args:
        mode: One of :data:`MODES`; None takes the variable, and without it asks where there is no sandbox.
        network: Whether the code may use the network.
        environ: Variables to look for :data:`VARIABLE` in.
        ask: Asks the reader a question; None if nobody is there.

    Raises:
        UsageFault: There is no sandbox, and nobody said that the code may run without one.
    """
    mode = mode or environ.get(VARIABLE) or None
    if mode is not None and mode not in MODES:
        raise UsageFault(f"`{VARIABLE}={mode}` means nothing", remedy=f"set it to one of {', '.join(MODES)}")
    if mode == "off":
        return Isolation("none", "--no-sandbox")
    found = probe(network=network)
    if found.kind != "none" or mode == "if-possible":
        return found
    if mode is None and ask is not None:
        if ask(f"There is no sandbox ({found.reason}). Run the author's code with your rights?"):
            return found
        raise UsageFault("nothing was run", remedy=_REMEDY)
    raise UsageFault(f"there is no sandbox to run the author's code in: {found.reason}", remedy=_REMEDY)


def ask_on_terminal() -> Callable[[str], bool] | None:
    """Return a way to ask the reader, or None where no terminal is."""
    return _asked if sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty() else None


def _asked(question: str) -> bool:
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


_REMEDY = (
    "install bubblewrap (`apt-get install bubblewrap`); or add `--no-sandbox` to run the code with your rights; "
    f"in CI, `--sandbox if-possible` or {VARIABLE}=if-possible goes on without one and says so in the report"
)
