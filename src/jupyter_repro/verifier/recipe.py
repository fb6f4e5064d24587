"""``repro.json``: what is run, in which environment, and what it is compared with."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from .claims.claim import Claim, claims_from_json
from .compare.volatile import Mask, masks_from_json
from .errors import BundleRejected

__all__ = ["NAME", "Recipe", "RecipeCell", "RecipeFile", "RecipeQuick"]

NAME = "repro.json"
SCHEMA = 1

_Kind = TypeVar("_Kind")


@dataclasses.dataclass(frozen=True)
class RecipeFile:
    """A file that the notebook reads."""

    path: str
    """Relative to the root; absolute for a file outside it."""
    sha256: str
    size: int
    role: str = "data"
    """``data`` or ``source``."""
    member: str = ""
    """Its name in the bundle; empty for a file that is not packed."""
    url: str = ""
    """Where a file of the project that is not packed is fetched from."""


@dataclasses.dataclass(frozen=True)
class RecipeCell:
    """A code cell as the author's canonical run found it."""

    id: str
    label: str
    source_sha256: str
    expects_error: str | None = None
    """Name of the exception that the canonical run ended this cell with."""


@dataclasses.dataclass(frozen=True)
class RecipeQuick:
    """The quick variant: a reference of its own for some of the cells."""

    cells: tuple[str, ...]
    """Ids, in document order."""
    environment: dict[str, str]
    """What the kernel is given beside the environment of every run."""
    expected: tuple[str, ...] = ()
    """Cells that end with an error in it."""


@dataclasses.dataclass(frozen=True)
class Recipe:
    """Everything the verifier needs to know, and facts for the report."""

    notebook: str
    """Path relative to the root; its folder is the kernel's working directory."""
    python: dict[str, str]
    platform: dict[str, str]
    kernel_arguments: tuple[str, ...] = ()
    kernel_environment: dict[str, str] = dataclasses.field(default_factory=dict)
    files: tuple[RecipeFile, ...] = ()
    external_files: tuple[RecipeFile, ...] = ()
    rtol: float = 1e-9
    atol: float = 1e-12
    volatile: tuple[Mask, ...] = ()
    """Places that differed between runs of the author."""
    claims: tuple[Claim, ...] = ()
    """What of a paper the author ties to cells."""
    cells: tuple[RecipeCell, ...] = ()
    seed: dict[str, Any] | None = None
    settings: tuple[dict[str, Any], ...] = ()
    author: dict[str, Any] = dataclasses.field(default_factory=dict)
    proof: tuple[dict[str, Any], ...] = ()
    proven: bool = True
    """Whether the reference is a fresh run of the author's; if not, it is what the saved notebook showed."""
    waivers: tuple[dict[str, Any], ...] = ()
    """What the author answers for: code, message, reason, cell."""
    quick: RecipeQuick | None = None
    created_with: str = ""
    schema: int = SCHEMA

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``repro.json``."""
        return {
            "schema": self.schema,
            "created_with": self.created_with,
            "notebook": self.notebook,
            "python": self.python,
            "platform": self.platform,
            "kernel": {"arguments": list(self.kernel_arguments), "environment": self.kernel_environment},
            "files": [dataclasses.asdict(file) for file in self.files],
            "external_files": [dataclasses.asdict(file) for file in self.external_files],
            "compare": {
                "rtol": self.rtol,
                "atol": self.atol,
                "volatile": [mask.to_json() for mask in self.volatile],
            },
            "seed": self.seed,
            "settings": list(self.settings),
            "author": self.author,
            "claims": [claim.to_json() for claim in self.claims],
            "cells": [dataclasses.asdict(cell) for cell in self.cells],
            "proof": list(self.proof),
            "proven": self.proven,
            "waivers": list(self.waivers),
            "quick": None if self.quick is None else dataclasses.asdict(self.quick),
        }

    @classmethod
    def from_json(cls, data: object) -> Recipe:
        """Return the recipe in ``repro.json``.

        Raises:
            BundleRejected: A field is missing or of another type, or the schema is newer than this program.
        """
        top = _typed(data, dict, "repro.json")
        schema = _field(top, "schema", int)
        if schema > SCHEMA:
            raise BundleRejected(
                "schema",
                f"the bundle has format {schema}, this verifier reads up to {SCHEMA}",
                remedy="run the verifier in the bundle: `uv run BUNDLE`",
            )
        kernel = _field(top, "kernel", dict)
        compare = _field(top, "compare", dict)
        return cls(
            schema=schema,
            created_with=_field(top, "created_with", str),
            notebook=_field(top, "notebook", str),
            python=_texts(_field(top, "python", dict), "python"),
            platform=_texts(_field(top, "platform", dict), "platform"),
            kernel_arguments=tuple(
                _typed(a, str, "kernel.arguments") for a in _field(kernel, "arguments", list)
            ),
            kernel_environment=_texts(_field(kernel, "environment", dict), "kernel.environment"),
            files=_records(top, "files", RecipeFile),
            external_files=_records(top, "external_files", RecipeFile),
            rtol=float(_number(compare, "rtol")),
            atol=float(_number(compare, "atol")),
            volatile=_masks(compare),
            claims=_claims(top),
            cells=_records(top, "cells", RecipeCell),
            seed=None if top.get("seed") is None else _field(top, "seed", dict),
            settings=tuple(_typed(s, dict, "settings") for s in _field(top, "settings", list)),
            author=_field(top, "author", dict),
            proof=tuple(_typed(p, dict, "proof") for p in _field(top, "proof", list)),
            proven=_typed(top.get("proven", True), bool, "proven"),
            waivers=tuple(_waiver(each) for each in _typed(top.get("waivers", []), list, "waivers")),
            quick=_quick(top.get("quick")),
        )


def _typed(value: object, kind: type[_Kind], where: str) -> _Kind:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise BundleRejected("recipe", f"`{where}` in repro.json is not what it should be ({kind.__name__})")
    return value


def _field(data: dict[str, Any], name: str, kind: type[_Kind]) -> _Kind:
    return _typed(data.get(name), kind, name)


def _number(data: dict[str, Any], name: str) -> float:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1:
        raise BundleRejected("recipe", f"`compare.{name}` in repro.json is not a tolerance")
    return value


def _masks(compare: dict[str, Any]) -> tuple[Mask, ...]:
    """Return the volatile places; bundles made before there were any have none."""
    try:
        return masks_from_json(_typed(compare.get("volatile", []), list, "compare.volatile"))
    except ValueError as error:
        raise BundleRejected("recipe", f"an entry of `compare.volatile` in repro.json: {error}") from error


def _claims(top: dict[str, Any]) -> tuple[Claim, ...]:
    """Return the claims; bundles made before there were any have none."""
    try:
        return claims_from_json(_typed(top.get("claims", []), list, "claims"))
    except ValueError as error:
        raise BundleRejected("recipe", f"an entry of `claims` in repro.json: {error}") from error


def _quick(raw: object) -> RecipeQuick | None:
    if raw is None:
        return None
    found = _typed(raw, dict, "quick")
    return RecipeQuick(
        cells=tuple(_typed(each, str, "quick.cells") for each in _field(found, "cells", list)),
        environment=_texts(_field(found, "environment", dict), "quick.environment"),
        expected=tuple(_typed(each, str, "quick.expected") for each in _field(found, "expected", list)),
    )


def _waiver(raw: object) -> dict[str, Any]:
    return dict(_texts(_typed(raw, dict, "waivers"), "waivers"))


def _texts(data: dict[str, Any], where: str) -> dict[str, str]:
    return {_typed(key, str, where): _typed(value, str, where) for key, value in data.items()}


def _records(top: dict[str, Any], name: str, kind: type[_Kind]) -> tuple[_Kind, ...]:
    found = []
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]  # both kinds are dataclasses
    for raw in _field(top, name, list):
        row = _typed(raw, dict, name)
        values = {key: value for key, value in row.items() if key in fields}
        for key, field in fields.items():
            if key not in values and field.default is dataclasses.MISSING:
                raise BundleRejected("recipe", f"an entry of `{name}` in repro.json has no `{key}`")
        _check_types(name, values)
        found.append(kind(**values))
    return tuple(found)


def _check_types(name: str, values: dict[str, Any]) -> None:
    for key, value in values.items():
        if key == "size":
            _typed(value, int, f"{name}.{key}")
        elif not (key == "expects_error" and value is None):
            _typed(value, str, f"{name}.{key}")
