"""Where chance may enter unseen, by name: compiled regions, custom kernels, other processes, whole libraries."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_repro.entropy.source_rules import tree_of
from jupyter_repro.records import Uncovered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from jupyter_repro.records import CellRun, Status

__all__ = ["uncovered"]

_COMPILED = "compiled region"
_KERNEL = "custom kernel"
_PROCESSES = "other processes"
_BY_NAME = {
    "torch.compile": _COMPILED, "torch.jit.script": _COMPILED, "torch.jit.trace": _COMPILED, "tf.function": _COMPILED,
    "tensorflow.function": _COMPILED, "jax.jit": _COMPILED, "jax.pmap": _COMPILED, "numba.njit": _COMPILED,
    "numba.jit": _COMPILED, "njit": _COMPILED, "prange": _COMPILED, "numba.prange": _COMPILED,
    "triton.jit": _KERNEL, "cpp_extension.load": _KERNEL, "torch.utils.cpp_extension.load": _KERNEL,
    "load_inline": _KERNEL, "torch.utils.cpp_extension.load_inline": _KERNEL, "cupy.RawKernel": _KERNEL,
    "cp.RawKernel": _KERNEL, "RawKernel": _KERNEL, "cupy.ElementwiseKernel": _KERNEL, "cp.ElementwiseKernel": _KERNEL,
    "cuda.jit": _KERNEL, "numba.cuda.jit": _KERNEL,
    "ProcessPoolExecutor": _PROCESSES, "concurrent.futures.ProcessPoolExecutor": _PROCESSES,
    "multiprocessing.Pool": _PROCESSES, "multiprocessing.Process": _PROCESSES, "mp.Pool": _PROCESSES, "mp.Process": _PROCESSES,
    "mp.spawn": _PROCESSES, "torch.multiprocessing.spawn": _PROCESSES, "Pool": _PROCESSES, "Parallel": _PROCESSES,
    "joblib.Parallel": _PROCESSES, "subprocess.run": _PROCESSES, "subprocess.Popen": _PROCESSES,
    "subprocess.check_output": _PROCESSES, "os.system": _PROCESSES, "ray.remote": _PROCESSES,
}  # fmt: skip
"""What a source calls or decorates with -> what that makes of it."""

_WHY = {
    _COMPILED: "it raises no alert for an operation without a deterministic algorithm, and may draw from counters of its own",
    _KERNEL: "what it sums up in which order, and what it draws, is its own affair",
    _PROCESSES: "draws there are in another process's generators: pass each task a `jupyter_repro.child_seed`",
}

_LIBRARIES = {
    "torch": "`torch.Generator` objects, and operations inside extensions",
    "tensorflow": "counters of `tf.function`s, of operations with seeds of their own, and of Keras' seed generators",
    "jax": "keys that you make yourself",
    "cupy": "the generator's state cannot be read; other devices than the current one",
    "numba": "generators of the threads of `prange`",
    "scipy": "`scipy.stats.qmc`, and generators given as `rng=`",
}
"""Imported library -> what of its chance is not followed."""


def uncovered(status: Status, runs: Sequence[CellRun], *, loaded: Collection[str]) -> tuple[Uncovered, ...]:
    """Return what was not looked at: the notebook's own lines first, then libraries, then what holds everywhere."""
    labels = {cell.id: cell.label for cell in status.cells}
    return (
        *(
            Uncovered(
                what=f"{kind}: `{name}`",
                where=f"{labels.get(run.cell, 'a cell') if run.cell is not None else 'a cell'}, line {line}",
                why=_WHY[kind],
            )
            for run in runs
            for kind, name, line in _regions(run.source)
        ),
        *(
            Uncovered(what=covers_not, where=f"`{module}`", why="no state of it can be followed")
            for module, covers_not in _LIBRARIES.items()
            if module in loaded
        ),
        *_everywhere(status),
    )


def _regions(source: str) -> Iterator[tuple[str, str, int]]:
    tree = tree_of(source)
    if tree is None:
        return
    seen: set[tuple[str, str, int]] = set()
    for node in ast.walk(tree):
        named: list[ast.expr] = [node.func] if isinstance(node, ast.Call) else []
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            named = [each.func if isinstance(each, ast.Call) else each for each in node.decorator_list]
        for each in named:
            name = ast.unparse(each)
            if isinstance(each, (ast.Name, ast.Attribute)) and name in _BY_NAME:
                seen.add((_BY_NAME[name], name, each.lineno))
    if any(line.lstrip().startswith("!") for line in source.split("\n")):
        number = next(n for n, line in enumerate(source.split("\n"), 1) if line.lstrip().startswith("!"))
        seen.add((_PROCESSES, "!", number))
    yield from sorted(seen, key=lambda each: each[2])


def _everywhere(status: Status) -> Iterator[Uncovered]:
    if status.governed is None:
        yield Uncovered(
            what="unseeded generators, system entropy and operations",
            where="everywhere",
            why="nothing is governed, so they are not watched: write `%repro seed=42 warn` into the first cell",
        )
    elif status.governed.strictness == "off":
        yield Uncovered(
            what="operations without a deterministic algorithm",
            where="everywhere",
            why="they are neither forbidden nor counted: `%repro warn` counts them",
        )
    if status.governed is not None and status.governed.entropy == "off":
        yield Uncovered(
            what="unseeded generators and system entropy",
            where="everywhere",
            why="`entropy=off` looks away: `%repro entropy=report` names the lines",
        )
    not_run = [cell.label for cell in status.cells if cell.verdict == "not run"]
    if not_run:
        yield Uncovered(
            what="what they would draw", where=", ".join(not_run), why="they have not run in this kernel"
        )
    for found in status.findings:
        if found.code == "RP109":
            yield Uncovered(what="runs that are not on record", where="the record", why=found.message)
    yield Uncovered(
        what="compiled regions and custom kernels inside imported modules, and code in C that asks the system by itself",
        where="everywhere",
        why="only the source of cells is looked through for them",
    )
