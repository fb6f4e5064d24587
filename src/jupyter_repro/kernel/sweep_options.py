"""The words of ``%repro sweep``, as data. Pure: no IPython, no printing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord
from jupyter_repro.rng.seeds import check_seed

from .requests import Sweep
from .tokens import unknown_word

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SWEEP_WORDS", "sweep_request"]

_WORD = re.compile(r"""([A-Za-z_]+)\s*=\s*("[^"]*"|'[^']*'|\S+)|(\S+)""")
SWEEP_WORDS = (
    "notebook", "seeds=", "metric=", "claim=", "param=", "cell=", "repeats=", "ulp=", "threads=", "hashseeds=", "pin=",
    "seed=", "seedparam=", "jobs=", "engine=", "timeout=", "html=", "fresh",
)  # fmt: skip


def sweep_request(line: str) -> Sweep:
    """Return what the words after ``sweep`` ask for.

    Raises:
        BadWord: A word or value is not known.
    """
    found: dict[str, Any] = {}
    for match in _WORD.finditer(re.sub(r"\s#\s.*$", "", line)):
        key, value, alone = match[1], (match[2] or "").strip("\"'"), match[3]
        if alone == "fresh":
            found["keep"] = False
        elif alone is not None:
            if not alone.isidentifier() or "subject" in found:
                raise unknown_word(alone, SWEEP_WORDS)
            found["subject"] = alone
        elif key == "param":
            name, equals, told = value.partition("=")
            if not equals or not name.isidentifier():
                raise BadWord(f"`param={value}` is no assignment", remedy="write `param=lr=0.1`")
            found["params"] = (*found.get("params", ()), (name, told))
        elif key in _VALUES:
            name, read = _VALUES[key]
            found[name] = read(value)
        else:
            raise unknown_word(match[0], SWEEP_WORDS)
    if found.get("cell") and found.get("subject"):
        raise BadWord(
            f"`{found['subject']}` and `cell=` are two things to sweep", remedy="keep one of the two"
        )
    return Sweep(**found)


def _count(word: str, least: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdecimal() and int(value) >= least):
            raise BadWord(
                f"`{word}={value}` is no number from {least} on", remedy=f"write, for example, `{word}=2`"
            )
        return int(value)

    return read


def _seconds(value: str) -> float:
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(s|m|h)?", value)
    seconds = float(match[1]) * {None: 1, "s": 1, "m": 60, "h": 3600}[match[2]] if match else 0.0
    if not seconds:
        raise BadWord(f"`timeout={value}` is no duration", remedy="write, for example, `30s`, `10m` or `1h`")
    return seconds


def _indices(value: str) -> tuple[int, ...]:
    from jupyter_repro.study.sweep.plan import indices_from

    return indices_from(value)


def _threads(value: str) -> tuple[int, ...]:
    from jupyter_repro.study.sweep.plan import threads_from

    return threads_from(value)


def _names(value: str) -> tuple[str, ...]:
    """Split at commas that stand outside brackets: ``acc,hist[0, 1]`` are two."""
    return tuple(each.strip() for each in re.split(r",(?![^(\[{]*[)\]}])", value) if each.strip())


_VALUES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "seeds": ("seeds", _indices),
    "metric": ("metrics", _names),
    "claim": ("claim", str),
    "cell": ("cell", str),
    "repeats": ("repeats", _count("repeats", 0)),
    "ulp": ("ulp", _count("ulp", 0)),
    "threads": ("threads", _threads),
    "hashseeds": ("hash_seeds", _count("hashseeds", 0)),
    "pin": ("pin", _count("pin", 1)),
    "seed": ("seed", lambda value: check_seed(_count("seed", 0)(value))),
    "seedparam": ("seed_parameter", str),
    "jobs": ("jobs", _count("jobs", 1)),
    "engine": ("engine", str),
    "timeout": ("timeout_s", _seconds),
    "html": ("html", str),
}
