"""Running a script, a notebook or a function in a process of its own, and taking its golden runs from there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro import errors
from jupyter_repro.errors import BadWord, ReproError, RunFailed

from .file import read_golden
from .mode import ACT, LEVEL, OUT, PERTURB, PLACE

if TYPE_CHECKING:
    from jupyter_repro.records.golden import Golden

    from .mode import Act

__all__ = ["Target", "golden_runs"]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What is run: ``train.py``, ``study.ipynb`` or ``package.module:function``."""

    word: str
    arguments: tuple[str, ...] = ()
    folder: Path
    """Where references lie, absolute."""

    @property
    def is_notebook(self) -> bool:
        """Whether a kernel runs it."""
        return self.word.endswith(".ipynb")

    def check(self) -> None:
        """Refuse what cannot be run.

        Raises:
            BadWord: It is neither a file nor a function.
        """
        if self.word.endswith((".py", ".ipynb")):
            if not Path(self.word).is_file():
                raise BadWord(
                    f"there is no file `{self.word}`", remedy="name a script, a notebook or `module:function`"
                )
        elif ":" not in self.word:
            raise BadWord(
                f"`{self.word}` is nothing that can be run",
                remedy="name a script (`train.py`), a notebook (`study.ipynb`) or a function (`package.module:function`)",
            )
        if self.is_notebook and self.arguments:
            raise BadWord("a notebook takes no arguments", remedy="set its parameters in a cell")


def golden_runs(target: Target, act: Act, *, level: str = "", perturb: str = "", quiet: bool = False) -> list[Golden]:  # fmt: skip
    """Run the target once and return its golden runs, in the order in which they ended.

    Args:
        target: What to run.
        act: What its blocks are to do.
        level: How they compare; empty: as their code says.
        perturb: The number of a perturbation, ``0`` for none; empty outside of a calibration.
        quiet: Do not show what it prints.

    Raises:
        ReproError: What a block refused, in its own words.
        RunFailed: It ended with an error, or has no golden run.
    """
    target.check()
    with tempfile.TemporaryDirectory(prefix="jr-golden-") as name:
        out = Path(name)
        told = {ACT: act, OUT: name, PLACE: str(target.folder), LEVEL: level, PERTURB: perturb}
        environment = {
            key: value for key, value in {**os.environ, **told}.items() if value or key not in told
        }
        failed = _notebook(target, told) if target.is_notebook else _program(target, environment, quiet=quiet)  # fmt: skip
        _raise_refused(out)
        if failed:
            raise RunFailed(f"`{target.word}` could not be run: {failed}", remedy="run it by itself and mend the error")  # fmt: skip
        runs = [read_golden(path) for path in sorted(out.glob("*.run.json"))]
    if not runs:
        raise RunFailed(
            f"`{target.word}` has no golden run",
            remedy="put its training into `with jupyter_repro.golden(NAME) as g:`, and see that it is reached",
        )
    names = [run.name for run in runs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadWord(f"`{target.word}` has two golden runs `{twice}`", remedy="give each a name of its own")
    return runs


def _program(target: Target, environment: dict[str, str], *, quiet: bool) -> str:
    """Run a script or a function; return why it failed."""
    script = target.word.endswith(".py")
    what = [target.word] if script else ["-m", "jupyter_repro.goldens.call", target.word]
    done = subprocess.run(
        [sys.executable, *what, *target.arguments],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL if quiet else sys.stderr, check=False,
    )  # fmt: skip
    return "" if done.returncode == 0 else f"it ended with exit status {done.returncode}"


def _notebook(target: Target, told: dict[str, str]) -> str:
    """Run a notebook in a fresh kernel, with these variables beside those of this process; return why it failed."""
    import copy

    from jupyter_repro.bundle.governing import kernel_environment
    from jupyter_repro.bundle.notebook import read_notebook
    from jupyter_repro.verifier.errors import VerifierError
    from jupyter_repro.verifier.execute import KernelSpec, execute

    notebook = read_notebook(Path(target.word))
    kernel = KernelSpec(
        python=sys.executable,
        cwd=notebook.path.resolve().parent,
        environment={
            **kernel_environment(os.environ, cores=os.cpu_count() or 1, cells=notebook.cells),
            **told,
        },
    )
    try:
        done = execute(copy.deepcopy(notebook.node), kernel=kernel)
    except VerifierError as error:
        return error.message
    bad = next((cell for cell in done.cells if cell.ended not in {"ok", "not run"}), None)
    return done.died or ("" if bad is None else f"cell `{bad.id}`: {bad.error or bad.ended}")


def _raise_refused(out: Path) -> None:
    """Raise in this process what a block has raised in the other."""
    path = out / "refused.json"
    if path.is_file():
        told = json.loads(path.read_text(encoding="utf-8"))
        kind = getattr(errors, told["type"], None)
        if isinstance(kind, type) and issubclass(kind, ReproError):
            raise kind(told["message"], remedy=told["remedy"])
        raise RunFailed(f"a golden run did not begin: {told['message']}", remedy="mend the error and run it again")  # fmt: skip
