"""A callback for Lightning: our checkpoints in the place of its own, which keep no random streams and are pickles."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord, NotInstalled
from jupyter_repro.rng.loading import ReproLoader

from . import follow, load, save

if TYPE_CHECKING:
    import os

    from jupyter_repro.checkpoints.loading import Loaded
    from jupyter_repro.checkpoints.retention import Keep
    from jupyter_repro.checkpoints.saving import Saved

try:
    from lightning.pytorch.callbacks import Callback
except ImportError:
    try:
        from pytorch_lightning.callbacks import Callback
    except ImportError:
        raise NotInstalled(
            "Lightning is not installed", remedy="run `pip install lightning`, or save without its callback"
        ) from None

__all__ = ["LightningCheckpoint"]


class LightningCheckpoint(Callback):  # type: ignore[misc] # mypy does not read Lightning
    """Saves every n steps, and goes on from a checkpoint bit for bit.

    Args:
        path: As for ``save``: ``checkpoints/{run}/{step:08d}``.
        every_n_steps: After how many steps of the optimizer it saves.
        loader: The training loader, a ``jupyter_repro.loader``, as the Trainer gets it.
        resume: The checkpoint to go on from; None begins anew. Leave ``ckpt_path`` of ``fit`` alone.
        keep: As for ``save``.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        every_n_steps: int,
        loader: Any = None,
        resume: str | os.PathLike[str] | None = None,
        keep: Keep | None = None,
    ) -> None:
        super().__init__()
        if every_n_steps < 1:
            raise BadWord(f"`every_n_steps={every_n_steps}` never saves", remedy="write 1 or more")
        self._path = path
        self._every = every_n_steps
        self._loader = loader
        self._resume = None if resume is None else Path(resume)
        self._keep = keep
        self._step = -1
        self._begins = False
        self.saved: Saved | None = None
        """The last one."""
        self.loaded: Loaded | None = None
        """What it went on from."""

    def on_fit_start(self, trainer: Any, pl_module: Any) -> None:  # noqa: ARG002 - Lightning's signature
        """Put Lightning's own counters where they were."""
        if self._resume is not None:
            from jupyter_repro.checkpoints.reading import read_manifest, read_state, refuse_faults

            folder, manifest = read_manifest(self._resume)
            refuse_faults(self._resume, folder, manifest)
            trainer.fit_loop.load_state_dict(read_state(folder, manifest, "extra")["lightning loops"])

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Put all states back; the first iterator is made already, and is made again at the right place."""
        given = self._given(trainer, pl_module)
        if self._resume is not None:
            self.loaded = load(self._resume, **given)
            _begin_next_epoch(given["loader"])
            # Lightning has made an iterator already, before the loader knew where it was
            iter(trainer.fit_loop._data_fetcher)  # noqa: SLF001 - there is no public way
            self._step, self._begins, self._resume = trainer.global_step, True, None
        follow(optimizer=given["optimizer"], scaler=given["scaler"])

    def on_train_batch_start(self, trainer: Any, pl_module: Any, batch: Any, batch_idx: int) -> None:  # noqa: ARG002 - as above
        """Put the random streams back before the first step, when all iterators are made."""
        if self._begins and self.loaded is not None:
            self._begins = False
            self.loaded.restore_streams()

    def on_train_batch_end(self, trainer: Any, pl_module: Any, *_: Any) -> None:
        """Save, where it is time; at the end of an epoch not before the validation, which may draw."""
        if not trainer.is_last_batch:
            self._save(trainer, pl_module)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Save, where it is time."""
        self._save(trainer, pl_module)

    def _save(self, trainer: Any, pl_module: Any) -> None:
        step = trainer.global_step
        if step == self._step or step % self._every:
            return
        self._step = step
        metrics = {str(name): value for name, value in trainer.callback_metrics.items()}
        loops = copy.deepcopy(trainer.fit_loop.state_dict())
        self.saved = save(
            self._path,
            step=step,
            metrics=metrics,
            keep=self._keep,
            extra={"lightning loops": loops},
            **self._given(trainer, pl_module),
        )

    def _given(self, trainer: Any, pl_module: Any) -> dict[str, Any]:
        return {
            "model": pl_module,
            "optimizer": list(trainer.optimizers),
            "scheduler": [each.scheduler for each in trainer.lr_scheduler_configs] or None,
            "scaler": getattr(trainer.precision_plugin, "scaler", None),
            "loader": trainer.train_dataloader if self._loader is None else self._loader,
        }


def _begin_next_epoch(loader: Any) -> None:
    """Leave out a pass without batches: Lightning goes on with the next epoch where one was at its end."""
    if isinstance(loader, ReproLoader):
        position = loader.state_dict()
        if position["batch"] >= len(loader):
            loader.set_epoch(position["epoch"] + 1)
