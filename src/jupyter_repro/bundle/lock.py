"""The live environment, locked exactly as it is: nothing is resolved anew."""

from __future__ import annotations

import contextvars
import shutil
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

import msgspec
from packaging.utils import parse_wheel_filename

from jupyter_repro.canonical import dumps
from jupyter_repro.digest import file_digest
from jupyter_repro.errors import LockFailed
from jupyter_repro.verifier.installed import record_digest

from .anonymous_wheel import without_people
from .build import build_editable
from .conda import write_conda
from .dists import Distribution, Interpreter, read_interpreter
from .edits import edited_files
from .index import Offer, offers
from .layout import PYLOCK, PYTHON_VERSION, RECORDS, REQUIREMENTS, WHEELS
from .pylock import LockedPackage, pylock, requirements
from .record import parse_record
from .repack import repack
from .urls import label_index, public_url
from .wheelhouse import fetch_wheel
from .wheels import read_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Locked", "Vendored", "lock_environment"]

_AT_ONCE = 8
_OFFICIAL_INSTALLERS = frozenset({"", "pip", "uv", "poetry", "pdm", "pixi", "pipenv", "rye"})


class Vendored(msgspec.Struct, frozen=True, kw_only=True):
    """A distribution that the bundle carries, because no public index offers it exactly."""

    name: str
    version: str
    wheel: Path
    why: str
    """Empty: an index offers it, and the bundle carries it so that no reader needs one."""
    files: tuple[str, ...]
    """What it installs, relative to site-packages."""


class Locked(msgspec.Struct, frozen=True, kw_only=True):
    """What was locked, and what the author should know about it."""

    packages: tuple[LockedPackage, ...]
    """Sorted by name."""
    vendored: tuple[Vendored, ...]
    warnings: tuple[str, ...]
    edited: tuple[str, ...] = ()
    """Distributions whose installed files are not the released ones: ``tqdm 4.67 (tqdm/utils.py)``."""
    edited_files: dict[str, tuple[str, ...]] = {}
    """All of these files, by normalised name."""


def lock_environment(
    *, python: str, out: Path, progress: Callable[[str], None], offline: bool = False, anonymous: bool = False
) -> Locked:
    """Lock everything installed for ``python`` into files under ``out``.

    Writes ``env/pylock.toml``, ``env/requirements.lock.txt``, ``env/records.json``,
    ``env/python-version`` and the vendored ``wheels/*.whl``; for an environment of conda's also
    ``env/conda-explicit.txt`` and ``env/environment.yml``.

    Args:
        python: The interpreter.
        out: An empty folder.
        progress: Called with each step.
        offline: Carry the wheels of indexes too.
        anonymous: Leave people out of the metadata of what comes from no index.

    Raises:
        LockFailed: A distribution cannot be locked exactly; the message names it.
        OSError: ``out`` cannot be written.
    """
    interpreter = read_interpreter(python)
    (out / "env").mkdir(parents=True, exist_ok=True)
    (out / WHEELS).mkdir(exist_ok=True)
    locker = _Locker(interpreter, out / WHEELS, progress, offline=offline, anonymous=anonymous)
    locker.lock()
    locked = locker.locked()
    _write(out, locked, locker.records, interpreter.version)
    write_conda(interpreter.prefix, out / "env")
    return locked


def _write(out: Path, locked: Locked, records: Mapping[str, object], version: str) -> None:
    (out / PYLOCK).write_text(pylock(locked.packages, python=version), encoding="utf-8")
    (out / REQUIREMENTS).write_text(requirements(locked.packages), encoding="utf-8")
    (out / RECORDS).write_bytes(dumps(records, indent=2))
    (out / PYTHON_VERSION).write_text(f"{version}\n", encoding="utf-8")


class _Locker:
    """One locking: decides for each distribution whether an index or the bundle provides it."""

    def __init__(
        self,
        interpreter: Interpreter,
        wheels: Path,
        progress: Callable[[str], None],
        *,
        offline: bool,
        anonymous: bool,
    ) -> None:
        self._anonymous = anonymous
        self._fetched: set[str] = set()
        self._offline = offline
        self._interpreter = interpreter
        self._wheels = wheels
        self._progress = progress
        self._packages: list[LockedPackage] = []
        self._vendored: list[Vendored] = []
        self._warnings: list[str] = []
        self._edited: dict[str, tuple[str, ...]] = {}
        self.records: dict[str, object] = {}

    def locked(self) -> Locked:
        edited = []
        for key, files in sorted(self._edited.items()):
            dist = self._interpreter.find(key)
            more = f" and {len(files) - 3} more" if len(files) > 3 else ""  # noqa: PLR2004 - a few are enough
            edited.append(f"{key} {dist.version if dist else ''} ({', '.join(files[:3])}{more})")
        return Locked(
            packages=tuple(sorted(self._packages, key=lambda package: package.name)),
            vendored=tuple(sorted(self._vendored, key=lambda each: each.name)),
            warnings=tuple(self._warnings),
            edited=tuple(edited),
            edited_files=dict(self._edited),
        )

    def lock(self) -> None:
        dists = self._interpreter.distributions
        for dist in dists:
            dist.require_record()
        self._progress(f"checking the files of {len(dists)} packages")
        self._edited = edited_files([dist for dist in dists if dist.origin != "editable"])
        indexed = [dist for dist in dists if dist.origin == "index" and dist.key not in self._edited]
        self._progress(f"looking up {len(indexed)} packages")
        offered, absent = offers(indexed, python=self._interpreter.python)
        if self._offline:
            self._fetch([offer for dist in indexed if (offer := _chosen(dist, offered.get(dist.key, ())))])
        for dist in dists:
            if dist.key in self._edited:
                self._vendor(dist, "its installed files were edited by hand")
            elif dist.origin != "index":
                self._vendor(dist, _ORIGINS[dist.origin])
            elif dist.key in absent:
                self._vendor(dist, absent[dist.key])
            else:
                self._from_index(dist, offered.get(dist.key, ()))

    def _from_index(self, dist: Distribution, candidates: tuple[Offer, ...]) -> None:
        offer = _chosen(dist, candidates)
        if offer is None:
            self._vendor(dist, "no index offers the wheel it was installed from")
            return
        url = public_url(offer.url)
        if url is None:
            self._vendor(dist, "the index it came from is not public", offer=offer)
            return
        if dist.installer not in _OFFICIAL_INSTALLERS:
            self._warnings.append(
                f"`{dist.key} {dist.version}` was installed by {dist.installer}; "
                "the index's wheel of that version is locked in its place"
            )
        if self._offline:
            self._bring(dist, offer)
        else:
            self._add(dist, dist.version, offer.file, offer.sha256, url, dist.record_text)

    def _fetch(self, wanted: list[Offer]) -> None:
        """Bring the wheels of indexes, several at a time."""
        self._progress(f"fetching {len(wanted)} wheels")
        context = contextvars.copy_context  # so that each thread can be ended with the export
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            waiting = {
                pool.submit(context().run, fetch_wheel, offer, self._wheels): offer for offer in wanted
            }
            try:
                for number, done in enumerate(as_completed(waiting), 1):
                    if done.result() is not None:
                        self._fetched.add(waiting[done].file)
                    self._progress(f"fetched {number} of {len(wanted)} wheels")
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _bring(self, dist: Distribution, offer: Offer) -> None:
        """Carry the index's own wheel, or one made of the installed files where it cannot be had."""
        wheel = self._wheels / offer.file
        if offer.file not in self._fetched:
            self._vendor(dist, "the index does not give its wheel again")
            return
        files = tuple(row.path for row in dist.rows)
        self._vendored.append(Vendored(name=dist.key, version=dist.version, wheel=wheel, why="", files=files))
        self._add(dist, dist.version, offer.file, offer.sha256, None, dist.record_text)

    def _vendor(self, dist: Distribution, why: str, *, offer: Offer | None = None) -> None:
        self._progress(f"packing {dist.key} {dist.version}: {why}")
        if dist.origin == "editable":
            wheel, record = build_editable(dist, self._interpreter, self._wheels)
        else:
            wheel, record = _copied(dist, offer, self._wheels) or repack(
                dist, self._interpreter, self._wheels
            )
        if self._anonymous and dist.origin != "index":
            record = without_people(wheel, record)
        version = str(parse_wheel_filename(wheel.name)[1])
        files = tuple(row.path for row in parse_record(record))
        self._vendored.append(Vendored(name=dist.key, version=version, wheel=wheel, why=why, files=files))
        self._add(dist, version, wheel.name, file_digest(wheel)[0], None, record)

    def _add(  # noqa: PLR0913, PLR0917 - one line of the lock, private
        self, dist: Distribution, version: str, file: str, sha256: str, url: str | None, record: str
    ) -> None:
        self._packages.append(
            LockedPackage(
                name=dist.key,
                version=version,
                file=file,
                sha256=sha256,
                url=url,
                index=label_index(dist.key, version),
            )
        )
        self.records[dist.key] = {"version": version, "sha256": record_digest(record)}


def _chosen(dist: Distribution, candidates: tuple[Offer, ...]) -> Offer | None:
    """Return the wheel that was installed, None if that is not one of those offered."""
    same = [offer for offer in candidates if offer.tags == dist.tags and offer.build == dist.build]
    return same[0] if len(same) == 1 else None


_ORIGINS = {
    "editable": "it is an editable install",
    "directory": "it was installed from a folder",
    "archive": "it was installed from a file or an address",
    "vcs": "it was installed from version control",
}


def _copied(dist: Distribution, offer: Offer | None, folder: Path) -> tuple[Path, str] | None:
    """Take the very wheel from a folder of wheels, if it still is the one that is installed."""
    parts = urlsplit(offer.url) if offer else None
    if offer is None or parts is None or parts.scheme != "file":
        return None
    source = Path(url2pathname(parts.path))
    try:
        if record_digest(read_record(source)) != record_digest(dist.record_text):
            return None
        copy = Path(shutil.copyfile(source, folder / offer.file))
    except (OSError, ValueError):
        return None
    if file_digest(copy)[0] != offer.sha256:
        raise LockFailed(
            f"`{offer.file}` is not the file that its index promised", remedy="fetch that wheel again"
        )
    return copy, dist.record_text
