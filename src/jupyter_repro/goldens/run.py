"""``with golden("digits") as g``: the block that records a reference, or checks a run against one."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.canonical import write_atomic
from jupyter_repro.errors import BadWord, GoldenDiffers, GoldenExists
from jupyter_repro.records.golden import Golden, Tensor
from jupyter_repro.rng.rank import rank_number

from .compare import compare
from .file import encode, golden_path, read_golden, write_golden
from .identity import context_now, identity_now
from .levels import early_refusal
from .mode import decided
from .numbers import Logged
from .perturb import perturb
from .weights import tensor_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

    from jupyter_repro.records.golden import Comparison

    from .mode import Act

__all__ = ["GoldenRun", "Teller"]


class Teller:
    """What is told at the end of a block; this one says nothing, doors say more."""

    def recorded(self, golden: Golden, path: Path) -> None:
        """Say that there is a reference now."""

    def compared(self, comparison: Comparison) -> None:
        """Say how a run is against its reference; an error follows where it differs."""

    def text(self, comparison: Comparison) -> str:  # noqa: ARG002 - for others to override
        """Return what the error of a run that differs shows."""
        return ""


class GoldenRun:
    """One run of training, as a reference or against one."""

    def __init__(
        self,
        name: str,
        *,
        level: str | None = None,
        mode: str | None = None,
        folder: str | os.PathLike[str] | None = None,
        teller: Teller | None = None,
    ) -> None:
        rank = rank_number()
        self.name = f"{name}.rank{rank}" if rank else name
        self.comparison: Comparison | None = None
        """How the run is against its reference; None before the block ends, and where one was recorded."""
        self._said = {"level": level, "mode": mode, "folder": folder}
        self._teller = teller or Teller()
        self._logged = Logged()
        self._initial: tuple[Tensor, ...] = ()
        self._final: dict[str, tuple[Tensor, ...]] = {}
        self._moved: tuple[str, int] | None = None
        self._give_back: Callable[[], None] | None = None
        self._open = False

    @property
    def path(self) -> Path:
        """The file of the reference."""
        return golden_path(self._decided.folder, self.name)

    @property
    def act(self) -> Act:
        """``check``, ``record``, ``replace``, or ``calibrate`` where that command runs it."""
        return self._decided.act

    def __enter__(self) -> Self:
        self._decided = decided(self.name, environ=os.environ, **self._said)  # type: ignore[arg-type]  # its values are those of the signature
        try:
            self._look_ahead()
        except Exception as error:
            self._refuse(error)
            raise
        if self._decided.perturb:
            self._give_back = _on_first_forward(self._perturb)
        self._open = True
        # one call fewer at each step: while the block is open, `log` is that of the numbers
        self.__dict__["log"] = self._logged.log
        return self

    def start(self, model: Any) -> None:
        """Note the initial weights; a calibration moves one of them here.

        Args:
            model: A module of torch, a dict of tensors or arrays, or anything with ``state_dict()``.

        Raises:
            BadWord: It has no weights that can be read.
        """
        self._check_open()
        if self._decided.perturb:
            self._perturb(model)
        self._initial = tensor_rows(model)

    def log(self, step: int, /, **values: Any) -> None:
        """Note what this step gave.

        Numbers, tensors and arrays of one element are taken. A tensor on a GPU is copied there, and fetched with others
        every few hundred steps: nothing waits for the device, as ``loss.item()`` would.

        Args:
            step: A whole number that grows from call to call; a second call with the same one adds to it.
            values: By name, such as ``loss=loss, lr=scheduler.get_last_lr()[0]``.

        Raises:
            BadWord: A step comes back, or a value is no single number.
        """
        self._check_open()
        self._logged.log(step, **values)

    def final(self, model: Any, name: str = "") -> None:
        """Note the weights at the end, as digests.

        Args:
            model: As for :meth:`start`.
            name: Where there are several, such as ``ema``.

        Raises:
            BadWord: It has no weights that can be read, or the name is taken.
        """
        self._check_open()
        if name in self._final:
            raise BadWord(
                f"`final` was given {f'`{name}`' if name else 'a model'} already",
                remedy="name the second one: `g.final(ema, 'ema')`",
            )
        rows = tensor_rows(model)
        named = [msgspec.structs.replace(row, name=f"{name}.{row.name}") for row in rows] if name else rows
        self._final[name] = tuple(named)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        self.__dict__.pop("log", None)
        self._logged.close()
        if self._give_back is not None:
            self._give_back()
        if kind is None:
            self._finish()

    def _finish(self) -> None:
        run = self._run()
        if self._decided.out is not None:
            self._hand_over(run)
        elif self._decided.act == "check":
            self._check(run)
        else:
            if not run.steps and not run.final:
                raise _empty(self.name)
            run = msgspec.structs.replace(run, level=run.level or "bitwise")
            write_golden(self.path, run)
            self._teller.recorded(run, self.path)

    def _check(self, run: Golden) -> None:
        self.comparison = compare(read_golden(self.path), run, level=self._decided.level)
        self._teller.compared(self.comparison)
        if self.comparison.verdict == "differs":
            error = GoldenDiffers(
                f"this run is not the golden run `{self.name}`",
                remedy="if the new numbers are right, look at why and record them: `jupyter repro golden record --replace`",
            )
            error.comparison, error.shown = self.comparison, self._teller.text(self.comparison)
            raise error

    def _run(self) -> Golden:
        steps = self._logged.steps()
        return Golden(
            name=self.name,
            level=self._decided.level,
            identity=identity_now(),
            context=context_now(),
            dtypes=self._logged.dtypes,
            steps=steps,
            initial=self._initial,
            final=tuple(sorted((row for rows in self._final.values() for row in rows), key=lambda row: row.name)),
            perturbed=self._moved,
        )  # fmt: skip

    def _look_ahead(self) -> None:
        """Refuse now what would be refused after hours of training."""
        there = self.path.is_file()
        if self._decided.act == "record" and there:
            raise GoldenExists(
                f"there is a reference `{self.path}` already",
                remedy="check against it, or record over it by saying so: `jupyter repro golden record --replace`, "
                "`%repro golden record NAME replace` or `mode='replace'`",
            )
        if self._decided.act in {"check", "calibrate"}:
            reference = read_golden(self.path)
            if self._decided.act == "check":
                early_refusal(reference, self._decided.level or reference.level, identity_now())

    def _refuse(self, error: Exception) -> None:
        """Let the command that drives this process say why, in its own words."""
        if self._decided.out is not None:
            told = {"type": type(error).__name__, "message": getattr(error, "message", str(error))}
            told["remedy"] = getattr(error, "remedy", "")
            write_atomic(self._decided.out / "refused.json", msgspec.json.encode(told))
            ipython = sys.modules.get("IPython")
            if ipython is None or ipython.get_ipython() is None:
                raise SystemExit(1) from None

    def _hand_over(self, run: Golden) -> None:
        folder = self._decided.out
        if folder is not None:
            number = len(list(folder.glob("*.run.json")))
            write_atomic(folder / f"{number:04d}-{os.getpid()}.run.json", encode(run))

    def _perturb(self, model: Any) -> None:
        if self._moved is None and self._decided.perturb != "0":
            self._moved = perturb(model, seed=f"{self.name}/{self._decided.perturb}")

    def _check_open(self) -> None:
        if not self._open:
            raise BadWord(
                f"the golden run `{self.name}` is not open", remedy="use it inside `with golden(...) as g:`"
            )


def _empty(name: str) -> BadWord:
    return BadWord(
        f"the golden run `{name}` logged nothing", remedy="call `g.log(step, loss=loss)` at each step"
    )


def _on_first_forward(act: Callable[[Any], None]) -> Callable[[], None] | None:
    """Call ``act`` with the first module that computes something and has parameters; return what takes that back."""
    torch = sys.modules.get("torch")
    if torch is None:
        return None
    from torch.nn.modules.module import register_module_forward_pre_hook

    handles: list[Any] = []

    def hook(module: Any, _inputs: Any) -> None:
        if handles and next(iter(module.parameters()), None) is not None:
            handles.pop().remove()
            act(module)

    handles.append(register_module_forward_pre_hook(hook))
    return lambda: handles.pop().remove() if handles else None
