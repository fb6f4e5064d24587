"""What `jupyter repro golden` and `%repro golden` do with the runs of a target."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import NoGolden, RunFailed

from .compare import compare
from .file import golden_path, read_golden, reference_paths, write_golden
from .running import Target, golden_runs
from .tolerances import FACTOR, calibrated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_repro.records.golden import Comparison, Golden

__all__ = ["RUNS", "calibrate", "check", "record", "recorded_targets", "target_of"]

RUNS = 6


def target_of(word: str, arguments: tuple[str, ...], folder: str) -> Target:
    """Return what a command line names; references lie beside a notebook, else in the working folder."""
    from .file import FOLDER

    beside = Path(word).parent if word.endswith(".ipynb") else Path()
    return Target(word=word, arguments=arguments, folder=(Path(folder) if folder else beside / FOLDER).absolute())  # fmt: skip


def record(target: Target, *, level: str = "", replace: bool = False, quiet: bool = False) -> Iterator[tuple[Golden, Path]]:  # fmt: skip
    """Run the target, write a reference for each golden run, and yield them.

    Raises:
        GoldenExists: There is one, and it is not to be replaced.
        RunFailed: The target could not be run, or logs nothing.
    """
    runs = golden_runs(target, "replace" if replace else "record", level=level, quiet=quiet)
    for run in runs:
        if not run.steps and not run.final:
            raise RunFailed(f"the golden run `{run.name}` logged nothing", remedy="call `g.log(step, loss=loss)` at each step")  # fmt: skip
    for run in runs:
        path = golden_path(target.folder, run.name)
        golden = msgspec.structs.replace(run, target=_told(target), level=run.level or "bitwise")
        write_golden(path, golden)
        yield golden, path


def check(target: Target, *, level: str = "", quiet: bool = False) -> list[Comparison]:
    """Run the target and return how each golden run is against its reference.

    Raises:
        NoGolden: There is no reference, or one of this target's was not run.
        GoldenRefused: That cannot be told here.
        RunFailed: The target could not be run.
    """
    runs = golden_runs(target, "check", level=level, quiet=quiet)
    found = []
    for run in runs:
        reference = read_golden(golden_path(target.folder, run.name))
        found.append(compare(reference, run, level=run.level))
    ran = {run.name for run in runs}
    for path in reference_paths(target.folder):
        reference = read_golden(path)
        if reference.target == _told(target) and reference.name not in ran:
            raise NoGolden(
                f"`{target.word}` did not run `{reference.name}`, whose reference is `{path}`",
                remedy="see why its block was not reached, or remove the reference",
            )
    return found


def calibrate(
    target: Target,
    *,
    runs: int = RUNS,
    factor: float = FACTOR,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Iterator[tuple[Golden, Path]]:
    """Run the target unchanged, then with one weight moved by its last bit, and write the tolerances that follow.

    Args:
        target: What recorded the references.
        runs: How many perturbed runs.
        factor: Tolerances are so many times what they show.
        progress: Told before each run how many are done, of how many.

    Raises:
        NoGolden: There is no reference.
        RunFailed: The target could not be run.
        BadWord: No perturbation changed anything.
    """
    rounds: list[dict[str, Golden]] = []
    for number in range(runs + 1):
        progress(number, runs + 1)
        found = golden_runs(target, "calibrate", perturb=str(number), quiet=True)
        rounds.append({run.name: run for run in found})
    for name, unchanged in rounds[0].items():
        missing = sum(name not in each for each in rounds)
        if missing:
            raise RunFailed(f"{missing} of {len(rounds)} runs did not reach `{name}`", remedy="log to it in every run")  # fmt: skip
        path = golden_path(target.folder, name)
        golden = calibrated(read_golden(path), unchanged, [each[name] for each in rounds[1:]], factor=factor)
        write_golden(path, golden)
        yield golden, path


def recorded_targets(folder: Path) -> tuple[dict[str, list[str]], list[str]]:
    """Return the targets that recorded the references of a folder, and the names of those that tell none."""
    targets: dict[str, list[str]] = {}
    unknown = []
    for path in reference_paths(folder):
        golden = read_golden(path)
        if golden.target:
            targets.setdefault(golden.target, []).append(golden.name)
        else:
            unknown.append(golden.name)
    return targets, unknown


def _told(target: Target) -> str:
    """Spell the target as from the folder above that of the references, with its arguments."""
    word = target.word
    if word.endswith((".py", ".ipynb")):
        path = os.path.relpath(Path(word).absolute(), target.folder.parent)
        word = Path(path).as_posix()
    return shlex.join((word, *target.arguments))
