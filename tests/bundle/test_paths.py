"""Nothing tells where the author lives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyter_repro.bundle.paths import without_home


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/home/ada/x.csv", "~/x.csv"),
        ("/home/ada", "~"),
        ("a:/home/ada:/home/ada/b", "a:~:~/b"),
        ("`/home/ada/x` is gone", "`~/x` is gone"),
        ("/home/adamant/x", "/home/adamant/x"),
        ({"/home/ada/k": ["/home/ada/v", 1, None, True]}, {"~/k": ["~/v", 1, None, True]}),
        (("/srv/x",), ["/srv/x"]),
    ],
)
def test_home_becomes_tilde(value: Any, expected: Any) -> None:
    """Keys and values, whole or within a sentence; a longer name is another folder."""
    assert expected == without_home(value, home=Path("/home/ada"))


def test_root_is_no_home() -> None:
    """A home of ``/`` hides nothing."""
    assert without_home("/srv/x", home=Path("/")) == "/srv/x"
