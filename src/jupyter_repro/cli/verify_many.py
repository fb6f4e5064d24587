"""Many bundles at once: what is asked, a live table, a summary, the highest exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jupyter_repro.canonical import write_atomic
from jupyter_repro.engines.opening import open_engine
from jupyter_repro.errors import BadWord, RunFailed, StorageFailed
from jupyter_repro.study.bundles import shard_of, summary, tasks_of, verified
from jupyter_repro.study.bundles_html import bundles_html
from jupyter_repro.verifier.__main__ import add_verify
from jupyter_repro.verifier.consent import ask_on_terminal, decide
from jupyter_repro.verifier.errors import UsageFault
from jupyter_repro.verifier.report_junit import report_junit

from .verify_table import VerifyTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_repro.engines.engine import Engine
    from jupyter_repro.study.bundles import Verified

__all__ = ["verify_many"]

_EPILOG = (
    "exit codes, the highest of all bundles: 0 reproduced, 1 differs, 2 usage, 3 could not build, 4 could not run, "
    "5 bad or tampered bundle, 6 resource limit, 7 unknown signer"
)
_SINGLE = ("keep", "certificate")
_OWN = ("bundles", "output", "junit", "json", "quiet", "jobs", "shard", "engine", "sandbox", "html", *_SINGLE)


def verify_many(words: Sequence[str]) -> int:
    """Verify the bundles that the words name; return the highest exit code.

    Raises:
        BadWord: An option does not go with many bundles.
        RunFailed: There is no sandbox, and nobody allowed to go on without.
    """
    try:
        asked = _parser().parse_args(list(words))
    except SystemExit as stop:
        return int(stop.code or 0)
    for name in _SINGLE:
        if getattr(asked, name) is not None:
            raise BadWord(
                f"`--{name}` is for one bundle",
                remedy="verify that one alone; the page of all is `--html FILE`",
            )
    paths = shard_of([str(path) for path in asked.bundles], asked.shard)
    if not paths:
        sys.stderr.write("nothing to do: this part holds no bundle\n")
    engine = open_engine(asked.engine, jobs=asked.jobs)
    return _run(engine, paths, asked)


def _run(engine: Engine, paths: list[str], asked: argparse.Namespace) -> int:
    started = time.monotonic()
    found: list[Verified] = []
    pages: dict[str, str] = {}
    finished = False
    try:
        tasks = list(tasks_of(paths, _forwarded(asked, remote=engine.remote), remote=engine.remote))
        with VerifyTable([task.path for task in tasks], engine.name, quiet=asked.quiet) as table:
            for each in verified(engine, tasks, on_running=table.running):
                found.append(each)
                pages[each.path] = _write(each, asked.output, found)
                table.ended(each, pages[each.path])
        finished = True
    finally:
        engine.close(kill=not finished)
    facts = summary(found, engine=engine.name, shard=asked.shard, seconds=time.monotonic() - started)
    _told(facts, found, asked, _page(facts, found, pages, asked) if found else None)
    return int(facts["exit_code"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jupyter repro verify", description="rebuild, re-run and compare one or many bundles", epilog=_EPILOG,
        conflict_handler="resolve",
    )  # fmt: skip
    parser.add_argument("bundles", nargs="+", type=Path, metavar="BUNDLE")
    add_verify(parser)
    parser.add_argument("-j", "--jobs", type=_jobs, metavar="N", help="bundles at once; default one a core")
    parser.add_argument("--shard", metavar="I/N", help="only the I-th of N parts, for several machines")
    parser.add_argument(
        "--engine", metavar="ADDRESS", help="where they run, such as dask://scheduler:8786; default here"
    )
    parser.add_argument(
        "--output", type=Path, metavar="DIR", default=Path("repro-reports"),
        help="where the reports go, a folder for each of many bundles; default %(default)s, for one bundle here",
    )  # fmt: skip
    parser.add_argument(
        "--html", type=Path, metavar="PLACE",
        help="a page of all bundles that links to their reports, a file or a folder; default index.html beside the reports",
    )  # fmt: skip
    parser.add_argument(
        "--json", metavar="FILE", help="write all verdicts as JSON; - prints them (for one bundle: no FILE)"
    )
    return parser


def _forwarded(asked: argparse.Namespace, *, remote: bool) -> list[str]:
    """Return the options that each verification takes, with the question about the sandbox answered once."""
    words = []
    for name, value in sorted(vars(asked).items()):
        option = f"--{name.replace('_', '-')}"
        if name in _OWN or value in (None, False, []):
            continue
        for each in value if isinstance(value, list) else [value]:
            words += [option] if each is True else [option, str(each)]
    return [*words, "--sandbox", _sandbox(asked, remote=remote)]


def _sandbox(asked: argparse.Namespace, *, remote: bool) -> str:
    said: str | None = asked.sandbox or os.environ.get("JUPYTER_REPRO_SANDBOX")
    if remote:
        return said or "required"
    try:
        found = decide(said, network=asked.allow_network, environ={}, ask=ask_on_terminal())
    except UsageFault as fault:
        raise RunFailed(fault.message, remedy=fault.remedy) from fault
    if found.kind == "none":
        return "off" if said == "off" else "if-possible"
    return "required"


def _write(each: Verified, folder: Path, found: Sequence[Verified]) -> str:
    """Write the reports of one bundle into a folder of its own; return the page's path."""
    name = Path(each.path).name.removesuffix(".zip").removesuffix(".repro") or "bundle"
    twins = sum(Path(other.path).name == Path(each.path).name for other in found) - 1
    place = folder / (f"{name}-{twins + 1}" if twins else name)
    files = {"report.json": json.dumps(each.report, indent=2) + "\n", "report.html": each.page}
    for member, text in files.items():
        if text:
            _keep(place / member, text.encode("utf-8", "backslashreplace"))
    return str(place / "report.html") if each.page else ""


def _page(
    facts: dict[str, Any], found: Sequence[Verified], pages: dict[str, str], asked: argparse.Namespace
) -> Path:
    """Write the page of all bundles; return where it is."""
    place: Path = asked.html or asked.output / "index.html"
    if place.is_dir() or not place.suffix:
        place /= "index.html"
    links = {
        path: quote(Path(os.path.relpath(page, place.parent)).as_posix())
        for path, page in pages.items()
        if page
    }
    _keep(place, bundles_html(found, facts, links).encode("utf-8", "backslashreplace"))
    return place


def _told(
    facts: dict[str, Any], found: Sequence[Verified], asked: argparse.Namespace, place: Path | None
) -> None:
    text = json.dumps(facts, indent=2) + "\n"
    if asked.json == "-":
        sys.stdout.write(text)
    elif asked.json:
        _keep(Path(asked.json), text.encode())
    if asked.junit is not None:
        _keep(asked.junit, report_junit(*(each.report for each in found)))
    if asked.json != "-":
        counts = ", ".join(f"{count} {verdict}" for verdict, count in facts["verdicts"].items()) or "none"
        sys.stdout.write(f"{len(found)} bundles in {facts['seconds']:g} s: {counts}\n")
        if place is not None:
            sys.stdout.write(f"all on one page: {place}\n")


def _keep(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFailed(
            f"`{path.parent}` cannot be made: {error.strerror}", remedy="name another place with --output"
        ) from error
    write_atomic(path, data)


def _jobs(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value
