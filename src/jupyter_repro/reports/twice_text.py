"""What `%%repro twice` found, in one line and what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.rerun.outcome import Once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.rerun.outcome import Outcome

__all__ = ["twice_text"]

_MANY = 6


def twice_text(found: Outcome | Once) -> str:
    """Return the sentence for the cell's output; it holds no times, so it is the same in each kernel."""
    if isinstance(found, Once):
        return f"repro: ran once: {found.why}" + (f"; {found.remedy}" if found.remedy else "")
    return "\n".join(_lines(found))


def _lines(found: Outcome) -> Iterator[str]:
    if not found.differences:
        compared = f"{_counted(found.outputs, 'output')} and {_counted(len(found.names), 'name')}"
        names = f" ({_list(found.names)})" if found.names else ""
        yield f"repro: twice the same: {compared}{names}"
    else:
        first, *others = found.differences
        more = f"; {len(others)} more: {_list([each.partition(':')[0] for each in others])}" if others else ""
        yield f"repro: the second run differs: {first}{more}"
        unknown = () if found.traced else ("not known: neither a draw without a seed nor the clock was seen",)
        for cause in found.likely or unknown:
            yield f"  likely: {cause}"
    if found.traced:
        yield f"  torch: {found.traced}"
    if found.apart:
        yield f"  not copied: {_pairs(found.apart)}"
    if found.unseen:
        yield f"  not compared: {_pairs(found.unseen)}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _list(names: Sequence[str]) -> str:
    shown = [name if name.startswith(("`", "output")) else f"`{name}`" for name in names[:_MANY]]
    return ", ".join(shown) + (f" and {len(names) - _MANY} more" if len(names) > _MANY else "")


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    shown = ", ".join(f"`{name}` ({why})" for name, why in pairs[:_MANY])
    return shown + (f" and {len(pairs) - _MANY} more" if len(pairs) > _MANY else "")
