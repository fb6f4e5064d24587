"""`variables_in`: which variables of the environment a source names."""

from __future__ import annotations

import pytest

from jupyter_repro.replay.variables import variables_in


@pytest.mark.parametrize(
    ("code", "read", "changed"),
    [
        ("import os\nos.environ['A']", {"env:A"}, set()),
        ("os.environ.get('A', os.getenv('B'))", {"env:A", "env:B"}, set()),
        ("'A' in os.environ and os.environ.pop('A')", {"env:A"}, {"env:A"}),
        ("os.environ['A'] = '1'", set(), {"env:A"}),
        ("os.environ['A'] = os.environ['B']", {"env:B"}, {"env:A"}),
        ("os.environ['A'] += '1'", {"env:A"}, {"env:A"}),
        ("del os.environ['A']", {"env:A"}, {"env:A"}),
        ("get_ipython().run_line_magic('env', 'A=1')", set(), {"env:A"}),
        ("get_ipython().run_line_magic('env', 'A=$B')", None, None),
        ("get_ipython().run_line_magic('env', 'A')", None, None),
        ("os.path.basename(os.getcwd())", set(), set()),
        ("os.path.join('environment', 'x')", set(), set()),
        ("os.path.expanduser('~')", None, None),
        ("os.environ.get(key)", None, None),
        ("os.environ.copy()", None, None),
        ("dict(os.environ)", None, None),
        ("for k in os.environ: print(k)", None, None),
        ("from os import environ", None, None),
        ("import os as o\no.environ['A']", None, None),
        ("import posix\nposix.environ", None, None),
        ("f(os)", None, None),
        ("os.system('true')", None, None),
        ("eval('os.getenv(key)')", None, None),
        ("os.environ['A'", None, None),
    ],
)
def test_what_is_named_is_read_and_set(code: str, read: set[str] | None, changed: set[str] | None) -> None:
    """None where any variable may be read or set."""
    found = variables_in(code)
    assert (found and found.read, found and found.set) == (read, changed)
