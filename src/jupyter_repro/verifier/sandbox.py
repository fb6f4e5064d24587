"""The sandbox: what a stranger's code can see and reach while it runs, made with bubblewrap.

Everything that runs from a rebuilt environment runs in it: the kernel, and the program that drives it. It sees the
system read-only, the environment, the author's files, an empty home and nothing else of the reader's; it may write to
the work folder, the home and ``/tmp``; it has no network, no other processes and no variables that are not named here.
"""

from __future__ import annotations

import dataclasses
import glob
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .prefixes import LINKS, READ_ONLY, is_system, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["BUBBLEWRAP", "Isolation", "Places", "environment", "probe", "wrapped"]

BUBBLEWRAP = "bwrap"
_PROBE_S = 30.0
_SETTINGS = (
    "alternatives", "ca-certificates", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "mime.types",
    "pki", "ssl", "timezone",
)  # fmt: skip
_NETWORK_SETTINGS = ("hosts", "nsswitch.conf", "resolv.conf", "gai.conf")
_DEVICES = ("/dev/nvidia*", "/dev/dri", "/dev/kfd", "/dev/dxg")
_KEPT = (
    "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_NUMERIC", "LC_TIME", "TZ", "LD_LIBRARY_PATH", "CUDA_DEVICE_ORDER",
    "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "NVIDIA_DRIVER_CAPABILITIES", "NVIDIA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES",
    # Windows starts no program without these
    "COMSPEC", "NUMBER_OF_PROCESSORS", "PATHEXT", "PROCESSOR_ARCHITECTURE", "SYSTEMDRIVE", "SYSTEMROOT", "WINDIR",
)  # fmt: skip
"""Variables of the reader's that are no secrets and without which the same code gives other results or none."""
_NETWORK_KEPT = (
    "ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE",
)  # fmt: skip
_USER = "reader"
_FIRST_UID, _UIDS = 61_184, 4_336
"""Numbers that systems keep for users who exist for a moment only."""


@dataclasses.dataclass(frozen=True)
class Isolation:
    """What isolation is in force, and why not more."""

    kind: Literal["bubblewrap", "none"]
    reason: str = ""
    """Why there is none."""
    network: bool = False
    devices: tuple[str, ...] = ()
    """Accelerators that the code can reach."""
    uid: int | None = None
    """Where the reader is root: the user that the code runs as."""

    @property
    def sentence(self) -> str:
        """Say it in one line."""
        if self.kind == "none":
            return f"no sandbox ({self.reason}): the author's code runs with your rights"
        network = "the network allowed" if self.network else "no network"
        devices = f", {len(self.devices)} GPU devices" if self.devices else ""
        return f"bubblewrap sandbox: {network}, an empty home, none of your files, cleared variables, a read-only system{devices}"

    def to_json(self) -> dict[str, Any]:
        """Return it for the report."""
        return {
            "kind": self.kind,
            "sentence": self.sentence,
            "reason": self.reason,
            "network": self.kind == "none" or self.network,
            "devices": list(self.devices),
            "own_user": self.kind == "bubblewrap" and self.uid is not None,
        }


@dataclasses.dataclass(frozen=True)
class Places:
    """What of the reader's disk the code may see."""

    home: Path
    temp: Path
    """Becomes ``/tmp``."""
    environment: Path
    tools: Path
    """This package as files."""
    programs: tuple[Path, ...] = ()
    """Folders of the environment's interpreter."""
    writable: tuple[Path, ...] = ()
    readable: tuple[Path, ...] = ()
    shared: Path | None = None
    """Becomes ``/dev/shm``."""
    settings: Path | None = None
    """Folder for the files ``passwd`` and ``group`` that the code sees."""

    @property
    def written(self) -> tuple[Path, ...]:
        """Where the code can write."""
        return (*self.writable, self.home, self.temp, *(() if self.shared is None else (self.shared,)))


def probe(*, network: bool = False) -> Isolation:
    """Try whether a sandbox can really be made here; where not, ``reason`` says why."""
    if not sys.platform.startswith("linux"):
        return Isolation("none", f"bubblewrap runs on Linux only, this is {sys.platform}")
    if shutil.which(BUBBLEWRAP) is None:
        return Isolation("none", "bubblewrap is not installed")
    found = Isolation("bubblewrap", network=network, devices=tuple(_devices()), uid=_free_uid())
    command = [
        *_base(found),
        *_bound("--ro-bind", prefixes(_trusted())),
        "--",
        str(_trusted()),
        "-I",
        "-S",
        "-c",
        "",
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, timeout=_PROBE_S,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return Isolation("none", f"bubblewrap does not work: {error}")
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        return Isolation("none", f"bubblewrap does not work: {said[-1]}")
    return found


def wrapped(
    isolation: Isolation, places: Places, limits: Mapping[str, int], command: Sequence[str]
) -> list[str]:
    """Return the command that runs another one under limits, and in the sandbox if there is one.

    Args:
        isolation: What :func:`probe` found.
        places: What the command may see.
        limits: Names of ``resource.RLIMIT_*`` without the prefix, and values.
        command: Interpreter and arguments.
    """
    inner = [*_limited(limits, isolation.uid, places.tools), *command]
    if isolation.kind == "none":
        return inner if os.name == "posix" else list(command)
    folders = list(dict.fromkeys((*places.programs, *prefixes(_trusted()))))
    shared = () if places.shared is None else ("--bind", str(places.shared), "/dev/shm")  # noqa: S108 - within the sandbox
    return [
        *_base(isolation),
        *_users(isolation, places),
        *_bound("--ro-bind", folders),
        *("--bind", str(places.temp), "/tmp"),  # noqa: S108 - within the sandbox
        *_bound("--ro-bind", (places.environment, places.tools, *places.readable)),
        *_bound("--bind", (places.home, *places.writable)),
        *shared,
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", str(places.tools), "--"),
        *inner,
    ]


def environment(isolation: Isolation, places: Places, own: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that the code starts with: few of the reader's, and a home of its own.

    Args:
        isolation: What is in force.
        places: What the code may see.
        own: The reader's variables.
    """
    names = _KEPT if isolation.kind == "bubblewrap" and not isolation.network else (*_KEPT, *_NETWORK_KEPT)
    wanted = {*names, *(name.lower() for name in _NETWORK_KEPT if name in names)}
    kept = {
        name: value
        for name, value in own.items()
        if name in wanted or (os.name == "nt" and name.upper() in wanted)
    }
    scripts = places.environment / ("Scripts" if os.name == "nt" else "bin")
    inside = isolation.kind == "bubblewrap"
    path = "/usr/local/bin:/usr/bin:/bin" if inside else own.get("PATH", os.defpath)
    temp = "/tmp" if inside else str(places.temp)  # noqa: S108 - within the sandbox
    home = str(places.home)
    return {
        **kept, "PATH": f"{scripts}{os.pathsep}{path}", "HOME": home, "USERPROFILE": home, "TMPDIR": temp, "TEMP": temp,
        "TMP": temp, "USER": _USER, "LOGNAME": _USER, "USERNAME": _USER,
    }  # fmt: skip


def _base(isolation: Isolation) -> Iterator[str]:
    yield from (
        BUBBLEWRAP,
        "--unshare-ipc",
        "--unshare-pid",
        "--unshare-uts",
        "--unshare-cgroup-try",
        "--new-session",
    )
    yield from ("--die-with-parent", "--hostname", "sandbox")
    if isolation.uid is None:
        yield from ("--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL")
    else:
        yield from ("--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
    if not isolation.network:
        yield "--unshare-net"
    yield from ("--ro-bind", "/usr", "/usr")
    for link in LINKS:
        if Path(link).is_symlink():
            yield from ("--symlink", str(Path(link).readlink()), link)
        else:
            yield from ("--ro-bind-try", link, link)
    for folder in ("/etc", "/sys"):
        yield from ("--dir", folder)
    for folder in READ_ONLY:
        yield from ("--ro-bind-try", folder, folder)
    for name in (*_SETTINGS, *(_NETWORK_SETTINGS if isolation.network else ())):
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")
    yield from ("--proc", "/proc", "--dev", "/dev")
    yield from _bound("--dev-bind-try", [Path(device) for device in isolation.devices])
    if isolation.devices:
        yield from ("--ro-bind-try", "/sys", "/sys")


def _users(isolation: Isolation, places: Places) -> Iterator[str]:
    """Give the code's user a name: libraries ask who they run as."""
    if places.settings is None:
        return
    uid = 1000 if isolation.uid is None else isolation.uid
    for name, line in (
        ("passwd", f"{_USER}:x:{uid}:{uid}::{places.home}:/bin/sh"),
        ("group", f"{_USER}:x:{uid}:"),
    ):
        (places.settings / name).write_text(line + "\n", encoding="utf-8")
        yield from ("--ro-bind", str(places.settings / name), f"/etc/{name}")


def _bound(word: str, folders: Sequence[Path]) -> Iterator[str]:
    """Show folders at their own places, below folders that anybody may go through."""
    for folder in folders:
        for parent in reversed(folder.parents[:-1]):
            if not is_system(parent):
                yield from ("--dir", str(parent))
        yield from (word, str(folder), str(folder))


def _limited(limits: Mapping[str, int], uid: int | None, tools: Path) -> list[str]:
    words = [f"{name}={value}" for name, value in limits.items()]
    owner = [] if uid is None else [f"uid={uid}"]
    return [str(_trusted()), "-I", "-S", str(tools / "verifier/limited.py"), *words, *owner, "--"]


def _trusted() -> Path:
    """Return the reader's own interpreter: nothing of the bundle runs before the limits hold."""
    return Path(os.path.realpath(sys.executable))


def _open_to_all(path: Path) -> bool:
    return path.stat().st_mode & 0o5 == 0o5  # noqa: PLR2004 - others may read it and go through


def _devices() -> list[str]:
    return [found for pattern in _DEVICES for found in sorted(glob.glob(pattern))]  # noqa: PTH207 - patterns of devices


def _free_uid() -> int | None:
    """Return a user without rights for the code of a reader who is root; None for any other reader.

    No limit on processes holds for root. Where the numbers are not to be had (a container that maps only some),
    the code stays in a user namespace of its own.
    """
    if os.geteuid() != 0 or not all(map(_open_to_all, (_trusted(), *prefixes(_trusted())))):
        return None
    uid = _FIRST_UID + os.getpid() % _UIDS
    for line in Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines():
        first, _, count = map(int, line.split())
        if first <= uid < first + count:
            return uid
    return None
