"""What each cell of a run stood on, told by the kernel itself: states of RNGs, files, libraries, the machine.

The source of this file is sent to the kernel, whose environment need not hold this package: standard library only.
It reads between cells. Nothing is drawn, imported or changed, and nothing raises into a cell.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import random
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

__all__ = ["NAME", "Probe", "install"]

NAME = "_jupyter_repro_probe"
"""Under which the probe is found in ``sys.modules``."""

_MOST_NAMES = 5000
_MOST_FILES = 200
"""Files of one cell that are told."""
_MOST_BYTES = 64 << 20
"""A larger file is named and not looked inside."""
_WRITES = os.O_WRONLY | os.O_RDWR
_CALLS = {"socket.connect": "network", "subprocess.Popen": "subprocess", "os.system": "subprocess",
          "os.posix_spawn": "subprocess", "os.exec": "subprocess", "os.fork": "subprocess"}  # fmt: skip
_VECTORS = ("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_bf16", "amx_tile", "asimd", "sve", "sve2")
_WATCHING = "jupyter_repro.inputs.audit"
"""Where jupyter_repro says which of its threads' own acts are no cell's."""
_UNDRAWN = (0x80000000, 623)
"""First word and place of NumPy's generator as the operating system's entropy has seeded it, before any draw."""


_OTHERS = frozenset((".git", ".ipynb_checkpoints", ".jupyter_repro", "__pycache__"))
"""Folders in which tools keep files of their own."""


class Probe:
    """Watches from before the first cell to the end of the kernel."""

    def __init__(self, shell: Any, root: str) -> None:
        self._shell = shell
        self._root = os.path.realpath(root)
        self._here = os.path.realpath(".")
        self._own = threading.get_ident()
        self._quiet = False
        self._opened: dict[tuple[str, bool], None] = {}
        self._effects: dict[str, None] = {}
        self._digests: dict[tuple[str, int, int, int], str] = {}
        self._modules = frozenset(sys.modules)
        self._last: dict[str, str] = {}
        self._before: dict[str, str] = {}
        self._entered: dict[str, str] = {}
        self._told: dict[str, Any] = {}

    def begin(self, _info: object = None) -> None:
        """Take note of the state that a cell begins with."""
        with contextlib.suppress(Exception):
            self._before = self._streams()
            # a seed for each cell, or a thread that draws beside the cells
            moved = {name: self._before[name] for name in self._last.keys() & self._before.keys()}
            self._entered = {name: state for name, state in moved.items() if state != self._last[name]}
            self._opened.clear()
            self._effects.clear()

    def end(self, _result: object = None) -> None:
        """Take note of what the cell has changed and used."""
        self._told = {}
        with contextlib.suppress(Exception), self._unwatched():
            self._last = after = self._streams()
            # what entropy made is another in each run: it says nothing before it is drawn from
            changed = {
                name: state for name, state in after.items() if state and self._before.get(name) != state
            }
            told = {"entered": self._entered, "streams": changed, **self._files()}
            told |= {"modules": self._new_modules(), "effects": sorted(self._effects)}
            self._told = {name: value for name, value in told.items() if value}

    def told(self) -> str:
        """Return what was noted of the last cell, as JSON."""
        told, self._told = self._told, {}
        return json.dumps(told)

    def machine(self) -> str:
        """Return what the results of the whole run may hang on, as JSON."""
        with contextlib.suppress(Exception), self._unwatched():
            return json.dumps({name: value for name, value in _machine().items() if value is not None})
        return "{}"

    def heard(self, event: str, args: tuple[Any, ...]) -> None:
        """Take note of an audit event; quick, and never raises."""
        if event == "open":
            path, mode, flags = (*args, None, None)[:3]
            if isinstance(path, (str, bytes)) and not self._is_quiet():
                writes = (
                    bool(set(mode) & set("wax+")) if isinstance(mode, str) else bool((flags or 0) & _WRITES)
                )
                if len(self._opened) < 50 * _MOST_FILES:
                    self._opened.setdefault((os.fsdecode(path), writes))
        elif event == "os.rename":
            if isinstance(args[1], (str, bytes)):
                self._opened.setdefault((os.fsdecode(args[1]), True))
        elif event in _CALLS and not self._is_quiet():
            self._effects.setdefault(_CALLS[event])

    def _is_quiet(self) -> bool:
        if self._quiet and threading.get_ident() == self._own:
            return True
        asked = getattr(sys.modules.get(_WATCHING), "is_unwatched", None)
        return asked is not None and bool(asked())

    @contextlib.contextmanager
    def _unwatched(self) -> Iterator[None]:
        """Let our own reads not be taken for a cell's: neither here nor by a recorder of jupyter_repro."""
        watching = sys.modules.get(_WATCHING)
        self._quiet = True
        try:
            with contextlib.nullcontext() if watching is None else watching.unwatched():
                yield
        finally:
            self._quiet = False

    def _files(self) -> dict[str, Any]:
        read: dict[str, str | None] = {}
        wrote: dict[str, None] = {}
        for path, writes in list(self._opened):
            name = self._named(path)
            if name is None or len(read) + len(wrote) >= _MOST_FILES:
                continue
            if writes:
                wrote.setdefault(name)
            elif name not in wrote:
                read.setdefault(name, self._digest(Path(self._here, name)))
        # a file that the same cell changes later is not what it has read
        known = {name: None if name in wrote else digest for name, digest in read.items() if digest != ""}
        # a file under another name until it is whole has a new name in each run
        return {"read": known, "wrote": sorted(name for name in wrote if Path(self._here, name).exists())}

    def _named(self, path: str) -> str | None:
        """Return a path inside the project relative to the notebook's folder; None for any other."""
        full = os.path.realpath(Path(self._here, path))
        inside = full.startswith(self._root + os.sep) and not full.startswith(sys.prefix + os.sep)
        left_out = full.endswith(".pyc") or not _OTHERS.isdisjoint(Path(full).parts)
        if not inside or left_out or Path(full).is_dir():
            return None
        return os.path.relpath(full, self._here).replace(os.sep, "/")

    def _digest(self, path: Path) -> str | None:
        """Return the SHA-256 of a file as it is now; None: too large to look inside; empty: no such file."""
        try:
            stat = path.stat()
            mark = (str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if not path.is_file():
                return ""
            if stat.st_size > _MOST_BYTES:
                return None
            if mark not in self._digests:
                self._digests[mark] = hashlib.sha256(path.read_bytes()).hexdigest()
            return self._digests[mark]
        except OSError:
            return ""

    def _new_modules(self) -> list[str]:
        """Return the packages that were imported since this was last asked."""
        now = frozenset(sys.modules)
        tops = {name.partition(".")[0] for name in now - self._modules}
        tops -= {name.partition(".")[0] for name in self._modules}
        self._modules = now
        standard = getattr(sys, "stdlib_module_names", ())
        return sorted(name for name in tops if name not in standard and not name.startswith("_"))

    def _streams(self) -> dict[str, str]:
        """Return the digest of each stream's state; empty where it is as entropy made it."""
        found = {"python": _digest_of(random.getstate())}
        with contextlib.suppress(Exception):
            found.update(_numpy())
        with contextlib.suppress(Exception):
            found.update(_torch())
        with contextlib.suppress(Exception):
            found.update(_held(self._shell.user_ns))
        return found


def _digest_of(*parts: object) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part if isinstance(part, bytes) else repr(part).encode())
    return digest.hexdigest()[:16]


def _numpy() -> Iterator[tuple[str, str]]:
    module = sys.modules.get("numpy.random")
    if module is None or not hasattr(module, "get_state"):
        return
    yield "numpy", _legacy(module.get_state())


def _legacy(state: Any) -> str:
    key = state[1]
    undrawn = (int(key[0]), int(state[2])) == _UNDRAWN
    return "" if undrawn else _digest_of(key.tobytes(), tuple(state[2:]))


def _torch() -> Iterator[tuple[str, str]]:
    torch: Any = sys.modules.get("torch")
    if not hasattr(torch, "default_generator"):
        return
    yield "torch", _tensor(torch.default_generator.get_state())
    cuda = sys.modules.get("torch.cuda")
    if cuda is not None and cuda.is_initialized():
        for number, generator in enumerate(cuda.default_generators):
            yield f"torch.cuda:{number}", _tensor(generator.get_state())


def _tensor(state: Any) -> str:
    return _digest_of(ctypes.string_at(state.data_ptr(), state.numel()))


def _held(names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the generators that names of the notebook hold."""
    numpy, torch = sys.modules.get("numpy.random"), sys.modules.get("torch")
    modern, older = getattr(numpy, "Generator", None), getattr(numpy, "RandomState", None)
    tensors = getattr(torch, "Generator", None)
    for name, value in list(names.items())[:_MOST_NAMES]:
        kind = type(value)
        if name.startswith("_"):
            continue
        if kind is modern:
            yield f"name:{name}", _digest_of(_spelled(value.bit_generator.state))
        elif kind is older:
            yield f"name:{name}", _legacy(value.get_state())
        elif kind is tensors:
            yield f"name:{name}", _tensor(value.get_state())
        elif kind is random.Random:
            yield f"name:{name}", _digest_of(value.getstate())


def _spelled(state: Any) -> Any:
    """Return a state with its arrays written out: their repr leaves numbers out."""
    if isinstance(state, dict):
        return {key: _spelled(value) for key, value in state.items()}
    return state.tobytes() if hasattr(state, "tobytes") else state


def _machine() -> dict[str, str | None]:
    torch: Any = sys.modules.get("torch")
    info = _cpuinfo()
    flags = (info.get("flags") or info.get("Features") or "").split()
    found: dict[str, str | None] = {
        "processor": info.get("model name") or info.get("CPU part") or os.environ.get("PROCESSOR_IDENTIFIER"),
        "vector instructions": " ".join(kind for kind in _VECTORS if kind in flags) or None,
        "cores": str(_cores()),
        "time zone": "/".join(time.tzname),
        "hash seed": os.environ.get("PYTHONHASHSEED"),
    }
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        found[name] = os.environ.get(name)
    if hasattr(torch, "get_num_threads"):
        found["threads of torch"] = str(torch.get_num_threads())
    cuda = sys.modules.get("torch.cuda")
    if cuda is not None and cuda.is_initialized():
        found["GPU"] = ", ".join(cuda.get_device_name(number) for number in range(cuda.device_count()))
    return found


def _cores() -> int | None:
    ask: Any = getattr(os, "sched_getaffinity", None)  # not on every system
    return os.cpu_count() if ask is None else len(ask(0))


def _cpuinfo() -> dict[str, str]:
    found: dict[str, str] = {}
    with contextlib.suppress(OSError), Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as file:
        for line in file:
            name, colon, value = line.partition(":")
            if not colon:
                break
            found[name.strip()] = value.strip()
    return found


def install(shell: Any, root: str, module: ModuleType) -> None:
    """Begin to watch; ``module`` is the one that this source was run as."""
    probe = Probe(shell, root)
    shell.events.register("pre_run_cell", probe.begin)
    shell.events.register("post_run_cell", probe.end)
    sys.addaudithook(probe.heard)
    module.__dict__["probe"] = probe
    sys.modules[NAME] = module
