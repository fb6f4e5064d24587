"""The report as one self-contained page: nothing is loaded from elsewhere, everything is escaped."""

from __future__ import annotations

import base64
import binascii
import importlib.resources
from html import escape
from typing import TYPE_CHECKING, Any

from .difference_image import difference_image

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["report_html"]

_CLASSES = {
    "identical": "good", "equivalent": "good", "within tolerance": "near", "volatile": "apart", "differs": "bad", "error": "bad",
    "not run": "none", "reproduced": "good", "reproduced elsewhere": "near",
}  # fmt: skip
_MARKS = {"good": "✓", "near": "≈", "bad": "✗", "apart": "?", "none": "-"}
_MOST = 20_000


def report_html(report: dict[str, Any]) -> str:
    """Return the page for the content of ``report.json``."""
    style = importlib.resources.files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    body = "\n".join(
        (*_head(report), *_cells(report), *_differences(report), *_environment(report), *_foot(report))
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
        f"<title>{escape(report['verdict'])}: {escape(report['notebook'] or report['bundle']['path'])}</title>"
        f"<style>\n{style}</style></head>\n<body><main>\n{body}\n</main></body></html>\n"
    )


def _word(verdict: str) -> str:
    kind = _CLASSES.get(verdict, "bad")
    return f'<span class="{kind}">{_MARKS[kind]} {escape(verdict)}</span>'


def _head(report: dict[str, Any]) -> Iterator[str]:
    headline = report["headline"].removeprefix(f"{report['verdict']}: ")
    yield f"<h1>{_word(report['verdict'])}</h1><p>{escape(headline)}</p>"
    if report["remedy"]:
        yield f"<p>What to do: {escape(report['remedy'])}</p>"
    if report["notebook"]:
        yield f'<p class="soft"><code>{escape(report["notebook"])}</code></p>'


def _cells(report: dict[str, Any]) -> Iterator[str]:
    if not report["cells"]:
        return
    yield "<h2>Cells</h2><table><thead><tr><th>Cell</th><th>Verdict</th><th>Why</th><th>Seconds</th></tr></thead><tbody>"
    for row in report["cells"]:
        first = row["source"].strip().splitlines()
        title = f'<br><code class="soft">{escape(first[0][:90])}</code>' if first else ""
        notes = "".join(f'<br><span class="soft">{escape(note)}</span>' for note in row["notes"])
        yield (
            f"<tr><td>{escape(row['label'])}{title}</td><td class=word>{_word(row['verdict'])}</td>"
            f"<td>{escape(row['why'])}{notes}</td><td class=num>{row['duration_s']:.1f}</td></tr>"
        )
    yield "</tbody></table>"


def _differences(report: dict[str, Any]) -> Iterator[str]:
    rows = [row for row in report["cells"] if row["differences"]]
    if rows:
        yield "<h2>Both sides of the cells that differ</h2>"
    for row in rows:
        yield f'<section class="card"><header>{_word(row["verdict"])} {escape(row["label"])}: {escape(row["why"])}</header>'
        yield f"<pre>{escape(_cut(row['source']))}</pre>"
        for pair in row["differences"]:
            sides = [("the author", pair["reference"]), ("here", pair["fresh"])]
            if pair["kind"] == "image" and (over := _laid_over(pair["reference"], pair["fresh"])):
                sides.append(("what differs, in red", over))
            shown = "".join(
                f"<div><h3>{name}</h3>{_side(pair['kind'], value)}</div>" for name, value in sides
            )
            yield f'<div class="sides">{shown}</div>'
        yield "</section>"


def _side(kind: str, value: Any) -> str:
    if value is None:
        return "<pre>(no output)</pre>"
    if kind == "image" and _is_base64(value):
        return f'<img alt="figure" src="data:image/png;base64,{escape(value.strip())}">'
    return f"<pre>{escape(_cut(str(value)))}</pre>"


def _laid_over(reference: Any, fresh: Any) -> str | None:
    both = isinstance(reference, str) and isinstance(fresh, str)
    return difference_image(reference, fresh) if both else None


def _is_base64(value: Any) -> bool:
    try:
        return isinstance(value, str) and base64.b64decode(value, validate=False)[:4] == b"\x89PNG"
    except (binascii.Error, ValueError):
        return False


def _environment(report: dict[str, Any]) -> Iterator[str]:
    facts = report["environment"]
    if not facts:
        return
    rows = [
        ("rebuilt with", facts["built_with"]),
        (
            "Python",
            facts["python"]
            + ("" if facts["python"] == facts["author_python"] else f" (author: {facts['author_python']})"),
        ),
        ("packages of another version", ", ".join(facts["packages_of_another_version"]) or "none"),
        (
            "packages of the same version with other bytes",
            ", ".join(facts["packages_of_other_bytes"]) or "none",
        ),
        *(("note", note) for note in facts["notes"]),
    ]
    yield "<h2>Environment</h2><table><tbody>"
    yield from (f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in rows)
    yield "</tbody></table>"


def _foot(report: dict[str, Any]) -> Iterator[str]:
    seed = report["seed"]
    said = f"seed {seed.get('seed')}, {seed.get('strictness')}" if seed else "no seed"
    yield (
        f'<h2>Bundle</h2><p class="soft">id <code>{escape(report["bundle"]["id"] or "unknown")}</code><br>'
        f"{escape(said)} · {report['seconds']} seconds<br>{escape(report['isolation'].get('sentence', ''))}</p>"
    )


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[:_MOST] + "\n[cut]"
