"""Lets the tests of this folder share the fake driver."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

from fake_nvml import FakeLib  # noqa: E402 - it lies beside

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeLib]:
    """Return what puts a fake driver below the real binding; its arguments are codes that functions give."""
    pynvml = pytest.importorskip("pynvml", reason="the binding is not installed")

    def put(**codes: int) -> FakeLib:
        library = FakeLib(**codes)
        monkeypatch.setattr(pynvml, "nvmlLib", library)
        monkeypatch.setattr(pynvml, "_nvmlGetFunctionPointer_cache", {})
        return library

    return put
