"""Every RNG stream of the process, as data and back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.errors import BadCheckpoint
from jupyter_repro.rng.guarded import attempt
from jupyter_repro.rng.process import PROCESS, ProcessStreams
from jupyter_repro.rng.protocol import RngState

from .plain import pack

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Streams", "capture_streams", "put_streams_back"]

_LIVE = "bit generator"
"""NumPy's own object, which is no data."""


class Streams(msgspec.Struct):
    """Where the streams stand."""

    states: dict[str, dict[str, Any]]
    """By library, then by stream."""
    digests: dict[str, str]
    absent: dict[str, str]
    """Streams that are not held, with the reason."""


def capture_streams(process: ProcessStreams = PROCESS) -> Streams:
    """Return the state of every stream; nothing is drawn. What cannot be kept is named with its reason."""
    found = Streams({}, {}, {})
    there, absent = process.present()
    found.absent = {f"rng.{name}": f"{name} is not imported" for name in absent}
    for seeder in there:
        state, reason = attempt(seeder.capture)
        if state is None:
            found.absent[f"rng.{seeder.name}"] = reason
            continue
        streams = {name: each for name, each in state.streams.items() if name != _LIVE}
        try:
            pack(streams)
        except BadCheckpoint as error:
            found.absent[f"rng.{seeder.name}"] = error.message
            continue
        found.states[seeder.name] = streams
        found.digests.update(attempt(seeder.digests)[0] or {})
        for kind in (kind for kind, pending in state.pending.items() if pending):
            found.absent[f"rng.{seeder.name}.{kind}"] = "no device of it has started"
    return found


def put_streams_back(
    states: Mapping[str, Mapping[str, Any]], digests: Mapping[str, str], process: ProcessStreams = PROCESS
) -> tuple[str, ...]:
    """Put every stream where a checkpoint has it; return what could not be, with the reason.

    Streams that the checkpoint does not hold stay where they are. Nothing is drawn.
    """
    failed = []
    by_name = {seeder.name: seeder for seeder in process.seeders}
    for name, streams in states.items():
        seeder = by_name.get(name)
        if seeder is None or not seeder.loaded():
            failed.append(f"{name}: {'nobody can seed it here' if seeder is None else 'it is not imported'}")
            continue
        if name == "numpy":
            _same_kind(streams[name])
        now, reason = attempt(seeder.capture)
        if now is None:
            failed.append(f"{name}: {reason}")
            continue
        # devices of this process that the checkpoint does not know keep what they have
        merged = {**now.streams, **{each: streams[each] for each in streams if each in now.streams}}
        _, reason = attempt(seeder.restore, RngState(streams=merged, pending=now.pending))
        if reason:
            failed.append(f"{name}: {reason}")
            continue
        after = attempt(seeder.digests)[0] or {}
        failed += [
            f"{stream}: it is not here, or did not take the state"
            for stream in streams
            if stream in digests and after.get(stream) != digests[stream]
        ]
    return tuple(failed)


def _same_kind(state: Any) -> None:
    """Give NumPy's global generator the kind of bit generator that the state is of."""
    random: Any = sys.modules["numpy.random"]
    wanted = state.get("bit_generator") if isinstance(state, dict) else None
    if wanted is None or not hasattr(random, "get_bit_generator"):
        return
    made = getattr(random, wanted, None)
    if made is not None and type(random.get_bit_generator()).__name__ != wanted:
        random.set_bit_generator(made(0))
