"""The local index of records: SQLite, made anew from the records whenever it is in doubt."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.canonical import dumps
from jupyter_repro.canonical.write import storage_failed
from jupyter_repro.errors import StorageFailed
from jupyter_repro.records import Missing
from jupyter_repro.records.catalog import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["Index", "Wanted"]

_VERSION = 2
_WAIT_S = 30.0
"""How long a writer waits for others."""
_NOTEBOOKS = 300
_TABLE = """
CREATE TABLE IF NOT EXISTS runs (
  id TEXT PRIMARY KEY, made REAL NOT NULL, kind TEXT NOT NULL, kernel TEXT NOT NULL, notebook TEXT NOT NULL,
  code TEXT NOT NULL, environment TEXT NOT NULL, verdict TEXT NOT NULL, bundle TEXT NOT NULL, body BLOB NOT NULL
) WITHOUT ROWID
"""
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS by_notebook ON runs (notebook, made, id)",
    "CREATE INDEX IF NOT EXISTS by_made ON runs (made, id)",
    "CREATE INDEX IF NOT EXISTS by_kernel ON runs (kernel)",
)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which runs are asked for; what is empty asks for nothing in particular."""

    notebook: str = ""
    """Its name, or the end of its path."""
    told: tuple[str, ...] = ()
    """Or one of these, each as the records have it."""
    since: float | None = None
    until: float | None = None
    commit: str = ""
    """The beginning of one."""
    verdict: str = ""
    kind: str = ""
    kernel: str = ""
    id: str = ""
    """The beginning of one."""
    limit: int | None = None


class Index:
    """Rows of one store, in a file that several processes write.

    Args:
        path: The file; a damaged one is removed, since everything in it is in the store.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise storage_failed(path, error) from error
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and not _damaged(error):
                raise self._failed(error) from error
            self._start_over()

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()

    # -- writing ------------------------------------------------------------------------------------

    def add(self, runs: Iterable[Run]) -> None:
        """Add rows; one that is there stays as it is."""
        rows = [_row(run) for run in runs]
        with self._writing():
            self._rows.executemany("INSERT OR IGNORE INTO runs VALUES (?,?,?,?,?,?,?,?,?,?)", rows)

    def forget(self, ids: Iterable[str]) -> None:
        """Remove rows."""
        with self._writing():
            self._rows.executemany("DELETE FROM runs WHERE id = ?", [(each,) for each in ids])

    def clear(self) -> None:
        """Remove all rows."""
        with self._writing():
            self._rows.execute("DELETE FROM runs")

    # -- reading ------------------------------------------------------------------------------------

    def ids(self) -> frozenset[str]:
        """Return the names of all rows."""
        return frozenset(row[0] for row in self._ask("SELECT id FROM runs"))

    def kernels(self) -> frozenset[str]:
        """Return the kernels whose end is on record."""
        return frozenset(row[0] for row in self._ask("SELECT kernel FROM runs WHERE kind = 'session'"))

    def notebooks(self) -> tuple[str, ...]:
        """Return the notebooks of the records, those with the newest first, and no more than a few hundred."""
        query = "SELECT notebook FROM runs GROUP BY notebook ORDER BY MAX(made) DESC LIMIT ?"
        return tuple(row[0] for row in self._ask(query, (_NOTEBOOKS,)))

    def find(self, wanted: Wanted) -> tuple[Run, ...]:
        """Return the runs that are asked for, the newest first."""
        clauses, values = _clauses(wanted)
        where = f" WHERE {' AND '.join(clauses)}" if clauses else ""
        limit = "" if wanted.limit is None else f" LIMIT {int(wanted.limit)}"
        rows = self._ask(f"SELECT body FROM runs{where} ORDER BY made DESC, id DESC{limit}", values)  # noqa: S608 - the clauses are constants, the values are bound
        return tuple(msgspec.json.decode(row[0], type=Run) for row in rows)

    # -- the file -----------------------------------------------------------------------------------

    def _open(self) -> None:
        # rows are the whole truth of no one: the disk need not be waited for at each
        self._rows = sqlite3.connect(
            self.path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
        )
        with contextlib.suppress(OSError):
            os.chmod(self.path, 0o600)  # noqa: PTH101 - as the journal
        version = self._rows.execute("PRAGMA user_version").fetchone()[0]
        _patiently(lambda: self._rows.execute("PRAGMA journal_mode = WAL").fetchone())
        self._rows.execute("PRAGMA synchronous = NORMAL")
        if version == _VERSION:
            self._rows.execute("SELECT 1 FROM runs LIMIT 1").fetchone()
            return
        with self._writing():
            if self._rows.execute("PRAGMA user_version").fetchone()[0] not in (0, _VERSION):
                self._rows.execute("DROP TABLE IF EXISTS runs")
            self._rows.execute(_TABLE)
            for each in _INDEXES:
                self._rows.execute(each)
            self._rows.execute(f"PRAGMA user_version = {_VERSION}")

    def _start_over(self) -> None:
        with contextlib.suppress(sqlite3.Error, AttributeError):
            self._rows.close()
        for name in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + name).unlink(missing_ok=True)
        try:
            self._open()
        except sqlite3.Error as error:
            raise self._failed(error) from error

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            _patiently(lambda: self._rows.execute("BEGIN IMMEDIATE"))
            try:
                yield
            except BaseException:
                self._rows.execute("ROLLBACK")
                raise
            self._rows.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise self._failed(error) from error

    def _ask(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        try:
            return self._rows.execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            raise self._failed(error) from error
        except sqlite3.DatabaseError:
            self._start_over()
            return self._rows.execute(query, values).fetchall()

    def _failed(self, error: sqlite3.Error) -> StorageFailed:
        return StorageFailed(
            f"the index `{self.path}` cannot be used: {error}",
            remedy="close what holds it, or remove the file: it is made anew from the records",
        )


def _patiently(ask: Any) -> Any:
    """Ask again while others write: a change of the journal's mode does not wait by itself."""
    until = time.monotonic() + _WAIT_S
    while True:
        try:
            return ask()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
        time.sleep(0.02)


def _damaged(error: sqlite3.OperationalError) -> bool:
    return "no such table" in str(error) or "malformed" in str(error)


def _row(run: Run) -> tuple[Any, ...]:
    code = "" if isinstance(run.code, Missing) else run.code.commit
    bundle = "" if run.bundle is None else run.bundle.id
    return (
        run.id,
        run.made,
        run.kind,
        run.kernel,
        run.notebook,
        code,
        run.environment,
        run.verdict,
        bundle,
        dumps(run),
    )


def _clauses(wanted: Wanted) -> tuple[list[str], tuple[Any, ...]]:
    clauses: list[str] = []
    values: list[Any] = []

    def want(clause: str, *given: Any) -> None:
        clauses.append(clause)
        values.extend(given)

    if wanted.notebook or wanted.told:
        want(*_of_notebook(wanted.notebook, wanted.told))
    if wanted.since is not None:
        want("made >= ?", wanted.since)
    if wanted.until is not None:
        want("made < ?", wanted.until)
    if wanted.commit:
        want("substr(code, 1, ?) = ?", len(wanted.commit), wanted.commit)
    if wanted.id:
        want("substr(id, 1, ?) = ?", len(wanted.id), wanted.id)
    for column in ("verdict", "kind", "kernel"):
        if getattr(wanted, column):
            want(f"{column} = ?", getattr(wanted, column))
    return clauses, tuple(values)


def _of_notebook(name: str, told: tuple[str, ...]) -> tuple[Any, ...]:
    clause = f"notebook IN ({','.join('?' * len(told))})"
    if not name:
        return clause, *told  # alone it is found by the index
    return f"({clause} OR notebook = ? OR substr(notebook, ?) = ?)", *told, name, -len(name) - 1, f"/{name}"
