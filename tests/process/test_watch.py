"""The settings of the process: what imports did is told apart from what the user's code did."""

from __future__ import annotations

import decimal
import importlib
import os
import sys
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.imports import ImportWatch
from jupyter_repro.process import Change, ProcessWatch, changes, why_unseen
from jupyter_repro.process.setting import Reading
from jupyter_repro.records import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on sys.path; modules, settings and finders are as before afterwards."""
    before, finders, environ = set(sys.modules), list(sys.meta_path), dict(os.environ)
    context = decimal.getcontext().copy()
    monkeypatch.syspath_prepend(str(tmp_path))
    with warnings.catch_warnings():
        yield tmp_path
    decimal.setcontext(context)
    os.environ.clear()
    os.environ.update(environ)
    for name in set(sys.modules) - before:
        del sys.modules[name]
    assert sys.meta_path == finders


@pytest.fixture
def started() -> Iterator[Callable[..., ProcessWatch]]:
    """A factory of watches that see imports."""
    made: list[ProcessWatch] = []

    def make(**words: Any) -> ProcessWatch:
        watch = ProcessWatch(**words)
        watch.start()
        made.append(watch)
        return watch

    yield make
    for watch in made:
        watch.stop()


MEDDLING = """
import decimal, os, sys, warnings
os.environ["REPRO_BY_IMPORT"] = "1"
warnings.filterwarnings("ignore", message="by import")
sys.path.append("/nowhere/by/import")
"""


def test_nothing_moves_when_nothing_is_set(site: Path, started: Callable[..., ProcessWatch]) -> None:
    """Computing is no change: decimal's flags rise, and no setting is written."""
    watch = started()
    moment = watch.moment()
    decimal.Decimal(1) / decimal.Decimal(3)
    moves = watch.since(moment)
    assert (moves.written, moves.arrived, moves.imported) == ({}, {}, {})
    assert watch.now() is watch.now(), "the fast path gives the same mapping"


def test_a_library_meddles_in_passing(site: Path, started: Callable[..., ProcessWatch]) -> None:
    """Variables, filters and paths that a library's import sets are no write of the cell."""
    (site / "repro_library.py").write_text(MEDDLING)
    watch = started(is_user_module=lambda _name, _file: False)
    moment = watch.moment()
    importlib.import_module("repro_library")
    moves = watch.since(moment, code="import repro_library")
    assert moves.written == {}
    assert moves.imported["env:REPRO_BY_IMPORT"].before == ABSENT
    assert list(moves.imported) == ["env:REPRO_BY_IMPORT"], "lists tell the user's own entries only"


def test_a_module_of_the_user_sets_in_the_users_name(
    site: Path, started: Callable[..., ProcessWatch]
) -> None:
    """What ``import utils`` sets is written by the cell that imports it."""
    (site / "repro_utils.py").write_text(MEDDLING + "decimal.getcontext().prec = 7\n")
    watch = started(is_user_module=lambda _, file: file.startswith(str(site)))
    moment = watch.moment()
    importlib.import_module("repro_utils")
    moves = watch.since(moment)
    assert list(moves.written) == [
        "env:REPRO_BY_IMPORT",
        "setting:decimal.context",
        "setting:sys.path",
        "setting:warnings.filters",
    ]
    assert moves.imported == {}


def test_a_library_that_a_module_of_the_user_imports_is_a_library(
    site: Path, started: Callable[..., ProcessWatch]
) -> None:
    """Only what the user's module does itself is in the user's name."""
    (site / "repro_library.py").write_text(MEDDLING)
    (site / "repro_utils.py").write_text("import os, repro_library\nos.environ['REPRO_MINE'] = '1'\n")
    watch = started(is_user_module=lambda name, _: name == "repro_utils")
    moment = watch.moment()
    importlib.import_module("repro_utils")
    moves = watch.since(moment)
    assert list(moves.written) == ["env:REPRO_MINE"]
    assert list(moves.imported) == ["env:REPRO_BY_IMPORT"]


def test_the_user_and_a_library_in_one_cell(site: Path, started: Callable[..., ProcessWatch]) -> None:
    """What the user sets around an import is the user's, at the digest without the library's part."""
    (site / "repro_library.py").write_text(MEDDLING)
    watch = started()
    moment = watch.moment()
    warnings.simplefilter("ignore", FutureWarning)
    importlib.import_module("repro_library")
    warnings.simplefilter("ignore", UserWarning)
    sys.path.append("/nowhere/mine")
    both = watch.since(moment).written
    assert list(both) == ["setting:sys.path", "setting:warnings.filters"]

    again = watch.moment()
    warnings.simplefilter("ignore", FutureWarning)
    warnings.simplefilter("ignore", UserWarning)
    assert watch.since(again).written == {}, "the same calls again leave the same digest"


def test_the_user_set_it_before_the_import_did(site: Path, started: Callable[..., ProcessWatch]) -> None:
    """A variable that the cell set first stays the cell's, though an import set it after."""
    (site / "repro_library.py").write_text(MEDDLING)
    watch = started()
    moment = watch.moment()
    os.environ["REPRO_BY_IMPORT"] = "0"
    importlib.import_module("repro_library")
    assert list(watch.since(moment).written) == ["env:REPRO_BY_IMPORT"]


def test_a_line_that_imports_again_has_set_it_again(site: Path, started: Callable[..., ProcessWatch]) -> None:
    """An import runs once; the cell that holds it has the same write when it runs again."""
    (site / "repro_library.py").write_text("import decimal\ndecimal.getcontext().prec = 7\n")
    watch = started()
    moment = watch.moment()
    importlib.import_module("repro_library")
    first = watch.since(moment).written
    assert list(first) == ["setting:decimal.context"]

    moment = watch.moment()
    for code in ("import repro_library", "from repro_library import decimal", "import repro_library as r"):
        digest = first["setting:decimal.context"].after
        assert watch.since(moment, code=code).written == {"setting:decimal.context": Change(digest, digest)}
    assert watch.since(moment, code="x = 1").written == {}
    assert watch.since(moment, code="import (").written == {}
    decimal.getcontext().prec = 8
    moment = watch.moment()
    assert watch.since(moment, code="import repro_library").written == {}, "it no longer is so"


def test_an_import_that_fails_has_changed_what_it_changed(
    site: Path, started: Callable[..., ProcessWatch]
) -> None:
    """Half an import counts, and the next import is seen as always."""
    (site / "repro_broken.py").write_text(MEDDLING + "raise RuntimeError('half way')\n")
    (site / "repro_library.py").write_text("import os\nos.environ['REPRO_SECOND'] = '1'\n")
    watch = started()
    moment = watch.moment()
    with pytest.raises(RuntimeError, match="half way"):
        importlib.import_module("repro_broken")
    importlib.import_module("repro_library")
    moves = watch.since(moment)
    assert moves.written == {}
    assert list(moves.imported) == ["env:REPRO_BY_IMPORT", "env:REPRO_SECOND"]


def test_imports_are_as_they_always_were(site: Path, started: Callable[..., ProcessWatch]) -> None:
    """A module shows no trace of the watch, and after ``stop`` nothing is reported."""
    (site / "repro_library.py").write_text("")
    (site / "repro_other.py").write_text(MEDDLING)
    watch = started()
    module = importlib.import_module("repro_library")
    assert module.__spec__ is not None
    assert type(module.__spec__.loader).__name__ == "SourceFileLoader"
    assert module.__loader__ is module.__spec__.loader
    watch.stop()
    moment = watch.moment()
    importlib.import_module("repro_other")
    assert "env:REPRO_BY_IMPORT" in watch.since(moment).written, "unseen imports count as the user's"


def test_a_variable_has_a_digest_before_it_is_in_sight(
    site: Path, started: Callable[..., ProcessWatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell may read a variable that nobody has changed yet."""
    monkeypatch.setenv("REPRO_GIVEN", "1")
    watch = started()
    assert "env:REPRO_GIVEN" not in watch.now()
    digest = watch.digest_of("env:REPRO_GIVEN")
    moment = watch.moment()
    os.environ["REPRO_GIVEN"] = "2"
    change = watch.since(moment).written["env:REPRO_GIVEN"]
    assert change.before == digest == watch.first_digest("env:REPRO_GIVEN")
    assert change.after == watch.digest_of("env:REPRO_GIVEN")
    assert watch.digest_of("env:REPRO_NOT_SET") == ABSENT
    assert watch.digest_of("setting:numpy.nothing") is None
    assert watch.first_digest("setting:cwd") is None


def test_a_setting_that_cannot_be_read_is_unseen(started: Callable[..., ProcessWatch]) -> None:
    """A release that keeps it elsewhere gives a reason and no error."""

    def moved() -> tuple[object, ...]:
        raise AttributeError("it lives elsewhere")

    watch = started(extra=[Reading("setting:moved", frozenset(("x",)), moved)])
    assert "it lives elsewhere" in why_unseen(watch.now()["setting:moved"])
    assert watch.now() is watch.now()
    assert watch.names()["setting:moved"] == {"x"}


def test_unseen_values_differ_when_they_were_set(started: Callable[..., ProcessWatch]) -> None:
    """Two unseen digests are the same only if nothing was set in between."""
    values: list[object] = [object()]
    setting = Reading("setting:odd", frozenset(), lambda: tuple(values), held=True)
    watch = started(extra=[setting])
    before = watch.now()["setting:odd"]
    assert why_unseen(before)
    assert watch.now()["setting:odd"] == before
    values[:] = [object()]
    assert watch.now()["setting:odd"] != before


def test_values_are_never_asked_anything(started: Callable[..., ProcessWatch]) -> None:
    """A user's object among the values is compared by identity: its methods do not run."""

    class Mine:
        def __eq__(self, other: object) -> bool:
            raise AssertionError

        def __hash__(self) -> int:
            raise AssertionError

        def __repr__(self) -> str:
            raise AssertionError

    values: list[object] = [Mine()]
    watch = started(
        extra=[Reading("setting:mine", frozenset(), lambda: tuple(values), held=True, plain=lambda _: "x")]
    )
    watch.now()
    values[:] = [Mine()]
    watch.now()
    assert watch.now() is watch.now()


def test_a_deleted_folder_is_a_folder_too(
    tmp_path: Path, started: Callable[..., ProcessWatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The working directory may be gone."""
    gone = tmp_path / "gone"
    gone.mkdir()
    watch = started()
    monkeypatch.chdir(gone)
    there = watch.now()["setting:cwd"]
    try:
        gone.rmdir()
    except OSError:
        pytest.skip("this system keeps a folder that is in use")
    assert watch.now()["setting:cwd"] not in ("", there)


def test_changes_between_two_readings() -> None:
    """Only what was there before and differs now has changed."""
    before = {"env:A": "1", "setting:cwd": "x", "setting:locale": "l"}
    after = {"setting:cwd": "y", "setting:locale": "l", "setting:numpy.errstate": "new"}
    assert changes(before, after) == {"env:A": Change("1", ABSENT), "setting:cwd": Change("x", "y")}


def test_our_failure_never_stops_an_import(site: Path, started: Callable[..., ProcessWatch]) -> None:
    """What goes wrong in the watch is kept, and the user's module is imported."""

    def broken(name: str) -> None:
        raise LookupError(name)

    (site / "repro_utils.py").write_text("x = 1\n")
    watch = started(is_user_module=lambda _name, _file: True, user_imported=broken)
    assert importlib.import_module("repro_utils").x == 1
    assert "LookupError: repro_utils" in watch.fault


@pytest.mark.parametrize("later", [True, False])
def test_what_another_watch_sets_at_an_import_belongs_to_the_import(
    site: Path, started: Callable[..., ProcessWatch], *, later: bool
) -> None:
    """A library that is seeded or governed the moment it is imported is not written by the cell."""

    def govern(_name: str) -> None:
        os.environ["REPRO_GOVERNED"] = "1"

    def fail(name: str, error: Exception) -> None:
        raise AssertionError(name) from error

    (site / "repro_library.py").write_text("x = 1\n")
    other = ImportWatch(["repro_library"], govern, fail)
    if not later:
        other.install()
    watch = started()
    if later:
        other.install()
    try:
        moment = watch.moment()
        module = importlib.import_module("repro_library")
        moves = watch.since(moment)
    finally:
        other.uninstall()
    assert (dict(moves.written), list(moves.imported)) == ({}, ["env:REPRO_GOVERNED"])
    assert module.__spec__ is not None
    assert type(module.__spec__.loader).__name__ == "SourceFileLoader"
