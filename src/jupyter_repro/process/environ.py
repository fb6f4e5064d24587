"""Environment variables, one resource a variable, told apart once it has changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import ABSENT

from .setting import digest_of, unseen

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["IGNORED", "IGNORED_PREFIXES", "Environ"]

IGNORED: Mapping[str, str] = {
    "COLUMNS": "the terminal's width: its front end and readline follow the window",
    "LINES": "the terminal's height, likewise",
    "TERM": "the terminal's kind: the kernel sets it for the programs that it starts",
    "_": "the shell's last command",
    "SHLVL": "how deep the shell is",
    "PWD": "the shell's folder; the process's own is `setting:cwd`",
    "OLDPWD": "the shell's former folder",
    "MPLBACKEND": "the kernel chooses where figures are shown",
    "PYTEST_CURRENT_TEST": "pytest's note to itself",
    "CUDA_MODULE_LOADING": "torch sets it when it first uses a GPU",
    "TORCHINDUCTOR_CACHE_DIR": "torch sets it when it first compiles; a cache",
    "TRITON_CACHE_DIR": "torch sets it when it first compiles; a cache",
    "WANDB_SERVICE": "the port and process of the tracker",
}
"""Variables that tools set behind the user's back, and that no result follows from, with the reason."""

IGNORED_PREFIXES: Mapping[str, str] = {"JPY_": "the notebook server's notes to the kernel"}
"""Beginnings of such names."""


class Environ:
    """``os.environ`` as it is, compared with what it was when it was first read."""

    name = "env"
    module = ""
    names = frozenset(("os", "environ", "environb", "getenv", "putenv", "unsetenv", "env", "set_env"))

    def __init__(self) -> None:
        self._first = _variables()
        self._seen: dict[str, None] = {}
        """Variables that have changed at least once: they stay in sight."""

    def fingerprint(self) -> object:
        """Return the variables, as bytes where the system keeps bytes."""
        return _variables()

    def digests(self) -> dict[str, str]:
        """Return the digest of every variable that has ever changed, by resource."""
        now = _variables()
        if now is None or self._first is None:
            return {"env:*": unseen("`os.environ` was replaced by something that is not looked inside")}
        for key in now.keys() | self._first.keys():
            if now.get(key) != self._first.get(key) and not _ignored(_text(key)):
                self._seen.setdefault(_text(key))
        return {f"env:{name}": self._digest(now, name) for name in sorted(self._seen)}

    def first(self, resource: str) -> str:
        """Return the digest that a variable had when the environment was first read."""
        return ABSENT if self._first is None else self._digest(self._first, resource.partition(":")[2])

    def current(self, resource: str) -> str:
        """Return the digest that a variable has now."""
        now = _variables()
        if now is None:
            return unseen("`os.environ` was replaced by something that is not looked inside")
        return self._digest(now, resource.partition(":")[2])

    @staticmethod
    def _digest(variables: Mapping[Any, Any], name: str) -> str:
        value = variables.get(name, variables.get(os.fsencode(name)))
        return ABSENT if value is None else digest_of(_text(value))


_ENVIRON = type(os.environ)


def _variables() -> dict[Any, Any] | None:
    """Return a copy of what stands behind ``os.environ``: exact bytes, or text on Windows."""
    environ: Any = os.environ
    if type(environ) is dict:
        return environ.copy()
    data = getattr(environ, "_data", None) if type(environ) is _ENVIRON else None
    return data.copy() if type(data) is dict else None


def _text(value: Any) -> str:
    return os.fsdecode(value) if type(value) is bytes else str(value)


def _ignored(name: str) -> bool:
    return name in IGNORED or name.startswith(tuple(IGNORED_PREFIXES))
