"""How true the verdicts are: random sessions of random notebooks against what run-all really gives.

``benchmarks/truth/run.py --sessions 5000`` plays the sessions under jupyter_repro, then runs each final
document top to bottom in a fresh process, and compares cell by cell what is shown and what is left. Every
cell that was wrongly called `reproduced` is printed with its session. A share of the documents is run in a
real kernel through nbclient too, to see whether the oracle is honest. ``--peer ipyflow`` gives the same
sessions to ipyflow.
"""

from __future__ import annotations

import argparse
import collections
import json
import platform
import re
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[0] = str(HERE.parent)

from truth import peer, table  # noqa: E402 - the folder above is put on the path first
from truth.kernel_check import disagreements, shown_by_kernel  # noqa: E402 - as above
from truth.playground import Playground  # noqa: E402 - as above
from truth.program import program_of  # noqa: E402 - as above
from truth.shrink import shrunk  # noqa: E402 - as above
from truth.tally import Tally  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truth.playground import Outcome
    from truth.program import Program

PAGE = HERE.parent.parent / "docs" / "benchmarks.md"
KERNEL_EVERY = 10


class Results:
    """What the sessions gave, added up as they end."""

    def __init__(self) -> None:
        self.total = Tally()
        self.peer = Tally()
        self.ours_beside = Tally()
        self.families: dict[str, Tally] = collections.defaultdict(Tally)
        self.failures: list[str] = []
        self.broken: list[tuple[int, str]] = []
        self.kernel_cells = 0
        self.kernel_odd: list[str] = []
        self.peer_raised: list[int] = []
        self.peer_sessions = 0
        self.sessions = 0

    def add(self, outcome: Outcome) -> None:
        """Count one session of ours."""
        self.sessions += 1
        if outcome.failure:
            self.failures.append(f"session {outcome.program.seed}: {outcome.failure}")
        for cell in outcome.cells:
            self.total.add(cell)
            for family in cell.families:
                self.families[family].add(cell)
            if cell.broken_promise:
                told = f"session {cell.seed} [{cell.cell}] {cell.source!r}: {cell.truth}, {cell.difference}"
                self.broken.append((cell.seed, f"{told}\n{outcome.program.told()}"))


def main() -> None:
    """Read the words, play, print."""
    options = _options()
    results = Results()
    began = time.perf_counter()
    _play_all(options, results, began)
    print(file=sys.stderr)
    report = _report(options, results)
    for _, told in sorted(results.broken):
        print(told, end="\n\n")
    for line in sorted(results.failures + results.kernel_odd):
        print(line)
    print(report)
    print(f"{time.perf_counter() - began:.0f} s")
    if options.write:
        _write(report)
    if options.log:
        Path(options.log).write_text(json.dumps({"broken": results.broken}, indent=1), encoding="utf-8")
    sys.exit(1 if results.broken else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0, help="number of the first session")
    parser.add_argument("--minutes", type=float, help="begin no session after this time")
    parser.add_argument("--jobs", type=int, default=2, help="sessions at the same time")
    parser.add_argument("--peer", choices=("ipyflow",), help="give the same sessions to a peer as well")
    parser.add_argument("--peer-sessions", type=int, default=1000, help="how many of them, the first ones")
    parser.add_argument("--no-kernel", action="store_true", help="leave the check in a real kernel out")
    parser.add_argument("--families", nargs="*", default=(), help="only sessions about these families")
    parser.add_argument("--shrink", type=int, metavar="N", help="print session N as small as it still lies")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/benchmarks.md")
    parser.add_argument("--log", help="write the broken promises to this JSON file")
    options = parser.parse_args()
    if options.shrink is not None:
        _shrink(options.shrink)
        sys.exit(0)
    return options


def _play_all(options: argparse.Namespace, results: Results, began: float) -> None:
    seeds = iter(range(options.seed, options.seed + options.sessions))
    lock = threading.Lock()
    workers = [
        threading.Thread(target=_work, args=(options, results, seeds, lock, began))
        for _ in range(options.jobs)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _work(
    options: argparse.Namespace, results: Results, seeds: Iterator[int], lock: threading.Lock, began: float
) -> None:
    playground = Playground()
    try:
        while True:
            with lock:
                seed = next(seeds, None)
            late = options.minutes is not None and time.perf_counter() - began > 60 * options.minutes
            if seed is None or late:
                return
            program = program_of(seed, families=tuple(options.families))
            outcome = playground.play(program)
            odd = None
            if not options.no_kernel and seed % KERNEL_EVERY == 0 and outcome.real:
                odd = _ask_kernel(playground, outcome)
            other = None
            if options.peer and seed < options.seed + options.peer_sessions:
                other = peer.ask(playground, program)
            with lock:
                results.add(outcome)
                _add_kernel(results, seed, outcome, odd)
                _add_peer(results, outcome, other)
                spent = time.perf_counter() - began
                print(
                    f"\r{results.sessions}/{options.sessions} sessions, {results.total.judged} cells, "
                    f"{len(results.broken)} broken promises, {spent:.0f} s",
                    end="",
                    file=sys.stderr,
                    flush=True,
                )
    finally:
        playground.close()


def _ask_kernel(playground: Playground, outcome: Outcome) -> dict[str, str]:
    kept = playground.copy_of_folder()
    try:
        shown = shown_by_kernel(outcome.program, str(playground.folder))
    finally:
        playground.put_back(kept)
    return disagreements(outcome.judged.seen if outcome.judged else {}, outcome.real, shown)


def _add_kernel(results: Results, seed: int, outcome: Outcome, odd: dict[str, str] | None) -> None:
    if odd is None:
        return
    results.kernel_cells += len(outcome.real)
    results.kernel_odd += [f"session {seed} [{name}]: {why}" for name, why in odd.items()]


def _add_peer(results: Results, outcome: Outcome, other: peer.Answer | None) -> None:
    if other is None:
        return
    results.peer_sessions += 1
    if other.raised:
        results.peer_raised.append(outcome.program.seed)
        return
    for cell in outcome.cells:
        results.ours_beside.add(cell)
        results.peer.add(other.said_of(cell))


def _report(options: argparse.Namespace, results: Results) -> str:
    machine = f"{platform.machine()}, CPython {platform.python_version()}"
    head = f"{results.sessions} sessions from number {options.seed}, {results.total.cells} cells; {machine}."
    families = dict(sorted(results.families.items()))
    lines = [
        f"{head} Command: `make truth`.",
        "",
        table.table({"all": results.total, **families}),
        "",
        table.apart(results.total),
    ]
    if results.failures:
        lines.append(f"Sessions without an answer, or with gaps in the record: {len(results.failures)}.")
    if results.kernel_cells:
        odd = len(results.kernel_odd)
        lines.append(
            f"Oracle against a real kernel: of {results.kernel_cells} cells, {odd} judged otherwise."
        )
    if results.peer_sessions:
        raised = len(results.peer_raised)
        lines += ["", _beside(options.peer, results.peer_sessions - raised, raised), ""]
        lines.append(table.table({"jupyter_repro": results.ours_beside, str(options.peer): results.peer}))
    return "\n".join(lines)


def _beside(name: str, counted: int, raised: int) -> str:
    return f"Beside {name}, {counted} sessions ({raised} more, in which it raised, are left out):"


def _shrink(seed: int) -> None:
    playground = Playground()

    def lies(program: Program) -> bool:
        return any(cell.broken_promise for cell in playground.play(program).cells)

    small = shrunk(program_of(seed), lies)
    print(small.told())
    for cell in playground.play(small).cells:
        print(f"  [{cell.cell}] {cell.verdict}: {' '.join(cell.why)} | truth: {cell.truth} {cell.difference}")
    playground.close()


def _write(report: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    block = f"<!-- truth -->\n{report}\n<!-- end truth -->"
    if "<!-- truth -->" in text:
        text = re.sub(r"<!-- truth -->.*?<!-- end truth -->", lambda _: block, text, flags=re.DOTALL)
    else:
        text = f"{text.rstrip()}\n\n## How true the verdicts are\n\n{block}\n"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
