"""The catalog of one store: publish, find, look at what a record refers to."""

from __future__ import annotations

import contextlib
import hashlib
import re
from typing import TYPE_CHECKING, TypeVar

import msgspec

from jupyter_repro.errors import BadRecord, BadWord, StorageFailed
from jupyter_repro.records import Environment, Git, Missing
from jupyter_repro.records.catalog import Run  # noqa: TC001 - msgspec resolves the field types at run time

from .form import RUNS, decode_run, encode_run, object_name, run_name
from .ids import is_run_id
from .index import Index, Wanted

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self

    from .places import Store

__all__ = ["Catalog", "Parcel", "put_parcel"]

_Kind = TypeVar("_Kind")
_AT_ONCE = 500
"""Records held in memory while an index is made."""
_REFERENCE = re.compile(r"@([1-9][0-9]*)")


class Parcel(msgspec.Struct, frozen=True):
    """A record with the objects that it refers to."""

    run: Run
    objects: tuple[tuple[str, bytes], ...]
    """SHA-256 and bytes."""


def put_parcel(store: Store, parcel: Parcel) -> Run:
    """Write a record and what it refers to, the record last; return it as it is written.

    Raises:
        StorageFailed: The store refuses.
    """
    for digest, data in parcel.objects:
        store.put(object_name(digest), data)
    data = encode_run(parcel.run)
    if not store.put(run_name(parcel.run.id), data):
        raise StorageFailed(
            f"there is a run {parcel.run.id} in `{store.where}`, and records are never changed",
            remedy="make the record anew",
        )
    return decode_run(data, run_id=parcel.run.id)


class Catalog:
    """Records in a store, with their index.

    Args:
        store: Where the records lie: the truth.
        index: The file of the index.
    """

    def __init__(self, store: Store, index: Path) -> None:
        self.store = store
        self.index = Index(index)
        self.damaged: tuple[str, ...] = ()
        """What could not be read when the index was last brought up to date."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.index.close()

    # -- writing ------------------------------------------------------------------------------------

    def publish(self, parcel: Parcel) -> str:
        """Write a record and what it refers to, the record last; return its name.

        Raises:
            StorageFailed: The store refuses. Nothing refers to what was written until then.
        """
        written = put_parcel(self.store, parcel)
        with contextlib.suppress(StorageFailed):
            self.index.add([written])  # the next look at the store brings it in
        return parcel.run.id

    def update(self) -> None:
        """Bring the index up to date with the store; what is damaged is told in ``damaged``."""
        there = {name.removesuffix(".json") for name in self.store.names(RUNS) if name.endswith(".json")}
        there = {each for each in there if is_run_id(each)}
        known = self.index.ids()
        found: list[Run] = []
        damaged: list[str] = []
        for name, data in self.store.read_many([run_name(each) for each in sorted(there - known)]):
            run_id = name.rpartition("/")[2].removesuffix(".json")
            if data is None:
                continue  # it has gone since
            try:
                found.append(decode_run(data, run_id=run_id))
            except BadRecord as error:
                damaged.append(error.message)
            if len(found) >= _AT_ONCE:
                self.index.add(found)
                found.clear()
        self.index.add(found)
        self.index.forget(known - there)
        self.damaged = tuple(damaged)

    def reindex(self) -> int:
        """Make the index anew; return how many records are in it."""
        self.index.clear()
        self.update()
        return len(self.index.ids())

    # -- reading ------------------------------------------------------------------------------------

    def find(self, wanted: Wanted) -> tuple[Run, ...]:
        """Return the runs that are asked for, the newest first, as the index was last brought up to date."""
        return self.index.find(wanted)

    def notebooks(self) -> tuple[str, ...]:
        """Return the notebooks of the latest records, as those name them."""
        return self.index.notebooks()

    def named(self, word: str) -> Run:
        """Return one run.

        Args:
            word: The beginning of its name; ``last`` or ``@1`` for the newest, ``@2`` for the one before it.

        Raises:
            BadWord: It names none, or several.
        """
        count = _REFERENCE.fullmatch("@1" if word == "last" else word)
        if count is not None:
            found = self.find(Wanted(limit=int(count[1])))[int(count[1]) - 1 :]
        else:
            found = self.find(Wanted(id=word.lower(), limit=4)) if word else ()
        if len(found) == 1:
            return found[0]
        if not found:
            raise BadWord(
                f"there is no run `{word}` in `{self.store.where}`",
                remedy="`jupyter repro runs list` names them",
            )
        raise BadWord(
            f"`{word}` begins the names of several runs",
            remedy=f"say which: {', '.join(run.id for run in found[:3])}",
        )

    def environment(self, run: Run) -> Environment:
        """Return what a run stood on, its code among it.

        Raises:
            BadRecord: The object is not there, or was changed.
        """
        found = self._object(run.environment, Environment)
        git = run.code if isinstance(run.code, Missing) else self._object(run.code.detail, Git)
        return msgspec.structs.replace(found, git=git)

    def objects_of(self, run: Run) -> tuple[str, ...]:
        """Return the SHA-256 of all that a record refers to."""
        return (run.environment, *(() if isinstance(run.code, Missing) else (run.code.detail,)))

    def _object(self, digest: str, kind: type[_Kind]) -> _Kind:
        data = self.store.read(object_name(digest))
        if data is None:
            raise BadRecord(
                f"the object {digest[:12]} is not in `{self.store.where}`",
                remedy="`jupyter repro runs fsck` tells all damage",
            )
        if hashlib.sha256(data).hexdigest() != digest:
            raise BadRecord(
                f"the object {digest[:12]} in `{self.store.where}` was changed",
                remedy="`jupyter repro runs fsck` tells all damage",
            )
        try:
            return msgspec.json.decode(data, type=kind)
        except msgspec.MsgspecError as error:
            raise BadRecord(
                f"the object {digest[:12]} is not understood: {error}", remedy="upgrade jupyter_repro"
            ) from None
