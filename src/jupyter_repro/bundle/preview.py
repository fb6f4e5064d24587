"""``ro-crate-preview.html``: what the metadata say, for people, in one page without a script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from jupyter_repro.verifier.page import page, said

from .described import NO_DATE
from .exported import size_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .described import Description

__all__ = ["preview"]


def preview(facts: Description) -> str:
    """Return the page; it holds what the crate's metadata hold, and is the same for the same facts."""
    return page(facts.title, "\n".join(_body(facts)), kind="crate")


def _body(facts: Description) -> Iterator[str]:
    yield f'<header class="top none"><p class="soft">{escape(facts.notebook)}</p><h1>{escape(facts.title)}</h1>'
    yield "<p>A notebook with its environment, its data and the results of a fresh run. "
    yield "To verify it: <code>uv run</code> the zip file that this page came in.</p></header>"
    yield _table("Facts", ((name, escape(value)) for name, value in _facts(facts) if value))
    yield _table("What the paper says", ((escape(text), escape(cell)) for text, cell in facts.claims))
    yield _table(
        "Exported in spite of",
        ((each.code, f"{said(each.message)}: {said(each.reason)}") for each in facts.waived),
    )
    yield "<h2>Files</h2><table><thead><tr><th>File</th><th class=num>Size</th><th>SHA-256</th></tr></thead><tbody>"
    for member in facts.members:
        yield _file(member.name, quote(member.name), member.size, member.sha256)
    for path, url, sha256, size in facts.fetched:
        yield _file(path, url, size, sha256)
    yield "</tbody></table>"
    yield '<footer class="soft">The same for programs: <a href="ro-crate-metadata.json">ro-crate-metadata.json</a>, '
    yield f"a Process Run Crate. Made with jupyter_repro {escape(facts.made_with)}.</footer>"


def _facts(facts: Description) -> Iterator[tuple[str, str]]:
    yield "Authors", ", ".join(facts.authors)
    yield "Date", "" if facts.date == NO_DATE else facts.date
    yield "Revision", " ".join(part for part in (facts.revision, facts.remote) if part)
    yield "Python", f"{facts.python} on {facts.platform}, {facts.packages} packages locked by hash"
    yield "Machine", ", ".join((facts.cpu, f"{facts.cores} cores", *facts.gpus))
    seed = "none" if facts.plan.seed is None else str(facts.plan.seed)
    yield "Seed", f"{seed}, {facts.plan.strictness}"
    told = ", ".join(f"{count} {verdict}" for verdict, count in facts.verdicts.items())
    run = "a fresh run" if facts.proven else "no fresh run: not proven"
    yield "Cells", f"{facts.cells}; what the saved notebook shows against {run}: {told or 'nothing'}"
    yield "Time", facts.expected_time


def _table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in rows)
    return f"<h2>{title}</h2><table class=facts><tbody>{lines}</tbody></table>" if lines else ""


def _file(name: str, address: str, size: int, sha256: str) -> str:
    link = f'<a href="{escape(address)}">{escape(name)}</a>' if address else escape(name)
    return (
        f"<tr><td>{link}</td><td class=num>{size_words(size)}</td><td><code>{escape(sha256)}</code></td></tr>"
    )
