"""A catalog, and what makes runs for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

from making import opened  # noqa: E402 - it lies beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.store.catalog.catalog import Catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """Return a new catalog in a folder."""
    with opened(tmp_path) as found:
        yield found
