"""Only the allow-list is ever read."""

from __future__ import annotations

from collections import UserDict

from jupyter_repro.environments.variables import ALLOWED, variables


def test_what_is_set_and_allowed_is_kept() -> None:
    """Secrets stay where they are."""
    environ = {"PYTHONHASHSEED": "42", "AWS_SECRET_ACCESS_KEY": "x", "TZ": "", "HOME": "/home/me"}
    assert variables(environ) == {"PYTHONHASHSEED": "42", "TZ": ""}


def test_no_other_variable_is_even_looked_at() -> None:
    """The mapping is asked for allowed names and is never walked."""

    class Watched(UserDict[str, str]):
        asked: set[str] = set()  # noqa: RUF012 - one mapping in one test

        def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]  # narrower
            self.asked.add(key)
            return default

        def __iter__(self) -> object:  # type: ignore[override]  # it must not be called
            raise AssertionError

    assert variables(Watched()) == {}
    assert Watched.asked == set(ALLOWED)


def test_bytes_that_are_no_text_are_escaped() -> None:
    """A record can always be written."""
    assert variables({"LANG": "a\udcff"}) == {"LANG": "a\\udcff"}


def test_the_list_is_sorted_and_has_no_paths_or_tokens() -> None:
    """A guard for whoever adds a name."""
    assert list(ALLOWED) == sorted(set(ALLOWED))
    for word in ("PATH", "HOME", "USER", "TOKEN", "KEY", "SECRET", "PASS", "PROXY", "URL"):
        assert not [name for name in ALLOWED if word in name]
