"""What a reviewer reads first."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from jupyter_repro.bundle.gather import Fetched
from jupyter_repro.bundle.readme import ReadmeFacts, readme
from jupyter_repro.bundle.refusals import Waived
from jupyter_repro.records import Cell, CellId, Finding, InputFile, SeedPlan
from jupyter_repro.store.check_notes import CheckNote


def _facts(*outputs: dict[str, Any], **more: Any) -> ReadmeFacts:
    cells = tuple(
        Cell(id=CellId(f"c{n}"), source=f"\n# step | `{n}`\nrun()", digest="", label=f"cell {n}")
        for n in range(1, len(outputs) + 1)
    )
    nodes = [{"cell_type": "code", "id": f"c{n}", "outputs": [out]} for n, out in enumerate(outputs, 1)]
    facts = ReadmeFacts(
        notebook="notebooks/paper.ipynb",
        python="3.11.7",
        platform="Linux x86_64",
        packages=3,
        plan=SeedPlan(seed=42, strictness="strict"),
        seconds=10.0,
        cells=cells,
        node={"cells": [{"cell_type": "markdown", "id": "m"}, *nodes]},
        findings=(),
    )
    return msgspec.structs.replace(facts, **more)


def test_each_cell_and_what_it_makes() -> None:
    """Figures and tables are counted; code cannot break the table."""
    image = {"output_type": "display_data", "data": {"image/png": "x", "text/plain": "<Figure>"}}
    table = {"output_type": "execute_result", "data": {"text/html": "<table></table>"}}
    stream = {"output_type": "stream", "name": "stdout", "text": "x"}
    error = {"output_type": "error", "ename": "ValueError", "evalue": "", "traceback": []}
    text = readme(_facts(image, table, image, stream, error))
    assert "| cell 1 | `# step \\| '1'` | figure 1 |" in text
    assert "| cell 2 | `# step \\| '2'` | table 1 |" in text
    assert "| cell 3 | `# step \\| '3'` | figure 2 |" in text
    assert "| cell 4 | `# step \\| '4'` | text |" in text
    assert "| cell 5 | `# step \\| '5'` | error ValueError |" in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1.0, "under a minute"),
        (59.0, "under a minute"),
        (61.0, "under five minutes"),
        (9e9, "half an hour or more"),
    ],
)
def test_time_is_told_in_classes(seconds: float, words: str) -> None:
    """Two runs that take about the same give the same bytes."""
    assert words in readme(_facts(seconds=seconds))


def test_command_seed_and_findings() -> None:
    """The one command, what governs the run, and what the author was told."""
    finding = Finding(code="RP803", severity="warning", message="a file is missing", remedy="bring it")
    text = readme(_facts(findings=(finding,)))
    assert "uv run paper.repro.zip" in text
    assert "seed 42, strictness `strict`" in text
    assert "- RP803: a file is missing; bring it" in text
    assert "The export set no seed" in readme(_facts(plan=SeedPlan()))


def test_what_the_author_notes() -> None:
    """Beside the item it is about, on one line each; without notes there is no such part."""
    notes = (CheckNote(key="seed", title="Randomness is governed by a seed", text="that of\n# the paper"),)
    part = "## What the author notes\n\n- Randomness is governed by a seed: that of # the paper\n"
    assert part in readme(_facts(notes=notes))
    assert "author notes" not in readme(_facts())


def test_what_a_reader_must_know_first() -> None:
    """Not proven, answered for, to be fetched, no network needed, a quick variant: each once, and only where it is so."""
    plain = readme(_facts())
    for word in (
        "## Not proven",
        "## What the author answers for",
        "## Files to fetch",
        "--quick",
        "no network",
    ):
        assert word not in plain
    found = Finding(code="RP801", severity="info", message="it differs (allowed here: a clock)", remedy="run")
    file = InputFile(path="big.bin", role="data", sha256="a" * 64, size=10**10)
    text = readme(
        _facts(
            proven=False,
            offline=True,
            quick=2,
            findings=(found,),
            waived=(Waived(code="RP801", message="it differs", reason="a clock"),),
            fetched=(Fetched(file=file, url="https://x.org/big.bin"),),
        )
    )
    assert "nobody has seen a fresh kernel give it" in text
    assert "- RP801: it differs. The author says: a clock" in text
    assert text.count("RP801") == 1
    assert f"| `big.bin` | 10,000,000,000 | `{'a' * 64}` | https://x.org/big.bin |" in text
    assert "no network: every package is in `wheels/`" in text
    assert "--quick` runs 2 of the" in text
