"""Seeds and switches, and streams of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from jupyter_repro.records import SeedPlan
from jupyter_repro.rng.seeds import check_seed
from jupyter_repro.rng.swept import swept

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

    from jupyter_repro.records import EntropyMode, Leak, Setting, Strictness
    from jupyter_repro.rng.loading import ReproLoader

__all__ = ["Governed", "loader", "seed"]


class Governed:
    """Seeds and switches in force; give them back with :meth:`restore` or by leaving a ``with`` block."""

    def __init__(self, plan: SeedPlan, switches: Mapping[str, str]) -> None:
        from jupyter_repro.determinism.apply import Switches
        from jupyter_repro.entropy.governor import Entropy
        from jupyter_repro.rng.governor import Streams
        from jupyter_repro.rng.rank import rank_number

        self.plan = plan
        self._streams, self._switches = Streams(scope=True), Switches()
        self._entropy = Entropy(rank=rank_number, shares=True)
        self._leaks: list[Leak] = []
        if plan.strictness != "off" or switches:
            self._switches.begin(plan.strictness, switches)
        if plan.seed is not None:
            from jupyter_repro.rng.workers import WORKERS

            self._streams.begin(plan.seed)
            WORKERS.use(self, on=True)
        if plan.entropy != "off":
            self._entropy.begin(plan.entropy, plan.seed)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What was asked for, what is in force, how that is known."""
        return (*self._streams.settings(), *self._switches.settings(), *self._entropy.settings())

    @property
    def leaks(self) -> tuple[Leak, ...]:
        """Draws that no seed governed since the beginning, by line; nothing with ``entropy="off"``."""
        self._leaks += self._entropy.take()
        return tuple(self._leaks)

    @property
    def too_late(self) -> tuple[Setting, ...]:
        """Settings that came too late to have an effect."""
        return tuple(setting for setting in self.settings if setting.effect == "too late")

    def restore(self) -> None:
        """Give back every generator state and setting, bit for bit; twice is once."""
        from jupyter_repro.rng.workers import WORKERS

        WORKERS.use(self, on=False)
        self._leaks += self._entropy.take()
        self._entropy.end()
        self._streams.end()
        self._switches.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.restore()


def seed(
    value: int,
    *,
    strictness: Strictness = "off",
    entropy: EntropyMode = "off",
    tf32: Literal["off", "keep"] | None = None,
    threads: int | Literal["keep"] | None = None,
) -> Governed:
    """Seed every generator that is known here, now or at its import, and return what is in force.

    Args:
        value: A whole number from 0 on.
        strictness: ``strict`` forbids nondeterministic algorithms, ``warn`` reports them.
        entropy: What becomes of draws that no seed governs: ``report`` collects them in ``leaks``, ``derive``
            gives them a seed, ``raise`` forbids them.
        tf32: ``off`` turns TF32 off whatever the strictness, ``keep`` leaves it.
        threads: How many threads of torch and BLAS add up; ``keep`` leaves them.

    Raises:
        BadWord: A value is none of these.
    """
    from jupyter_repro.kernel.options import VALUES

    words = {"strictness": strictness, "entropy": entropy, "tf32": tf32, "threads": threads}
    asked = {word: VALUES[word](str(each)) for word, each in words.items() if each is not None}
    plan = SeedPlan(seed=swept(check_seed(value)), strictness=strictness, entropy=entropy)
    return Governed(plan, {word: asked[word] for word in ("tf32", "threads") if word in asked})


def loader(  # noqa: PLR0913 - what a DataLoader is told, all keyword-only
    dataset: Any,
    *,
    batch_size: int = 1,
    shuffle: bool = False,
    drop_last: bool = False,
    seed: int | None = None,
    name: str = "loader",
    shard: tuple[int, int] = (0, 1),
    **options: Any,
) -> ReproLoader:
    """Return a torch DataLoader that goes on exactly where it was, with any number of workers.

    Every sample is made under streams seeded from (seed, name, epoch, index), and every order from (seed,
    name, epoch), so batches are the same with 0, 2 or 8 workers. ``state_dict()`` after a batch and
    ``load_state_dict()`` on a new loader continue with the next one.

    Args:
        dataset: A data set with ``__getitem__`` and ``__len__``.
        batch_size: Samples of a batch.
        shuffle: Whether each epoch has an order of its own.
        drop_last: Whether a last batch that is not full is left out.
        seed: What all derives from; None takes the seed in force.
        name: Two loaders with one name and seed draw the same.
        shard: (rank, number of ranks) where several processes share the data.
        options: As for ``torch.utils.data.DataLoader``, such as ``num_workers`` and ``collate_fn``.

    Raises:
        BadLoader: The data set has no samples by index, or an option would leave the order to others.
        NoSeed: No seed is in force and none is given.
    """
    from jupyter_repro.rng.loading import make_loader

    return make_loader(
        dataset,
        batch_size=batch_size,
        shuffle=shuffle,
        drop_last=drop_last,
        seed=seed,
        name=name,
        shard=shard,
        **options,
    )
