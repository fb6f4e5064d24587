"""The stand-in loader is the real one for everybody who looks."""

from __future__ import annotations

import importlib.util
import pickle
from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.imports.loader import ReportingLoader

if TYPE_CHECKING:
    from pathlib import Path


class Log:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def started(self, name: str) -> None:
        """Note that it begins."""
        self.lines.append(f"started {name}")

    def failed(self, name: str) -> None:
        """Note that it raised."""
        self.lines.append(f"failed {name}")

    def finished(self, name: str) -> None:
        """Note that it has run."""
        self.lines.append(f"finished {name}")


def _load(tmp_path: Path, source: str) -> tuple[ReportingLoader, Log, SourceFileLoader]:
    path = tmp_path / "sample.py"
    path.write_text(source, encoding="utf-8")
    log, real = Log(), SourceFileLoader("sample", str(path))
    return ReportingLoader(real, log), log, real


@pytest.mark.parametrize("watches", [1, 2])
def test_looks_like_the_real_loader(tmp_path: Path, watches: int) -> None:
    """Class, source, data, equality, hash and pickle are the real loader's, by however many it was wrapped."""
    loader, log, real = _load(tmp_path, "x = 1\n")
    for _ in range(watches - 1):
        loader = ReportingLoader(loader, log)
    assert isinstance(loader, SourceFileLoader)
    assert loader.get_source("sample") == "x = 1\n"
    assert loader.get_data(real.path) == b"x = 1\n"
    assert loader.is_package("sample") is False
    assert (loader == real, hash(loader), repr(loader)) == (True, hash(real), repr(real))
    assert type(pickle.loads(pickle.dumps(loader))) is SourceFileLoader


@pytest.mark.parametrize("watches", [1, 2])
def test_module_shows_no_trace(tmp_path: Path, watches: int) -> None:
    """While its code runs, and after, the module has its real loader."""
    loader, log, real = _load(
        tmp_path, "seen = (type(__loader__).__name__, type(__spec__.loader).__name__)\n"
    )
    for _ in range(watches - 1):
        loader = ReportingLoader(loader, log)
    spec = importlib.util.spec_from_file_location("sample", real.path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.seen == ("SourceFileLoader", "SourceFileLoader")
    assert module.__spec__.loader is real
    assert module.__loader__ is real
    assert log.lines == ["started sample"] * watches + ["finished sample"] * watches


def test_failure_is_told_and_passed_on(tmp_path: Path) -> None:
    """A module that raises raises what it raises."""
    loader, log, real = _load(tmp_path, "raise LookupError('no')\n")
    spec = importlib.util.spec_from_file_location("sample", real.path, loader=loader)
    with pytest.raises(LookupError, match="no"):
        loader.exec_module(importlib.util.module_from_spec(spec))
    assert log.lines == ["started sample", "failed sample"]


def test_lazy_loader_reports_when_the_module_really_runs(tmp_path: Path) -> None:
    """Under importlib's LazyLoader the report comes at the first use, not before."""
    loader, log, real = _load(tmp_path, "x = 1\n")
    spec = importlib.util.spec_from_file_location("sample", real.path, loader=loader)
    lazy = importlib.util.LazyLoader(loader)
    spec.loader = lazy
    module = importlib.util.module_from_spec(spec)
    lazy.exec_module(module)
    assert log.lines == []
    assert module.x == 1
    assert log.lines == ["started sample", "finished sample"]
