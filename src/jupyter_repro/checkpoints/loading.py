"""Going on from a checkpoint, the streams last."""

from __future__ import annotations

import warnings
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadCheckpoint
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.records import Missing

from .describe import parting, settings_of
from .estimators import read_estimator
from .history import take_history
from .identity import identity_now
from .parts import put_back
from .reading import read_manifest, read_state, refuse_faults, refuse_other
from .saving import GIVEN
from .streams import put_streams_back

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_repro.records.checkpoints import CheckpointManifest

__all__ = ["Loaded", "load", "resume"]

_WAITING: weakref.WeakKeyDictionary[Any, Loaded] = weakref.WeakKeyDictionary()
"""Loaders whose next pass puts the streams back."""


class Loaded:
    """A checkpoint whose states are in the objects that were given."""

    def __init__(self, path: Path, folder: Path, manifest: CheckpointManifest) -> None:
        self.path = path
        self.manifest = manifest
        self.step = manifest.step
        self.epoch = manifest.epoch
        self.metrics = manifest.numbers
        self.model: Any = None
        """An estimator of scikit-learn that was saved; None for what takes a state."""
        self.extra: Any = None
        """What was saved as ``extra=``."""
        self.history: Any = None
        """Learning rates and loss scales so far."""
        self.not_given: tuple[str, ...] = ()
        """Parts that it holds and nobody asked for."""
        self.differences: tuple[str, ...] = ()
        """What is other here than where it was saved."""
        self.streams_failed: tuple[str, ...] = ()
        """Streams that could not be put back, with the reason."""
        self._streams: Any = read_state(folder, manifest, "rng")
        self._waits = True

    @property
    def absent(self) -> dict[str, str]:
        """What the checkpoint does not hold, with the reason."""
        return self.manifest.absent

    def __repr__(self) -> str:
        step = "" if self.step is None else f", step {self.step}"
        return f"<checkpoint {self.path.name}{step}, {len(self.manifest.parts)} parts>"

    def restore_streams(self) -> None:
        """Put every RNG stream where it was when the checkpoint was saved.

        Warns:
            RuntimeWarning: One could not be.
        """
        self._waits = False
        self.streams_failed = put_streams_back(self._streams, self.manifest.streams)
        if self.streams_failed:
            warnings.warn(f"not put back: {'; '.join(self.streams_failed)}", RuntimeWarning, stacklevel=3)

    def resume(self, loader: Any) -> Iterator[Any]:
        """Yield the batches of a loader's next pass; the streams are put back once its iterator is made.

        ``iter()`` of a plain loader draws from them. Where the loader has no position, they are put back before, as
        they stood at the beginning of an epoch. Later passes are plain ones.
        """
        if not self._waits:
            yield from loader
            return
        if "loader" in self.manifest.parts:
            batches = iter(loader)
            self.restore_streams()
        else:
            self.restore_streams()
            batches = iter(loader)
        yield from batches


def load(  # noqa: PLR0913 - what a load is told, most of it keyword-only
    path: str | os.PathLike[str],
    given: Mapping[str, Any],
    *,
    digest: str = "",
    trusted: Sequence[str] = (),
    around: Mapping[str, Any] | None = None,
    waits: bool = True,
) -> Loaded:
    """Put the states of a checkpoint into objects that were made as the saved ones were.

    Every byte is checked first. With ``loader=`` the streams wait for :func:`resume`; without, they are put back here.

    Args:
        path: Its folder.
        given: Objects by the words of ``GIVEN``; None where there is none.
        digest: The only one that is taken.
        trusted: Classes that an estimator may be made of.
        around: What is told of preprocessing, augmentation, data and code now, to be compared.
        waits: Whether the loader's next pass through :func:`resume` puts the streams back without being told.

    Raises:
        BadCheckpoint: It is damaged, was changed, is another one, or an object cannot take its state.
        NotInstalled: safetensors or skops is not there.
    """
    target = Path(path)
    folder, manifest = read_manifest(target)
    refuse_other(target, manifest, digest)
    refuse_faults(target, folder, manifest)
    asked = {word: given[word] for word in GIVEN if given.get(word) is not None}
    for word in asked:
        if word not in manifest.parts and word != "loader":
            raise BadCheckpoint(
                f"`{target}` holds no {word}: {manifest.absent.get(word, 'it was not given')}",
                remedy=f"leave `{word}=` out, or go on from another checkpoint",
            )
    loaded = Loaded(target, folder, manifest)
    states = {word: read_state(folder, manifest, word) for word in asked if _is_state(manifest, word)}
    for word, state in states.items():
        put_back(asked[word], state, word)
    _whole_parts(loaded, folder, trusted)
    loaded.not_given = tuple(w for w in manifest.parts if w in GIVEN and w not in asked and w != "extra")
    if "history" in manifest.parts:
        loaded.history = read_state(folder, manifest, "history")
        for word, plain in loaded.history.items():
            take_history(asked.get(word), plain)
    loaded.differences = tuple(_differences(manifest, asked.get("loader"), around or {}))
    if "loader" in asked:
        if waits:
            _WAITING[asked["loader"]] = loaded
    else:
        loaded.restore_streams()
    return loaded


def resume(loader: Any, checkpoint: Loaded | None = None) -> Iterator[Any]:
    """Yield the batches of a loader's next pass; the first after ``load`` puts the RNG streams back.

    Args:
        loader: As it was given to ``load``.
        checkpoint: What ``load`` returned; None: the one that was loaded into this loader last, if any.
    """
    found = _WAITING.pop(loader, None) if checkpoint is None else checkpoint
    yield from loader if found is None else found.resume(loader)


def _is_state(manifest: CheckpointManifest, word: str) -> bool:
    return word in manifest.parts and manifest.parts[word].kind == "state"


def _whole_parts(loaded: Loaded, folder: Path, trusted: Sequence[str]) -> None:
    """Make what is no state to be put somewhere: estimators, and plain data."""
    model = loaded.manifest.parts.get("model")
    if model is not None and model.kind == "estimator":
        loaded.model = read_estimator(folder / model.files[0], trusted)
    if "extra" in loaded.manifest.parts:
        loaded.extra = read_state(folder, loaded.manifest, "extra")


def _differences(manifest: CheckpointManifest, loader: Any, around: Mapping[str, Any]) -> Iterator[str]:
    now = identity_now()
    for word, then in manifest.identity.items():
        there = now.get(word, "none started" if word == "devices" else then)
        if there != then:
            yield f"{word}: {then} when it was saved, {there} now"
    told = {word: around.get(word) for word in ("preprocessing", "augmentation")}
    with unwatched():
        settings = settings_of(loader, told)
    for word, value in settings.items():
        if word in manifest.settings and manifest.settings[word] != value:
            place, was, here = parting(manifest.settings[word], value)
            yield f"{word}: {f'`{place}` ' if place else ''}{_short(was)} when it was saved, {_short(here)} now"
    for word, what in (("data", "the manifest of data"), ("code", "the code's commit")):
        then, here = getattr(manifest, word), around.get(word)
        if here is None or isinstance(then, Missing) or isinstance(here, Missing):
            continue
        then, here = getattr(then, "commit", then), getattr(here, "commit", here)
        if then != here:
            yield f"{what}: {then[:12]} when it was saved, {here[:12]} now"


def _short(value: Any, most: int = 60) -> str:
    text = str(value)
    return text if len(text) <= most else f"{text[:most]}..."
