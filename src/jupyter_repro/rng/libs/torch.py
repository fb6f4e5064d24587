"""PyTorch's default generators: the CPU and every CUDA, XPU or MPS device."""

from __future__ import annotations

import ctypes
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_repro.imports import complete
from jupyter_repro.rng.drawn import SEEN, Twister
from jupyter_repro.rng.protocol import RngState
from jupyter_repro.rng.verify import digest_of, seed_setting

from .torch_devices import DEVICE_KINDS, generators, mps_generator, pending_seeds, put_back_devices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Setting

__all__ = ["TorchSeeder"]

_SEED_LIMIT = 2**64
_CPU_SEED_LIMIT = 2**32


class TorchSeeder:
    """PyTorch's default generators, seeded as ``torch.manual_seed(42)`` does.

    A device that has not started has no stream yet: torch keeps its seed until it starts.
    """

    name = "torch"
    modules: tuple[str, ...] = ("torch",)

    def __init__(self) -> None:
        self._last = ""

    def loaded(self) -> bool:
        """Whether torch has been imported."""
        return complete("torch")

    def seed(self, value: int) -> None:
        """Call ``torch.manual_seed`` with the seed modulo 2**64, the most that it takes."""
        _torch().manual_seed(value % _SEED_LIMIT)

    def capture(self) -> RngState:
        """Return the state of every default generator, and the seeds that wait for a device to start."""
        torch = _torch()
        return RngState(
            streams={stream: generator.get_state() for stream, generator in _generators(torch)},
            pending={kind: pending_seeds(torch, kind) for kind in DEVICE_KINDS},
        )

    def restore(self, state: RngState) -> None:
        """Put every default generator back, bit for bit.

        A device that started meanwhile gets the seed that had been waiting for it, or, as it would have
        without us, a random one.
        """
        torch = _torch()
        torch.default_generator.set_state(state.streams[self.name])
        for kind in DEVICE_KINDS:
            put_back_devices(torch, kind, state)
        for stream, generator in mps_generator(torch):
            if stream in state.streams:
                generator.set_state(state.streams[stream])

    def digests(self) -> dict[str, str]:
        """Return the digest of every default generator's state."""
        found = {}
        for stream, generator in _generators(_torch()):
            raw = _bytes_of(generator)
            digest = found[stream] = digest_of((raw,))
            if stream == self.name and digest != self._last:
                self._last = digest
                SEEN.keep(digest, partial(Twister.of_torch, raw))
        return found

    def expected(self, value: int) -> dict[str, str]:
        """Return the digests of new generators with the same seed, one a device."""
        torch = _torch()
        return {
            stream: _digest(torch.Generator(device=generator.device).manual_seed(value % _SEED_LIMIT))
            for stream, generator in _generators(torch)
        }

    def settings(self, value: int) -> tuple[Setting, ...]:
        """Say whether each generator stands where a new one with the seed begins."""
        from .torch_device_rows import device_settings

        reduced = value % _SEED_LIMIT
        cpu = seed_setting(
            self.name,
            requested=value,
            effective=reduced,
            actual=self.digests()[self.name],
            expected=self.expected(value)[self.name],
            generator=f"torch.Generator().manual_seed({reduced})",
            note=_cpu_note(value),
        )
        return (cpu, *device_settings(_torch(), value, value % _SEED_LIMIT))


def _cpu_note(value: int) -> str:
    if value >= _SEED_LIMIT:
        return "torch takes 64 bits, so it got the seed modulo 2**64; its CPU generator uses the lower 32"
    if value >= _CPU_SEED_LIMIT:
        return "torch's CPU generator uses only the lower 32 bits of the seed"
    return ""


def _torch() -> Any:
    return sys.modules["torch"]


def _generators(torch: Any) -> Iterator[tuple[str, Any]]:
    yield "torch", torch.default_generator
    for kind in DEVICE_KINDS:
        yield from generators(torch, kind)
    yield from mps_generator(torch)


def _digest(generator: Any) -> str:
    return digest_of((_bytes_of(generator),))


def _bytes_of(generator: Any) -> bytes:
    state = generator.get_state()
    # Not `.numpy()`: torch works where NumPy is not installed.
    return ctypes.string_at(state.data_ptr(), state.numel())
