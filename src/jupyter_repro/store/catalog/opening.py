"""Which catalog belongs to a notebook's folder."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.errors import BadRecord, BadSettings, StorageFailed
from jupyter_repro.store.place import journal_folder, record_folders

from .catalog import Catalog, Parcel, put_parcel
from .folder import FolderStore
from .form import OBJECTS, RUNS, decode_run, object_name, run_name
from .places import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Place", "deliver", "keep_for_later", "place_near", "publish", "waiting"]

_OWN = "catalog"
_INDEX = "runs.sqlite"
_OUTBOX = "outbox"
_SETTINGS = "pyproject.toml"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the runs of a folder are kept."""

    folder: Path
    """The notebook's."""
    told: str
    """The store as it is configured; empty: the folder's own."""
    beside: Path
    """What a relative store is relative to."""

    @property
    def remote(self) -> bool:
        """Whether a network stands between."""
        return "://" in self.told and not self.told.startswith("file://")

    @property
    def there(self) -> bool:
        """Whether anything may be on record; False: looking would only make an empty folder."""
        return bool(self.told) or any(each.is_dir() for each in record_folders(self.folder))

    def open(self) -> Catalog:
        """Open the catalog; its folder is made.

        Raises:
            BadSettings: The store is not understood.
            StorageFailed: Its folder cannot be made.
        """
        if not self.told:
            own = self._own() or journal_folder(self.folder).folder
            return Catalog(FolderStore(own / _OWN, private=True), own / _INDEX)
        store = open_store(self.told, beside=self.beside)
        state = record_folders(self.beside / store.where)[1]
        return Catalog(store, state / _INDEX)

    def _own(self) -> Path | None:
        """Return the folder of ours that holds records already."""
        for each in record_folders(self.folder):
            with contextlib.suppress(OSError):
                if (each / _OWN).is_dir() and not each.is_symlink():
                    return each
        return None


def place_near(folder: Path, *, told: str = "", otherwise: str = "") -> Place:
    """Return where the runs of a folder are kept.

    Args:
        folder: The notebook's.
        told: A store that was named; empty: that of the nearest ``pyproject.toml`` with a ``[tool.jupyter_repro]``,
            else the folder's own.
        otherwise: The store where the project names none.

    Raises:
        BadSettings: The project's settings cannot be read.
    """
    folder = folder.resolve()
    if told:
        return Place(folder=folder, told=told, beside=folder)
    for each in (folder, *folder.parents):
        table = _table(each / _SETTINGS)
        if table is None:
            continue
        store = table.get("store", "")
        if not isinstance(store, str):
            raise BadSettings(
                f"`store` in `{_SETTINGS}` is no text", remedy='write, say, store = "s3://bucket/runs"'
            )
        if store:
            return Place(folder=folder, told=store, beside=each)
        break
    return Place(folder=folder, told=otherwise, beside=folder)


def _table(file: Path) -> dict[str, Any] | None:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        tool = tomllib.loads(file.read_text(encoding="utf-8")).get("tool")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise BadSettings(f"`{file.name}` cannot be read: {error}", remedy="mend the file") from None
    found = tool.get("jupyter_repro") if isinstance(tool, dict) else None
    return found if isinstance(found, dict) else None


def publish(parcel: Parcel, place: Place, *, tell: Callable[[str], None]) -> None:
    """Publish a record, and what waits for the store; where that cannot be reached, the record waits too.

    Raises:
        BadSettings: The store is not understood.
        StorageFailed: It cannot even be kept on this machine.
    """
    try:
        with place.open() as catalog:
            catalog.publish(parcel)
            deliver(catalog, place.folder)
    except StorageFailed as error:
        keep_for_later(parcel, place.folder)
        tell(f"repro: the record waits on this machine: {error}")


def keep_for_later(parcel: Parcel, folder: Path) -> None:
    """Keep a record on this machine until the store can be reached.

    Raises:
        StorageFailed: Not even that can be written.
    """
    put_parcel(FolderStore(journal_folder(folder).folder / _OUTBOX, private=True), parcel)


def waiting(folder: Path) -> int:
    """Return how many records wait for the store."""
    return sum(len(FolderStore(each / _OUTBOX).names(RUNS)) for each in record_folders(folder))


def deliver(catalog: Catalog, folder: Path) -> int:
    """Publish what waits; return how many records that was.

    Raises:
        StorageFailed: The store still refuses; what waits stays.
    """
    done = 0
    for place in record_folders(folder):
        box = FolderStore(place / _OUTBOX)
        for name in box.names(RUNS):
            data = box.read(f"{RUNS}/{name}")
            if data is None:
                continue
            try:
                run = decode_run(data, run_id=name.removesuffix(".json"))
            except BadRecord:
                continue  # it stays where it is
            held = [(digest, box.read(object_name(digest))) for digest in catalog.objects_of(run)]
            objects = tuple((digest, found) for digest, found in held if found is not None)
            for digest, found in objects:
                catalog.store.put(object_name(digest), found)
            catalog.store.put(run_name(run.id), data)  # that it is there already is as good
            box.remove(f"{RUNS}/{name}")
            done += 1
        if not box.names(RUNS):
            for name in box.names(OBJECTS):
                box.remove(f"{OBJECTS}/{name}")
    return done
