"""Saving: everything that the next step hangs on."""

from __future__ import annotations

import hashlib
import json
import math
import time
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.canonical import dumps
from jupyter_repro.errors import BadCheckpoint
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.inputs.manifest import find_manifest
from jupyter_repro.records import Missing
from jupyter_repro.records.checkpoints import ENVIRONMENT, CheckpointManifest, HeldFile, Part
from jupyter_repro.rng.rank import global_rank
from jupyter_repro.version import __version__

from .describe import settings_of
from .estimators import write_estimator
from .folder import MANIFEST, appearing
from .history import history_of, is_followed
from .identity import identity_now
from .naming import named
from .parts import class_of, is_estimator, position_of, state_of
from .plain import pack
from .reading import sealed
from .retention import Keep, retain
from .streams import capture_streams
from .tensors import write_tensors

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_repro.records.catalog import CodeRevision
    from jupyter_repro.records.checkpoints import HeldTensor

__all__ = ["GIVEN", "Saved", "Surroundings", "data_digest", "number_of", "save"]

GIVEN = ("model", "optimizer", "scheduler", "scaler", "loader", "extra")
"""What may be given, by its word."""


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """Who saves: told by the door, which knows the run."""

    run: str
    notebook: str = ""
    environment: tuple[str, bytes] = ("", b"")
    """SHA-256 and JSON."""
    code: CodeRevision | Missing = Missing("not looked")
    folder: Path
    """Where the manifest of data is looked for."""


class Saved(msgspec.Struct, frozen=True):
    """A checkpoint that is on the disk."""

    path: Path
    digest: str
    """Of all that the next step hangs on: `load(path, digest=...)` takes no other. Two runs that came to the same
    state have the same."""
    removed: tuple[Path, ...] = ()
    """Older ones that ``keep=`` did not keep."""


def save(  # noqa: PLR0913 - what a checkpoint is made from
    template: str | os.PathLike[str],
    given: Mapping[str, Any],
    facts: Mapping[str, Any],
    around: Surroundings,
    *,
    keep: Keep | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Saved:
    """Write a checkpoint, whole or not at all.

    Args:
        template: Its path, in which ``{run}``, ``{step:08d}`` and the like stand for what they are.
        given: Objects by the words of :data:`GIVEN`; None where there is none.
        facts: ``step``, ``epoch``, ``metrics``, ``preprocessing``, ``augmentation``.
        around: Who saves.
        keep: Which older checkpoints of the run stay beside it; None: all.
        files: More files by name, for other tools.

    Raises:
        BadCheckpoint: Something has no state, or holds what is no data.
        BadWord: The path cannot be made.
        NotInstalled: safetensors or skops is not there.
        StorageFailed: It cannot be written.
    """
    streams = capture_streams()  # before anything else could draw
    rank = global_rank()
    metrics = {name: _number(name, value) for name, value in (facts.get("metrics") or {}).items()}
    step, epoch = facts.get("step"), facts.get("epoch")
    if epoch is None:
        epoch = getattr(given.get("loader"), "epoch", None)
    words = {"run": around.run, "step": step, "epoch": epoch, "rank": rank.rank, "ranks": rank.size}
    target = named(template, {**metrics, **words}).absolute()
    absent = dict(streams.absent)
    with appearing(target) as folder:
        writing = _Writing(folder)
        for word in GIVEN:
            _write_given(writing, word, given.get(word), absent)
        writing.part("rng", streams.states, "jupyter_repro.streams")
        _write_history(writing, given, absent)
        for name, data in (files or {}).items():
            writing.file(name, data)
        if around.environment[1]:
            writing.file(ENVIRONMENT, around.environment[1])
        else:
            absent["environment"] = "not looked"
        manifest = CheckpointManifest(
            run=around.run,
            saved=time.time(),
            made_with=__version__,
            step=None if step is None else int(step),
            epoch=epoch if isinstance(epoch, int) else None,
            metrics={name: each if math.isfinite(each) else str(each) for name, each in metrics.items()},
            notebook=around.notebook,
            rank=rank.rank,
            ranks=rank.size,
            parts=writing.parts,
            streams=streams.digests,
            files=writing.files,
            settings=settings_of(
                given.get("loader"), {word: facts.get(word) for word in ("preprocessing", "augmentation")}
            ),
            identity=identity_now(),
            environment=around.environment[0],
            code=around.code,
            data=data_digest(around.folder),
            absent=absent,
        )
        manifest = sealed(manifest)
        writing.put(MANIFEST, dumps(manifest, indent=1))
    return Saved(target, manifest.digest, () if keep is None else retain(target, keep))


class _Writing:
    """A checkpoint's folder while it is filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, HeldFile] = {}
        self.parts: dict[str, Part] = {}

    def put(self, name: str, data: bytes) -> None:
        with unwatched():
            (self.folder / name).write_bytes(data)

    def file(self, name: str, data: bytes) -> None:
        self.put(name, data)
        self.files[name] = HeldFile(size=len(data), sha256=hashlib.sha256(data).hexdigest())

    def part(self, name: str, state: Any, kind: str) -> None:
        """Write a state as JSON, with its tensors and arrays beside it."""
        try:
            packed = pack(state)
        except BadCheckpoint as error:
            raise BadCheckpoint(f"in `{name}`: {error.message}", remedy=error.remedy) from None
        files = [f"{name}.json"]
        facts: dict[str, HeldTensor] = {}
        # in its own order, which the order of tensors and of parameter groups follows
        self.file(
            files[0],
            json.dumps(packed.tree, allow_nan=False, indent=None if name == "rng" else 1).encode() + b"\n",
        )
        if packed.tensors:
            files.append(f"{name}.safetensors")
            self.files[files[-1]], facts = write_tensors(self.folder / files[-1], packed.tensors)
        for number, array in enumerate(packed.arrays):
            files.append(f"{name}.{number}.npy")
            self.file(files[-1], _npy(array))
        self.parts[name] = Part(kind="state", type=kind, files=tuple(files), tensors=facts)

    def estimator(self, name: str, value: Any) -> None:
        """Write an estimator as a whole."""
        file = f"{name}.skops"
        path = self.folder / file
        write_estimator(path, value)
        with unwatched():
            data = path.read_bytes()
        self.files[file] = HeldFile(size=len(data), sha256=hashlib.sha256(data).hexdigest())
        self.parts[name] = Part(kind="estimator", type=class_of(value), files=(file,))


def _write_given(writing: _Writing, word: str, value: Any, absent: dict[str, str]) -> None:
    if value is None:
        absent[word] = "not given"
    elif word == "loader":
        state, why = position_of(value)
        if state is None:
            absent[word] = why
        else:
            writing.part(word, state, class_of(value))
    elif word == "model" and is_estimator(value):
        writing.estimator(word, value)
    else:
        writing.part(word, state_of(value, word, plain=word == "extra"), class_of(value))


def _write_history(writing: _Writing, given: Mapping[str, Any], absent: dict[str, str]) -> None:
    found = {}
    for word, what in (("optimizer", "learning rates"), ("scaler", "loss scales")):
        value = given.get(word)
        if value is None:
            continue
        if is_followed(value):
            found[word] = history_of(value)
        else:
            absent[f"history of {what}"] = (
                f"nobody followed it: `checkpoint.follow({word}={word})` before training"
            )
    if found:
        writing.part("history", found, "jupyter_repro.history")


def number_of(value: Any) -> float:
    """Return a number, or that of a tensor, without asking for its gradient.

    Raises:
        TypeError: It is none.
        ValueError: As above.
    """
    return float(value.detach() if hasattr(value, "detach") else value)


def _npy(array: Any) -> bytes:
    import io

    import numpy as np

    made = io.BytesIO()
    np.save(made, array, allow_pickle=False)
    return made.getvalue()


def _number(name: str, value: Any) -> float:
    try:
        found = number_of(value)
    except (TypeError, ValueError):
        raise BadCheckpoint(
            f"the metric `{name}` is no number", remedy="hand over numbers in `metrics=`"
        ) from None
    return found


def data_digest(folder: Path) -> str | Missing:
    """Return the SHA-256 of the manifest of data that holds for a folder, or why there is none."""
    with unwatched():
        path = find_manifest(folder)
        if path is None:
            return Missing("no data are tracked here (`%repro data track`)")
        try:
            return hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            return Missing(f"`{path.name}` cannot be read: {error.strerror}")
