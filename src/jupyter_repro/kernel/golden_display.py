"""What a golden run says in a notebook: shown, and no output of the cell, since it tells of this machine."""

from __future__ import annotations

from typing import Any

from .outputs import OURS

__all__ = ["publish"]


def publish(shell: Any, text: str, html: str = "") -> None:
    """Show a text, and where there is one its HTML, as an output of the cell that runs in this shell."""
    data: dict[str, Any] = {"text/plain": text, OURS: {"golden": text}}
    if html:
        data["text/html"] = html
    shell.display_pub.publish(data=data, metadata={})
