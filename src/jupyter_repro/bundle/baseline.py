"""The environment of whatever a user names: a run, a session, a file, a bundle."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from jupyter_repro.records import Environment, Git, Missing
from jupyter_repro.store.baseline import Baseline, baseline_named

from .run_record import parcel_of_bundle

__all__ = ["baseline_from"]


def baseline_from(folder: Path, word: str, *, otherwise: str = "") -> Baseline:
    """Return the environment that a word names.

    Args:
        folder: The notebook's.
        word: A bundle (``paper.repro.zip``), or what :func:`.baseline_named` takes.
        otherwise: The store where the project names none.

    Raises:
        BadBundle: The bundle is none of ours.
        BadWord: The word names nothing, or several runs.
        StorageFailed: The record cannot be read.
    """
    path = folder / Path(os.path.expandvars(word)).expanduser()
    if path.suffix != ".zip":
        return baseline_named(folder, word, otherwise=otherwise)
    parcel = parcel_of_bundle(path)
    held = dict(parcel.objects)
    environment = msgspec.json.decode(held[parcel.run.environment], type=Environment)
    code = parcel.run.code
    git = code if isinstance(code, Missing) else msgspec.json.decode(held[code.detail], type=Git)
    return Baseline(
        record=path.name,
        made=None,
        environment=msgspec.structs.replace(environment, git=git),
        imports_known=True,
    )
