"""Whether two devices can be expected to give the same bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from jupyter_repro.records import Missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Environment, Gpu

__all__ = ["Comparison", "comparable", "comparable_devices"]

_DECIDING = {
    "name": "model",
    "multiprocessors": "number of multiprocessors",
    "mig": "division into parts",
    "mig_parts": "parts",
    "driver": "driver",
    "cuda_driver": "CUDA driver",
}
_LIBRARIES = {"cuda": "CUDA", "cudnn": "cuDNN", "cublas": "cuBLAS", "nccl": "NCCL", "hip": "ROCm"}


class Comparison(msgspec.Struct, frozen=True):
    """What can be promised of two devices."""

    bitwise: Literal["never", "not promised", "expected"]
    """``never``: of two architectures, whose algorithms add up in other orders; compare within a tolerance.
    ``not promised``: something differs that may choose another algorithm. ``expected``: nothing known differs."""
    why: tuple[str, ...] = ()


def comparable_devices(one: Gpu, other: Gpu) -> Comparison:
    """Return whether results of one device can equal those of the other bit for bit, with the reasons."""
    if _architecture(one) != _architecture(other):
        sides = " and ".join(f"{each.name} ({_architecture(each)})" for each in (one, other))
        return Comparison("never", (f"{sides} are of two architectures, which are never bitwise comparable",))
    why = tuple(_differing(one, other))
    return Comparison("not promised" if why else "expected", why)


def comparable(one: Environment, other: Environment) -> Comparison:
    """Return whether the devices of two environments, and what runs on them, can give the same bits.

    Without devices on either side there is nothing to say against it: the processor is another matter.
    """
    mine = () if isinstance(one.gpus, Missing) else one.gpus
    theirs = () if isinstance(other.gpus, Missing) else other.gpus
    if bool(mine) != bool(theirs):
        return Comparison(
            "never", ("one has a GPU and the other has none, which are never bitwise comparable",)
        )
    pairs = [comparable_devices(a, b) for a, b in zip(mine, theirs, strict=False)]
    if any(each.bitwise == "never" for each in pairs):
        return Comparison("never", tuple(w for each in pairs if each.bitwise == "never" for w in each.why))
    why = list(dict.fromkeys(reason for each in pairs for reason in each.why))
    if len(mine) != len(theirs):
        why.append(f"the number of devices differs: {len(mine)} and {len(theirs)}")
    if mine:
        why.extend(_libraries(one, other))
    return Comparison("not promised" if why else "expected", tuple(why))


def _architecture(gpu: Gpu) -> str:
    capability = f" {gpu.compute_capability}" if gpu.compute_capability else ""
    return f"{gpu.vendor} {gpu.architecture or 'of unknown architecture'}{capability}"


def _differing(one: Gpu, other: Gpu) -> Iterator[str]:
    for field, word in _DECIDING.items():
        a, b = getattr(one, field), getattr(other, field)
        if a is None and b is None:
            continue
        if a is None or b is None or "unknown" in (a, b):
            yield f"the {word} is not known on both sides"
        elif a != b:
            verb = "differ" if word.endswith("parts") and " " not in word else "differs"
            yield f"the {word} {verb}: {_shown(a)} and {_shown(b)}"


def _libraries(one: Environment, other: Environment) -> Iterator[str]:
    for field, word in _LIBRARIES.items():
        a, b = getattr(one.compute, field, None), getattr(other.compute, field, None)
        if a != b:
            yield f"{word} differs: {a or 'not known'} and {b or 'not known'}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (", ".join(map(str, value)) or "none") if isinstance(value, tuple) else str(value)
