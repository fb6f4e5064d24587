"""The file of a reference: JSON that reads well in a diff, a line a step and a line a tensor."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.canonical import to_builtins, write_atomic
from jupyter_repro.errors import BadGolden, BadWord, NoGolden
from jupyter_repro.records.golden import SCHEMA, Calibration, Golden, Step, Tensor

from .spelled import parsed, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = [
    "FOLDER",
    "SUFFIX",
    "encode",
    "golden_path",
    "read_golden",
    "reference_paths",
    "write_golden",
]

FOLDER = "goldens"
SUFFIX = ".golden.json"
_NAME = re.compile(r"\w[\w.+-]*(/\w[\w.+-]*)*")


def golden_path(folder: Path, name: str) -> Path:
    """Return the file of a reference.

    Raises:
        BadWord: The name cannot be one of a file.
    """
    name = name.removesuffix(SUFFIX)
    if not _NAME.fullmatch(name):
        raise BadWord(
            f"`{name}` is no name for a golden run",
            remedy="use letters, digits, `-` and `_`, and `/` for folders",
        )
    return folder / f"{name}{SUFFIX}"


def reference_paths(folder: Path) -> list[Path]:
    """Return the references of a folder and those below it."""
    return sorted(folder.rglob(f"*{SUFFIX}"))


def write_golden(path: Path, golden: Golden) -> None:
    """Write a reference, whole or not at all.

    Raises:
        StorageFailed: It cannot be written.
    """
    from jupyter_repro.canonical.write import storage_failed

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_failed(path, error) from error
    write_atomic(path, encode(golden))


def read_golden(path: Path) -> Golden:
    """Return a reference.

    Raises:
        NoGolden: There is no such file.
        BadGolden: It is none, is damaged, or is of a newer version.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise NoGolden(
            f"there is no reference `{path}`",
            remedy="record one: `jupyter repro golden record SCRIPT`, `%repro golden record NAME` or `mode='record'`",
        ) from None
    except OSError as error:
        raise BadGolden(f"cannot read `{path}`: {error.strerror}", remedy="make it readable") from error
    try:
        return _decoded(json.loads(raw))
    except BadGolden as error:
        raise BadGolden(f"`{path}`: {error.message}", remedy=error.remedy) from None
    except (ValueError, TypeError, KeyError, AttributeError, msgspec.ValidationError) as error:
        raise BadGolden(
            f"`{path}` is no reference of a golden run: {error}",
            remedy="take it from version control again, or record it anew",
        ) from None


def encode(golden: Golden) -> bytes:
    """Return the bytes of the file; one sequence for one reference."""
    return ("{\n" + ",\n".join(_entries(golden)) + "\n}\n").encode()


def _entries(golden: Golden) -> Iterator[str]:
    yield f'  "schema": {SCHEMA}'
    for field in ("name", "level", "target"):
        yield f'  "{field}": {_compact(getattr(golden, field))}'
    for field in ("identity", "context", "dtypes"):
        yield _block(field, "{}", [f"{_compact(key)}: {_compact(value)}" for key, value in sorted(getattr(golden, field).items())])  # fmt: skip
    if golden.calibration is not None:
        rows = [f'"{key}": {_compact(value)}' for key, value in to_builtins(golden.calibration).items()]
        yield _block("calibration", "{}", rows)
    if golden.perturbed is not None:
        yield f'  "perturbed": {_compact(golden.perturbed)}'
    yield _block("steps", "[]", [_compact(_step(each)) for each in golden.steps])
    for field in ("initial", "final"):
        yield _block(field, "[]", [_compact(_tensor(each)) for each in getattr(golden, field)])


def _block(field: str, braces: str, rows: list[str]) -> str:
    inside = ",\n".join(f"    {row}" for row in rows)
    return f'  "{field}": {braces[0]}' + (f"\n{inside}\n  " if rows else "") + braces[1]


def _step(each: Step) -> dict[str, Any]:
    row: dict[str, Any] = {"step": each.step}
    row["values"] = {key: spelled(value) for key, value in each.values.items()}
    return row | ({"tolerance": each.tolerance} if each.tolerance else {})


def _tensor(each: Tensor) -> dict[str, Any]:
    row = {"name": each.name, "sha256": each.sha256, "shape": each.shape, "dtype": each.dtype}
    row["norm"] = spelled(each.norm)
    return row | ({} if each.tolerance is None else {"tolerance": each.tolerance})


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _decoded(data: Any) -> Golden:
    schema = data["schema"]
    if not isinstance(schema, int) or schema > SCHEMA:
        raise BadGolden(
            f"it has schema {schema}, this version reads up to {SCHEMA}", remedy="update jupyter_repro"
        )
    fields = {key: value for key, value in data.items() if key != "schema"}
    for name, kind, numbers in (("steps", Step, _numbers), ("initial", Tensor, _norm), ("final", Tensor, _norm)):  # fmt: skip
        fields[name] = tuple(msgspec.convert(numbers(row), kind) for row in data.get(name, ()))
    if data.get("calibration") is not None:
        fields["calibration"] = msgspec.convert(data["calibration"], Calibration)
    golden = msgspec.convert({**_plain(fields), "steps": [], "initial": [], "final": []}, Golden)
    golden = msgspec.structs.replace(
        golden, **{key: fields[key] for key in ("steps", "initial", "final", "calibration") if key in fields}
    )
    numbers_of_steps = [each.step for each in golden.steps]
    if numbers_of_steps != sorted(set(numbers_of_steps)):
        raise BadGolden("its steps are not in order", remedy="take it from version control again")
    return golden


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != "calibration"}


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "values": {key: parsed(text) for key, text in row["values"].items()}}


def _norm(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "norm": parsed(row["norm"])}
