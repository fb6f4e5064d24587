"""What a bundle tells of the environment says nothing of where on the author's machine it lay."""

from __future__ import annotations

import pytest

from jupyter_repro.bundle.environment import _shared


@pytest.mark.parametrize(
    ("url", "shared"),
    [
        ("/srv/ada/edited", ".../edited"),
        ("~/work/edited/", ".../edited"),
        ("file:///srv/ada/edited", ".../edited"),
        ("git+file:///srv/ada/repo", ".../repo"),
        ("C:\\Users\\ada\\edited", ".../edited"),
        ("https://github.com/org/repo", "https://github.com/org/repo"),
        ("git+ssh://git@forge.org/org/repo", "git+ssh://git@forge.org/org/repo"),
    ],
)
def test_where_a_package_came_from(url: str, shared: str) -> None:
    """Of a folder only its name is told; an address on the web is everybody's."""
    assert _shared(url) == shared
