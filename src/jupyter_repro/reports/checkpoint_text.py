"""Checkpoints, as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Missing

from .drift_text import moment
from .table import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jupyter_repro.checkpoints.loading import Loaded
    from jupyter_repro.checkpoints.reading import Found
    from jupyter_repro.records.checkpoints import CheckpointManifest

__all__ = ["checked_line", "checkpoint_text", "checkpoints_text", "listed_json", "loaded_lines"]


def checkpoints_text(found: Sequence[Found]) -> str:
    """Return a list of checkpoints, one a line."""
    if not found:
        return "no checkpoint is here"
    rows = [_row(each.path, each.manifest) for each in found if each.manifest is not None]
    lines = list(table(("checkpoint", "step", "saved", "size", "run", "metrics"), rows)) if rows else []
    lines += [f"not readable: {each.fault}" for each in found if each.manifest is None]
    return "\n".join(lines)


def listed_json(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Return the same as plain data."""
    return [
        {
            "path": str(each.path),
            "fault": each.fault,
            "digest": each.manifest.digest if each.manifest else None,
            "step": each.manifest.step if each.manifest else None,
            "run": each.manifest.run if each.manifest else None,
            "saved": each.manifest.saved if each.manifest else None,
            "metrics": each.manifest.metrics if each.manifest else {},
        }
        for each in found
    ]


def checkpoint_text(path: Path, held: CheckpointManifest) -> str:
    """Return what one checkpoint holds, and what it does not."""
    return "\n".join(_lines(path, held))


def checked_line(path: Path, held: CheckpointManifest) -> str:
    """Say that every byte is what was saved."""
    tensors = sum(len(part.tensors) for part in held.parts.values())
    return f"`{path}` is what was saved: {tensors} tensors, {len(held.files)} files, {_size(held)}"


def loaded_lines(loaded: Loaded, *, waits: bool) -> Iterator[str]:
    """Say what was loaded, and what is to be known."""
    step = "" if loaded.step is None else f" (step {loaded.step})"
    yield f"repro: `{loaded.path}`{step} is loaded"
    if waits:
        yield "  the random streams are put back by the next `for batch in jupyter_repro.resume(loader)`"
    if loaded.not_given:
        yield f"  not loaded, since not given: {', '.join(loaded.not_given)}"
    for each in loaded.differences:
        yield f"  differs: {each}"


def _row(path: Path, held: CheckpointManifest) -> tuple[str, ...]:
    step = "" if held.step is None else str(held.step)
    return str(path), step, moment(held.saved), _size(held), held.run, _metrics(held)


def _lines(path: Path, held: CheckpointManifest) -> Iterator[str]:
    code = "none: " + held.code.reason if isinstance(held.code, Missing) else held.code.commit[:12]
    if not isinstance(held.code, Missing) and held.code.dirty:
        code += ", with uncommitted changes"
    data = f"none: {held.data.reason}" if isinstance(held.data, Missing) else held.data[:12]
    where = ", ".join(f"{word} {each}" for word, each in held.identity.items())
    rows = [
        ("checkpoint", str(path)),
        ("digest", held.digest[:12]),
        ("saved", moment(held.saved)),
        ("run", held.run + (f" ({held.notebook})" if held.notebook else "")),
        ("step", "not told" if held.step is None else str(held.step)),
        ("epoch", "not told" if held.epoch is None else str(held.epoch)),
        ("metrics", _metrics(held) or "none"),
        ("size", _size(held)),
        ("streams", ", ".join(sorted(held.streams))),
        ("code", code),
        ("data", data),
        ("environment", held.environment[:12] or "not looked"),
        ("on", where),
        *((word, str(each)) for word, each in held.settings.items()),
    ]
    if held.ranks > 1:
        rows.append(("rank", f"{held.rank} of {held.ranks}"))
    yield from table(("what", "of this checkpoint"), rows)
    yield ""
    parts = [
        (name, part.type, str(len(part.tensors) or ""), " ".join(part.files))
        for name, part in held.parts.items()
        if name not in ("rng", "history")
    ]
    yield from table(("part", "class", "tensors", "files"), parts)
    if held.absent:
        yield ""
        yield from table(("absent", "why"), sorted(held.absent.items()))


def _metrics(held: CheckpointManifest) -> str:
    return ", ".join(f"{name} {_number(value)}" for name, value in held.numbers.items())


def _number(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else str(value)


def _size(held: CheckpointManifest) -> str:
    size = sum(file.size for file in held.files.values())
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004 - the next unit
            return f"{size:.3g} {unit}"
        size /= 1000  # type: ignore[assignment] # from bytes on
    return f"{size:.3g} GB"
