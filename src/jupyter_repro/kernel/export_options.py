"""The words of ``%repro export``: the same as the options of ``jupyter repro export``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.bundle.options import ExportWish, address_from, image_from, size_from, waiver_from
from jupyter_repro.errors import BadWord

from .requests import Export
from .tokens import unknown_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["EXPORT_WORDS", "export_request"]

EXPORT_WORDS = (
    "offline", "anonymous", "plan",
    "calibrate=", "profile=cpu", "profile=gpu", "prove=no", "max_data=", "url=", "include=", "image=", "waive=", "allow_secret=", "claim=",
    "sign=", "cell_timeout=",
)  # fmt: skip
"""What Tab completes."""

_MOST_RUNS = 9
_SWITCHES = ("offline", "anonymous")


def export_request(rest: Sequence[str]) -> Export:
    """Return what the words after ``export`` ask for.

    Raises:
        BadWord: One is not understood.
    """
    paths: list[str] = []
    found: dict[str, Any] = {}
    planned = False
    for word in rest:
        key, equals, value = word.partition("=")
        if equals and key in _VALUES:
            name, read, several = _VALUES[key]
            given = read(value)
            found[name] = (*found.get(name, ()), given) if several else given
        elif word in _SWITCHES:
            found[word] = True
        elif word == "plan":
            planned = True
        elif word.endswith(".zip"):
            paths.append(word)
        else:
            raise unknown_word(word, (*EXPORT_WORDS, "paper.repro.zip"))
    if len(paths) > 1:
        raise BadWord(
            f"`export` takes one file name, not {len(paths)}", remedy="write `%repro export paper.repro.zip`"
        )
    return Export(path="".join(paths), wish=ExportWish(**found), plan=planned)


def _runs(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value) <= _MOST_RUNS):
        raise BadWord(f"`calibrate={value}` is no number of runs", remedy="write, for example, `calibrate=2`")
    return int(value)


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise BadWord(f"`cell_timeout={value}` is no time", remedy="write seconds: `cell_timeout=600`")
    return seconds


def _one_of(key: str, *known: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in known:
            raise BadWord(
                f"`{key}={value}` is not understood",
                remedy=f"write {' or '.join(f'`{key}={each}`' for each in known)}",
            )
        return value

    return read


_VALUES: dict[str, tuple[str, Callable[[str], Any], bool]] = {
    "allow_secret": ("allowed_secrets", str, True),
    "calibrate": ("calibrate", _runs, False),
    "claim": ("claims", str, True),
    "cell_timeout": ("cell_timeout_s", _seconds, False),
    "image": ("image", image_from, False),
    "include": ("include", str, True),
    "max_data": ("max_data", size_from, False),
    "profile": ("profile", _one_of("profile", "cpu", "gpu"), False),
    "prove": ("prove", lambda value: _one_of("prove", "yes", "no")(value) == "yes", False),
    "sign": ("sign", str, False),
    "url": ("addresses", address_from, True),
    "waive": ("waivers", waiver_from, True),
}
"""By key: the field of the wish, what reads the value, and whether the word may be repeated."""
