"""The dataflow of a long notebook can be read."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab import Lab, Server

CELLS = 60
LEAST_PX = 10
MEASURED = """picture => [...picture.querySelectorAll('button')].map(button => {
    const box = button.getBoundingClientRect();
    const words = document.createRange();
    words.selectNodeContents(button);
    const text = words.getBoundingClientRect();
    return [text.top, text.bottom, text.left, text.right, box.right, parseFloat(getComputedStyle(button).fontSize)];
})"""


def test_sixty_cells_are_legible(server: Server, window: Callable[..., Lab]) -> None:
    """Each cell has its name, in letters of 10 px or more that touch no other name and no line."""
    lab = window()
    lab.open(server.notebook("sixty.ipynb", [source(number) for number in range(CELLS)]))
    lab.load()
    lab.command("notebook:run-all-cells")
    expect(lab.cell(CELLS - 1).locator(".jp-InputPrompt")).to_have_text(f"[{CELLS}]:")
    lab.section("cells").get_by_role("button", name="Draw the dataflow").click()
    picture = lab.panel.get_by_role("group", name="Dataflow between cells")
    expect(picture.get_by_role("button")).to_have_count(CELLS)
    texts = picture.evaluate(MEASURED)
    assert len(texts) == CELLS
    for (_, bottom, *_), (top, *_) in pairwise(texts):
        assert bottom <= top
    lines = picture.locator("svg").last.bounding_box()
    assert lines is not None
    for _, _, left, right, end, size in texts:
        assert size >= LEAST_PX
        assert left < right <= end <= lines["x"]


def source(number: int) -> str:
    """A cell that reads the one before it, one far above, and what all read."""
    if number == 0:
        return "base = 1\nx0 = 0"
    return f"x{number} = x{number - 1} + x{number // 2} + base" if number % 3 else f"x{number} = base"
