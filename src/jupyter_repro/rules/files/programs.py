"""What the cells of a notebook give to a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jupyter_repro.replay.magic_table import row_named
from jupyter_repro.replay.magics import magic_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .notebook import CodeCell

__all__ = ["Command", "commands"]

_SHELLS = ("!", "bash", "sh", "system", "sx")


class Command(NamedTuple):
    """One line for a shell, or an installer's magic."""

    line: int
    text: str
    """Without `!` or `%`."""
    sign: str
    """`!` or `%`; empty for a line of a `%%bash` cell."""


def commands(cell: CodeCell) -> Iterator[Command]:
    """Yield them in the order of the source."""
    if cell.python is None:
        yield from _of_a_shell_cell(cell)
        return
    for call in cell.calls:
        magic = magic_of(call)
        if magic is None:
            continue
        if magic.kind in ("system", "getoutput"):
            yield Command(call.lineno, magic.line.strip(), "!")
        elif magic.name in ("conda", "mamba", "micromamba", "pip", "uv"):
            yield Command(call.lineno, f"{magic.name} {magic.line.strip()}", "%")
        elif magic.name in ("sx", "system"):
            yield Command(call.lineno, magic.line.strip(), "!")


def _of_a_shell_cell(cell: CodeCell) -> Iterator[Command]:
    first, *rest = cell.source.lstrip("\n").split("\n")
    skipped = len(cell.source) - len(cell.source.lstrip("\n"))
    name, _, line = first[2:].partition(" ")
    if name in _SHELLS and row_named(name, cell=True, line=line).kind == "shell":
        for number, text in enumerate(rest, skipped + 2):
            if text.strip() and not text.lstrip().startswith("#"):
                yield Command(number, text.strip(), "")
