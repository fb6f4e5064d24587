"""Another interpreter, another seed of string hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records.drift import Difference, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Environment, Python

__all__ = ["interpreter"]


def interpreter(record: Environment, now: Environment) -> Iterator[Difference | Unknown]:
    """Yield what differs in the interpreter."""
    before, after = record.python, now.python
    restore = f"uv venv --python {_spelled(before)}"
    if before.implementation != after.implementation:
        yield Difference(
            what="Python implementation",
            before=before.implementation,
            now=after.implementation,
            rank="can change numbers",
            reason="another implementation orders, rounds and hashes in its own way",
            restore=restore,
        )
    if before.version != after.version:
        minor = _minor(before.version) != _minor(after.version)
        yield Difference(
            what="Python",
            before=before.version,
            now=after.version,
            rank="can change numbers" if minor else "may change results",
            reason="`random`, `math`, `statistics` and the order of sets differ between versions"
            if minor
            else "a release of mended errors seldom changes numbers",
            restore=restore,
        )
    elif (before.compiler, before.build) != (after.compiler, after.build):
        yield Difference(
            what="Python's build",
            before=f"{before.compiler} ({before.build})",
            now=f"{after.compiler} ({after.build})",
            rank="may change results",
            reason="the same version of another builder may bring another libm, SQLite or OpenSSL",
            instead="install Python from where it came: uv, conda, the system or python.org",
        )
    yield from _hash_seed(before.hash_seed, after.hash_seed)


def _hash_seed(before: str, now: str) -> Iterator[Difference | Unknown]:
    if before == now:
        return
    for side, value in (("when the results were made", before), ("now", now)):
        if value.startswith("unknown"):
            yield Unknown(what="hash seed", reason=f"it is not known {side}: {value.partition(': ')[2]}")
            return
    fixed = before.isdecimal()
    yield Difference(
        what="hash seed",
        before=before,
        now=now,
        rank="can change numbers" if fixed else "may change results",
        reason="it decides the order of sets of strings, and what is summed or drawn in that order"
        if fixed
        else "it was random when the results were made: no order of a set can be brought back",
        restore=f"jupyter repro kernelspec --hash-seed {before}" if fixed else "",
        instead="" if fixed else "keep the fixed one: results will repeat from now on",
    )


def _minor(version: str) -> list[str]:
    return version.split(".")[:2]


def _spelled(python: Python) -> str:
    return (
        python.version
        if python.implementation == "CPython"
        else f"{python.implementation.lower()}@{python.version}"
    )
