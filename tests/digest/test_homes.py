"""What is the user's is digested by content, what is a library's by its name."""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.digest.value_types.homes import is_users, is_where_it_says
from jupyter_repro.digest.values import Budget, value_digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = """
class Model:
    rate = {rate}

    def fit(self):
        return self.rate

def fit():
    return {rate}
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Yield a module of the user's that is not installed."""
    (tmp_path / "users_own.py").write_text(SOURCE.format(rate=1), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield importlib.import_module("users_own")
    del sys.modules["users_own"]


def digest(value: Any) -> str:
    budget = Budget()
    found = value_digest(value, budget=budget)
    assert found is not None, budget.why
    return found


@pytest.mark.parametrize(
    ("name", "users"),
    [
        ("__main__", True),
        ("json", False),
        ("sys", False),
        ("os", False),
        ("numpy.random", False),
        ("no_such", True),
    ],
)
def test_whose_a_module_is(name: str, users: bool) -> None:  # noqa: FBT001 - a column of the table
    """Python's own and installed modules are not the user's; the notebook is."""
    if name == "numpy.random":
        importlib.import_module(name)
    assert is_users(name) is users


@pytest.mark.parametrize("name", ["Model", "fit"])
def test_a_users_module_is_read_by_content(module: Any, tmp_path: Path, name: str) -> None:
    """After an edit and a reload, classes and functions of a module of the user's are others."""
    assert is_users("users_own")
    before = digest(getattr(module, name))
    importlib.reload(module)
    assert digest(getattr(module, name)) == before
    (tmp_path / "users_own.py").write_text(SOURCE.format(rate=22), "utf-8")
    importlib.invalidate_caches()
    importlib.reload(module)
    assert digest(getattr(module, name)) != before


def test_a_library_is_told_by_name_where_the_name_leads_to_it() -> None:
    """A library's class is where its name says; one that a function of it makes is not."""
    assert is_where_it_says(json.JSONDecoder, "json.decoder", "JSONDecoder")
    assert is_where_it_says(json.JSONDecoder.decode, "json.decoder", "JSONDecoder.decode")
    assert not is_where_it_says(json.JSONEncoder, "json.decoder", "JSONDecoder")
    assert not is_where_it_says(json.JSONEncoder, "no_such", "JSONEncoder")
