"""Planted secrets never reach the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planted import PLACED, PLANTED

from jupyter_repro.digest import source_digest
from jupyter_repro.records import CellRun, Use, Version
from jupyter_repro.store.journal import Journal, journal_path, read_journal

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = {**PLANTED, **{name: secret for name, (_, secret) in PLACED.items()}}
SOURCES = {
    **{name: f"client = connect('{secret}')" for name, secret in PLANTED.items()},
    **{name: around.format(secret) for name, (around, secret) in PLACED.items()},
}


def test_the_journal_holds_none(tmp_path: Path) -> None:
    """46 kinds in sources, effects and paths; the digest is still that of what ran."""
    assert len(SOURCES) >= 25
    journal = Journal.open(tmp_path, kernel_id="k", header={"note": SOURCES["github-token"]})
    for order, source in enumerate(SOURCES.values(), start=1):
        reads = (Use(f"file:{source}", Version("d")),)
        journal.append(
            CellRun(
                order=order,
                cell=None,
                source=source,
                digest=source_digest(source),
                effects=(source,),
                reads=reads,
            )
        )
    journal.close()
    written = journal_path(tmp_path, "k").read_text("utf-8")
    assert [name for name, secret in SECRETS.items() if secret[-20:] in written] == []
    content = read_journal(journal_path(tmp_path, "k"))
    assert content.complete
    assert [run.digest for run in content.runs] == [source_digest(source) for source in SOURCES.values()]
    assert "[REDACTED:" in content.runs[0].source
