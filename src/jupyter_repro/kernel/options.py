"""The words of ``%repro``, as data. Pure: no IPython, no printing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_repro.errors import BadWord
from jupyter_repro.records import MOST_THREADS
from jupyter_repro.rng.seeds import check_seed

from .checkpoint_options import checkpoint_request
from .export_options import EXPORT_WORDS, export_request
from .record_options import drift_request, note_request, prove_request, runs_request, trackers_request
from .requests import (
    Data,
    DataAct,
    Explain,
    Form,
    Golden,
    GoldenAct,
    Govern,
    Http,
    HttpAct,
    Note,
    Off,
    Request,
    Restart,
    ShowConfig,
    ShowEnvironment,
    ShowGpu,
    ShowInputs,
    ShowPanel,
    ShowPlan,
    ShowReport,
    ShowStatus,
    Trace,
    TraceAct,
    Twice,
)
from .sweep_options import SWEEP_WORDS, sweep_request
from .tokens import tokens, unknown_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_repro.records import EntropyMode, Strictness

__all__ = ["AFTER", "KEYS", "VALUES", "WORDS", "parse_options"]

_Value = TypeVar("_Value")
_Word = TypeVar("_Word", bound=str)

WORDS = (
    "status", "panel", "report", "plan", "run-stale", "inputs", "data", "http", "golden", "export", "prove", "checkpoint", "explain", "restart", "trace", "twice", "env", "config", "drift", "runs", "trackers", "note", "snapshot", "sweep", "gpu", "off", "strict", "warn",
    "seed=", "strictness=", "entropy=", "tf32=", "threads=", "per_cell", "per_cell=", "workers=", "notices=",
    "verbose", "json", "anyway",
)  # fmt: skip
"""What Tab completes."""

AFTER: dict[str, tuple[str, ...]] = {
    "checkpoint": ("list", "show", "verify", "save", "load"),
    "data": ("track", "verify", "accept", "list"),
    "inputs": ("json",),
    "http": ("record", "replay", "refresh"),
    "golden": ("record", "check", "show", "calibrate"),
    "trace": ("start", "stop", "diff"),
    "env": ("verbose", "json", "check"),
    "config": ("verbose", "json"),
    "drift": ("verbose", "json"),
    "runs": ("all", "json"),
    "trackers": ("json",),
    "gpu": ("sample=on", "sample=off"),
    "prove": ("wait", "cancel", "allow=", "profile=gpu", "timeout=", "idle="),
    "export": EXPORT_WORDS,
    "sweep": SWEEP_WORDS,
}
"""What Tab completes after a first word that has words of its own."""

KEYS = ("seed", "strictness", "entropy", "tf32", "threads", "per_cell", "workers", "notices")

_STRICTNESS: tuple[Strictness, ...] = ("strict", "warn", "off")
_ENTROPY: tuple[EntropyMode, ...] = ("report", "derive", "raise", "off")
_FORMS: tuple[Form, ...] = ("text", "json", "html")
_ACTS: tuple[TraceAct, ...] = ("start", "stop", "diff")
_HTTP_ACTS: tuple[HttpAct, ...] = ("record", "replay", "refresh")
_GOLDEN_ACTS: tuple[GoldenAct, ...] = ("record", "check", "show", "calibrate")
_DATA_ACTS: tuple[DataAct, ...] = ("track", "verify", "accept", "list")
_TRACE_NAMES = {
    "start": ((1,), "one name", "start before"),
    "stop": ((0, 1), "one name at most", "stop"),
    "diff": ((2,), "two names", "diff before after"),
}
"""How many names an act takes, in words too, and an example."""


def parse_options(line: str) -> Request:
    """Return what a ``%repro`` line asks for.

    Raises:
        BadWord: A word or value is not known; the message guesses what was meant.
    """
    if re.match(r"\s*note\b", line):
        return note_request(line)
    if swept := re.match(r"\s*sweep\b", line):
        return sweep_request(line[swept.end() :])
    words = tokens(line)
    if not words:
        return ShowStatus()
    first, rest = words[0], words[1:]
    if first in _FIRST:
        return _FIRST[first](rest)
    if "twice" in words:
        return _twice(words)
    if first == "snapshot":
        _none_left(first, rest)
        return Note()
    if first == "panel":
        _none_left(first, rest)
        return ShowPanel()
    if first in ("plan", "run-stale"):
        _none_left(first, rest)
        return ShowPlan(run=first == "run-stale")
    if first == "off":
        _none_left("off", rest)
        return Off()
    return _govern(words)


def _status(rest: Sequence[str]) -> ShowStatus:
    for word in rest:
        if word not in ("verbose", "-v", "--verbose", "json", "--json"):
            raise unknown_word(word, ("verbose", "json"))
    return ShowStatus(
        verbose=any(word in ("verbose", "-v", "--verbose") for word in rest),
        json=any(word in ("json", "--json") for word in rest),
    )


def _environment(rest: Sequence[str]) -> ShowEnvironment:
    known = {"verbose": "verbose", "-v": "verbose", "json": "json", "--json": "json", "check": "check"}
    for word in rest:
        if word not in known:
            raise unknown_word(word, ("verbose", "json", "check"))
    return ShowEnvironment(**{known[word]: True for word in rest})


def _config(rest: Sequence[str]) -> ShowConfig:
    if not rest:
        return ShowConfig()
    word, *paths = rest
    if word in ("verbose", "-v") and not paths:
        return ShowConfig(verbose=True)
    if word not in ("json", "--json"):
        raise unknown_word(word, ("verbose", "json"))
    if len(paths) > 1:
        raise BadWord("`config json` takes one file name", remedy="write `%repro config json config.json`")
    return ShowConfig(json=True, path="".join(paths))


def _gpu(rest: Sequence[str]) -> ShowGpu:
    words = ["sample=on" if word == "sample" else word for word in rest]
    if words[:1] == ["sample=on"] and words[1:] in (["on"], ["off"]):
        words = [f"sample={words[1]}"]  # `gpu sample off`, as one may well write it
    if len(words) > 1 or (words and not words[0].startswith("sample=")):
        raise unknown_word(words[-1], ("sample=on", "sample=off"))
    return ShowGpu(sample=_switch("sample", words[0].partition("=")[2], yes="on") if words else None)


def _report(rest: Sequence[str]) -> ShowReport:
    if not rest:
        return ShowReport()
    form = _one_of(rest[0], _FORMS)
    if len(rest) > 2 or (form == "html" and len(rest) == 1):  # noqa: PLR2004 - a form and a file name
        problem = "needs the name of the file to write" if len(rest) == 1 else "takes one file name"
        raise BadWord(f"`report {form}` {problem}", remedy=f"write `%repro report {form} report.{form}`")
    return ShowReport(form, rest[1] if len(rest) > 1 else "")


def _explain(rest: Sequence[str]) -> Explain:
    if len(rest) != 1:
        raise BadWord("`explain` takes one code", remedy="write `%repro explain RP301`")
    return Explain(rest[0])


def _restart(rest: Sequence[str]) -> Restart:
    found: dict[str, Any] = {}
    for word in rest:
        key, equals, value = word.partition("=")
        if word == "now":
            found["now"] = True
        elif key == "hashseed" and equals and value.isascii() and value.isdecimal() and int(value) < 2**32:
            found["hash_seed"] = int(value)
        elif key == "threads" and equals and _threads(value) != "keep":
            found["threads"] = int(value)
        else:
            raise unknown_word(word, ("now", "hashseed=", "threads="))
    return Restart(**found)


def _trace(rest: Sequence[str]) -> Trace:
    if not rest:
        return Trace()
    act, names = _one_of(rest[0], _ACTS), tuple(rest[1:])
    wanted, takes, example = _TRACE_NAMES[act]
    if len(names) not in wanted:
        raise BadWord(f"`trace {act}` takes {takes}", remedy=f"write `%repro trace {example}`")
    return Trace(act, names)


def _http(rest: Sequence[str]) -> Http:
    act = _one_of(rest[0], _HTTP_ACTS) if rest else "record"
    if len(rest) > 2:  # noqa: PLR2004 - what to do, and a name
        raise BadWord("`http` takes one name", remedy=f"write `%%repro http {act} {rest[1]}`")
    return Http(act, rest[1] if len(rest) > 1 else "")


def _golden(rest: Sequence[str]) -> Golden:
    act = _one_of(rest[0] if rest else "", _GOLDEN_ACTS)
    found: dict[str, Any] = {}
    names = []
    for word in rest[1:]:
        key, equals, value = word.partition("=")
        if word == "replace" and act == "record":
            found["replace"] = True
        elif key == "runs" and equals and act == "calibrate" and value.isdecimal() and int(value) > 0:
            found["runs"] = int(value)
        elif equals:
            raise unknown_word(word, ("runs=",) if act == "calibrate" else ("replace",))
        else:
            names.append(word)
    if len(names) != 1:
        raise BadWord(f"`golden {act}` takes one name", remedy=f"write `%repro golden {act} digits`")
    return Golden(act, names[0], **found)


def _inputs(rest: Sequence[str]) -> ShowInputs:
    for word in rest:
        if word not in ("json", "--json"):
            raise unknown_word(word, ("json",))
    return ShowInputs(json=bool(rest))


def _data(rest: Sequence[str]) -> Data:
    act = _one_of(rest[0], _DATA_ACTS) if rest else "verify"
    manifest, full, as_json = "", False, False
    paths: list[str] = []
    waiting = iter(rest[1:])
    for word in waiting:
        if word == "--manifest":
            manifest = next(waiting, "")
        elif word == "--full":
            full = True
        elif word == "--json":
            as_json = True
        elif word.startswith("--"):
            raise unknown_word(word, ("--manifest", "--full", "--json"))
        else:
            paths.append(word)
    if not paths and act in ("track", "accept"):
        raise BadWord(f"`data {act}` needs the paths", remedy=f"write `%repro data {act} data/`")
    return Data(act=act, paths=tuple(paths), manifest=manifest, full=full, json=as_json)


def _twice(words: Sequence[str]) -> Twice:
    settings = [word for word in words if word not in ("twice", "anyway", "trace")]
    return Twice(
        _govern(settings) if settings else Govern(), anyway="anyway" in words, trace="trace" in words
    )


def _govern(words: Sequence[str]) -> Govern:
    found: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if word in ("strict", "warn"):
            found["strictness"] = _once(found.get("strictness"), word, word)
        elif word == "per_cell":
            found[word] = _once(found.get(word), new=True, word=word)
        elif equals and key in VALUES:
            found[key] = _once(found.get(key), VALUES[key](value), word)
        elif key == "seed":
            raise BadWord("`seed` needs a number", remedy="write `seed=42`")
        else:
            raise unknown_word(word, WORDS)
    return Govern(**found)


def _once(old: object, new: _Value, word: str) -> _Value:
    if old is not None and old != new:
        raise BadWord(f"`{word}` contradicts an earlier word", remedy="keep one of the two")
    return new


def _seed(value: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9][0-9_]*", value):
        hint = f"`seed={round(float(value))}`" if re.fullmatch(r"[0-9]+\.[0-9]*", value) else "`seed=42`"
        raise BadWord(f"`seed={value}` is not a whole number", remedy=f"write, for example, {hint}")
    return check_seed(int(value))


def _one_of(value: str, known: Sequence[_Word]) -> _Word:
    for each in known:
        if value == each:
            return each
    raise unknown_word(value, known)


def _switch(word: str, value: str, *, yes: str) -> bool:
    if value not in (yes, "off"):
        raise BadWord(f"`{word}={value}` is not understood", remedy=f"write `{word}={yes}` or `{word}=off`")
    return value == yes


def _threads(value: str) -> str:
    if value != "keep" and not (value.isascii() and value.isdecimal() and 0 < int(value) <= MOST_THREADS):
        raise BadWord(
            f"`threads={value}` is no number of threads", remedy="write `threads=4` or `threads=keep`"
        )
    return value


VALUES: dict[str, Callable[[str], Any]] = {
    "seed": _seed,
    "strictness": lambda value: _one_of(value, _STRICTNESS),
    "entropy": lambda value: _one_of(value, _ENTROPY),
    "tf32": lambda value: _one_of(value, ("off", "keep")),
    "threads": _threads,
    "per_cell": lambda value: _switch("per_cell", value, yes="on"),
    "workers": lambda value: _switch("workers", value, yes="auto"),
    "notices": lambda value: _switch("notices", value, yes="on"),
}
"""What reads the value behind ``word=``."""


_FIRST: dict[str, Callable[[Sequence[str]], Request]] = {
    "checkpoint": checkpoint_request,
    "data": _data,
    "golden": _golden,
    "http": _http,
    "inputs": _inputs,
    "status": _status,
    "report": _report,
    "explain": _explain,
    "export": export_request,
    "restart": _restart,
    "env": _environment,
    "config": _config,
    "drift": drift_request,
    "runs": runs_request,
    "trackers": trackers_request,
    "prove": prove_request,
    "gpu": _gpu,
    "trace": _trace,
}
"""What reads the words after a first one."""


def _none_left(word: str, rest: Sequence[str]) -> None:
    if rest:
        raise BadWord(f"`{word}` stands alone, `{rest[0]}` is too much", remedy=f"write `%repro {word}`")
