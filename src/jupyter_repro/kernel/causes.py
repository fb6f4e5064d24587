"""Why two runs of a cell from the same state may differ, the surest reason first."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - a field's type, read at run time by tools
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.entropy.set_order import set_walks
from jupyter_repro.records import Leak  # noqa: TC001 - as above
from jupyter_repro.rerun.reach import Apart  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Seen", "causes_of"]

_MOST = 3
_AT_ONCE = ("Thread", "concurrent.futures", "multiprocessing", "asyncio")


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen of two runs."""

    body: str
    """The source of the cell."""
    leaks: Sequence[Leak]
    """What the second run drew without a seed."""
    unrepeatable: Sequence[str]
    """What the source asks of clocks and the system, in words."""
    apart: Sequence[Apart]
    """What both runs used."""
    unrewound: Sequence[str]
    """Libraries whose generators could not be put back."""
    torch: bool
    """Whether torch is loaded, and its operations were not traced."""


def causes_of(seen: Seen) -> tuple[str, ...]:
    """Return what was seen that can be behind a difference."""
    found = (*_of_state(seen), *_of_leaks(seen), *_of_source(seen)) or tuple(_of_libraries(seen))
    return tuple(dict.fromkeys(found))[:_MOST]


def _of_state(seen: Seen) -> Iterator[str]:
    for each in seen.apart:
        if each.moves:
            yield f"the second run went on with `{each.name}` ({each.why}) where the first had left it"


def _of_leaks(seen: Seen) -> Iterator[str]:
    yield from (_leaked(leak) for leak in seen.leaks if not leak.derived)
    told = any(leak.kind in ("system entropy", "unseeded generator", "reseeded") for leak in seen.leaks)
    yield from (
        words for words in seen.unrepeatable if not (told and words.startswith("it draws from the system"))
    )


def _of_source(seen: Seen) -> Iterator[str]:
    for spot in set_walks(seen.body, {}):
        yield f"line {spot.line} goes through a set in its own order (`{spot.text}`): put `sorted(...)` around it"
    if any(word in seen.body for word in _AT_ONCE):
        yield "threads or processes that end in another order"


def _of_libraries(seen: Seen) -> Iterator[str]:
    for library in seen.unrewound:
        if ("random" if library == "numpy" else library) not in seen.body:
            continue  # it came along with something else
        yield f"the cell imported {library} without a seed: `%repro seed=42` before it"
    if seen.torch:
        yield "a torch operation that adds up in another order: `%%repro twice trace` names it"


def _leaked(leak: Leak) -> str:
    where = f"line {leak.line}" if leak.line else "a line"
    via = f" through {leak.via}" if leak.via else ""
    if leak.kind == "threads that draw":
        return f"{where}: {leak.what}"
    if leak.kind == "clock seed":
        return f"{where} takes a seed from the clock (`{leak.what}`): seed with a number"
    if leak.kind == "unsorted listing":
        return f"{where} lists files in no order (`{leak.what}`): put `sorted(...)` around it"
    return f"{where} draws without a seed{via} (`{leak.what}`): give it one, or `%repro entropy=derive`"
