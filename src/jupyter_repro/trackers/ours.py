"""What a tracker is told of our run, in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jupyter_repro.records.trackers import Ours

__all__ = ["NOT_ON_RECORD", "KnownInput", "facts_of"]

NOT_ON_RECORD = "a run of export, prove or verify, which leaves no record of its own"


class KnownInput(NamedTuple):
    """A file that the run stands on."""

    name: str
    """As our record spells it: relative to the notebook's folder, or from ``~`` or ``/`` on."""
    path: str
    """Where it lies."""
    sha256: str


def facts_of(ours: Ours) -> dict[str, str]:
    """Return the facts that are known, as texts: ``run`` is the key by which both sides find each other."""
    found = {
        "run": ours.run,
        "notebook": ours.notebook,
        "seed": ours.seed,
        "strictness": ours.strictness if ours.seed else "",
        "commit": ours.commit,
        "bundle": ours.bundle,
        "version": ours.version,
        "no_record": "" if ours.run else NOT_ON_RECORD,
        "no_code": ours.no_code,
    }
    if ours.dirty is not None:
        found["dirty"] = "true" if ours.dirty else "false"
    return {key: value for key, value in found.items() if value}
