"""Facts are loaded one by one, and each is there under its name."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jupyter_repro import records


@pytest.mark.parametrize("name", records.__all__)
def test_each_fact_has_a_home(name: str) -> None:
    """The names that are offered are those that lead to a module, which has them."""
    assert getattr(records, name) is not None
    assert name in records._HOME
    assert records._HOME.keys() == set(records.__all__)


def test_what_is_not_asked_for_is_not_loaded() -> None:
    """A seed plan needs no environment, no findings and no status."""
    told = "import sys; from jupyter_repro.records import SeedPlan; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    loaded = {
        name.rpartition(".")[2] for name in done.stdout.split() if name.startswith("jupyter_repro.records.")
    }
    assert "settings" in loaded
    assert loaded.isdisjoint({"environment", "findings", "status", "runs"})


def test_another_name_is_an_error() -> None:
    """As for every module."""
    with pytest.raises(AttributeError, match="no attribute 'Fact'"):
        _ = records.Fact
