"""Mending a notebook file: the texts of the lines that change are replaced, every other byte stays."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING

from .places import sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .places import Source
    from .protocol import Edit

__all__ = ["mended"]

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def mended(text: str, edits: Iterable[tuple[int, Edit]]) -> str:
    """Return the text of a notebook with replacements made in the sources of its cells.

    Args:
        text: What the file holds.
        edits: Places of cells, each with a replacement; of two that overlap the first is made.
    """
    places = sources(text)
    replaced: list[tuple[int, int, str]] = []
    by_cell = itertools.groupby(sorted(edits, key=lambda each: each[0]), key=lambda each: each[0])
    for cell, those in by_cell:
        source = places[cell]
        if source is not None:
            replaced += _in_cell(text, source, [edit for _, edit in those])
    for start, end, token in sorted(replaced, reverse=True):
        text = text[:start] + token + text[end:]
    return text


def _in_cell(text: str, source: Source, edits: list[Edit]) -> list[tuple[int, int, str]]:
    found = []
    line = 1
    values = [json.loads(text[start:end]) for start, end in source.texts]
    if not all(value.endswith("\n") for value in values[:-1]):
        return []  # a line put together of several texts, as no program of Jupyter's writes it
    for (start, end), value in zip(source.texts, values, strict=True):
        lines = _LINE.findall(value)
        changed = [_line(each, line + n, edits) for n, each in enumerate(lines)]
        if changed != lines:
            found.append((start, end, _as_written("".join(changed), value, text[start:end])))
        line += value.count("\n")
    return found


def _line(text: str, number: int, edits: list[Edit]) -> str:
    free = len(text) + 1
    for edit in sorted((each for each in edits if each.line == number), key=lambda each: -each.end):
        if edit.end <= free and edit.end <= len(text):
            text = text[: edit.start] + edit.text + text[edit.end :]
            free = edit.start
    return text


def _as_written(value: str, old: str, token: str) -> str:
    """Return a text as JSON, letters beyond ASCII escaped or not as they were."""
    return json.dumps(value, ensure_ascii=json.dumps(old, ensure_ascii=False) != token)
