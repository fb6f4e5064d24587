"""The default generators of torch's devices, without ever starting a device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.rng.protocol import RngState

__all__ = ["DEVICE_KINDS", "generators", "mps_generator", "pending_seeds", "put_back_devices"]

DEVICE_KINDS = ("cuda", "xpu")
"""Device families that start lazily and keep a queue of seeds until then."""


def generators(torch: Any, kind: str) -> Iterator[tuple[str, Any]]:
    """Yield (stream, default generator) of every device of the kind; none if it has not started."""
    if _started(torch, kind):
        for index, generator in enumerate(getattr(torch, kind).default_generators):
            yield f"torch.{kind}:{index}", generator


def mps_generator(torch: Any) -> Iterator[tuple[str, Any]]:
    """Yield (stream, default generator) of Apple's Metal device, which needs no start; none without one."""
    backend = getattr(torch.backends, "mps", None)
    if backend is None or not backend.is_available() or torch.mps._is_in_bad_fork():  # noqa: SLF001 - torch has no public way to ask
        return
    yield "torch.mps", torch.mps._get_default_mps_generator()  # noqa: SLF001 - as above


def pending_seeds(torch: Any, kind: str) -> dict[str, Any]:
    """Return the seeds that torch keeps until the devices of the kind start."""
    if _started(torch, kind):
        return {}
    tracker = _tracker(torch, kind)
    return {} if tracker is None else dict(vars(tracker))


def put_back_devices(torch: Any, kind: str, state: RngState) -> None:
    """Put the devices of the kind back to a captured state, started meanwhile or not."""
    pending = state.pending.get(kind, {})
    found = dict(generators(torch, kind))
    unknown = [generator for stream, generator in found.items() if stream not in state.streams]
    for stream, generator in found.items():
        if stream in state.streams:
            generator.set_state(state.streams[stream])
    for generator in unknown:
        generator.seed()
    if unknown:
        for call in pending.get("call_order", ()):
            if call is not None:
                call[0]()
    tracker = _tracker(torch, kind)
    if not found and pending and tracker is not None:
        vars(tracker).update(pending)


def _started(torch: Any, kind: str) -> bool:
    module = getattr(torch, kind, None)
    if module is None or not module.is_initialized():
        return False
    return not module._is_in_bad_fork()  # noqa: SLF001 - torch has no public way to ask


def _tracker(torch: Any, kind: str) -> Any:
    return getattr(getattr(torch, kind, None), "_lazy_seed_tracker", None)
