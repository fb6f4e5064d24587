"""RP202 to RP205 in files: draws without a seed, by the source."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_repro.entropy.calls import spelled
from jupyter_repro.entropy.source_rules import shifting_seeds
from jupyter_repro.replay.magics import magic_of

from .protocol import Spotted
from .seeding import stream_drawn, streams_seeded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .notebook import CodeCell, NotebookFile

__all__ = ["DrawBeforeSeed", "EntropyOfTheSystem", "GeneratorWithoutSeed", "SeedThatShifts"]

_GENERATORS = frozenset(
    ("numpy.random.MT19937", "numpy.random.PCG64", "numpy.random.PCG64DXSM", "numpy.random.Philox",
     "numpy.random.RandomState", "numpy.random.SFC64", "numpy.random.SeedSequence", "numpy.random.default_rng",
     "random.Random")
)  # fmt: skip
_RESEEDING = frozenset(("numpy.random.seed", "random.seed"))
_SYSTEM = frozenset(
    ("os.getrandom", "os.urandom", "random.SystemRandom", "secrets.choice", "secrets.randbelow", "secrets.randbits",
     "secrets.token_bytes", "secrets.token_hex", "secrets.token_urlsafe", "uuid.uuid1", "uuid.uuid4")
)  # fmt: skip


class DrawBeforeSeed:
    """In files: the source draws from a global stream that no cell at or above it seeds.

    A draw in a function counts only if no cell of the notebook seeds its stream: it may be called below the seed.
    """

    code = "RP202"
    severity: Severity = "warning"
    remedy = "put `%repro seed=42` into the first cell"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield the first such draw of each stream, and say how many more there are."""
        ever = frozenset(stream for cell in notebook.cells for stream in streams_seeded(cell, notebook))
        seeded: set[str] = set()
        found: dict[str, tuple[int, ast.Call]] = {}
        more: dict[str, int] = {}
        for cell in notebook.cells:
            seeded |= streams_seeded(cell, notebook)
            later = _in_functions(cell)
            for call in cell.calls:
                stream = stream_drawn(call, notebook)
                if stream is not None and stream not in (ever if id(call) in later else seeded):
                    found.setdefault(stream, (cell.index, call))
                    more[stream] = more.get(stream, -1) + 1
        for stream, (index, call) in found.items():
            rest = f", and so do {more[stream]} more calls" if more[stream] > 1 else ""
            rest = ", and so does 1 more call" if more[stream] == 1 else rest
            message = (
                f"draws from {stream}'s global stream (`{spelled(call)}`){rest}, and no cell above seeds it"
            )
            yield Spotted(cell=index, line=call.lineno, message=message)


class GeneratorWithoutSeed:
    """In files: `default_rng()`, `RandomState()`, `Random()` and the like, without an argument or with `None`."""

    code = "RP203"
    severity: Severity = "warning"
    remedy = "give it a seed, or `%repro entropy=derive`"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each such call, none below a `%repro entropy=derive`."""
        for cell in notebook.cells:
            for call in cell.calls:
                magic = magic_of(call)
                if magic is not None and magic.name == "repro" and "entropy=derive" in magic.line:
                    return
                if notebook.full(call.func) in _GENERATORS and _has_no_seed(call):
                    message = f"makes a generator without a seed (`{spelled(call)}`)"
                    yield Spotted(cell=cell.index, line=call.lineno, message=message)


class SeedThatShifts:
    """In files: by the source alone, a seed followed through the names of its cell."""

    code = "RP204"
    severity: Severity = "warning"
    remedy = "write the number down: `seed=42`"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each such call."""
        for cell in notebook.cells:
            for spot in shifting_seeds(cell.python or ""):
                message = f"takes a seed from {spot.why} (`{spot.text}`)"
                yield Spotted(cell=cell.index, line=spot.line, message=message)
            for call in cell.calls:
                if notebook.full(call.func) in _RESEEDING and _has_no_seed(call):
                    message = f"reseeds a generator from the system's entropy (`{spelled(call)}`)"
                    yield Spotted(cell=cell.index, line=call.lineno, message=message)


class EntropyOfTheSystem:
    """In files: a call of `uuid4`, `secrets` or `os.urandom`."""

    code = "RP205"
    severity: Severity = "warning"
    remedy = (
        "for results draw from a seeded generator; for names that only must differ, write "
        "`# repro: allow RP205 because ...`"
    )

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each such call."""
        for cell in notebook.cells:
            for call in cell.calls:
                if notebook.full(call.func) in _SYSTEM:
                    message = f"draws from the operating system (`{spelled(call)}`)"
                    yield Spotted(cell=cell.index, line=call.lineno, message=message)


def _in_functions(cell: CodeCell) -> set[int]:
    """Return the identities of what stands in functions, which may run later."""
    return {
        id(inner)
        for node in cell.nodes
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for inner in ast.walk(node)
    }


def _has_no_seed(call: ast.Call) -> bool:
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return not arguments or (
        len(arguments) == 1 and isinstance(arguments[0], ast.Constant) and arguments[0].value is None
    )
