"""The sections on the environment, its devices and its drift."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.records import Missing

from .limits import MOST_ROWS, capped
from .replies import Drift, Environment, Gpu
from .sections import Device, EnvironmentFact, PackageFact

if TYPE_CHECKING:
    from jupyter_repro.kernel.session import Session
    from jupyter_repro.records import Gpu as GpuRecord
    from jupyter_repro.records.gpu import GpuHealth

__all__ = ["devices", "drifted", "environment"]

_FIRST = {"cells": 0, "libraries": 1, "kernel": 2, "": 3}


def environment(identity: str, session: Session) -> Environment:
    """Return what the run stands on."""
    from jupyter_repro.canonical import to_builtins
    from jupyter_repro.reports.environment_text import change_sentence, environment_rows
    from jupyter_repro.secrets import known_values, redacted

    found = session.environment()
    facts = [EnvironmentFact(name=name, value=capped(value, 2000)) for name, value in environment_rows(found)]
    packages = [
        PackageFact(name=each.name, version=each.version, imported=each.imported, origin=each.origin)
        for each in sorted(found.packages, key=lambda each: (_FIRST[each.imported], each.name))
    ]
    made = Environment(
        id=identity,
        facts=tuple(facts),
        packages=tuple(packages[:MOST_ROWS]),
        more_packages=max(0, len(packages) - MOST_ROWS),
        changes=tuple(change_sentence(each) for each in found.changes),
        conflicts=tuple(capped(each) for each in (found.conflicts or ())[:MOST_ROWS]),
    )
    # values of variables may hold a credential; the identity of the request is not looked at
    safe = redacted(to_builtins(made.facts), known=known_values())
    return msgspec.structs.replace(made, facts=msgspec.convert(safe, tuple[EnvironmentFact, ...]))


def drifted(identity: str, session: Session, run: str) -> Drift:
    """Return what differs from the environment of a run, or of the one that made the saved outputs."""
    from jupyter_repro.environments.drift.devices import is_of_devices
    from jupyter_repro.kernel.drifting import drift_of

    found = drift_of(session, run)
    differences, unknown = found.differences[:MOST_ROWS], found.unknown[:MOST_ROWS]
    told = (*(each.what for each in differences), *(each.what for each in unknown))
    return Drift(
        id=identity,
        devices=tuple(what for what in told if is_of_devices(what)),
        drift=msgspec.structs.replace(found, differences=differences, unknown=unknown),
    )


def devices(identity: str) -> Gpu:
    """Return the devices at this moment, as their driver tells."""
    from jupyter_repro.environments.gpu import gpus

    found = gpus()
    if isinstance(found, Missing):
        return Gpu(id=identity, devices=(), absent=found.reason, at=time.time())
    return Gpu(id=identity, devices=tuple(_device(each) for each in found), absent="", at=time.time())


def _device(gpu: GpuRecord) -> Device:
    from jupyter_repro.records.gpu import HELD_BACK
    from jupyter_repro.reports.gpu_text import gpu_line

    now = gpu.performance
    slowed = () if now is None or now.slowed_by is None else now.slowed_by
    return Device(
        index=gpu.index,
        title=gpu_line(gpu),
        uuid=gpu.uuid,
        clock_mhz=None if now is None else now.sm_clock_mhz,
        clock_max_mhz=None if now is None else now.sm_clock_max_mhz,
        temperature_c=None if now is None else now.temperature_c,
        slowdown_at_c=None if now is None else now.slowdown_at_c,
        power_w=None if now is None else now.power_w,
        power_limit_w=None if now is None else now.power_limit_w,
        memory_used_bytes=None if now is None else now.memory_used_bytes,
        memory_bytes=gpu.memory_bytes,
        slowed_by=slowed,
        throttled=any(reason in HELD_BACK for reason in slowed),
        trust=_trust(gpu.health),
    )


def _trust(health: GpuHealth | None) -> str:
    """Say whether the memory of a device can be trusted; empty where it does not tell."""
    if health is None or health.uncorrected_volatile is None:
        return ""
    if health.uncorrected_volatile:
        return f"{health.uncorrected_volatile} uncorrected errors since the driver was loaded: results are worthless"
    if health.remapping_failed:
        return "a row of memory could not be replaced"
    return "no uncorrected error since the driver was loaded"
