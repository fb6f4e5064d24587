"""Cells that seed before they draw."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.replay.rng_calls import seeds_first, seeds_with_none

REPRO = "get_ipython().run_line_magic('repro', 'seed=42 strict')"


@pytest.mark.parametrize(
    ("source", "namespace", "expected"),
    [
        ("import random\nrandom.seed(1)", {}, {"python"}),
        ("import numpy as np\nnp.random.seed(1)\nx = np.random.rand()", {}, {"numpy"}),
        ("from numpy.random import seed\nseed(3)", {}, {"numpy"}),
        ("import torch as t\nt.manual_seed(0)", {}, {"torch"}),
        ("random.seed(1); np.random.seed(1); torch.manual_seed(1)", {}, {"python", "numpy", "torch"}),
        ("SEED = 7\nrandom.seed(SEED)", {}, {"python"}),
        ("random.seed(SEED)", {"SEED": 7}, {"python"}),
        ("random.seed(SEED)", {"SEED": None}, set()),
        ("random.seed(SEED)", {}, set()),
        ("SEED = None\nrandom.seed(SEED)", {}, set()),
        ("random.seed()", {}, set()),
        ("random.seed(None)", {}, set()),
        ("random.seed(hash('x'))", {}, set()),
        ("x = f()\nrandom.seed(1)", {}, set()),
        ("def f(): pass\nrandom.seed(1)", {}, {"python"}),
        ("@d\ndef f(): pass\nrandom.seed(1)", {}, set()),
        ("if a:\n    random.seed(1)", {}, set()),
        (REPRO, {}, {"python", "numpy", "torch"}),
        ("get_ipython().run_line_magic('repro', 'status')", {}, set()),
        ("1 +", {}, set()),
    ],
)
def test_only_a_number_before_any_draw_counts(
    source: str, namespace: dict[str, Any], expected: set[str]
) -> None:
    """Everything else leaves the cell dependent on where the generator was."""
    assert seeds_first(source, namespace) == expected


def test_none_is_the_system_s_entropy() -> None:
    """A variable that is None seeds at random."""
    assert seeds_with_none("random.seed(SEED)", {"SEED": None})
    assert not seeds_with_none("random.seed(SEED)", {"SEED": 1})
    assert not seeds_with_none("print(SEED)", {"SEED": None})
