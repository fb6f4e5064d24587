"""Environment variables: each one that changes is its own resource."""

from __future__ import annotations

import os

import pytest

from jupyter_repro.process.environ import IGNORED, IGNORED_PREFIXES, Environ
from jupyter_repro.process.setting import why_unseen
from jupyter_repro.records import ABSENT


def test_only_variables_that_changed_are_in_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set, altered and removed variables appear, and stay in sight when they are as before again."""
    monkeypatch.setenv("REPRO_ALTERED", "1")
    monkeypatch.setenv("REPRO_REMOVED", "1")
    environ = Environ()
    assert environ.digests() == {}
    monkeypatch.setenv("REPRO_NEW", "1")
    monkeypatch.setenv("REPRO_ALTERED", "2")
    monkeypatch.delenv("REPRO_REMOVED")
    found = environ.digests()
    assert sorted(found) == ["env:REPRO_ALTERED", "env:REPRO_NEW", "env:REPRO_REMOVED"]
    assert found["env:REPRO_REMOVED"] == ABSENT == environ.first("env:REPRO_NEW")
    assert found["env:REPRO_NEW"] == environ.first("env:REPRO_ALTERED"), "equal values have equal digests"
    monkeypatch.setenv("REPRO_ALTERED", "1")
    assert environ.digests()["env:REPRO_ALTERED"] == environ.first("env:REPRO_ALTERED")
    assert environ.current("env:REPRO_ALTERED") == environ.first("env:REPRO_ALTERED")


@pytest.mark.parametrize("name", [*IGNORED, *(f"{prefix}X" for prefix in IGNORED_PREFIXES)])
def test_what_tools_set_by_themselves_is_ignored(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that changes behind the user's back is no resource."""
    environ = Environ()
    monkeypatch.setenv(name, "something else")
    assert environ.digests() == {}


def test_every_ignored_variable_has_a_reason() -> None:
    """Nothing is ignored without saying why."""
    assert all(IGNORED.values())
    assert all(IGNORED_PREFIXES.values())


def test_a_name_that_is_no_text_is_a_variable_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that are no UTF-8 do not stop the watch."""
    environ = Environ()
    if not os.supports_bytes_environ:
        pytest.skip("this system has text variables only")
    monkeypatch.setitem(os.environb, b"REPRO_\xff", b"\xfe")
    (resource,) = environ.digests()
    assert environ.current(resource) not in (ABSENT, "")


def test_a_replaced_environ_is_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mapping of the user's own is not asked for anything."""

    class Mine(dict):  # type: ignore[type-arg] # a user's class
        def __getitem__(self, key: object) -> object:
            raise AssertionError(key)

        copy = items = keys = __getitem__  # type: ignore[assignment] # none may be called

    environ = Environ()
    with monkeypatch.context() as patch:  # given back before pytest asks how wide the terminal is
        patch.setattr(os, "environ", Mine(A="1"))
        digests, current = environ.digests(), environ.current("env:A")
    assert [why_unseen(digest) != "" for digest in digests.values()] == [True]
    assert why_unseen(current)
