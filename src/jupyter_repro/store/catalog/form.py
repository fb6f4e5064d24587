"""Records and what they refer to, as bytes that tell when they were changed."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import msgspec

from jupyter_repro.canonical import dumps, to_builtins
from jupyter_repro.errors import BadRecord
from jupyter_repro.records import Environment, Git, Missing
from jupyter_repro.records.catalog import SCHEMA, CodeRevision, Run
from jupyter_repro.secrets import known_values, redacted

from .ids import is_run_id

__all__ = [
    "OBJECTS",
    "PINS",
    "RUNS",
    "code_object",
    "decode_run",
    "encode_run",
    "environment_object",
    "object_name",
    "run_name",
]

RUNS, OBJECTS, PINS = "runs", "objects", "pins"
_DIGEST = "digest"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class _Schema(msgspec.Struct, frozen=True):
    schema: int = 0


def run_name(run_id: str) -> str:
    """Return the name that a record has in a store."""
    return f"{RUNS}/{run_id}.json"


def object_name(digest: str) -> str:
    """Return the name of what a record refers to."""
    if not _SHA256.fullmatch(digest):
        raise BadRecord(
            f"`{digest[:80]}` is no SHA-256", remedy="the record is damaged: `jupyter repro runs fsck`"
        )
    return f"{OBJECTS}/{digest}.json"


def encode_run(run: Run) -> bytes:
    """Return a record without credentials, with its own SHA-256 in it."""
    plain = redacted(to_builtins(run), known=known_values())
    return dumps({**plain, _DIGEST: _sha256(dumps(plain))}, indent=1)


def decode_run(data: bytes, *, run_id: str) -> Run:
    """Return the record.

    Args:
        data: What lies in the store.
        run_id: The name under which it lies there.

    Raises:
        BadRecord: It is not whole, was changed, is another one, or is of a newer version.
    """
    try:
        plain: Any = msgspec.json.decode(data)
        schema = msgspec.convert(plain, _Schema).schema
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise _bad(run_id, "it is not whole") from None
    if schema > SCHEMA:
        raise BadRecord(
            f"run {run_id} is of schema {schema}, this jupyter_repro reads up to {SCHEMA}",
            remedy="upgrade jupyter_repro; the record is left as it is",
        )
    told = plain.pop(_DIGEST, None) if isinstance(plain, dict) else None
    if told != _sha256(dumps(plain)):
        raise _bad(run_id, "it was changed after it was written")
    try:
        run = msgspec.convert(plain, Run)
    except msgspec.ValidationError as error:
        raise _bad(run_id, str(error)) from None
    if run.id != run_id or not is_run_id(run.id):
        raise _bad(run_id, f"it is the record of {run.id}")
    return run


def environment_object(environment: Environment) -> tuple[str, bytes]:
    """Return the SHA-256 and the bytes of an environment, without its code, its configurations and what changes from moment to moment."""
    gpus = environment.gpus
    if not isinstance(gpus, Missing):
        gpus = tuple(msgspec.structs.replace(gpu, performance=None) for gpu in gpus)
    kept = msgspec.structs.replace(
        environment, git=Missing("it is an object of its own"), gpus=gpus, configs=None
    )
    return _object(kept)


def code_object(git: Git | Missing) -> tuple[CodeRevision | Missing, tuple[str, bytes] | None]:
    """Return what a record says of a revision, and the object that holds all of it."""
    if isinstance(git, Missing):
        return git, None
    held = _object(git)
    return CodeRevision(commit=git.commit, branch=git.branch, dirty=git.dirty, detail=held[0]), held


def _object(record: Any) -> tuple[str, bytes]:
    data = dumps(redacted(to_builtins(record), known=known_values()), indent=1)
    return _sha256(data), data


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _bad(run_id: str, why: str) -> BadRecord:
    return BadRecord(
        f"the record of run {run_id} cannot be used: {why}",
        remedy="`jupyter repro runs fsck` tells all damage",
    )
