"""What cells read and wrote, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .data_text import bytes_text, printable
from .table import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.records.inputs import Revision, SeenFile, SeenInputs

__all__ = ["inputs_text"]

_SHOWN = 60
_HEX = 12
_NAMED = 4
_ORDER = {"data": 0, "source": 1, "product": 2, "output": 3}


def inputs_text(seen: SeenInputs) -> str:
    """Return the files, the hosts, and what could not be seen."""
    return "\n".join(_lines(seen))


def _lines(seen: SeenInputs) -> Iterator[str]:
    if seen.files:
        yield from _files(seen.files)
    else:
        yield "No cell that ran has read or written a file"
    loose = [each.path for each in seen.files if _is_loose(each)]
    if loose:
        yield ""
        yield (
            f"{_count(len(loose), 'data file')} not tracked: `%repro data track {_example(loose)}` writes the digest down, "
            "and `jupyter_repro.data(PATH)` asserts it."
        )
    if seen.contacts:
        yield ""
        rows = [
            (each.cell, ", ".join(each.hosts) or "not known", "recorded" if each.recorded else "not recorded")
            for each in seen.contacts
        ]
        yield from table(("cell", "hosts", "answers"), rows)
        if not all(each.recorded for each in seen.contacts):
            yield "`%%repro http record` above a cell keeps the answers of web APIs in a file beside the notebook."
    if seen.unseen:
        yield ""
        yield f"Not seen: files that {', '.join(seen.unseen)} open by themselves."


def _is_loose(file: SeenFile) -> bool:
    """Whether nothing keeps the digest of a data file; recorded answers are kept with the notebook as they are."""
    return file.role == "data" and not file.tracked and not file.path.endswith(".http.json")


def _files(files: Sequence[SeenFile]) -> Iterator[str]:
    ordered = sorted(files, key=lambda each: (_ORDER[each.role], each.path))
    rows = [
        (
            printable(each.path),
            each.role,
            "" if each.size is None else bytes_text(each.size),
            (each.sha256 or "")[:_HEX],
            _cells(each.read_by),
            _cells(each.written_by),
            each.tracked,
            "" if each.revision is None else _revision(each.revision),
            each.note,
        )
        for each in ordered[:_SHOWN]
    ]
    head = ("file", "role", "size", "SHA-256", "read by", "written by", "tracked", "revision", "note")
    yield from table(head, rows)
    if len(files) > _SHOWN:
        yield f"... and {len(files) - _SHOWN} more; `%repro inputs json` has all"


def _cells(labels: Sequence[str]) -> str:
    """Return ``cells 1, 3``."""
    numbers = [label.removeprefix("cell ") for label in labels]
    shown = ", ".join(numbers[:_NAMED]) + (
        f" and {len(numbers) - _NAMED} more" if len(numbers) > _NAMED else ""
    )
    if not labels or not all(label.startswith("cell ") for label in labels):
        return ", ".join(labels[:_NAMED])
    return f"cell{'s' if len(labels) > 1 else ''} {shown}"


def _revision(found: Revision) -> str:
    text = f"{found.kind} {found.revision[:_HEX]} ({found.name})"
    return f"{text}, whose bytes are others" if found.same is False else text


def _example(paths: Sequence[str]) -> str:
    return (
        f'"{paths[0]}"' if len(paths) == 1 and " " in paths[0] else paths[0] if len(paths) == 1 else "PATHS"
    )


def _count(number: int, word: str) -> str:
    return f"1 {word} is" if number == 1 else f"{number} {word}s are"
