"""Another processor, system, BLAS, number of threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.environments.system import LATER
from jupyter_repro.records import Missing
from jupyter_repro.records.drift import Difference, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Environment
    from jupyter_repro.records.drift import Rank
    from jupyter_repro.records.system import NumericLibrary, System

__all__ = ["machine"]

_NOT_BY_COMMAND = "no command changes the machine"


def machine(record: Environment, now: Environment) -> Iterator[Difference | Unknown]:
    """Yield what differs in the machine and in the libraries that do its arithmetic."""
    before, after = record.hardware, now.hardware
    facts: tuple[tuple[str, object, object, Rank, str], ...] = (
        ("CPU architecture", before.machine, after.machine, "can change numbers", "compilers and libraries round in another order"),
        ("operating system", before.os, after.os, "can change numbers", "its libraries for sums and functions are others"),
        ("C library", before.libc, after.libc, "may change results", "`exp`, `sin` and sorting by locale come from it"),
        ("CPU model", before.cpu, after.cpu, "may change results", "libraries choose routines by the model, also with the same instruction sets"),
        ("system release", before.release, after.release, "cannot change numbers", "arithmetic does not pass through it"),
        ("memory", _gigabytes(before.memory_bytes), _gigabytes(after.memory_bytes), "cannot change numbers", "it decides whether a run fits, not what it gives"),
    )  # fmt: skip
    for what, old, new, rank, reason in facts:
        if old != new and "" not in (old, new):
            yield Difference(
                what=what,
                before=str(old),
                now=str(new),
                rank=rank,
                reason=reason,
                instead="nothing has to be done"
                if rank == "cannot change numbers"
                else f"{_NOT_BY_COMMAND}: run it on one with {old}",
            )
    if record.system is None or now.system is None:
        yield Unknown(what="instruction sets, BLAS, place", reason="the record is older than these facts")
        return
    yield from _processor(record.system, now.system)
    yield from _libraries(record, now)


def _processor(before: System, now: System) -> Iterator[Difference | Unknown]:
    was, present = before.processor.features, now.processor.features
    if isinstance(was, Missing) or isinstance(present, Missing):
        if isinstance(was, Missing):
            yield Unknown(what="instruction sets", reason=was.reason)
        elif isinstance(present, Missing):
            yield Unknown(what="instruction sets", reason=present.reason)
    elif set(was) != set(present):
        gone, come = (sorted(a - b) for a, b in ((set(was), set(present)), (set(present), set(was))))
        yield Difference(
            what="CPU instruction sets",
            before=" ".join(gone) or "without these",
            now=" ".join(come) or "without these",
            rank="can change numbers",
            reason="libraries add up in the order that the widest instructions allow",
            restore=f'export NPY_DISABLE_CPU_FEATURES="{" ".join(come).upper()}"'
            if come and not gone
            else "",
            instead="that holds NumPy back; for torch `export ATEN_CPU_CAPABILITY=avx2`; both before the kernel starts"
            if come and not gone
            else f"{_NOT_BY_COMMAND}: run it on one with {' '.join(gone)}",
        )
    old, new = before.processor.usable_cores, now.processor.usable_cores
    if old is not None and new is not None and old != new:
        yield Difference(
            what="usable cores",
            before=str(old),
            now=str(new),
            rank="may change results",
            reason="libraries use a thread for each unless told, and divide sums among them",
            restore=f"%repro threads={old}",
        )


def _libraries(record: Environment, now: Environment) -> Iterator[Difference | Unknown]:
    was, present = (side.system.libraries if side.system else LATER for side in (record, now))
    if isinstance(was, Missing):
        if was == LATER:
            yield Unknown(
                what="BLAS and its threads", reason="the record was made before the libraries could be asked"
            )
        elif "threadpoolctl" in was.reason:
            yield Unknown(what="BLAS and its threads", reason=f"in the record: {was.reason}")
        return
    if isinstance(present, Missing):
        yield Unknown(what="BLAS and its threads", reason=f"now: {present.reason}")
        return
    there = {_key(each): each for each in present}
    for old in was:
        new = there.get(_key(old))
        if new is None:
            yield Unknown(what=_name(old), reason="it is not loaded now")
            continue
        yield from _library(old, new, packages={each.name: each.version for each in record.packages})


def _key(library: NumericLibrary) -> tuple[str, str]:
    return library.kind, library.brought_by


def _name(library: NumericLibrary) -> str:
    kind = "BLAS" if library.kind == "blas" else "OpenMP"
    return f"{kind} ({library.brought_by})" if library.brought_by else kind


def _library(old: NumericLibrary, new: NumericLibrary, *, packages: dict[str, str]) -> Iterator[Difference]:
    home = old.brought_by.replace("_", "-").lower()
    restore = f"uv pip install --reinstall {home}=={packages[home]}" if home in packages else ""
    facts = (
        ("", f"{old.name} {old.version}".strip(), f"{new.name} {new.version}".strip(), restore),
        (" routines", old.architecture, new.architecture, f"export OPENBLAS_CORETYPE={old.architecture}" if old.name == "openblas" else ""),
        (" threads", str(old.threads), str(new.threads), f"%repro threads={old.threads}"),
        (" threading", old.threading, new.threading, restore),
    )  # fmt: skip
    for part, before, after, command in facts:
        if before == after or (part == " routines" and "" in (before, after)):
            continue
        yield Difference(
            what=f"{_name(old)}{part}",
            before=before,
            now=after,
            rank="can change numbers",
            reason="sums are divided among threads, and added up in another order"
            if part == " threads"
            else "it chooses in which order products and sums are made",
            restore=command,
            instead="" if command else "install the package that brings it as it was",
        )


def _gigabytes(size: int | None) -> str:
    return "" if size is None else f"{size / (1 << 30):.0f} GB"
