"""What a checkpoint says of itself."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec

from jupyter_repro.canonical import dumps

from .absence import Missing  # noqa: TC001 - msgspec resolves the field types at run time
from .catalog import CodeRevision  # noqa: TC001 - as above

__all__ = [
    "ENVIRONMENT",
    "FORMAT",
    "SCHEMA",
    "CheckpointManifest",
    "HeldFile",
    "HeldTensor",
    "Part",
    "PartKind",
]

FORMAT = "jupyter_repro.checkpoint"
SCHEMA = 1
ENVIRONMENT = "environment.json"
"""The file that says where it was saved."""

PartKind = Literal["state", "estimator"]
"""What ``state_dict()`` and the like gave; an estimator of scikit-learn as a whole."""


class HeldFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file beside the manifest."""

    size: int
    sha256: str
    """Of all bytes; of a file of tensors, of what comes before the first of them."""
    tensors: bool = False
    """Whether the rest of the file is tensors, each with a digest of its own."""


class HeldTensor(msgspec.Struct, frozen=True, kw_only=True):
    """One tensor of a part."""

    dtype: str
    shape: tuple[int, ...]
    sha256: str


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state of one thing that was given: the model, the optimizer."""

    kind: PartKind
    type: str
    """The class, as ``module.Name``; of several things, of each."""
    files: tuple[str, ...]
    tensors: dict[str, HeldTensor] = {}


class CheckpointManifest(msgspec.Struct, frozen=True, kw_only=True):
    """``manifest.json`` of a checkpoint, a stable format: docs/checkpoints.md."""

    format: str = FORMAT
    schema: int = SCHEMA
    run: str
    """The id of the run that saved it: of the kernel's life, or of the program's."""
    saved: float
    """Seconds since 1970, UTC."""
    made_with: str
    """The version of jupyter_repro."""
    step: int | None = None
    epoch: int | None = None
    metrics: dict[str, float | str] = {}
    """Numbers; ``nan`` and ``inf``, which are no JSON, as texts."""
    notebook: str = ""
    rank: int = 0
    ranks: int = 1
    parts: dict[str, Part] = {}
    streams: dict[str, str] = {}
    """Digest of each RNG stream's state."""
    files: dict[str, HeldFile] = {}
    settings: dict[str, Any] = {}
    """Preprocessing and augmentation, as they describe themselves."""
    identity: dict[str, str] = {}
    """What bits hang on: versions, threads, instruction set, devices."""
    environment: str = ""
    """SHA-256 of the environment, which is beside it."""
    code: CodeRevision | Missing
    data: str | Missing
    """SHA-256 of the manifest of data."""
    absent: dict[str, str] = {}
    """What it does not hold, with the reason."""
    digest: str = ""
    """SHA-256 of all that the next step hangs on: equal for two runs that came to the same state."""
    seal: str = ""
    """SHA-256 of this manifest without this field."""

    @property
    def numbers(self) -> dict[str, float]:
        """The metrics, all as numbers."""
        return {name: float(value) for name, value in self.metrics.items()}

    def to_json(self) -> dict[str, Any]:
        """Return it as plain dicts, lists and atoms."""
        plain: dict[str, Any] = json.loads(dumps(self))
        return plain
