"""Which data travel in the bundle and which go by address, digest and size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import BadWord

from .addresses import known_address
from .exported import size_words
from .gather import Fetched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_repro.records import InputFile

    from .gather import Gathered
    from .lock import Locked
    from .options import Address

__all__ = ["budgeted", "over_budget", "weights"]


def budgeted(gathered: Gathered, *, max_data: int, addresses: Sequence[Address]) -> Gathered:
    """Return what is gathered, with the data that do not fit taken out of ``packed`` into ``fetched``.

    The largest goes first, until the rest fits; what the author has given an address goes by it in any case. Modules
    are always packed.

    Raises:
        BadWord: An address is of a file that the run does not read.
    """
    given = {each.path: each.url for each in addresses}
    _refuse_unread(given, gathered)
    named = [file for file in gathered.packed if file.path in given]
    rest = [file for file in gathered.packed if file.path not in given]
    large = over_budget((file for file in rest if file.role == "data"), max_data)
    out = {file.path for file in (*named, *large)}
    return msgspec.structs.replace(
        gathered,
        packed=tuple(file for file in gathered.packed if file.path not in out),
        fetched=tuple(
            Fetched(file=file, url=given.get(file.path) or known_address(gathered.root / file.path))
            for file in gathered.packed
            if file.path in out
        ),
    )


def over_budget(files: Iterable[InputFile], max_data: int) -> tuple[InputFile, ...]:
    """Return the largest files, until the rest weighs no more than ``max_data`` bytes."""
    ordered = sorted(files, key=lambda file: (-file.size, file.path))
    left = sum(file.size for file in ordered)
    taken = []
    for file in ordered:
        if left <= max_data:
            break
        taken.append(file)
        left -= file.size
    return tuple(taken)


def _refuse_unread(given: Iterable[str], gathered: Gathered) -> None:
    known = {file.path for file in gathered.packed}
    for path in given:
        if path not in known:
            raise BadWord(
                f"`{path}` has an address, and the notebook reads no such file of the project",
                remedy=f"name it from the top of the project: {', '.join(sorted(known)[:5]) or 'it reads none'}",
            )


def weights(gathered: Gathered, locked: Locked) -> str:
    """Return what the parts weigh, in words."""
    data = sum(file.size for file in gathered.packed if file.role == "data")
    wheels = sum(each.wheel.stat().st_size for each in locked.vendored)
    away = sum(each.file.size for each in gathered.fetched)
    fetched = f", {size_words(away)} by address" if away else ""
    return f"packing {size_words(data)} of data and {size_words(wheels)} of wheels{fetched}"
