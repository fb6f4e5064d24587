"""What a researcher does with ``notebooks/wine_study.ipynb`` in an afternoon, act by act."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from transcript import Desk

__all__ = ["ACTS", "Act"]

Step: TypeAlias = "Callable[[Desk], Iterator[str]]"
"""Does something at the desk; yields the lines of the page that say so."""


@dataclasses.dataclass(frozen=True)
class Act:
    """One thing a person does, and what should be said about it."""

    title: str
    steps: tuple[Step, ...]
    told: str = ""
    """What the one notice begins with, after ``repro: ``; empty where nothing is to be said."""
    chapter: str = ""
    """The heading above the act, if one begins."""

    def is_told(self, notices: list[str]) -> bool:
        """Tell whether it was said as it should be: in one line, or not at all."""
        if not self.told:
            return not notices
        return len(notices) == 1 and notices[0].startswith(f"repro: {self.told}")


def run(*cells: str) -> Step:
    """Run these cells, one after the other."""

    def step(desk: Desk) -> Iterator[str]:
        for cell in cells:
            yield f"run     {desk.label(cell)}"
            yield from desk.run(cell).notices

    return step


def run_all(desk: Desk) -> Iterator[str]:
    """Run down the page."""
    yield f"run     all {len(desk.sources)} cells"
    for cell in desk.sources:
        yield from desk.run(cell).notices


def edit(cell: str, old: str, new: str) -> Step:
    """Change one line of a cell."""

    def step(desk: Desk) -> Iterator[str]:
        desk.edit(cell, old, new)
        yield f"edit    {desk.label(cell)}"
        yield from (f"        - {line}" for line in old.splitlines())
        yield from (f"        + {line}" for line in new.splitlines())

    return step


def insert(cell: str, after: str, source: str) -> Step:
    """Write a new cell below another."""

    def step(desk: Desk) -> Iterator[str]:
        desk.insert(cell, after, source)
        yield f"insert  {desk.label(cell)}"
        yield from (f"        + {line}" for line in source.splitlines())

    return step


def delete(cell: str) -> Step:
    """Delete a cell."""

    def step(desk: Desk) -> Iterator[str]:
        yield f"delete  {desk.label(cell)}"
        desk.delete(cell)

    return step


def move(cell: str, after: str) -> Step:
    """Drag a cell elsewhere."""

    def step(desk: Desk) -> Iterator[str]:
        was = desk.label(cell)
        desk.move(cell, after)
        yield f"move    {was} below {desk.label(after)}: it is {desk.label(cell)} now"

    return step


def change_file(path: str, old: str, new: str) -> Step:
    """Change a text file outside the notebook."""

    def step(desk: Desk) -> Iterator[str]:
        file = desk.folder / path
        text = file.read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"`{old}` does not stand in {path}")
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        yield f"file    {path}, outside the notebook: {old} -> {new}"

    return step


def ask(line: str) -> Step:
    """Ask in a console of the same kernel."""

    def step(desk: Desk) -> Iterator[str]:
        yield f"ask     {line}"
        shown = desk.ask(line)
        yield from (*shown.notices, *(f"        {text}".rstrip() for text in shown.text.splitlines()))

    return step


def follow_plan(desk: Desk) -> Iterator[str]:
    """Run the cells of the plan, in its order."""
    status = json.loads(desk.ask("%repro status json").text)
    for cell in status["plan"]["cells"]:
        yield f"run     {desk.label(cell)}"
        yield from desk.run(cell).notices


def restart(desk: Desk) -> Iterator[str]:
    """Restart the kernel."""
    desk.restart()
    yield "restart the kernel"


ACTS = (
    Act("Runs down the page.", (run_all,), chapter="Down the page, and a few tweaks"),
    Act("Wants to see two more rows.", (edit("head", "head(3)", "head(5)"), run("head"))),
    Act("Looks at a figure again.", (run("scatter"),)),
    Act(
        "Wants fewer bars, and runs only the function.",
        (edit("histogram-function", "bins=20", "bins=12"), run("histogram-function")),
        told="cells 21 and 22 are now stale: `histogram`",
    ),
    Act("Draws both histograms again.", (run("histogram-alcohol", "histogram-proline"),)),
    Act(
        "Tries another strength of the regularisation: runs only the parameter.",
        (edit("strength", "C = 1.0", "C = 0.1"), run("strength")),
        told="cells 42, 43, 44, 45 and",
    ),
    Act("Goes on tweaking.", (edit("strength", "C = 0.1", "C = 0.3"), run("strength"))),
    Act("Takes it back, to what it was.", (edit("strength", "C = 0.3", "C = 1.0"), run("strength"))),
    Act(
        "Writes other colours in a cell further down, and draws the figure above with them.",
        (
            insert("other-palette", "pairs", 'PALETTE = dict.fromkeys(PALETTE, "tab:gray")'),
            run("other-palette", "scatter"),
        ),
        told="cell 23 is out of order: it read `PALETTE`",
        chapter="Up and down",
    ),
    Act(
        "Deletes that cell, but not what it made.",
        (delete("other-palette"), run("pairs")),
        told="cell 23 now rests on hidden state: it read `PALETTE`",
    ),
    Act(
        "Moves the list of features down, to tidy up.",
        (move("features", "split"), run("x")),
        told="cell 29 is stale: `features`",
    ),
    Act("Moves it back.", (move("features", "pairs"), run("x"))),
    Act(
        "Runs a cell a second time that should run once.",
        (run("add-share"),),
        told="cell 29 is not idempotent: it read `features`",
    ),
    Act("Does not believe it, and runs it once more.", (run("add-share"),)),
    Act("Asks what to do.", (ask("%repro plan"),)),
    Act("Follows the plan.", (follow_plan, ask("%repro status"))),
    Act(
        "Changes a number in the results file by hand, and reads it again.",
        (change_file("results.json", '"p": 0', '"p": 1'), run("read")),
        told="cell 69 is stale: the file `results.json` was not as cell 68 writes it",
    ),
    Act("Writes the file anew and reads it.", (run("write", "read"),)),
    Act(
        "Writes a cell with a slip in it.",
        (insert("sugar", "best", 'table["sugar"] = table["alcohol"] * table["ash_content"]'), run("sugar")),
        chapter="The late afternoon",
    ),
    Act("Mends it.", (edit("sugar", "ash_content", "ash"), run("sugar"))),
    Act(
        "Draws the bootstrap again, to see how much it varies.",
        (run("bootstrap"),),
        told="cell 54 has a shifted RNG",
    ),
    Act(
        "And the interval.",
        (run("interval"),),
        told="cell 55 is stale: it read `draws` from a run of cell 54",
    ),
    Act("Draws the noise again too.", (run("noise"),), told="cell 62 has a shifted RNG"),
    Act(
        "Says in the cell that it may vary.",
        (
            edit(
                "noise",
                "widths =",
                "# repro: allow RP201 because the noise is only looked at\nwidths =",
            ),
            run("noise"),
        ),
    ),
    Act(
        "Wants a stricter limit for outliers: runs the line with the limit.",
        (edit("limit", "4.0", "3.5"), run("limit")),
        told="cells 15, 16, 17, 18 and",
    ),
    Act("Looks at the outliers.", (run("outliers"),), told="cell 15 is out of order: it read `wine`"),
    Act("Drops them.", (run("drop"),), told="cell 16 is out of order: it read `wine`"),
    Act("Takes the logarithm of the rest.", (run("log"),), told="cell 17 is stale: `wine`"),
    Act(
        "A colleague corrects a value in the data.",
        (change_file("data/wine.csv", "14.23", "14.32"), run("missing")),
        told="cell 7 is stale: `raw`",
    ),
    Act("Loads the data again.", (run("load"),)),
    Act("Sees that only a restart helps.", (ask("%repro plan"),)),
    Act("Follows it.", (restart, run_all, ask("%repro status"))),
)
