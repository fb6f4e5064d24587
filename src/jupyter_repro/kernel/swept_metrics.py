"""In the kernel of a run of a sweep: the last cell tells the metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["tell"]


def tell(metrics: Sequence[str]) -> None:
    """Show what each metric, an expression over the notebook's names, is at the end; why not, where it is none."""
    from IPython.core.getipython import get_ipython
    from IPython.display import publish_display_data

    from jupyter_repro.study.sweep.numbers import TOLD, as_hex

    names: dict[str, Any] = get_ipython().user_ns
    told: dict[str, dict[str, str]] = {}
    for metric in metrics:
        try:
            value = eval(metric, names)  # noqa: S307 - an expression of the user's, in the user's own run
        except Exception as error:  # noqa: BLE001 - whatever it raises is told
            told[metric] = {"error": f"{type(error).__name__}: {error}"}
            continue
        bits = as_hex(value)
        if bits is None:
            told[metric] = {"error": f"it is {_article(value)}, not a number"}
        else:
            told[metric] = {"value": bits}
    publish_display_data({TOLD: told})


def _article(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"a mapping of {', '.join(map(repr, list(value)[:6]))}"
    return f"a {type(value).__name__}"
