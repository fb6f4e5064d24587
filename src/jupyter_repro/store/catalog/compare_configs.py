"""What two runs were configured with, beside each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_repro.inputs.configs.overrides import differences
from jupyter_repro.records.drift import RANKS
from jupyter_repro.records.run_diff import Explanation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records.catalog import Run
    from jupyter_repro.records.configs import Config

__all__ = ["configs"]

_CAN, _MAY = RANKS[:2]
_MOST = 20
"""Values of one configuration that are told one by one."""
_WIDEST = 60


def configs(first: Run, second: Run) -> Iterator[Explanation]:
    """Yield each value that is another, by the names that held the configurations, else by their files."""
    before = {_key(each): each for each in first.configs or ()}
    after = {_key(each): each for each in second.configs or ()}
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            # where one was not looked at, nothing is known; that is told beside
            if first.configs is not None and second.configs is not None:
                yield Explanation(
                    area="configuration",
                    what=key,
                    before="" if old is None else "there",
                    now="" if new is None else "there",
                    rank=_MAY,
                    reason="only one of the two has it",
                )
            continue
        yield from _values(key, old, new)


def _values(key: str, old: Config, new: Config) -> Iterator[Explanation]:
    found = differences(old.content, new.content)
    for each in found[:_MOST]:
        yield Explanation(
            area="configuration",
            what=f"{key}: {each.key}" if each.key else key,
            before=_shown(each.default) if each.known else "",
            now="" if each.gone else _shown(each.given),
            rank=_CAN,
            reason="cells work with another value",
        )
    if len(found) > _MOST:
        yield Explanation(
            area="configuration",
            what=f"{key}: {len(found) - _MOST} more values",
            before="",
            now="",
            rank=_CAN,
            reason="cells work with other values",
        )


def _key(config: Config) -> str:
    return ", ".join(config.names) or config.source


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."
