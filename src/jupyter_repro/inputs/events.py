"""What an audit event says: a file opened, or an effect that cannot be replayed."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import FrameType

__all__ = ["NETWORK", "READERS", "SUBPROCESS", "Fact"]

Use = Literal[
    "read", "written", "database", "looked at", "folder", "effect", "listed", "program", "command", "beside",
    "host", "address", "request", "recorded", "replayed",
]  # fmt: skip
Fact = tuple[Use, str]
"""A use with the path as it was given, empty where there is none, or ``effect`` with its word.

``program`` names what was started, ``command`` is a line for the shell.

``beside`` is a file that a run needs, and whose bytes are no input of it.

``host`` is one that was asked for by name, ``address`` one that was connected to, both as ``name:port``; ``request``: it was
sent one. ``recorded``, ``replayed``: an answer of the host was put into a file, or came from one.

``looked at``: what is there now, if anything, decides what comes of it; ``folder``: one is made or removed.
"""

NETWORK: Fact = ("effect", "network")
SUBPROCESS: Fact = ("effect", "subprocess")

_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
_PATH_ONLY = getattr(os, "O_PATH", 0)
_TEMPORARY = getattr(os, "O_TMPFILE", 0) & ~_DIRECTORY
_WRITING = os.O_WRONLY | os.O_RDWR
_UNREAD = os.O_TRUNC | os.O_EXCL
"""With these, nothing that was in the file before is read."""

_HEAD = 16_384
"""Where the first line of a request ends, at the latest."""

_HOUSEKEEPING = frozenset(
    {"fc-list", "fc-match", "getconf", "ldconfig", "lscpu", "nproc", "sysctl", "system_profiler", "uname"}
)
"""Programs that libraries ask about the machine while they are imported; they bear on no result."""
_SHELLS = frozenset(("bash", "dash", "sh", "zsh"))


def _text(path: Any) -> str | None:
    """Return the path as text, None for a file descriptor or nothing."""
    if isinstance(path, int) or path is None:
        return None
    text = os.fsdecode(path)
    return text if text and "\0" not in text else None


def _open(args: Sequence[Any]) -> Iterator[Fact]:
    path, flags = _text(args[0]), args[2]
    if path is None or not isinstance(flags, int) or flags & (_DIRECTORY | _PATH_ONLY | _TEMPORARY):
        return
    writes = bool(flags & _WRITING) or bool(flags & os.O_TRUNC)
    reads = not flags & os.O_WRONLY or bool(flags & os.O_APPEND)
    if writes and (flags & _UNREAD or not (flags & os.O_APPEND or os.path.lexists(path))):
        reads = False  # what is appended hangs on what is there, also where nothing is there yet
    if flags & os.O_EXCL and not _in_cache(path) and not _unasked():
        yield "looked at", path
    if reads:
        yield "read", _source_of(path)
    if writes:
        yield "written", path


def _in_cache(path: str) -> bool:
    return os.path.basename(os.path.dirname(path)) == "__pycache__"  # noqa: PTH119, PTH120 - plain strings in a hot hook


def _source_of(path: str) -> str:
    """Return the ``.py`` behind a cached ``.pyc``: an import reads one or the other by chance."""
    folder, name = os.path.split(path)
    above, cache = os.path.split(folder)
    if cache != "__pycache__" or not name.endswith(".pyc"):
        return path
    return os.path.join(above, name.partition(".")[0] + ".py")  # noqa: PTH118 - plain strings in a hot hook


def _sqlite(args: Sequence[Any]) -> Iterator[Fact]:
    path = _text(args[0])
    if path is None or path == ":memory:":
        return
    mode = ""
    if path.startswith("file:"):
        parts = urlsplit(path)
        mode = parse_qs(parts.query).get("mode", [""])[-1]
        path = unquote(parts.path)
    if mode == "memory" or not path or path == ":memory:":
        return
    yield ("read" if mode == "ro" else "database"), path


def _removed(args: Sequence[Any]) -> Iterator[Fact]:
    path = _text(args[0])
    if path is not None:
        if not _unasked("missing_ok"):
            yield "looked at", path
        yield "written", path


def _renamed(args: Sequence[Any]) -> Iterator[Fact]:
    source, target = _text(args[0]), _text(args[1])
    if source is None or target is None:
        return
    yield "looked at", source
    for path in (source, target):
        yield ("folder" if os.path.isdir(source) else "written"), path  # noqa: PTH112 - plain strings, never raises


def _linked(args: Sequence[Any]) -> Iterator[Fact]:
    path = _text(args[1])
    if path is not None:
        yield "looked at", path
        yield "written", path


def _folder_made(args: Sequence[Any]) -> Iterator[Fact]:
    path = _text(args[0])
    if path is not None:
        if not _unasked("exist_ok"):
            yield "looked at", path
        yield "folder", path


def _folder_removed(args: Sequence[Any]) -> Iterator[Fact]:
    path = _text(args[0])
    if path is not None:
        yield "looked at", path
        yield "folder", path


def _entered(args: Sequence[Any]) -> Iterator[Fact]:
    path = _text(args[0])
    if path is not None:
        yield "looked at", path


_OF_PYTHON = frozenset((os.makedirs.__code__.co_filename, Path.mkdir.__code__.co_filename))


def _unasked(word: str = "") -> bool:
    """Tell whether the standard library was told to let it be as it is, or has made up a new name."""
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 - the caller is told in no other way
    while frame is not None and frame.f_globals.get("__name__", "").startswith(__package__):
        frame = frame.f_back
    if frame is None:
        return False
    file = frame.f_code.co_filename
    return file == tempfile.__file__ or (file in _OF_PYTHON and bool(frame.f_locals.get(word)))


def _truncated(args: Sequence[Any]) -> Iterator[Fact]:
    path = _text(args[0])
    if path is not None:
        yield "read", path
        yield "written", path


def _connect(args: Sequence[Any]) -> Iterator[Fact]:
    address = args[1]
    if isinstance(address, (str, bytes)):
        name = os.fsdecode(address)
        # the system log, and the wires between our own processes, which are counted as subprocesses
        if name.startswith(("/dev/", "/run/systemd/", "\0")) or "pymp-" in name:
            return
    yield NETWORK
    if isinstance(address, tuple) and len(address) > 1:
        yield "address", f"{address[0]}:{address[1]}"


def _asked_for(args: Sequence[Any]) -> Iterator[Fact]:
    host, port = args[0], args[1]
    if host and port:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        yield "host", f"{name}:{port}"


def _sent(args: Sequence[Any]) -> Iterator[Fact]:
    """Also over a connection that an earlier cell opened."""
    host = f"{args[0].host}:{args[0].port}"
    yield NETWORK
    yield "host", host
    if isinstance(args[1], bytes) and b" HTTP/1." in args[1][:_HEAD]:
        yield "request", host


def _started(args: Sequence[Any]) -> Iterator[Fact]:
    program, argv = args[0], args[1]
    words = (
        [program or argv] if isinstance(argv, (str, bytes)) or not argv else [program or argv[0], *argv[1:]]
    )
    texts = [os.fsdecode(each) for each in words if isinstance(each, (str, bytes, os.PathLike))]
    name = os.path.basename(texts[0]) if texts else ""  # noqa: PTH119 - plain strings in a hot hook
    # ctypes.util.find_library asks the linker where a library is
    if name in _HOUSEKEEPING or "-Wl,-t" in texts or (name == "ld" and "-t" in texts):
        return
    yield SUBPROCESS
    if name in _SHELLS and "-c" in texts[:-1]:
        yield "command", texts[texts.index("-c") + 1]
    elif texts:
        yield "program", texts[0]


def _shell(args: Sequence[Any]) -> Iterator[Fact]:
    yield SUBPROCESS
    yield "command", os.fsdecode(args[0])


def _listed(args: Sequence[Any]) -> Iterator[Fact]:
    yield "listed", _text(args[0]) or ""


def _network(_args: Sequence[Any]) -> Iterator[Fact]:
    yield NETWORK


def _process(_args: Sequence[Any]) -> Iterator[Fact]:
    yield SUBPROCESS


READERS: Mapping[str, Callable[[Sequence[Any]], Iterator[Fact]]] = {
    "http.client.send": _sent,
    "open": _open,
    "os.fork": _process,
    "os.forkpty": _process,
    "os.chdir": _entered,
    "os.link": _linked,
    "os.listdir": _listed,
    "os.mkdir": _folder_made,
    "os.posix_spawn": _started,
    "os.remove": _removed,
    "os.rename": _renamed,
    "os.rmdir": _folder_removed,
    "os.scandir": _listed,
    "os.spawn": _process,
    "os.startfile": _process,
    "os.symlink": _linked,
    "os.system": _shell,
    "os.truncate": _truncated,
    "socket.connect": _connect,
    "socket.getaddrinfo": _asked_for,
    "socket.sendmsg": _network,
    "socket.sendto": _network,
    "sqlite3.connect": _sqlite,
    "subprocess.Popen": _started,
}
"""Audit event to what it says; every other event is passed over."""
