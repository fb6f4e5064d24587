"""No credential leaves with a bundle: what the author wrote is looked through, and refused rather than changed."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.records import Finding
from jupyter_repro.rules.allowed import allowance
from jupyter_repro.secrets import find, is_secret_name, known_values, redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from .dists import Interpreter
    from .gather import Gathered
    from .lock import Locked
    from .notebook import Notebook

__all__ = [
    "Exposed",
    "exposed_in_files",
    "exposed_in_notebook",
    "exposed_in_wheels",
    "secret_findings",
    "without_images",
]

CODE = "RP812"
_LOOKED_AT = 1 << 20
"""Bytes up to which a packed file is looked through; larger ones are data."""
_TOLD = 5


class Exposed(msgspec.Struct, frozen=True):
    """One credential that a reader would get."""

    place: str
    """``cell 3, line 2``, ``settings.py:12``."""
    kind: str


def exposed_in_notebook(notebook: Notebook, node: Mapping[str, Any]) -> tuple[Exposed, ...]:
    """Return the credentials in the cells and outputs of a notebook, but for cells whose comment allows them.

    Args:
        notebook: As its author saved it: names and comments come from there.
        node: The notebook to look through, this one or what a run made of it.
    """
    names = {str(cell.id): cell.label for cell in notebook.cells}
    known = known_values()
    found: list[Exposed] = []
    for position, cell in enumerate(node["cells"], 1):
        name = names.get(str(cell.get("id")), f"{cell['cell_type']} cell at place {position}")
        source = cell["source"]
        if allowance(source, CODE):
            continue
        found += [Exposed(f"{name}, line {line}", kind) for line, kind in _lines(source, known)]
        for output in cell.get("outputs", ()):
            found += [Exposed(f"an output of {name}", kind) for kind in _kinds(_shown(output), known)]
        found += [
            Exposed(f"the metadata of {name}", kind) for kind in _kinds(cell.get("metadata", {}), known)
        ]
    found += [
        Exposed("the metadata of the notebook", kind) for kind in _kinds(node.get("metadata", {}), known)
    ]
    return tuple(dict.fromkeys(found))


def exposed_in_files(gathered: Gathered, *, allowed: Iterable[str]) -> tuple[Exposed, ...]:
    """Return the credentials in packed files that are text and no larger than a megabyte.

    Args:
        gathered: What is packed.
        allowed: Places that the author has looked at: ``settings.py``, or one line, ``settings.py:12``.
    """
    waived, known = frozenset(allowed), known_values()
    found = []
    for file in gathered.packed:
        if file.path in waived or file.size > _LOOKED_AT:
            continue
        text = _text(gathered.root / file.path)
        found += [
            Exposed(place, kind)
            for line, kind in _lines(text, known)
            if (place := f"{file.path}:{line}") not in waived
        ]
    return tuple(dict.fromkeys(found))


def exposed_in_wheels(
    locked: Locked, interpreter: Interpreter, *, allowed: Iterable[str]
) -> tuple[Exposed, ...]:
    """Return the credentials in packages that the bundle carries because they are the author's own.

    Args:
        locked: The wheels that the bundle carries.
        interpreter: Tells which of them were installed from a folder.
        allowed: As for :func:`exposed_in_files`.
    """
    waived, known = frozenset(allowed), known_values()
    found = []
    for each in locked.vendored:
        dist = interpreter.find(each.name)
        if dist is None or dist.origin not in {"editable", "directory"}:
            continue
        with zipfile.ZipFile(each.wheel) as wheel:
            for entry in wheel.infolist():
                if entry.is_dir() or entry.file_size > _LOOKED_AT or entry.filename in waived:
                    continue
                text = _decoded(wheel.read(entry))
                found += [
                    Exposed(place, kind)
                    for line, kind in _lines(text, known)
                    if (place := f"{entry.filename}:{line}") not in waived
                ]
    return tuple(dict.fromkeys(found))


def secret_findings(found: Iterable[Exposed], reason: str) -> tuple[Finding, ...]:
    """Return what is told of credentials: a line each where the author answers for them, else one that refuses.

    Places and kinds are named, never values.
    """
    exposed = tuple(dict.fromkeys(found))
    if not exposed:
        return ()
    if reason:
        return tuple(
            Finding(
                code=CODE,
                severity="info",
                message=f"{each.place} looks like a credential: {each.kind} (allowed here: {reason})",
                remedy="nothing to do",
            )
            for each in exposed
        )
    named = "; ".join(f"{each.kind} in {each.place}" for each in exposed[:_TOLD])
    more = f"; and {len(exposed) - _TOLD} more" if len(exposed) > _TOLD else ""
    files = next((each.place for each in exposed if ":" in each.place), "")
    waiver = f", or `jupyter repro export --allow-secret {files}`" if files else ""
    return (
        Finding(
            code=CODE,
            severity="warning",
            message=f"the bundle would hold what looks like a credential: {named}{more}",
            remedy="read it from a variable of the environment, make it worthless if it was ever shared, and run the "
            f"cell again; if it is none, say so in the cell: `# repro: allow {CODE} because ...`{waiver}",
        ),
    )


def _lines(text: str, known: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    for each in find(text):
        yield text.count("\n", 0, each.start) + 1, each.kind
    for secret, name in known.items():
        at = text.find(secret)
        if at >= 0:
            yield text.count("\n", 0, at) + 1, _value_of(name)


def _value_of(name: str) -> str:
    return f"the value of {name}"


def _shown(output: Mapping[str, Any]) -> Any:
    """Return what an output shows as text; images are no text."""
    data = output.get("data")
    told = {key: output[key] for key in ("text", "traceback", "evalue") if key in output}
    if isinstance(data, dict):
        told["data"] = {
            mime: value for mime, value in data.items() if mime.startswith(("text/", "application/"))
        }
    return told


def _kinds(value: Any, known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the kinds of credentials in plain JSON data."""
    if isinstance(value, str):
        values = (_value_of(name) for secret, name in known.items() if secret in value)
        return (*(each.kind for each in find(value)), *values)
    if isinstance(value, dict):
        named = tuple(
            "named"
            for key, each in value.items()
            if is_secret_name(key) and redacted({key: each}) != {key: each}
        )
        return named or tuple(kind for each in value.values() for kind in _kinds(each, known))
    if isinstance(value, (list, tuple)):
        return tuple(kind for each in value for kind in _kinds(each, known))
    return ()


def _decoded(data: bytes) -> str:
    """Return the text, empty if it is none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return ""


def _text(path: Path) -> str:
    """Return the text of a file, that of a notebook without its images; empty if it is none."""
    try:
        text = _decoded(path.read_bytes())
    except OSError:
        return ""
    if path.suffix != ".ipynb":
        return text
    try:
        return json.dumps(without_images(json.loads(text)), indent=1, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def without_images(value: Any) -> Any:
    """Return plain data with nothing in the place of images."""
    if isinstance(value, dict):
        return {key: "" if key.startswith("image/") else without_images(each) for key, each in value.items()}
    return [without_images(each) for each in value] if isinstance(value, list) else value
