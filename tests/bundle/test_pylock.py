"""The two forms of a lock."""

from __future__ import annotations

import sys

import pytest

from jupyter_repro.bundle.pylock import LockedPackage, pylock, requirements

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PACKAGES = (
    LockedPackage(name="six", version="1.17.0", file="six-1.17.0-py2.py3-none-any.whl", sha256="a" * 64, url="https://x/six.whl"),
    LockedPackage(name="loc", version='1+é"', file="loc.whl", sha256="b" * 64, url=None),
)  # fmt: skip


def test_pylock_is_toml_with_one_wheel_a_package() -> None:
    """Packages are sorted; a vendored one has a path, the others an address."""
    parsed = tomllib.loads(pylock(_PACKAGES, python="3.11.7"))
    assert parsed["requires-python"] == "==3.11.*"
    expected = [
        {
            "name": "loc",
            "version": '1+é"',
            "wheels": [{"name": "loc.whl", "path": "../wheels/loc.whl", "hashes": {"sha256": "b" * 64}}],
        },
        {
            "name": "six",
            "version": "1.17.0",
            "wheels": [
                {
                    "name": "six-1.17.0-py2.py3-none-any.whl",
                    "url": "https://x/six.whl",
                    "hashes": {"sha256": "a" * 64},
                }
            ],
        },
    ]
    assert expected == parsed["packages"]


@pytest.mark.parametrize("packages", [_PACKAGES, _PACKAGES[::-1]])
def test_requirements_are_sorted_and_carry_no_address(packages: tuple[LockedPackage, ...]) -> None:
    """The order given does not matter."""
    assert f'loc==1+é" --hash=sha256:{"b" * 64}\nsix==1.17.0 --hash=sha256:{"a" * 64}\n' == requirements(
        packages
    )
