"""A store at any address that fsspec understands: S3, GCS, Azure, SFTP."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadSettings, StorageFailed
from jupyter_repro.secrets import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["RemoteStore"]

_AT_ONCE = 200
_OBJECT_STORES = frozenset(("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss"))


class RemoteStore:
    """Objects below an address; one request writes one, and only where the service has none of that name."""

    local = False

    def __init__(self, told: str) -> None:
        self.where = redact(told).rstrip("/")
        try:
            fsspec: Any = importlib.import_module("fsspec")
            self._fs, root = fsspec.core.url_to_fs(told, use_listings_cache=False)
        except ImportError as error:
            raise BadSettings(
                f"the store `{self.where}` needs a package that is not installed: {error}",
                remedy="`pip install jupyter_repro[store]` brings fsspec and s3fs; others: gcsfs, adlfs",
            ) from None
        except ValueError as error:
            raise BadSettings(
                f"the store `{self.where}` is not understood: {error}",
                remedy="write, say, `s3://bucket/runs`",
            ) from None
        self._root = str(root).rstrip("/")

    def names(self, folder: str) -> tuple[str, ...]:
        """Return the names of the objects below a prefix."""
        try:
            found = self._fs.ls(self._at(folder), detail=False, refresh=True)
        except FileNotFoundError:
            return ()
        except Exception as error:  # each service has errors of its own
            raise self._failed("list", error) from error
        names = (str(path).rstrip("/").rpartition("/")[2] for path in found)
        return tuple(sorted(name for name in names if name and not name.startswith(".")))

    def read(self, name: str) -> bytes | None:
        """Return what an object holds."""
        try:
            data: bytes = self._fs.cat_file(self._at(name))
        except FileNotFoundError:
            return None
        except Exception as error:
            raise self._failed("read", error) from error
        return data

    def read_many(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Yield what each object holds; many are asked for at a time."""
        wanted = list(names)
        for start in range(0, len(wanted), _AT_ONCE):
            part = {self._at(name): name for name in wanted[start : start + _AT_ONCE]}
            try:
                found = self._fs.cat(list(part), on_error="return")
            except Exception as error:
                raise self._failed("read", error) from error
            if isinstance(found, bytes):
                found = {next(iter(part)): found}
            for path, name in part.items():
                data = found.get(path)
                if isinstance(data, bytes):
                    yield name, data
                elif data is None or isinstance(data, FileNotFoundError):
                    yield name, None
                else:
                    raise self._failed("read", data) from None

    def put(self, name: str, data: bytes) -> bool:
        """Write an object in one request that fails where one of that name is there.

        Raises:
            StorageFailed: The service refuses, or cannot be reached.
        """
        path = self._at(name)
        try:
            self._make_folder(path.rpartition("/")[0])
            self._fs.pipe_file(path, data, mode="create")
        except FileExistsError:
            return False
        except NotImplementedError:
            return self._put_unguarded(path, data)
        except Exception as error:
            raise self._failed("write to", error) from error
        return True

    def _put_unguarded(self, path: str, data: bytes) -> bool:
        """Write where the service knows no such condition: names are unique, so nobody else writes this one."""
        try:
            if self._fs.exists(path):
                return False
            self._fs.pipe_file(path, data)
        except Exception as error:
            raise self._failed("write to", error) from error
        return True

    def remove(self, name: str) -> None:
        """Remove an object."""
        try:
            self._fs.rm_file(self._at(name))
        except FileNotFoundError:
            return
        except Exception as error:
            raise self._failed("remove from", error) from error

    def changed(self, name: str) -> float | None:
        """Return when an object was written, where the service tells it."""
        try:
            return float(self._fs.modified(self._at(name)).timestamp())
        except Exception:  # noqa: BLE001 - not every service tells it, each says so in its own way
            return None

    def size(self, name: str) -> int:
        """Return how long an object is."""
        try:
            return int(self._fs.size(self._at(name)) or 0)
        except Exception:  # noqa: BLE001 - as above
            return 0

    def _make_folder(self, path: str) -> None:
        """Make the folder on services that have folders: on object stores it would be a bucket."""
        spoken = self._fs.protocol
        if _OBJECT_STORES.isdisjoint((spoken,) if isinstance(spoken, str) else spoken):
            self._fs.makedirs(path, exist_ok=True)

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _failed(self, verb: str, error: BaseException) -> StorageFailed:
        reason = redact(" ".join(f"{type(error).__name__}: {error}".split()))[:300]
        return StorageFailed(
            f"cannot {verb} the store `{self.where}`: {reason}",
            remedy="check its address, your credentials and the network",
        )
