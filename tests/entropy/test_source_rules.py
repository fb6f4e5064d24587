"""Seeds that differ from kernel to kernel, by the source alone."""

from __future__ import annotations

import pytest

from jupyter_repro.entropy.source_rules import shifting_seeds


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("random.seed(time.time())", "the clock"),
        ("np.random.seed(int(time.time()) % 2**32)", "the clock"),
        ("torch.manual_seed(datetime.now().microsecond)", "the clock"),
        ("s = time.time_ns()\nrng = np.random.default_rng(s)", "the clock"),
        ("random.seed(hash('setting random seeds') % 2**32 - 1)", "hash()"),
        ("np.random.seed(os.getpid())", "process's own"),
        ("model = Forest(random_state=hash(name) % 100)", "hash()"),
        ("rng = np.random.default_rng(secrets.randbits(128))", "the system's entropy"),
        ("%time pass\nrandom.seed(time.time())", "the clock"),
        ("%%time\nrandom.seed(time.time())", "the clock"),
    ],
)
def test_shifting_seeds(source: str, why: str) -> None:
    """A seed from the clock, `hash()`, the process or the system is found, through names too."""
    (spot,) = shifting_seeds(source)
    assert why in spot.why
    assert spot.line == source.count("\n") + 1


@pytest.mark.parametrize(
    "source",
    [
        "random.seed(42)",
        "t = time.time()\nrandom.seed(42)",
        "random.seed(hash(42))",
        "torch.manual_seed(args.seed)",
        "np.random.default_rng([3, len(data)])",
        "seed = 3\nseed_everything(seed)",
        "not python at all (",
    ],
)
def test_steady_seeds(source: str) -> None:
    """Seeds that are the same everywhere are passed over, and so is what is no Python."""
    assert shifting_seeds(source) == ()
