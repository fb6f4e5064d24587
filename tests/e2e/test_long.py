"""A long notebook: 400 cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab import PATIENCE_MS
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab import Lab, Server

CELLS = 400


def test_400_cells_have_badges_and_cost_no_quadratic_traffic(
    server: Server, window: Callable[..., Lab]
) -> None:
    """Each cell run tells what is another, not the whole."""
    lab = window()
    received: list[int] = []
    lab.page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived",
            lambda frame: received.append(len(frame)) if b'"type": "delta"' in _bytes(frame) else None,
        ),
    )
    lab.open(server.notebook("long.ipynb", ["a0 = 0", *(f"a{n} = a{n - 1} + 1" for n in range(1, CELLS))]))
    lab.load()
    lab.command("notebook:run-all-cells")
    expect(lab.headline).to_have_text(
        f"Restart & Run All would give these results ({CELLS} cells)", timeout=90_000
    )
    lab.page.wait_for_function(BADGED, arg=["reproduced", CELLS], timeout=PATIENCE_MS)
    per_cell = sum(received) / CELLS
    assert per_cell < 4000, f"{per_cell:.0f} bytes of deltas a cell, in {len(received)} messages"

    lab.type(0, "a0 = 1")
    lab.page.wait_for_function(BADGED, arg=["stale", CELLS - 1], timeout=PATIENCE_MS)


# cells that JupyterLab has not drawn yet have badges too
BADGED = """([verdict, count]) => count === window.jupyterapp.shell.currentWidget.content.widgets.filter(
    cell => cell.node.dataset.reproVerdict === verdict && cell.node.querySelector('.jp-ReproBadge')).length"""


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame
