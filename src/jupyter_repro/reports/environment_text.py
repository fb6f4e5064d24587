"""What the run stands on, as text: a table one can read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jupyter_repro.canonical import dumps, to_builtins
from jupyter_repro.records import Missing
from jupyter_repro.secrets import known_values, redacted

from .config_text import config_title
from .gpu_text import gpu_line
from .table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Environment, Git, Hardware, Package
    from jupyter_repro.records.packages import PackageChange
    from jupyter_repro.records.system import System

__all__ = ["change_sentence", "environment_json", "environment_rows", "environment_text"]

_FEW = 5
_BYTES_OF = ((1 << 40, "TB"), (1 << 30, "GB"), (1 << 20, "MB"))


def environment_text(environment: Environment, *, verbose: bool = False) -> str:
    """Return the environment for a terminal or a cell's output.

    Args:
        environment: The facts.
        verbose: All packages, not only those that cells import; every absence with its reason.
    """
    return "\n".join(_lines(environment, verbose=verbose))


def environment_json(environment: Environment) -> str:
    """Return the environment as JSON with sorted keys, without credentials."""
    return dumps(redacted(to_builtins(environment), known=known_values()), indent=2).decode().rstrip("\n")


def environment_rows(environment: Environment, *, verbose: bool = False) -> list[tuple[str, str]]:
    """Return the facts as (name, value), packages left out."""
    return [
        *_python(environment, verbose=verbose),
        *_machine(environment.hardware, environment.system, verbose=verbose),
        *_devices(environment, verbose=verbose),
        *_code(environment.git),
        *_installed(environment),
        *(("configuration", config_title(each)) for each in environment.configs or ()),
    ]


def _lines(environment: Environment, *, verbose: bool) -> Iterator[str]:
    yield from table(("what", "as it is now"), environment_rows(environment, verbose=verbose))
    shown = [each for each in environment.packages if verbose or each.imported == "cells"]
    if shown:
        yield ""
        packages = [(each.name, each.version, _imported(each), _origin(each)) for each in shown]
        yield from table(("package", "version", "imported", "from"), packages)
    if environment.changes:
        yield ""
        yield from (f"{change_sentence(each)}." for each in environment.changes)
    conflicts = environment.conflicts or ()
    if conflicts:
        yield ""
        yield from (f"conflict: {each}" for each in (conflicts if verbose else conflicts[:_FEW]))


def change_sentence(change: PackageChange) -> str:
    """Say what was installed or removed, and when it was seen."""
    if change.before is None:
        what = f"{change.name} {change.after} was installed"
    elif change.after is None:
        what = f"{change.name} {change.before} was removed"
    else:
        what = f"{change.name} {change.before} was replaced by {change.after}"
    late = ", and the kernel goes on with what it had imported" if change.imported else ""
    return f"{what} in run {change.order}{late}"


def _python(environment: Environment, *, verbose: bool) -> Iterator[tuple[str, str]]:
    python = environment.python
    yield "Python", f"{python.version} ({python.implementation}, {python.compiler})"
    yield "hash seed", python.hash_seed
    if environment.variables:
        yield "variables", ", ".join(f"{key}={value}" for key, value in sorted(environment.variables.items()))
    if verbose and environment.other_variables:
        yield "other variables", f"{', '.join(environment.other_variables)} (names only)"


def _machine(hardware: Hardware, system: System | None, *, verbose: bool) -> Iterator[tuple[str, str]]:
    libc = f", {hardware.libc}" if hardware.libc else ""
    yield "system", f"{hardware.os} {hardware.release}, {hardware.machine}{libc}"
    memory = f", {_bytes(hardware.memory_bytes)} of memory" if hardware.memory_bytes else ""
    usable = ""
    if system is not None and system.processor.usable_cores not in (None, hardware.cores):
        usable = f" ({system.processor.usable_cores} usable)"
    yield "processor", f"{hardware.cpu}, {hardware.cores} cores{usable}{memory}"
    if system is None:
        return
    features = system.processor.features
    if not isinstance(features, Missing):
        yield "instructions", " ".join(features)
    elif verbose:
        yield "instructions", f"not known: {features.reason}"
    if system.processor.memory_limit_bytes is not None:
        yield "memory limit", _bytes(system.processor.memory_limit_bytes)
    yield from _below(system, verbose=verbose)


def _below(system: System, *, verbose: bool) -> Iterator[tuple[str, str]]:
    box = system.container
    if not isinstance(box, Missing):
        told = " ".join(
            part for part in (box.kind, box.image, box.digest if box.digest not in box.image else "") if part
        )
        yield "container", told if box.digest else f"{told} (digest not told inside)"
    elif verbose:
        yield "container", box.reason
    place = system.locality
    yield "place", f"{place.timezone}, {'/'.join(dict.fromkeys(place.locale.values()))}, {place.encoding}"
    if not isinstance(system.libraries, Missing):
        for each in system.libraries:
            about = ", ".join(
                part
                for part in (each.architecture, f"{each.threads} threads", each.threading, each.brought_by)
                if part
            )
            yield each.kind, f"{each.name} {each.version}".strip() + f" ({about})"
    elif verbose:
        yield "blas", system.libraries.reason
    if not isinstance(system.figures, Missing):
        figures = system.figures
        yield (
            "figures",
            f"{figures.backend}, FreeType {figures.freetype}, {figures.family} ({figures.font_sha256[:12]})",
        )
    elif verbose:
        yield "figures", system.figures.reason
    for program in system.programs:
        runs = f"run {program.cells[0]}" if len(program.cells) == 1 else f"{len(program.cells)} runs"
        version = program.version
        told = f"version not known: {version.reason}" if isinstance(version, Missing) else version
        yield "program", f"{program.name}: {told} (called in {runs})"


def _devices(environment: Environment, *, verbose: bool) -> Iterator[tuple[str, str]]:
    if isinstance(environment.gpus, Missing):
        yield "GPU", f"none: {environment.gpus.reason}"
    else:
        for gpu in environment.gpus:
            yield f"GPU {gpu.index}", gpu_line(gpu)
    compute = environment.compute
    if compute is None:
        return
    named = {
        "CUDA": compute.cuda,
        "cuDNN": compute.cudnn,
        "cuBLAS": compute.cublas,
        "NCCL": compute.nccl,
        "ROCm": compute.hip,
    }
    found = [f"{name} {version}" for name, version in named.items() if version]
    if found:
        yield "on the GPU", ", ".join(found)
    if verbose:
        yield from ((f"no {name}", why) for name, why in sorted(compute.absent.items()))


def _code(git: Git | Missing) -> Iterator[tuple[str, str]]:
    if isinstance(git, Missing):
        yield "revision", f"none: {git.reason}"
        return
    state = "with uncommitted changes" if git.dirty else "clean"
    yield "revision", f"{git.commit[:12]} on {git.branch or 'no branch'}, {state}"
    if git.remote:
        yield "remote", git.remote
    if git.untracked:
        more = f" and {len(git.untracked) - _FEW} more" if len(git.untracked) > _FEW else ""
        yield "untracked", ", ".join(git.untracked[:_FEW]) + more
    for each in git.submodules:
        state = each.note or ("edited" if each.dirty else "clean")
        moved = f", {each.commit[:12]} is asked for" if each.checked_out not in ("", each.commit) else ""
        yield "submodule", f"{each.path} {each.checked_out[:12]} ({state}{moved})"
    if git.note:
        yield "note", git.note


def _installed(environment: Environment) -> Iterator[tuple[str, str]]:
    counts = Counter(each.imported for each in environment.packages)
    used = (
        f", {counts['cells']} named by cells, {counts['libraries']} needed by these"
        if counts["cells"]
        else ""
    )
    conda = f", {len(environment.conda)} by conda" if environment.conda else ""
    yield "packages", f"{len(environment.packages)} installed{conda}{used}"
    local = [each for each in environment.packages if "+" in each.version]
    known = [f"{each.name} {each.version} ({each.index})" for each in local if each.index]
    others = [f"{each.name} {each.version}" for each in local if not each.index]
    if known:
        yield "local versions", ", ".join(known[:_FEW])
    if others:
        yield "local versions", f"{', '.join(others[:_FEW])} (on no public index under this version)"
    if environment.indexes:
        yield "package indexes", ", ".join(environment.indexes)
    for each in environment.packages:
        if each.origin != "index":
            yield each.origin, f"{each.name} {each.version} from {_origin(each)}"
        if each.edited:
            more = f" and {len(each.edited) - 3} more" if len(each.edited) > 3 else ""  # noqa: PLR2004 - a few tell enough
            yield "edited by hand", f"{each.name}: {', '.join(each.edited[:3])}{more}"
    if environment.conflicts is not None:
        yield "conflicts", str(len(environment.conflicts)) if environment.conflicts else "none"


def _imported(package: Package) -> str:
    return {"cells": "by cells", "libraries": "by a library", "kernel": "by the kernel", "": ""}[
        package.imported
    ]


def _origin(package: Package) -> str:
    source = package.source
    if source is None:
        return package.origin
    at = f" at {source.commit[:12]}" if source.commit else ""
    branch = f" ({source.requested})" if source.requested else ""
    dirty = ", with uncommitted changes" if source.dirty else ""
    note = f" ({source.note})" if source.note else ""
    return f"{source.url or package.origin}{at}{branch}{dirty}{note}"


def _bytes(size: int) -> str:
    unit, word = next(((unit, word) for unit, word in _BYTES_OF if size >= unit), (1, "bytes"))
    return f"{size / unit:.3g} {word}"
