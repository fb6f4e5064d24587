"""Where two traces part, as text: the operation, its module and line, the cause, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.determinism.trace.compare import Comparison, Divergence, Side
    from jupyter_repro.determinism.trace.format import Place

__all__ = ["comparison_text", "divergence_line"]

_CHANGE_BITS = frozenset(
    ("ATEN_CPU_CAPABILITY", "CPU", "CUBLAS_WORKSPACE_CONFIG", "CUDA", "DNNL_MAX_CPU_ISA", "GPU", "MKL_CBWR",
     "NCCL_ALGO", "NCCL_PROTO", "ONEDNN_MAX_CPU_ISA", "convolution precision", "cuDNN", "cuDNN benchmark",
     "deterministic algorithms", "instruction set", "matmul precision", "system", "threads", "torch")
)  # fmt: skip
"""Facts that change what an operation computes from the same numbers."""
_LONGEST = 100


def comparison_text(found: Comparison) -> str:
    """Return the comparison for a terminal or a cell's output."""
    return "\n".join(_lines(found))


def divergence_line(found: Comparison) -> str:
    """Return where the traces part as one line, without their names where both are of one cell."""
    first = found.divergence
    if first is None:
        return _same(found).removeprefix("repro: ").replace("`", "")
    side = first.a or first.b
    if side is None:
        return first.detail
    place = side.forward or side.place
    line = "" if place is None else f", line {place.line} (`{place.text[:_LONGEST]}`)"
    detail = first.detail.replace("`the first run`", "the first run").replace(
        "`the second run`", "the second"
    )
    return f"operation {side.number}, {_operation(side)}{line}: {first.cause}; {detail}"


def _lines(found: Comparison) -> Iterator[str]:
    first = found.divergence
    if first is None:
        yield _same(found)
    else:
        number = (first.a or first.b).number  # type: ignore[union-attr]  # one of the two goes on
        yield f"repro: `{found.a}` and `{found.b}` part at operation {number}: {first.cause}"
        yield from _rows(_divergence(found, first))
    yield from _rows(_limits(found))


def _same(found: Comparison) -> str:
    count = min(found.ops)
    if not count:
        return f"repro: nothing to compare: `{found.a}` holds {found.ops[0]} operations, `{found.b}` {found.ops[1]}"
    ops = "one operation" if count == 1 else f"{count} operations"
    return f"repro: `{found.a}` and `{found.b}` are the same: {ops}, with the same inputs and outputs bit for bit"


def _rows(rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    yield from (f"  {label:<10} {text}" for label, text in rows)


def _divergence(found: Comparison, first: Divergence) -> Iterator[tuple[str, str]]:
    one, two = first.a, first.b
    if first.cause == "control flow" or one is None or two is None:
        for name, side in ((found.a, one), (found.b, two)):
            yield f"in `{name}`", "it has ended" if side is None else _operation(side)
            if side is not None:
                yield from _where(side)
    else:
        yield "operation", _operation(one)
        yield from _where(one)
        if _site(one.place) != _site(two.place) and two.place is not None:
            yield f"in `{found.b}`", _spelled(two.place, two.cell)
    yield "what", first.detail
    for fact in _facts(found, first):
        yield "differs", fact
    yield "likely", _likely(found, first)


def _operation(side: Side) -> str:
    module = f" of `{side.module}`" if side.module else ""
    backward = ", in backward" if side.backward else ""
    return f"`{side.name}`{module}{backward}" + (f": {side.shapes}" if side.shapes else "")


def _where(side: Side) -> Iterator[tuple[str, str]]:
    if side.forward is not None:
        yield "line", _spelled(side.forward, side.forward_cell)
        if side.place is not None:
            yield "backward", _spelled(side.place, side.cell)
    elif side.place is not None:
        yield "line", _spelled(side.place, side.cell)


def _site(place: Place | None) -> tuple[str, int, str] | None:
    return None if place is None else (place.source or place.file, place.line, place.text)


def _spelled(place: Place, cell: str) -> str:
    text = place.text if len(place.text) <= _LONGEST else f"{place.text[:_LONGEST]}..."
    return f"{cell or place.file or 'a cell'}, line {place.line}: `{text}`"


def _facts(found: Comparison, first: Divergence) -> Iterator[str]:
    """Name the facts that differ, first those that can be behind it."""
    weighty = _CHANGE_BITS if first.cause == "nondeterministic kernel" else frozenset(("hash seed", "seed"))
    for name, one, two in sorted(found.facts, key=lambda row: (row[0] not in weighty, row[0])):
        yield f"{name}: {one} in `{found.a}`, {two} in `{found.b}`"


def _likely(found: Comparison, first: Divergence) -> str:
    differing = {name for name, _, _ in found.facts}
    if first.cause == "control flow":
        return "the code, its data or a setting differs; the line above is the first that shows it"
    if first.cause == "RNG state":
        if "seed" in differing:
            return "the seeds differ: `%repro seed=42` with one number in both"
        if found.shared.get("seed") == "none":
            return "no seed: `%repro seed=42` in both, before anything is drawn"
        return "something drew before it in one of them, outside the trace or without torch's operations"
    if first.cause == "input data":
        return _data(found, first, differing)
    return _kernel(found, differing)


def _data(found: Comparison, first: Divergence, differing: set[str]) -> str:
    if first.raw:
        return "it reads memory of `torch.empty` that was not written as a whole: use `torch.zeros`"
    text = "no traced operation made the difference: it comes from data, NumPy, the order of a set, or compiled code"
    if "hash seed" in differing or found.shared.get("hash seed") == "random":
        text += "; the hash seed is not fixed (`%repro restart`), so sets of texts go in another order in each kernel"
    return text


def _kernel(found: Comparison, differing: set[str]) -> str:
    behind = sorted(differing & _CHANGE_BITS)
    if behind == ["threads"]:
        return "another number of threads adds up in another order: `%repro threads=N` with one N in both"
    if behind:
        return f"what differs above changes how it computes ({', '.join(behind)})"
    modes = found.shared.get("deterministic algorithms")
    if modes == "on":
        return "the order in which it adds up is left to chance, although deterministic algorithms are on"
    return (
        "the order in which it adds up is left to chance: `%repro strict` takes another algorithm or names it"
    )


def _limits(found: Comparison) -> Iterator[tuple[str, str]]:
    """Name what was not compared; a comparison that says nothing of it would promise too much."""
    for why, count in found.unseen:
        yield "unseen", f"the content of {count} operations: {why}"
    if found.missed:
        yield "unseen", f"{found.missed} operations that could not be recorded"
    if found.cut:
        yield "unseen", "what came after the limit of a trace was reached"
    if found.divergence is None and found.facts:
        yield "although", "; ".join(f"{name}: {one} and {two}" for name, one, two in found.facts)
