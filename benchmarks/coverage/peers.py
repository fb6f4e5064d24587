"""The peers, and the call that each documents as its strongest; run inside a peer's own environment."""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["PEERS", "Peer", "begin"]


class Peer(NamedTuple):
    """One column of the table."""

    title: str
    requirement: str
    """What pip installs; empty: this repository."""
    call: str
    """What is called, as the table shows it."""


PEERS = {
    "jupyter_repro": Peer(
        "jupyter_repro", "", 'seed(42, strictness="strict", entropy="derive", tf32="off", threads=2)'
    ),
    "lightning": Peer(
        "Lightning", "lightning", "seed_everything(42, workers=True), Trainer(deterministic=True)"
    ),
    "transformers": Peer("transformers", "transformers", "enable_full_determinism(42)"),
    "accelerate": Peer("accelerate", "accelerate", "set_seed(42, deterministic=True)"),
    "composer": Peer("Composer", "mosaicml>=0.32", "seed_all(42), configure_deterministic_mode()"),
}


class Begun(NamedTuple):
    """What a peer has put in force."""

    worker_init: Any = None
    """The function that it documents for workers of a DataLoader."""
    give_back: Any = None
    """What undoes the call; None: it has no such thing."""
    key: Any = None
    """What makes a JAX key from the seed in force."""
    told: Any = None
    """What returns the settings that it reports, by name."""


def begin(name: str, seed: int) -> Begun:
    """Put a peer's seeds and switches in force."""
    return _BEGIN[name](seed)


def _ours(seed: int) -> Begun:
    import jupyter_repro

    governed = jupyter_repro.seed(seed, strictness="strict", entropy="derive", tf32="off", threads=2)
    return Begun(
        give_back=governed.restore,
        key=lambda: jupyter_repro.generator("coverage", kind="jax"),
        told=lambda: {row.name: row.effective for row in governed.settings},
    )


def _lightning(seed: int) -> Begun:
    import lightning
    from lightning.fabric.utilities.seed import pl_worker_init_function

    lightning.seed_everything(seed, workers=True, verbose=False)
    lightning.Trainer(
        deterministic=True,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    return Begun(worker_init=pl_worker_init_function)


def _transformers(seed: int) -> Begun:
    from functools import partial

    from transformers import enable_full_determinism
    from transformers.trainer_utils import seed_worker

    enable_full_determinism(seed)
    return Begun(worker_init=partial(seed_worker, num_workers=2, rank=0))


def _accelerate(seed: int) -> Begun:
    from accelerate.utils import set_seed

    set_seed(seed, deterministic=True)
    return Begun()


def _composer(seed: int) -> Begun:
    from composer.utils import reproducibility

    reproducibility.configure_deterministic_mode()
    reproducibility.seed_all(seed)
    return Begun()


_BEGIN = {
    "jupyter_repro": _ours,
    "lightning": _lightning,
    "transformers": _transformers,
    "accelerate": _accelerate,
    "composer": _composer,
}
