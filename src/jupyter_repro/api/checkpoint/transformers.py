"""A callback for the Trainer of Hugging Face: our checkpoints, from which it goes on itself."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord, NotInstalled

from . import follow, load, save

if TYPE_CHECKING:
    import os

    from jupyter_repro.checkpoints.loading import Loaded
    from jupyter_repro.checkpoints.retention import Keep
    from jupyter_repro.checkpoints.saving import Saved

try:
    from transformers import TrainerCallback
except ImportError:
    raise NotInstalled(
        "transformers is not installed", remedy="run `pip install transformers accelerate`"
    ) from None

__all__ = ["TrainerCheckpoint"]

_STATE = "trainer_state.json"
"""What the Trainer itself looks for where it goes on."""


class TrainerCheckpoint(TrainerCallback):  # type: ignore[misc] # mypy does not read transformers
    """Saves every n steps; ``trainer.train(resume_from_checkpoint=path)`` with this callback goes on bit for bit.

    The order of the data is the Trainer's business: let ``get_train_dataloader`` return a ``jupyter_repro.loader``, or
    have a data set and a collator that draw nothing.

    Args:
        path: As for ``save``: ``checkpoints/{run}/{step:08d}``.
        every_n_steps: After how many steps of the optimizer it saves.
        resume: What ``train(resume_from_checkpoint=...)`` is given; None begins anew.
        keep: As for ``save``.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        every_n_steps: int,
        resume: str | os.PathLike[str] | None = None,
        keep: Keep | None = None,
    ) -> None:
        if every_n_steps < 1:
            raise BadWord(f"`every_n_steps={every_n_steps}` never saves", remedy="write 1 or more")
        self._path = path
        self._every = every_n_steps
        self._resume = None if resume is None else Path(resume)
        self._keep = keep
        self._begins = False
        self.saved: Saved | None = None
        """The last one."""
        self.loaded: Loaded | None = None
        """What it went on from."""

    def on_train_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:  # noqa: ARG002 - the Trainer's signature
        """Put the states back, and follow the learning rates."""
        objects = _given(given)
        if self._resume is not None:
            self.loaded = load(self._resume, loader=_Later(), **objects)
            self._begins, self._resume = True, None
        follow(optimizer=objects["optimizer"], scaler=objects["scaler"])

    def on_epoch_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:  # noqa: ARG002 - as above
        """Put the random streams back before an iterator is made, where the epoch begins: making it draws."""
        if float(state.epoch or 0).is_integer():
            self.on_step_begin(args, state, control)

    def on_step_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:  # noqa: ARG002 - as above
        """Put the random streams back before the first step, when its batch is there."""
        if self._begins and self.loaded is not None:
            self._begins = False
            self.loaded.restore_streams()

    def on_step_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:  # noqa: ARG002 - as above
        """Save, where it is time."""
        if state.global_step % self._every:
            return
        last = state.log_history[-1] if state.log_history else {}
        metrics = {name: value for name, value in last.items() if isinstance(value, (int, float))}
        told = json.dumps(dataclasses.asdict(state), indent=2, sort_keys=True) + "\n"
        self.saved = save(
            self._path,
            step=state.global_step,
            epoch=int(state.epoch or 0),
            metrics=metrics,
            keep=self._keep,
            files={_STATE: told.encode()},
            **_given(given),
        )


class _Later:
    """Stands where a loader would: the streams are put back at the first step."""


def _given(given: dict[str, Any]) -> dict[str, Any]:
    optimizer, scheduler = given["optimizer"], given["lr_scheduler"]
    return {
        "model": given["model"],
        # accelerate wraps both; what it wraps is what steps, and the wrapper has the scaler of fp16
        "optimizer": getattr(optimizer, "optimizer", optimizer),
        "scheduler": getattr(scheduler, "scheduler", scheduler),
        "scaler": getattr(optimizer, "scaler", None),
    }
