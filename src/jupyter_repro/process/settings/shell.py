"""How the shell shows results: `%precision`, `%config InteractiveShell.ast_node_interactivity`."""

from __future__ import annotations

from typing import Any

from jupyter_repro.process.setting import Reading

__all__ = ["NAME", "shown_by"]

NAME = "setting:ipython.display"

_OF_TEXT = ("float_format", "float_precision", "max_seq_length", "max_width", "newline", "pprint", "verbose")


def shown_by(shell: Any) -> Reading:
    """Return the setting of one shell.

    Args:
        shell: The interactive shell.
    """
    text = shell.display_formatter.formatters["text/plain"]
    for name in _OF_TEXT:
        getattr(text, name)  # a default is there once it has been asked for
    # asking for each trait costs ten times as much, at each cell
    held, own = text._trait_values, shell._trait_values  # noqa: SLF001 - as said
    nodes = shell.ast_node_interactivity

    def read() -> tuple[object, ...]:
        return (own.get("ast_node_interactivity", nodes), *map(held.get, _OF_TEXT))

    return Reading(
        NAME,
        frozenset(("InteractiveShell", "PlainTextFormatter", "ast_node_interactivity", "display_formatter")),
        read,
    )
