"""A notebook as its author saved it, read without touching the file."""

from __future__ import annotations

import json
import warnings
from pathlib import Path  # noqa: TC003 - msgspec resolves the field types at run time
from typing import Any

import msgspec

from jupyter_repro.digest import source_digest
from jupyter_repro.errors import BadNotebook
from jupyter_repro.records import Cell, CellId

__all__ = ["Notebook", "notebook_bytes", "read_notebook"]

_MERGE_MARKERS = ("<<<<<<< ", "=======\n", ">>>>>>> ")
_KNOWN_MINOR = 5
_REMEDY = "open it in JupyterLab and save it again, or restore it from version control"


class Notebook(msgspec.Struct, frozen=True, kw_only=True):
    """The saved notebook, in nbformat 4 with one id a cell."""

    path: Path
    raw: bytes
    """The file's own bytes."""
    node: dict[str, Any]
    """Sources and texts are joined strings; treat as read-only."""
    notes: tuple[str, ...] = ()
    """What had to be changed in memory, one sentence each; empty: ``raw`` says the same as ``node``."""

    @property
    def code_cells(self) -> tuple[dict[str, Any], ...]:
        """The code cells in document order."""
        return tuple(cell for cell in self.node["cells"] if cell["cell_type"] == "code")

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The code cells that hold code, named ``cell 1``, ``cell 2`` ..."""
        filled = (cell for cell in self.code_cells if cell["source"].strip())
        return tuple(
            Cell(
                id=CellId(cell["id"]),
                source=cell["source"],
                digest=source_digest(cell["source"]),
                label=f"cell {number}",
                tags=tuple(str(tag) for tag in cell.get("metadata", {}).get("tags", ())),
            )
            for number, cell in enumerate(filled, 1)
        )

    @property
    def bytes(self) -> bytes:
        """What a bundle carries: the author's own bytes wherever any reader can use them."""
        return notebook_bytes(self.node) if self.notes else self.raw


def notebook_bytes(node: dict[str, Any]) -> bytes:
    """Return a notebook as JSON with sorted keys; ASCII, because outputs may hold lone surrogates."""
    return json.dumps(node, sort_keys=True, indent=1, ensure_ascii=True).encode("ascii") + b"\n"


def read_notebook(path: Path) -> Notebook:
    """Return the notebook at ``path``; a version 3 file and missing cell ids are mended in memory.

    Raises:
        BadNotebook: It is no notebook, is damaged, or is for a language other than Python.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadNotebook(f"cannot read `{path}`: {reason}", remedy="check the path") from error
    try:
        node = _parse(raw)
        notes: list[str] = []
        if raw.startswith(b"\xef\xbb\xbf"):
            notes.append("the file starts with a byte order mark")
        node = _upgraded(node, notes)
        _check_cells(node)
        _check_language(node)
        _join_lines(node)
    except RecursionError as error:
        raise _bad(path, "its JSON is nested too deep") from error
    except _NotNotebook as error:
        raise _bad(path, str(error)) from error
    _give_ids(node, notes)
    return Notebook(path=path, raw=raw, node=node, notes=tuple(notes))


class _NotNotebook(Exception):
    """Why the bytes are no notebook."""


def _bad(path: Path, reason: str) -> BadNotebook:
    return BadNotebook(f"`{path}` is not a notebook we can run: {reason}", remedy=_REMEDY)


def _parse(raw: bytes) -> dict[str, Any]:
    if not raw.strip():
        raise _NotNotebook("the file is empty")
    try:
        text = raw.decode("utf-8-sig")
        node = json.loads(text)
    except UnicodeDecodeError as error:
        raise _NotNotebook("it is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        if all(marker in text for marker in _MERGE_MARKERS):
            raise _NotNotebook("it holds merge conflict markers") from error
        raise _NotNotebook(f"it is not JSON (line {error.lineno}: {error.msg})") from error
    if not isinstance(node, dict):
        raise _NotNotebook(f"it is a JSON {type(node).__name__}, not an object")
    return node


def _upgraded(node: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    major, minor = node.get("nbformat"), node.get("nbformat_minor", 0)
    if not isinstance(major, int) or not isinstance(minor, int):
        raise _NotNotebook("it names no notebook format")
    if major > 4:  # noqa: PLR2004 - the format's number
        raise _NotNotebook(f"its format {major} is newer than this program")
    if major < 4:  # noqa: PLR2004 - the format's number
        notes.append(f"format {major} was upgraded to 4 in memory")
        return _convert(node, major)
    if minor > _KNOWN_MINOR:
        notes.append(f"format 4.{minor} is newer than 4.{_KNOWN_MINOR} and was read as that")
        node["nbformat_minor"] = _KNOWN_MINOR
    return node


def _convert(node: dict[str, Any], major: int) -> dict[str, Any]:
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbformat warns of the ids that we are about to give
            new = nbformat.convert(nbformat.from_dict(node), 4)
    except (nbformat.ValidationError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise _NotNotebook(f"its format {major} cannot be upgraded ({error})") from error
    plain: dict[str, Any] = json.loads(json.dumps(new))
    for cell in plain.get("cells", ()):
        cell.pop("id", None)  # made at random by the upgrade
    return plain


def _check_cells(node: dict[str, Any]) -> None:
    cells = node.get("cells")
    if not isinstance(cells, list):
        raise _NotNotebook("it has no list of cells")
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            raise _NotNotebook(f"its cell {number} has no type")
        if not _is_text(cell.get("source")):
            raise _NotNotebook(f"its cell {number} has no source")
        if not isinstance(cell.get("metadata", {}), dict):
            raise _NotNotebook(f"the metadata of its cell {number} are no object")
        outputs = cell.get("outputs", [])
        if not isinstance(outputs, list) or not all(isinstance(each, dict) for each in outputs):
            raise _NotNotebook(f"the outputs of its cell {number} are no list of outputs")


def _is_text(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))


def _check_language(node: dict[str, Any]) -> None:
    metadata = node.setdefault("metadata", {})
    if not isinstance(metadata, dict):
        raise _NotNotebook("its metadata are no object")
    for key, field in (("language_info", "name"), ("kernelspec", "language")):
        facts = metadata.get(key)
        language = facts.get(field) if isinstance(facts, dict) else None
        if isinstance(language, str) and language.lower() not in {"python", "ipython", ""}:
            raise _NotNotebook(f"its language is {language}, and only Python notebooks can be run")


def _join_lines(node: dict[str, Any]) -> None:
    for cell in node["cells"]:
        cell["source"] = _joined(cell["source"])
        cell.setdefault("metadata", {})
        if cell["cell_type"] != "code":
            continue
        cell.setdefault("outputs", [])
        cell.setdefault("execution_count", None)
        for output in cell["outputs"]:
            if "text" in output:
                output["text"] = _joined(output["text"])
            data = output.get("data")
            if isinstance(data, dict):
                output["data"] = {
                    mime: value if mime.endswith("json") else _joined(value) for mime, value in data.items()
                }


def _joined(value: Any) -> Any:
    return "".join(value) if isinstance(value, list) and _is_text(value) else value


def _give_ids(node: dict[str, Any], notes: list[str]) -> None:
    """Give each cell without an id of its own one that follows from its place and source."""
    taken: set[str] = set()
    given = 0
    for position, cell in enumerate(node["cells"]):
        own = cell.get("id")
        if not isinstance(own, str) or not own or own in taken:
            own, given = f"at-{position}-{source_digest(cell['source'])[:8]}", given + 1
            cell["id"] = own
        taken.add(own)
    if given:
        node["nbformat_minor"] = max(node.get("nbformat_minor", 0), 5)
        notes.append(
            f"{given} cell{'s' if given > 1 else ''} had no id of {'their' if given > 1 else 'its'} own"
        )
