"""The interpreter is told as it is, above all the hash seed that is really in force."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from jupyter_repro.environments.python import hash_seed, python


def test_the_facts_of_this_interpreter() -> None:
    """Version, implementation and build as ``platform`` says."""
    found = python()
    assert found.version == platform.python_version()
    assert found.implementation == platform.python_implementation()
    assert found.build
    assert found.compiler


CODE = (
    "import os, sys; from jupyter_repro.environments.python import hash_seed\n"
    "os.environ.update(dict(pair.split('=') for pair in sys.argv[1:]))\n"
    "print(hash_seed(os.environ))"
)


@pytest.mark.parametrize(
    ("started", "later", "expected"),
    [
        ("0", None, "0"),
        ("1", None, "1"),
        ("42", None, "42"),
        ("4294967295", None, "4294967295"),
        ("random", None, "random"),
        (None, None, "random"),
        (None, "42", "random"),
        (None, "0", "random"),
        ("random", "4294967296", "unknown: PYTHONHASHSEED is 4294967296, which cannot be checked here"),
        ("7", "8", "random"),
        ("0", "8", "0"),
    ],
)
@pytest.mark.skipif(
    platform.python_implementation() != "CPython", reason="the seed can be checked on CPython"
)
def test_the_hash_seed_in_force(started: str | None, later: str | None, expected: str) -> None:
    """A variable that a cell sets after the start governs nothing, and is not believed."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONHASHSEED"}
    if started is not None:
        environ["PYTHONHASHSEED"] = started
    arguments = [] if later is None else [f"PYTHONHASHSEED={later}"]
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == expected


@pytest.mark.parametrize("value", ["", "-1", "x", "\u0664\u0662"])
@pytest.mark.skipif(not sys.flags.hash_randomization, reason="needs a random hash seed")
def test_words_that_are_no_seed(value: str) -> None:
    """They never make an error."""
    assert hash_seed({"PYTHONHASHSEED": value}) == "random"
