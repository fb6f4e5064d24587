"""The fixture ``golden``: references beside the test, and a failure that shows where the curves part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.goldens.file import FOLDER
from jupyter_repro.goldens.run import GoldenRun, Teller
from jupyter_repro.reports.golden_text import comparison_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_repro.records.golden import Comparison

__all__ = ["golden_beside"]


class _Shown(Teller):
    """pytest shows what the error says."""

    def text(self, comparison: Comparison) -> str:
        return comparison_text(comparison)


def golden_beside(test: Path, mode: str | None) -> Callable[..., GoldenRun]:
    """Return what opens a golden run whose reference lies in ``goldens`` beside the test.

    Args:
        test: The file of the test.
        mode: What ``--repro-golden`` says; None: the environment, else ``check``.
    """

    def golden(name: str, **words: Any) -> GoldenRun:
        return GoldenRun(name, **{"folder": test.parent / FOLDER, "mode": mode, **words}, teller=_Shown())

    return golden
