"""A checkpoint on disk: its manifest, its files, and whether each is what was saved."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.canonical import dumps
from jupyter_repro.errors import BadCheckpoint
from jupyter_repro.records.checkpoints import ENVIRONMENT, FORMAT, SCHEMA, CheckpointManifest

from .folder import MANIFEST, is_ours, left_behind, whole
from .plain import Unpacked, unpack
from .tensors import check_tensors, read_tensors

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Found",
    "faults",
    "find",
    "latest",
    "read_manifest",
    "read_state",
    "refuse_faults",
    "refuse_other",
    "sealed",
]

_DEPTH = 6


class Found(msgspec.Struct, frozen=True):
    """A checkpoint in a folder."""

    path: Path
    manifest: CheckpointManifest | None
    """None: it cannot be read."""
    fault: str = ""


def sealed(manifest: CheckpointManifest) -> CheckpointManifest:
    """Return a manifest with the digests that it should have."""
    states = {
        "format": manifest.format,
        "schema": manifest.schema,
        "step": manifest.step,
        "epoch": manifest.epoch,
        "metrics": manifest.metrics,
        "rank": [manifest.rank, manifest.ranks],
        "parts": manifest.parts,
        "streams": manifest.streams,
        "files": {name: file for name, file in manifest.files.items() if name != ENVIRONMENT},
        "settings": manifest.settings,
    }
    named = msgspec.structs.replace(manifest, digest=_sha(states), seal="")
    return msgspec.structs.replace(named, seal=_sha(named))


def _sha(record: object) -> str:
    return hashlib.sha256(dumps(record)).hexdigest()


def read_manifest(path: Path) -> tuple[Path, CheckpointManifest]:
    """Return where a checkpoint lies and what it says of itself.

    Raises:
        BadCheckpoint: There is none, it is damaged, was changed, or is of a newer version.
    """
    folder = whole(path)
    try:
        raw = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise BadCheckpoint(_why_none(path, error), remedy=_remedy(path)) from None
    try:
        head = json.loads(raw)
        ours, newer = head["format"] == FORMAT, head["schema"] > SCHEMA
    except (ValueError, KeyError, TypeError):
        ours = newer = False
    if not ours:
        raise BadCheckpoint(
            f"`{folder / MANIFEST}` is no manifest of a checkpoint, or is damaged",
            remedy="go on from another checkpoint",
        )
    if newer:
        raise BadCheckpoint(
            f"`{path}` is of a newer version ({head['schema']})", remedy="install a newer jupyter_repro"
        )
    try:
        manifest = msgspec.json.decode(raw, type=CheckpointManifest)
    except msgspec.DecodeError as error:
        raise BadCheckpoint(
            f"`{folder / MANIFEST}` is damaged: {error}", remedy="go on from another checkpoint"
        ) from None
    if sealed(manifest) != manifest:
        raise BadCheckpoint(
            f"`{folder / MANIFEST}` was changed after it was saved", remedy="go on from another checkpoint"
        )
    return folder, manifest


def faults(folder: Path, manifest: CheckpointManifest) -> tuple[str, ...]:
    """Return what is damaged, missing or too much, file by file; every byte is read."""
    found = []
    for name, held in manifest.files.items():
        path = folder / name
        if not _inside(name):
            found.append(f"the manifest names `{name}`, which lies elsewhere")
        elif not path.is_file() or path.is_symlink():
            found.append(f"`{name}` is missing")
        elif held.tensors:
            facts = {
                tensor: fact
                for part in manifest.parts.values()
                if name in part.files
                for tensor, fact in part.tensors.items()
            }
            found.append(check_tensors(path, held, facts))
        else:
            with path.open("rb") as file:
                differs = hashlib.sha256(file.read()).hexdigest() != held.sha256
            found.append(f"`{name}` has other bytes than were saved" if differs else "")
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    found += [f"`{name}` was added" for name in sorted(there - manifest.files.keys() - {MANIFEST})]
    return tuple(fault for fault in found if fault)


def refuse_other(path: Path, manifest: CheckpointManifest, digest: str) -> None:
    """Take no checkpoint but the one with this digest; empty: any.

    Raises:
        BadCheckpoint: It is another one.
    """
    if digest and digest != manifest.digest:
        raise BadCheckpoint(
            f"the checkpoint `{path}` is {manifest.digest[:16]}..., not {digest[:16]}...",
            remedy="it was saved again, or is another one",
        )


def refuse_faults(path: Path, folder: Path, manifest: CheckpointManifest) -> None:
    """Read every byte of a checkpoint.

    Raises:
        BadCheckpoint: It is not what was saved.
    """
    found = faults(folder, manifest)
    if found:
        raise BadCheckpoint(
            f"the checkpoint `{path}` is not what was saved: {'; '.join(found)}",
            remedy="go on from another checkpoint; `jupyter repro checkpoint list` shows them",
        )


def read_state(folder: Path, manifest: CheckpointManifest, name: str) -> Any:
    """Return the state of a part."""
    import numpy as np

    files = manifest.parts[name].files
    tree = json.loads((folder / f"{name}.json").read_bytes())
    tensors = f"{name}.safetensors"
    held = read_tensors(folder / tensors) if tensors in files else {}
    return unpack(
        tree, Unpacked(held, lambda number: np.load(folder / f"{name}.{number}.npy", allow_pickle=False))
    )


def find(folder: Path) -> tuple[Found, ...]:
    """Return the checkpoints below a folder, in the order of their steps, run by run; only manifests are read."""
    return tuple(sorted(map(_found, _folders(folder, 0)), key=_order))


def _found(path: Path) -> Found:
    try:
        return Found(path, read_manifest(path)[1])
    except BadCheckpoint as error:
        return Found(path, None, error.message)


def latest(folder: Path, *, run: str = "") -> Path:
    """Return the checkpoint of a folder that was saved last.

    Args:
        folder: The folder.
        run: Only of this run.

    Raises:
        BadCheckpoint: There is none.
    """
    good = [each for each in find(folder) if each.manifest is not None and run in ("", each.manifest.run)]
    if not good:
        raise BadCheckpoint(
            f"there is no checkpoint below `{folder}`", remedy="save one, or name another folder"
        )
    return max(good, key=lambda each: each.manifest.saved if each.manifest else 0).path


def _order(found: Found) -> tuple[str, str, int, str]:
    held = found.manifest
    if held is None:
        return str(found.path.parent), "", 0, found.path.name
    return str(found.path.parent), held.run, held.step or 0, found.path.name


def _folders(folder: Path, depth: int) -> Iterator[Path]:
    if is_ours(folder):
        yield folder
        return
    try:
        with os.scandir(folder) as entries:
            below = sorted(each.name for each in entries if each.is_dir(follow_symlinks=False))
    except OSError:
        return
    for name in below:
        left = left_behind(folder, name)
        if left is not None:
            yield left
        elif depth < _DEPTH and not name.startswith("."):
            yield from _folders(folder / name, depth + 1)


def _inside(name: str) -> bool:
    return not Path(name).is_absolute() and ".." not in Path(name).parts and "\\" not in name


def _why_none(path: Path, error: OSError) -> str:
    if path.is_dir():
        count = len(find(path))
        return f"`{path}` is no checkpoint{f', it holds {count}' if count else ''}"
    return f"there is no checkpoint at `{path}` ({error.strerror})"


def _remedy(path: Path) -> str:
    below = [each for each in find(path if path.is_dir() else path.parent) if each.manifest is not None]
    if not below:
        return "name the folder of a checkpoint"
    last = max(below, key=lambda each: each.manifest.saved if each.manifest else 0)
    return f"name one of them; the newest is `{last.path}`"
