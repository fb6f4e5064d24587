"""What pytest loads at its start: three options and a fixture, and nothing else before one of them is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.goldens.run import GoldenRun

__all__ = ["golden", "pytest_addoption", "pytest_configure"]


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
    group.addoption(
        "--repro-golden",
        choices=("check", "record", "replace"),
        default=None,
        help="what the fixture `golden` does: check (the default), record new references, replace those there are",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Collect notebooks and bundles, if that is asked for."""
    if config.getoption("repro"):
        from .collecting import Collecting

        config.pluginmanager.register(Collecting(), "jupyter_repro-collecting")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[..., GoldenRun]:
    """Hold a training run against its reference in ``goldens`` beside the test; called as ``jupyter_repro.golden``."""
    from .goldens import golden_beside

    return golden_beside(request.path, request.config.getoption("repro_golden"))
