"""Checkpoints: save, load, resume, verify; ``jupyter_repro.checkpoint``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.api.asked import running_shell
from jupyter_repro.kernel.checkpoint_run import here, note_saved, surroundings
from jupyter_repro.kernel.extension import session_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jupyter_repro.checkpoints.loading import Loaded
    from jupyter_repro.checkpoints.reading import Found
    from jupyter_repro.checkpoints.retention import Keep
    from jupyter_repro.checkpoints.saving import Saved
    from jupyter_repro.checkpoints.verifying import Verified
    from jupyter_repro.kernel.session import Session

    from .lightning import LightningCheckpoint
    from .transformers import TrainerCheckpoint

__all__ = [
    "Keep",
    "LightningCheckpoint",
    "TrainerCheckpoint",
    "check",
    "find",
    "follow",
    "latest",
    "load",
    "resume",
    "save",
    "unfollow",
    "verify",
]


def save(  # noqa: PLR0913 - what a step hangs on, all keyword-only
    path: str | os.PathLike[str],
    *,
    model: Any = None,
    optimizer: Any = None,
    scheduler: Any = None,
    scaler: Any = None,
    loader: Any = None,
    step: int | None = None,
    epoch: int | None = None,
    metrics: Mapping[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
    preprocessing: Any = None,
    augmentation: Any = None,
    keep: Keep | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Saved:
    """Write a checkpoint from which training goes on bit for bit; whole or not at all, and without pickle.

    Beside what is given it holds every RNG stream, the digests of data and environment, the commit, and the reason of
    everything that it does not hold.

    Args:
        path: Its folder, a pattern: ``checkpoints/{run}/{step:08d}``. An older checkpoint there is replaced.
        model: What has ``state_dict()``, a dict of several, or an estimator of scikit-learn.
        optimizer: As ``model``.
        scheduler: As ``model``.
        scaler: As ``model``.
        loader: Best a :func:`jupyter_repro.loader`; a plain DataLoader has no position.
        step: How many steps were taken.
        epoch: The epoch; None takes the loader's.
        metrics: Numbers by name.
        extra: More by name: what has ``state_dict()``, generators of your own, or plain data.
        preprocessing: How data are prepared: a transform, or plain data that say it; None looks at the data set.
        augmentation: As ``preprocessing``.
        keep: Which older checkpoints of this run stay; None: all.
        files: More files by name, which other tools look for.

    Raises:
        BadCheckpoint: Something has no state, or holds what is no data; where is told.
        BadWord: The path cannot be made.
        NotInstalled: safetensors or skops is not there.
        StorageFailed: It cannot be written.
    """
    from jupyter_repro.checkpoints.saving import save as write

    given = {
        "model": model, "optimizer": optimizer, "scheduler": scheduler, "scaler": scaler, "loader": loader,
        "extra": extra,
    }  # fmt: skip
    facts = {
        "step": step, "epoch": epoch, "metrics": metrics, "preprocessing": preprocessing,
        "augmentation": augmentation,
    }  # fmt: skip
    session = _session()
    saved = write(path, given, facts, surroundings(session), keep=keep, files=files)
    note_saved(session, saved)
    return saved


def load(  # noqa: PLR0913 - as for save
    path: str | os.PathLike[str],
    *,
    model: Any = None,
    optimizer: Any = None,
    scheduler: Any = None,
    scaler: Any = None,
    loader: Any = None,
    extra: Mapping[str, Any] | None = None,
    digest: str = "",
    trusted: Sequence[str] = (),
    preprocessing: Any = None,
    augmentation: Any = None,
) -> Loaded:
    """Put the states of a checkpoint into objects that were made as the saved ones were.

    Every byte is checked first. Without ``loader=`` all RNG streams are put back here; with it when its iterator has
    been made, which draws from them: loop over ``jupyter_repro.resume(loader)``.

    Args:
        path: Its folder.
        model: What the state goes into; an estimator of scikit-learn comes back as ``.model``.
        optimizer: As ``model``.
        scheduler: As ``model``.
        scaler: As ``model``.
        loader: As ``model``; the number of workers may be another.
        extra: What has a state, by the names that it was saved by.
        digest: The only checkpoint that is taken.
        trusted: Classes that an estimator may be made of beside those that skops knows.
        preprocessing: As for :func:`save`, to be compared; what differs stands in ``.differences``.
        augmentation: As ``preprocessing``.

    Raises:
        BadCheckpoint: It is damaged, was changed, is another one, or an object cannot take its state.
        NotInstalled: safetensors or skops is not there.
    """
    from jupyter_repro.checkpoints.loading import load as read

    given = {
        "model": model, "optimizer": optimizer, "scheduler": scheduler, "scaler": scaler, "loader": loader,
        "extra": extra,
    }  # fmt: skip
    around = {"preprocessing": preprocessing, "augmentation": augmentation, **here(_session())}
    return read(path, given, digest=digest, trusted=trusted, around=around)


def resume(loader: Any, checkpoint: Loaded | None = None) -> Iterator[Any]:
    """Yield the batches of a loader's next pass: ``for x, y in jupyter_repro.resume(loader)``.

    The first pass after :func:`load` goes on in the middle of its epoch, and puts the RNG streams back once the
    iterator is made. Every other pass is the loader's own.

    Args:
        loader: As it was given to :func:`load`.
        checkpoint: What :func:`load` returned; None: the one that was loaded into this loader last, if any.
    """
    from jupyter_repro.checkpoints.loading import resume as go_on

    return go_on(loader, checkpoint)


def verify(  # noqa: PLR0913 - as for save
    path: str | os.PathLike[str],
    step: Callable[..., Any],
    *,
    steps: int = 3,
    model: Any = None,
    optimizer: Any = None,
    scheduler: Any = None,
    scaler: Any = None,
    loader: Any = None,
    extra: Mapping[str, Any] | None = None,
    digest: str = "",
) -> Verified:
    """Reload a checkpoint and take some steps, twice; compare every loss, weight and stream, bit for bit.

    Afterwards everything that is given, and every stream, is as it was before.

    Args:
        path: Its folder.
        step: Takes one step and returns the loss: ``step(batch)`` if there is a loader, else ``step()``.
        steps: How many.
        model: As for :func:`load`, as are the others.
        optimizer: As ``model``.
        scheduler: As ``model``.
        scaler: As ``model``.
        loader: As ``model``.
        extra: As ``model``.
        digest: The only checkpoint that is taken.

    Raises:
        BadCheckpoint: As for :func:`load`.
        BadWord: No step is to be taken.
    """
    from jupyter_repro.checkpoints.verifying import verify as prove

    given = {
        "model": model, "optimizer": optimizer, "scheduler": scheduler, "scaler": scaler, "loader": loader,
        "extra": extra,
    }  # fmt: skip
    return prove(path, step, given, steps=steps, digest=digest)


def follow(*, optimizer: Any = None, scaler: Any = None) -> None:
    """Log from now on the learning rates at each step, and the loss scale; checkpoints hold them as history.

    A hook of torch's own on the optimizer; the device is not waited for. :func:`unfollow` takes it away.

    Args:
        optimizer: One, or several in a list or by name, as they will be given to :func:`save`.
        scaler: A gradient scaler, or several.
    """
    from jupyter_repro.checkpoints.history import follow as begin

    begin(optimizer=optimizer, scaler=scaler)


def unfollow() -> None:
    """Take away every hook of :func:`follow`."""
    from jupyter_repro.checkpoints.history import unfollow as end

    end()


def find(folder: str | os.PathLike[str] = ".") -> tuple[Found, ...]:
    """Return the checkpoints below a folder, by their steps; damaged ones have no manifest and a fault.

    Args:
        folder: The folder; only manifests are read.
    """
    from jupyter_repro.checkpoints.reading import find as look

    return look(Path(folder))


def latest(folder: str | os.PathLike[str] = ".", *, run: str = "") -> Path:
    """Return the checkpoint that was saved last.

    Args:
        folder: Looked through with all below it.
        run: Only of this run.

    Raises:
        BadCheckpoint: There is none.
    """
    from jupyter_repro.checkpoints.reading import latest as last

    return last(Path(folder), run=run)


def check(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Return what is damaged, missing or added in a checkpoint; empty: it is what was saved. Nothing is loaded.

    Args:
        path: Its folder.

    Raises:
        BadCheckpoint: There is none, or its manifest itself is damaged.
    """
    from jupyter_repro.checkpoints.reading import faults, read_manifest

    return faults(*read_manifest(Path(path)))


def _session() -> Session | None:
    shell = running_shell()
    return None if shell is None else session_of(shell)


def __getattr__(name: str) -> Any:
    """Import what needs a library only when it is used."""
    if name == "Keep":
        from jupyter_repro.checkpoints.retention import Keep

        return Keep
    if name == "LightningCheckpoint":
        from .lightning import LightningCheckpoint

        return LightningCheckpoint
    if name == "TrainerCheckpoint":
        from .transformers import TrainerCheckpoint

        return TrainerCheckpoint
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
