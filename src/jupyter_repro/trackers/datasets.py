"""Hugging Face ``datasets``: the fingerprints of the data sets that names hold, with version and commit."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.records.trackers import DataRevision

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["dataset_revisions"]

_COMMIT = re.compile(r"[/\\]\d+\.\d+\.\d+[/\\](?P<commit>[0-9a-f]{40})[/\\]")
_STREAM = "it is streamed: it has no fingerprint, and what it gives is read anew each time"
_MAYBE_RANDOM = (
    "a transform in this kernel could not be hashed, so that the fingerprint may be another one in the next"
)


def dataset_revisions(namespace: Mapping[str, Any]) -> tuple[DataRevision, ...]:
    """Return one fact for each data set and split that a name holds, sorted by name; none while the library is not loaded.

    A fingerprint tells from what and by which transforms the library made it, not which bytes it holds.
    """
    library = sys.modules.get("datasets")
    kinds = tuple(
        each
        for name in ("Dataset", "IterableDataset", "DatasetDict", "IterableDatasetDict")
        if isinstance(each := getattr(library, name, None), type)
    )
    if not kinds:
        return ()
    found = [
        fact
        for name, value in list(namespace.items())
        if issubclass(type(value), kinds)
        for fact in _facts(name, value)
    ]
    return tuple(sorted(found, key=lambda each: each.name))


def _facts(name: str, value: Any) -> Iterator[DataRevision]:
    if isinstance(value, dict):
        for split, each in value.items():
            yield _fact(f"{name}[{str(split)!r}]", each)
    else:
        yield _fact(name, value)


def _fact(name: str, value: Any) -> DataRevision:
    try:
        fingerprint = getattr(value, "_fingerprint", None)
        streamed = not isinstance(fingerprint, str)
        return DataRevision(
            tool="Hugging Face datasets",
            name=name,
            revision="" if streamed else str(fingerprint),
            source=_source(value),
            rows=None if streamed else int(value.num_rows),
            note=_STREAM if streamed else _doubt(),
        )
    except Exception as error:  # noqa: BLE001 - the library's insides are not ours
        return DataRevision(
            tool="Hugging Face datasets",
            name=name,
            revision="",
            note=f"it could not be asked: {type(error).__name__}",
        )


def _source(value: Any) -> str:
    """Return repository or builder, configuration, split, version and commit, as far as they are known."""
    info = value.info
    parts = [
        str(part)
        for part in (info.dataset_name or info.builder_name, info.config_name, value.split)
        if part is not None
    ]
    words = ["/".join(parts)] if parts else []
    if info.version is not None:
        words.append(f"version {info.version}")
    files = getattr(value, "cache_files", None) or ()
    commits = {found["commit"] for each in files if (found := _COMMIT.search(str(each.get("filename", ""))))}
    words += [f"commit {each}" for each in sorted(commits)]
    return ", ".join(words) or "made in this kernel"


def _doubt() -> str:
    warned = getattr(sys.modules.get("datasets.fingerprint"), "fingerprint_warnings", {})
    return _MAYBE_RANDOM if any(warned.values()) else ""
