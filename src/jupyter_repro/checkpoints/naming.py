"""Names of checkpoints: ``runs/{run}/{step:08d}``."""

from __future__ import annotations

import string
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

__all__ = ["named"]

_ALWAYS = ("run", "step", "epoch", "rank")


def named(template: str | os.PathLike[str], facts: Mapping[str, object]) -> Path:
    """Return the path that a template means.

    Args:
        template: A path in which ``{run}``, ``{step:08d}``, ``{epoch}``, ``{rank}`` and names of metrics stand for
            what they are.
        facts: What they are; None where it was not given.

    Raises:
        BadWord: A field is not known, or was not given; or several ranks would write to one place.
    """
    text = str(template)
    if not text:
        raise BadWord("a checkpoint needs a path", remedy="write, say, `checkpoints/{run}/{step:08d}`")
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
        missing = [field for field in fields if facts.get(field) is None]
        if missing:
            raise BadWord(
                f"the path has `{{{missing[0]}}}`, which is not given",
                remedy=f"give `{missing[0]}=`"
                if missing[0] in _ALWAYS
                else f"take {', '.join(_ALWAYS)}, or a name in `metrics=`",
            )
        path = Path(string.Formatter().vformat(text, (), facts))
    except (ValueError, KeyError, AttributeError, TypeError, IndexError) as error:
        raise BadWord(
            f"`{text}` is no pattern of a path: {error}", remedy="write, say, `checkpoints/{run}/{step:08d}`"
        ) from None
    if facts.get("ranks") not in (None, 1) and "rank" not in fields:
        raise BadWord(
            f"{facts['ranks']} processes would write to `{path}`",
            remedy="put `{rank}` into the path: each has streams and a position of its own",
        )
    return path
