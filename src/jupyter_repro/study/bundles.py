"""Verifying many bundles: each in a process of its own, wherever an engine puts it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.engines.completed import completed
from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jupyter_repro.engines.engine import Engine

__all__ = ["Task", "Verified", "environments_folder", "shard_of", "summary", "tasks_of", "verified"]

SCHEMA = 1
_SHIPPED_BYTES = 1 << 30
_REPORT_WORD = "could not run"
_LAST_LINES = 5


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One bundle to verify."""

    path: str
    words: tuple[str, ...] = ()
    """Options of the verifier."""
    content: bytes | None = None
    """The bundle itself, for a worker that may have other files."""
    keep_environments: bool = True


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one bundle."""

    path: str
    report: dict[str, Any]
    """The content of ``report.json``."""
    page: str = ""
    """``report.html``; empty where the verification gave none."""
    worker: str = ""
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """Return that of the verification."""
        return int(self.report["exit_code"])


def shard_of(paths: Sequence[str], shard: str | None) -> list[str]:
    """Return this machine's part, ``2/3`` for the second of three; the parts are disjoint and together all.

    Raises:
        BadWord: The part is malformed.
    """
    every = sorted(dict.fromkeys(paths))
    if shard is None:
        return every
    first, _, count = shard.partition("/")
    if not (first.isdecimal() and count.isdecimal() and 1 <= int(first) <= int(count)):
        raise BadWord(f"`--shard {shard}` is no part", remedy="write `--shard 2/3` for the second of three")
    return every[int(first) - 1 :: int(count)]


def tasks_of(
    paths: Sequence[str], words: Sequence[str], *, remote: bool, keep_environments: bool = True
) -> Iterator[Task]:
    """Yield what is to be done; a bundle travels with its task where workers may have other files."""
    for path in paths:
        content = None
        if remote:
            with contextlib.suppress(OSError):
                if Path(path).stat().st_size <= _SHIPPED_BYTES:
                    content = Path(path).read_bytes()
        where = path if remote else str(Path(path).resolve())
        yield Task(path=where, words=tuple(words), content=content, keep_environments=keep_environments)


def verified(
    engine: Engine,
    tasks: Sequence[Task],
    *,
    on_running: Callable[[list[str]], None] = lambda _paths: None,
) -> Iterator[Verified]:
    """Yield what came of each bundle, as it comes; none of them stops the others."""
    for outcome in completed(
        engine, verify_task, tasks, on_running=lambda running: on_running([task.path for task in running])
    ):
        if outcome.error is None:
            yield outcome.value
        else:
            yield Verified(
                path=outcome.item.path, report=_no_report(outcome.item.path, 4, str(outcome.error))
            )


def verify_task(task: Task) -> Verified:
    """Verify one bundle with the verifier in a process of its own, and bring back what it wrote."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jr-verify-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        path = Path(task.path)
        if task.content is not None:
            path = folder / path.name
            path.write_bytes(task.content)
        words = [*task.words, *(_environments(task) if task.keep_environments else ())]
        command = [sys.executable, "-m", "jupyter_repro.verifier", "verify", str(path), "--quiet"]
        done = subprocess.run(
            [*command, "--output", str(folder / "report"), *words],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        try:
            report = json.loads((folder / "report/report.json").read_text(encoding="utf-8"))
            page = (folder / "report/report.html").read_text(encoding="utf-8")
        except (OSError, ValueError):
            said = [line for line in done.stderr.splitlines() if line.strip()][-_LAST_LINES:]
            told = " ".join(said) or f"the verifier ended with exit status {done.returncode}"
            report, page = _no_report(task.path, 2 if done.returncode == 2 else 4, told), ""  # noqa: PLR2004 - usage
    report["bundle"]["path"] = task.path
    seconds = round(time.monotonic() - started, 1)
    return Verified(path=task.path, report=report, page=page, worker=socket.gethostname(), seconds=seconds)


def environments_folder() -> Path:
    """Return where environments are kept on this machine."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "jupyter_repro" / "environments"


def summary(found: Sequence[Verified], *, engine: str, shard: str | None, seconds: float) -> dict[str, Any]:
    """Return all verdicts for programs; the exit code is the highest of all."""
    verdicts: dict[str, int] = {}
    for each in found:
        verdicts[each.report["verdict"]] = verdicts.get(each.report["verdict"], 0) + 1
    return {
        "schema": SCHEMA,
        "engine": engine,
        "shard": shard,
        "exit_code": max((each.exit_code for each in found), default=0),
        "verdicts": dict(sorted(verdicts.items())),
        "seconds": round(seconds, 1),
        "bundles": [
            {"path": each.path, "worker": each.worker, "seconds": each.seconds, "report": each.report}
            for each in sorted(found, key=lambda each: each.path)
        ],
    }


def _environments(task: Task) -> list[str]:
    """Keep environments where a sandbox keeps notebooks from changing them, or where the reader names a folder."""
    if any(word == "--environments" for word in task.words):
        return []
    from jupyter_repro.verifier.sandbox import probe

    unsafe = "off" in task.words or probe().kind == "none"
    return [] if unsafe else ["--environments", str(environments_folder())]


def _no_report(path: str, code: int, told: str) -> dict[str, Any]:
    """Return a report for a verification that gave none."""
    from jupyter_repro.verifier.report import Report

    word = "usage" if code == 2 else _REPORT_WORD  # noqa: PLR2004 - the verifier's exit code for usage
    report = Report(bundle=path)
    report.conclude(word, code, f"{word}: {told}")
    return report.to_json()
