"""A store in a folder."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.canonical.write import storage_failed, sync_folder, umask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["FolderStore"]

_NO_LINKS = frozenset(
    (errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES)
)


class FolderStore:
    """Files under a folder, which is made with the first.

    Args:
        root: The folder.
        private: Nobody but the owner may read them; else whom the user's umask allows to.
    """

    local = True

    def __init__(self, root: Path, *, private: bool = False) -> None:
        self.root = root
        self._mode = 0o600 if private else 0o666 & ~umask()
        self.where = str(root)

    def names(self, folder: str) -> tuple[str, ...]:
        """Return the names in a folder, those of files that are not whole yet left out."""
        try:
            found = [path.name for path in (self.root / folder).iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise storage_failed(self.root / folder, error) from error
        return tuple(sorted(name for name in found if not name.startswith(".")))

    def read(self, name: str) -> bytes | None:
        """Return what a file holds."""
        try:
            return (self.root / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise storage_failed(self.root / name, error) from error

    def read_many(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Yield what each file holds."""
        for name in names:
            yield name, self.read(name)

    def put(self, name: str, data: bytes) -> bool:
        """Write a file that was not there: temp file, fsync, link, so that nobody sees half of it.

        Raises:
            StorageFailed: The disk is full, the folder read-only, and the like.
        """
        path = self.root / name
        temp: Path | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                os.utime(path)  # somebody counts on it anew: retention spares what is young
                return False
            handle, told = tempfile.mkstemp(prefix=".jr-", suffix=".tmp", dir=path.parent)
            temp = Path(told)
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            temp.chmod(self._mode)
            done = self._publish(temp, path)
            sync_folder(path.parent)
        except OSError as error:
            raise storage_failed(path, error) from error
        finally:
            if temp is not None:
                with contextlib.suppress(OSError):
                    temp.unlink()
        return done

    def _publish(self, temp: Path, path: Path) -> bool:
        try:
            os.link(temp, path)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if path.exists():
                return False
            temp.rename(
                path
            )  # a file system without links: two writers of one name would have to meet just here
        return True

    def remove(self, name: str) -> None:
        """Remove a file."""
        try:
            (self.root / name).unlink(missing_ok=True)
        except OSError as error:
            raise storage_failed(self.root / name, error) from error

    def clean(self, before: float) -> int:
        """Remove what writers that were killed have left.

        Args:
            before: In seconds since 1970: what is younger may still be written.
        """
        done = 0
        for path in self.root.glob("*/.jr-*.tmp"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    done += 1
        return done

    def changed(self, name: str) -> float | None:
        """Return when a file was written."""
        try:
            return (self.root / name).stat().st_mtime
        except OSError:
            return None

    def size(self, name: str) -> int:
        """Return how long a file is."""
        try:
            return (self.root / name).stat().st_size
        except OSError:
            return 0
