"""A training run whose numbers are the accepted reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.goldens.run import GoldenRun, Teller

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from jupyter_repro.records.golden import Comparison, Golden

__all__ = ["golden"]


def golden(
    name: str,
    *,
    level: str | None = None,
    mode: str | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> GoldenRun:
    """Record a run as the reference, or check that this one gives the same.

    ``with golden("digits") as g:`` training calls ``g.log(step, loss=loss)``, and ``g.final(model)`` at its end.

    Whether it records is never guessed: by ``mode``, else by the last ``%repro golden record NAME``, else by the environment
    variable ``JUPYTER_REPRO_GOLDEN``; without any of them it checks, and refuses where there is no reference.

    Args:
        name: Of the reference, ``goldens/NAME.golden.json``.
        level: ``bitwise``: equal bits, on the same identity only; ``envelope``: within what rounding can do, from
            ``jupyter repro golden calibrate``; ``auto``: the first where it can be told, else the second;
            ``rtol=1e-5``: so close everywhere. None: what the reference says.
        mode: ``check``, ``record`` (refused where there is a reference) or ``replace``.
        folder: Where references lie; None: ``goldens`` in the working folder.

    Raises:
        NoGolden: There is no reference to check against.
        GoldenExists: It would be recorded over.
        GoldenRefused: The level cannot be told here.
        GoldenDiffers: At the end of the block: the run is another one.
    """
    return GoldenRun(name, level=level, mode=mode, folder=folder, teller=_Told())


class _Told(Teller):
    """Lines of text, and in a notebook the curves."""

    def recorded(self, golden: Golden, path: Path) -> None:
        from jupyter_repro.reports.golden_text import recorded_line

        _show(recorded_line(golden, path), "")

    def compared(self, comparison: Comparison) -> None:
        from jupyter_repro.reports.golden_html import comparison_html
        from jupyter_repro.reports.golden_text import comparison_text, verdict_line

        if comparison.verdict == "holds":
            _show(verdict_line(comparison), "")
        elif _kernel() is not None:
            _show(comparison_text(comparison), comparison_html(comparison))

    def text(self, comparison: Comparison) -> str:
        """Return the curves where nothing else shows them."""
        from jupyter_repro.reports.golden_text import comparison_text, verdict_line

        return comparison_text(comparison) if _kernel() is None else verdict_line(comparison)


def _kernel() -> Any:
    """Return the shell of a notebook's kernel, if this is one."""
    import sys

    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return shell if getattr(shell, "kernel", None) is not None else None


def _show(text: str, html: str) -> None:
    shell = _kernel()
    if shell is None:
        print(text)  # noqa: T201 - a door prints
        return
    from jupyter_repro.kernel.golden_display import publish

    publish(shell, text, html)
