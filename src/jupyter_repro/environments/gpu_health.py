"""Whether the memory of a device can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records.gpu import GpuHealth

if TYPE_CHECKING:
    from .nvml import Device

__all__ = ["health"]

_CORRECTED, _UNCORRECTED = 0, 1
_VOLATILE, _AGGREGATE = 0, 1
_SINGLE_BIT, _DOUBLE_BIT = 0, 1


def health(device: Device, ecc_pending: bool | None) -> GpuHealth:  # noqa: FBT001 - a fact, not a switch
    """Return error counts and replaced memory; a count that is not kept is None, never 0."""
    rows = device.ask("health.remapped", "nvmlDeviceGetRemappedRows")

    def errors(kind: int, since: int) -> int | None:
        found: int | None = device.ask("health.errors", "nvmlDeviceGetTotalEccErrors", kind, since)
        return found

    return GpuHealth(
        ecc_pending=ecc_pending,
        corrected_volatile=errors(_CORRECTED, _VOLATILE),
        corrected_aggregate=errors(_CORRECTED, _AGGREGATE),
        uncorrected_volatile=errors(_UNCORRECTED, _VOLATILE),
        uncorrected_aggregate=errors(_UNCORRECTED, _AGGREGATE),
        remapped_correctable=None if rows is None else int(rows[0]),
        remapped_uncorrectable=None if rows is None else int(rows[1]),
        remapping_pending=None if rows is None else bool(rows[2]),
        remapping_failed=None if rows is None else bool(rows[3]),
        retired_pages=_retired(device),
    )


def _retired(device: Device) -> int | None:
    counts = [
        device.ask("health.retired_pages", "nvmlDeviceGetRetiredPages", cause)
        for cause in (_SINGLE_BIT, _DOUBLE_BIT)
    ]
    return None if any(count is None for count in counts) else sum(len(count) for count in counts)
