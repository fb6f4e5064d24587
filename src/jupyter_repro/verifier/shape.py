"""Whether a notebook in a bundle is one that can be run and compared: checked once, relied on after."""

from __future__ import annotations

from typing import Any

from .errors import BundleRejected

__all__ = ["checked_notebook"]

_DATA = ("display_data", "execute_result")


def checked_notebook(data: object, name: str) -> dict[str, Any]:
    """Return the notebook if every part that the verifier reads has its type.

    Raises:
        BundleRejected: It has not; the message names the first wrong cell.
    """
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        raise _rejected(name, "it has no list of cells")
    for position, cell in enumerate(data["cells"], start=1):
        fault = _cell_fault(cell)
        if fault:
            raise _rejected(name, f"cell {position} of the file: {fault}")
    return data


def _rejected(name: str, fault: str) -> BundleRejected:
    return BundleRejected("notebook", f"`{name}` is not a notebook of format 4: {fault}")


def _cell_fault(cell: object) -> str:
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        return "it has no type"
    if not _is_text(cell.get("source")):
        return "its source is not text"
    metadata = cell.get("metadata", {})
    if not isinstance(metadata, dict) or not isinstance(metadata.get("tags", []), list):
        return "its metadata or tags are malformed"
    if not isinstance(metadata.get("jupyter_repro", {}), dict):
        return "its metadata or tags are malformed"
    outputs = cell.get("outputs", [])
    if not isinstance(outputs, list):
        return "its outputs are not a list"
    return next((fault for fault in map(_output_fault, outputs) if fault), "")


def _output_fault(output: object) -> str:
    kind = output.get("output_type") if isinstance(output, dict) else None
    if not isinstance(output, dict) or not isinstance(kind, str):
        return "an output has no type"
    if kind == "stream":
        sound = isinstance(output.get("name"), str) and _is_text(output.get("text"))
    elif kind in _DATA:
        sound = isinstance(output.get("data"), dict)
    elif kind == "error":
        sound = isinstance(output.get("ename"), str) and isinstance(output.get("evalue"), str)
    else:
        return f"an output has the unknown type {kind!a}"
    return "" if sound else f"an output of type {kind} is malformed"


def _is_text(value: object) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(line, str) for line in value)
    )
