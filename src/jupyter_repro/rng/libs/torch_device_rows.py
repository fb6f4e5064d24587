"""What the status says of the default generators of torch's devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Setting

from .torch_devices import generators, mps_generator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["device_settings"]


def device_settings(torch: Any, requested: int, reduced: int) -> Iterator[Setting]:
    """Yield a row for CUDA, and one for XPU and MPS where this torch is built for them.

    Args:
        torch: The module.
        requested: The user's seed.
        reduced: What torch was given.
    """
    yield _lazy(torch, "cuda", requested, reduced, built=torch.backends.cuda.is_built())
    xpu = getattr(torch, "xpu", None)
    if xpu is not None and xpu._is_compiled():  # noqa: SLF001 - torch has no public way to ask
        yield _lazy(torch, "xpu", requested, reduced, built=True)
    mps = getattr(torch.backends, "mps", None)
    if mps is not None and mps.is_built():
        found = [generator for _, generator in mps_generator(torch)]
        if found:
            yield _read("mps", found, requested, reduced)
        else:
            yield _absent(
                "mps", requested, "there is no MPS device, or this process was forked after its use"
            )


def _lazy(torch: Any, kind: str, requested: int, reduced: int, *, built: bool) -> Setting:
    """Return the row of a kind of device that starts when it is first used."""
    title = kind.upper()
    if not built:
        return _absent(kind, requested, f"this torch is built without {title}")
    module = getattr(torch, kind)
    if module._is_in_bad_fork():  # noqa: SLF001 - torch has no public way to ask
        return _absent(kind, requested, f"this process was forked from one that used {title}")
    if not module.is_initialized():
        return Setting(
            name=f"seed.torch.{kind}",
            requested=str(requested),
            effective="",
            effect="waiting",
            verified_by=f"not verified: {title} has not started",
            note=f"torch puts the seed into every device when {title} starts",
        )
    return _read(kind, [generator for _, generator in generators(torch, kind)], requested, reduced)


def _read(kind: str, found: Sequence[Any], requested: int, reduced: int) -> Setting:
    """Return the row of devices that have started, by the seeds that their generators name."""
    title = kind.upper()
    seeds = {generator.initial_seed() for generator in found}
    right = seeds == {reduced}
    return Setting(
        name=f"seed.torch.{kind}",
        requested=str(requested),
        effective=", ".join(str(seed) for seed in sorted(seeds)),
        effect="in force" if right else "not in force",
        verified_by=f"the seed that every {title} device's default generator names",
        note="" if right else f"a {title} device was seeded otherwise since; seed it again",
    )


def _absent(kind: str, requested: int, reason: str) -> Setting:
    return Setting(
        name=f"seed.torch.{kind}",
        requested=str(requested),
        effective="",
        effect="not available",
        verified_by=f"not verified: {reason}",
        note=reason,
    )
