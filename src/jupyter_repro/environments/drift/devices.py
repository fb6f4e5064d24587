"""Other devices, other libraries on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.environments.comparable import comparable_devices
from jupyter_repro.records import Missing
from jupyter_repro.records.drift import Difference, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.records import Environment, Gpu
    from jupyter_repro.records.drift import Rank

__all__ = ["devices", "is_of_devices"]

_LIBRARIES = {"cuda": "CUDA", "cudnn": "cuDNN", "cublas": "cuBLAS", "nccl": "NCCL", "hip": "ROCm"}
_COMES_WITH = "it comes with torch or a package of NVIDIA: restore that one"


def devices(record: Environment, now: Environment) -> Iterator[Difference | Unknown]:
    """Yield what differs in devices that compute."""
    before, after = _of(record), _of(now)
    if bool(before) != bool(after):
        yield Difference(
            what="GPU",
            before=_names(before),
            now=_names(after),
            rank="can change numbers",
            reason="a GPU adds up in another order than a processor: never bitwise comparable",
            instead=f"run it on a machine with {_names(before)}"
            if before
            else "hide the GPU, `export CUDA_VISIBLE_DEVICES=`, and start the kernel anew",
        )
        return
    if len(before) != len(after):
        yield Difference(
            what="number of GPUs",
            before=str(len(before)),
            now=str(len(after)),
            rank="may change results",
            reason="work that is divided among devices is added up in another order",
            instead=f"run it on a machine with {_names(before)}",
        )
    for one, other in zip(before, after, strict=False):
        yield from _device(one, other)
    if before and after:
        yield from _libraries(record, now)


def is_of_devices(what: str) -> bool:
    """Return whether a difference of this name is one of :func:`devices`."""
    return what == "number of GPUs" or what.partition(" ")[0] == "GPU" or what in _LIBRARIES.values()


def _of(environment: Environment) -> tuple[Gpu, ...]:
    return () if isinstance(environment.gpus, Missing) else environment.gpus


def _names(gpus: Sequence[Gpu]) -> str:
    return ", ".join(gpu.name for gpu in gpus)


def _device(before: Gpu, now: Gpu) -> Iterator[Difference]:
    compared = comparable_devices(before, now)
    if compared.bitwise == "never":
        yield Difference(
            what=f"GPU {now.index} architecture",
            before=f"{before.name} ({before.architecture or 'unknown'})",
            now=f"{now.name} ({now.architecture or 'unknown'})",
            rank="can change numbers",
            reason="two architectures are never bitwise comparable; compare within a tolerance",
            instead=f"run it on {before.name}",
        )
    else:
        yield from _same_architecture(before, now)
    if before.uuid and now.uuid and before.uuid != now.uuid:
        yield Difference(
            what=f"GPU {now.index} device",
            before=before.uuid,
            now=now.uuid,
            rank="cannot change numbers",
            reason="another card of its kind gives the same bits",
            instead="nothing has to be done",
        )


def _same_architecture(before: Gpu, now: Gpu) -> Iterator[Difference]:
    facts: tuple[tuple[str, str, str, Rank, str], ...] = (
        ("model", before.name, now.name, "can change numbers", "algorithms are chosen by the model"),
        (
            "multiprocessors",
            _text(before.multiprocessors),
            _text(now.multiprocessors),
            "can change numbers",
            "sums and random numbers are divided among them",
        ),
        (
            "parts (MIG)",
            ", ".join(before.mig_parts) or _text(before.mig),
            ", ".join(now.mig_parts) or _text(now.mig),
            "can change numbers",
            "a part has fewer multiprocessors, and other algorithms",
        ),
        ("driver", before.driver, now.driver, "may change results", "it compiles and chooses algorithms"),
        (
            "error correction",
            _text(before.ecc),
            _text(now.ecc),
            "cannot change numbers",
            "it mends errors of memory only",
        ),
    )
    for what, old, new, rank, reason in facts:
        if old != new and "unknown" not in (old, new):
            yield Difference(
                what=f"GPU {now.index} {what}",
                before=old,
                now=new,
                rank=rank,
                reason=reason,
                instead="nothing has to be done"
                if rank == "cannot change numbers"
                else f"run it on {before.name} with driver {before.driver}",
            )


def _libraries(record: Environment, now: Environment) -> Iterator[Difference | Unknown]:
    for field, word in _LIBRARIES.items():
        before, after = getattr(record.compute, field, None), getattr(now.compute, field, None)
        if before == after:
            continue
        if before is None or after is None:
            side = "when the results were made" if before is None else "now"
            yield Unknown(what=word, reason=f"no library told it {side}")
            continue
        yield Difference(
            what=word,
            before=before,
            now=after,
            rank="can change numbers",
            reason="another version may choose another algorithm",
            instead=_COMES_WITH,
        )


def _text(value: object) -> str:
    if value is None:
        return "unknown"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
