"""The shell's own names, and what it makes of a source."""

from __future__ import annotations

import functools
import re
from typing import Any

__all__ = ["ShellNames"]

_OWN = frozenset(("In", "Out", "get_ipython", "exit", "quit", "open"))
_HISTORY = re.compile(r"^_+$|^_[0-9]+$|^_i+$|^_i[0-9]+$|^_(ih|oh|dh|exit_code)$|^__\w+__$")


class ShellNames(dict[str, bool]):
    """Name -> whether it belongs to the shell; each name is looked at once.

    A dict, so that asking for the hundreds of names of a namespace at each run costs microseconds.
    """

    def __init__(self, shell: Any) -> None:
        super().__init__()
        self.python_of = functools.lru_cache(maxsize=4096)(shell.input_transformer_manager.transform_cell)

    def __missing__(self, name: str) -> bool:
        found = self[name] = not isinstance(name, str) or name in _OWN or bool(_HISTORY.match(name))
        return found

    def late_effects(self, code: str) -> tuple[str, ...]:
        """Say what the cell that loaded the extension may have done before we saw it."""
        from jupyter_repro.replay.names import analyse_here

        names = analyse_here(code)
        rest = names.writes | names.mutates | (names.calls - {"get_ipython"})
        return ("it loaded jupyter_repro halfway, what came before is not recorded",) if rest else ()
