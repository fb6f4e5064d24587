"""Runs of other tools that belong to ours, and what other tools call the data."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["CacheState", "DataRevision", "DataTool", "Ours", "TrackedRun", "TrackerName", "TrackersFile"]

TrackerName = Literal["MLflow", "Weights & Biases", "Sacred", "Hydra"]
DataTool = Literal["DVC", "Hugging Face datasets"]
CacheState = Literal["", "whole", "damaged", "absent", "not read"]


class TrackedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run as a tracker knows it."""

    tracker: TrackerName
    id: str
    """The tracker's name of it."""
    address: str = ""
    """Where the tracker keeps it, without credentials; a path is relative to the notebook's folder if below it."""
    name: str = ""
    experiment: str = ""
    cell: str | None = None
    """The cell in which it began."""
    named: bool = True
    """The tracker's record names our run; False: ``note`` says why not."""
    inputs: tuple[str, ...] = ()
    """Those of our inputs that the tracker was told."""
    note: str = ""


class DataRevision(msgspec.Struct, frozen=True, kw_only=True):
    """What another tool calls data that the notebook works with."""

    tool: DataTool
    name: str
    """A path relative to the notebook's folder, or the name that holds it."""
    revision: str
    """DVC's MD5, the fingerprint of a data set."""
    source: str = ""
    """DVC's pointer, or repository, configuration, version and commit of a data set."""
    remote: str = ""
    """Where the tool says it is kept, without credentials."""
    same: bool | None = None
    """Whether the bytes are those of the revision, by our own digests; None: ``note`` says why that is not known."""
    cache: CacheState = ""
    """Whether DVC's cache holds the bytes that it says; ``damaged``: what it holds does not hash to its name."""
    rows: int | None = None
    note: str = ""


class Ours(msgspec.Struct, frozen=True, kw_only=True):
    """What a tracker is told of our run."""

    run: str
    """The key on both sides; empty in a run of export, prove or verify, which leaves no record."""
    kernel: str
    notebook: str
    commit: str = ""
    branch: str = ""
    remote: str = ""
    """The public address of the repository."""
    dirty: bool | None = None
    """None: there is no commit, and ``no_code`` says why."""
    diff: str = ""
    """What differs from the commit, without credentials."""
    no_code: str = ""
    seed: str = ""
    strictness: str = ""
    bundle: str = ""
    """The digest of the bundle that this kernel has exported last."""
    version: str = ""


class TrackersFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file beside a journal: the run's name, and who else knows it."""

    schema: int = 1
    kernel: str
    run: str
    runs: tuple[TrackedRun, ...] = ()
