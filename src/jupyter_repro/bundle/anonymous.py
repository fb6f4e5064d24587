"""A bundle for double-blind review: what tells who the author is stays out, and the finished file is looked through."""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from typing import IO, TYPE_CHECKING, Any

import msgspec

from jupyter_repro.errors import ExportRefused
from jupyter_repro.records import Missing

from .guard import without_images
from .layout import VERIFIER
from .stopping import go_on

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from jupyter_repro.records import Environment

    from .canonical import CanonicalRun
    from .notebook import Notebook

__all__ = [
    "Left",
    "anonymous_environment",
    "anonymous_notebook",
    "anonymous_run",
    "identities_left",
    "refuse_identities",
]

_LEFT_OUT = "left out, for double-blind review"
_CHUNK = 1 << 20
_TOLD = 8
_KEPT_OF_CELLS = ("tags", "jupyter_repro", "slideshow")


class Left(msgspec.Struct, frozen=True):
    """One text of the author's that a reader of the bundle would see."""

    place: str
    """The member; ``wheel: member`` inside a wheel."""
    kind: str


def anonymous_notebook(notebook: Notebook) -> Notebook:
    """Return the notebook without metadata that may name its author: who, which kernel, which front end, when."""
    node: dict[str, Any] = copy.deepcopy(notebook.node)
    language = node["metadata"].get("language_info", {})
    node["metadata"] = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": language if isinstance(language, dict) else {},
        **{key: node["metadata"][key] for key in ("jupyter_repro",) if key in node["metadata"]},
    }
    for cell in node["cells"]:
        cell["metadata"] = {key: each for key, each in cell["metadata"].items() if key in _KEPT_OF_CELLS}
    notes = (*notebook.notes, "metadata that may name its author are left out")
    return msgspec.structs.replace(notebook, node=node, notes=notes)


def anonymous_run(run: CanonicalRun) -> CanonicalRun:
    """Return the run without what its kernel told of the place: the time zone."""
    node = copy.deepcopy(run.node)
    record = node["metadata"].get("jupyter_repro", {}).get("record", {})
    record.get("machine", {}).pop("time zone", None)
    return msgspec.structs.replace(run, node=node)


def anonymous_environment(environment: Environment) -> Environment:
    """Return the environment without the repository and without the numbers of the very devices."""
    gpus = environment.gpus
    if not isinstance(gpus, Missing):
        gpus = tuple(msgspec.structs.replace(gpu, uuid=None, identity=None) for gpu in gpus)
    return msgspec.structs.replace(environment, git=Missing(_LEFT_OUT), gpus=gpus)


def identities_left(
    bundle: Path, named: Mapping[str, str], *, others: Collection[str], allowed: Collection[str]
) -> tuple[Left, ...]:
    """Return where a finished file still tells who its author is.

    Args:
        bundle: The zip.
        named: Texts to look for, each with what it is.
        others: Wheels that come from an index as they are: whom they name is not the author's affair.
        allowed: Places that the author has looked at: ``names.csv`` for the member ``data/names.csv``.
    """
    if not named:
        return ()
    with zipfile.ZipFile(bundle) as archive:
        return tuple(
            dict.fromkeys(_found(archive, _Search(named), "", frozenset(others), frozenset(allowed)))
        )


def refuse_identities(left: tuple[Left, ...]) -> None:
    """Return if nothing is left.

    Raises:
        ExportRefused: Something is; each is named by its place and kind.
    """
    if not left:
        return
    told = "; ".join(f"{each.kind} in {each.place}" for each in left[:_TOLD])
    more = f"; and {len(left) - _TOLD} more" if len(left) > _TOLD else ""
    raise ExportRefused(
        f"the bundle would not be anonymous: {told}{more}",
        remedy="take it out of the sources and outputs, run all cells and save; if it is somebody else's name, "
        "`--allow-secret FILE`",
    )


class _Search:
    """Looks for all texts at once, whole words only, whatever their case."""

    def __init__(self, named: Mapping[str, str]) -> None:
        self._kinds = {text.lower(): kind for text, kind in named.items()}
        self.longest = max(len(text.encode()) for text in named) + 2
        words = "|".join(re.escape(text) for text in sorted(named, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])", re.IGNORECASE)

    def kinds(self, text: str) -> Iterator[str]:
        for match in self._pattern.finditer(text):
            yield self._kinds.get(match.group().lower(), "a name of yours")


def _found(
    archive: zipfile.ZipFile, search: _Search, above: str, others: frozenset[str], allowed: frozenset[str]
) -> Iterator[Left]:
    for entry in archive.infolist():
        name = entry.filename
        place = f"{above}{name}"
        file = name.partition("/")[2] or name
        if name.startswith(f"{VERIFIER}/") or file in others or allowed & {name, file}:
            continue
        for kind in search.kinds(name):
            yield Left(f"the name of {place}", kind)
        with archive.open(entry) as content:
            if name.endswith((".whl", ".zip", ".npz", ".xlsx")):
                yield from _inside(content, search, place, allowed)
            else:
                yield from (Left(place, kind) for kind in _kinds(content, name, search))


def _inside(content: IO[bytes], search: _Search, place: str, allowed: frozenset[str]) -> Iterator[Left]:
    try:
        with zipfile.ZipFile(io.BytesIO(content.read())) as inner:
            yield from _found(inner, search, f"{place}: ", frozenset(), allowed)
    except zipfile.BadZipFile:
        return


def _kinds(content: IO[bytes], name: str, search: _Search) -> Iterator[str]:
    if name.endswith((".ipynb", ".json", ".jsonld")):
        raw = content.read()
        try:
            text = json.dumps(without_images(json.loads(raw)), ensure_ascii=False)
        except (ValueError, RecursionError):
            text = raw.decode("utf-8", "replace")
        yield from search.kinds(text)
        return
    rest = b""
    while chunk := content.read(_CHUNK):
        go_on()
        yield from search.kinds((rest + chunk).decode("utf-8", "replace"))
        rest = chunk[-search.longest :]
