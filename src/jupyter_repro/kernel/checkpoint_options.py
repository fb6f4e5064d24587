"""The words of ``%repro checkpoint``, as data. Pure: no IPython, no printing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.errors import BadWord

from .requests import Checkpoint
from .tokens import unknown_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .requests import CheckpointAct

__all__ = ["GIVEN_WORDS", "checkpoint_request"]

_ACTS: dict[str, CheckpointAct] = {
    "list": "list",
    "show": "show",
    "verify": "verify",
    "save": "save",
    "load": "load",
}
_OBJECTS = ("model", "optimizer", "scheduler", "scaler", "loader", "extra")
GIVEN_WORDS = {"save": (*_OBJECTS, "step", "epoch", "metrics"), "load": _OBJECTS}
"""What may stand before ``=``."""


def checkpoint_request(rest: Sequence[str]) -> Checkpoint:
    """Return what ``%repro checkpoint`` asks for."""
    if not rest:
        return Checkpoint()
    act = _ACTS.get(rest[0])
    if act is None:
        raise unknown_word(rest[0], tuple(_ACTS))
    json = any(word in ("json", "--json") for word in rest[1:])
    words = [word for word in rest[1:] if word not in ("json", "--json")]
    known = GIVEN_WORDS.get(act, ())
    given = [tuple(word.split("=", 1)) for word in words if "=" in word and word.partition("=")[0] in known]
    paths = [word for word in words if word.partition("=")[0] not in known or "=" not in word]
    if len(paths) > 1 or (paths and "=" in paths[0]):
        raise unknown_word(paths[-1], [f"{word}=" for word in known] or ["json"])
    if not paths and act != "list":
        raise BadWord(
            f"`checkpoint {act}` needs a path",
            remedy=f"write, say, `%repro checkpoint {act} checkpoints/last`",
        )
    bare = [word for word, name in given if not name]
    if bare:
        raise BadWord(f"`{bare[0]}=` needs a name", remedy=f"write, say, `{bare[0]}={bare[0]}`")
    return Checkpoint(
        act=act, path="".join(paths), given=tuple((word, name) for word, name in given), json=json
    )
