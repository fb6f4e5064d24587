"""Estimators of scikit-learn, through skops: no pickle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadCheckpoint, NotInstalled
from jupyter_repro.inputs.audit import unwatched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["read_estimator", "write_estimator"]


def write_estimator(path: Path, estimator: Any) -> None:
    """Write an estimator to a file.

    Raises:
        NotInstalled: skops is not there.
        BadCheckpoint: It holds what skops cannot keep.
    """
    skops = _skops()
    with unwatched():
        try:
            skops.dump(estimator, path)
        except Exception as error:
            raise BadCheckpoint(
                f"skops cannot keep this {type(estimator).__qualname__}: {error}",
                remedy="save what it is made from, and fit it again",
            ) from error


def read_estimator(path: Path, trusted: Sequence[str]) -> Any:
    """Return an estimator.

    Raises:
        NotInstalled: skops is not there.
        BadCheckpoint: It is made of classes that are not trusted.
    """
    skops = _skops()
    with unwatched():
        foreign = [name for name in skops.get_untrusted_types(file=path) if name not in trusted]
        if foreign:
            raise BadCheckpoint(
                f"`{path.name}` is made of classes that skops does not know to be harmless: {', '.join(foreign)}",
                remedy=f"if you trust who saved it, give `trusted={foreign!r}`",
            )
        return skops.load(path, trusted=list(trusted))


def _skops() -> Any:
    try:
        import skops.io
    except ImportError:
        raise NotInstalled(
            "estimators of scikit-learn are kept by skops, which is not installed (the other way is pickle, "
            "which runs code when it is read)",
            remedy='run `pip install "jupyter_repro[checkpoints]"`',
        ) from None
    return skops.io
