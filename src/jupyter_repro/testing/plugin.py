"""What pytest loads at its start: two options, and nothing else before ``--repro`` asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

__all__ = ["pytest_addoption", "pytest_configure"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("repro", "reproducibility of notebooks (jupyter_repro)")
    group.addoption(
        "--repro",
        action="store_true",
        help="run notebooks in fresh kernels and compare with their saved outputs; verify *.repro.zip",
    )
    group.addoption(
        "--repro-cell-timeout",
        type=float,
        default=None,
        metavar="S",
        help="seconds that a cell of a notebook may take",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Collect notebooks and bundles, if that is asked for."""
    if config.getoption("repro"):
        from .collecting import Collecting

        config.pluginmanager.register(Collecting(), "jupyter_repro-collecting")
