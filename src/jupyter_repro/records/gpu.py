"""Devices that compute, split by what each fact can explain."""

from __future__ import annotations

import msgspec

__all__ = ["HELD_BACK", "Compute", "Gpu", "GpuHealth", "GpuIdentity", "GpuPerformance", "GpuSample"]


class GpuIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Which very device it is; two of one kind give the same bits. None: it does not say."""

    serial: str | None = None
    board_part: str | None = None
    vbios: str | None = None
    inforom: str | None = None
    gsp_firmware: str | None = None
    pci_bus: str | None = None


class GpuHealth(msgspec.Struct, frozen=True, kw_only=True):
    """Whether its memory can be trusted: an uncorrected error during a run makes its results worthless.

    ``volatile`` counts since the driver was loaded, ``aggregate`` since the device was made.
    """

    ecc_pending: bool | None = None
    """The mode after the next reboot."""
    corrected_volatile: int | None = None
    corrected_aggregate: int | None = None
    uncorrected_volatile: int | None = None
    uncorrected_aggregate: int | None = None
    remapped_correctable: int | None = None
    """Rows of memory that were replaced after corrected errors."""
    remapped_uncorrectable: int | None = None
    remapping_pending: bool | None = None
    remapping_failed: bool | None = None
    retired_pages: int | None = None
    """Of devices before rows could be replaced."""


class GpuPerformance(msgspec.Struct, frozen=True, kw_only=True):
    """What explains time and not bits, unless an algorithm is chosen by timing it."""

    sm_clock_mhz: int | None = None
    sm_clock_max_mhz: int | None = None
    sm_clock_wished_mhz: int | None = None
    memory_clock_mhz: int | None = None
    memory_clock_max_mhz: int | None = None
    state: str | None = None
    """``P0`` is the fastest."""
    power_w: float | None = None
    power_limit_w: float | None = None
    power_default_w: float | None = None
    temperature_c: int | None = None
    slowdown_at_c: int | None = None
    slowed_by: tuple[str, ...] | None = None
    """Why the clocks are not the highest at this moment."""
    pcie_generation: int | None = None
    pcie_generation_max: int | None = None
    pcie_width: int | None = None
    pcie_width_max: int | None = None
    memory_bus_bits: int | None = None
    compute_mode: str | None = None
    persistence: bool | None = None
    memory_used_bytes: int | None = None
    processes: int | None = None
    """How many programs compute on it; they are not named."""


class Gpu(msgspec.Struct, frozen=True, kw_only=True, tag="gpu", tag_field="is"):
    """One device as its driver tells it; None where it does not say, with the reason in ``absent``.

    What stands here at the top decides bits, except ``uuid`` (identity) and ``ecc`` (health).
    """

    index: int
    name: str
    driver: str
    cuda_driver: str
    compute_capability: str | None
    memory_bytes: int | None
    multiprocessors: int | None
    mig: bool | None
    ecc: bool | None
    uuid: str | None
    vendor: str = "nvidia"
    """``nvidia``, ``amd`` or ``apple``."""
    architecture: str | None = None
    """``hopper``, ``gfx942``, ...: two different ones are never bitwise comparable."""
    cores: int | None = None
    mig_parts: tuple[str, ...] = ()
    """Names of the parts that it is divided into: fewer multiprocessors, other algorithms."""
    identity: GpuIdentity | None = None
    health: GpuHealth | None = None
    performance: GpuPerformance | None = None
    """None where it was left out, since it changes from moment to moment."""
    absent: dict[str, str] = {}
    """Why a field is None, by its name."""


class Compute(msgspec.Struct, frozen=True, kw_only=True):
    """Libraries that run on devices, as those say that have loaded them."""

    cuda: str | None = None
    cudnn: str | None = None
    cublas: str | None = None
    nccl: str | None = None
    hip: str | None = None
    absent: dict[str, str] = {}
    """Why a field is None, and why there is no device of a vendor, by name."""


class GpuSample(msgspec.Struct, frozen=True, kw_only=True):
    """What one device did while one cell ran, looked at every second and at its end."""

    order: int
    """The cell run."""
    device: int
    samples: int
    temperature_max_c: int | None = None
    sm_clock_min_mhz: int | None = None
    slowed_by: tuple[str, ...] = ()
    """Every reason seen for clocks below the highest."""
    energy_j: float | None = None
    """Spent since the last look before the cell."""

    @property
    def throttled(self) -> bool:
        """Whether power or heat held it back."""
        return any(reason in HELD_BACK for reason in self.slowed_by)


HELD_BACK = frozenset(
    (
        "power cap",
        "hardware slowdown",
        "software thermal",
        "hardware thermal",
        "power brake",
        "board limit",
        "reliability",
    )
)
