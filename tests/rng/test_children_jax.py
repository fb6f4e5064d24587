"""JAX keys by name, against the real JAX: `make libraries` installs it."""

from __future__ import annotations

import pytest

import jupyter_repro

jax = pytest.importorskip("jax", reason="JAX is not installed")


def test_jax_keys_by_name() -> None:
    """A key is typed and hangs on the name alone."""
    one, same, other = (jupyter_repro.generator(name, kind="jax", seed=42) for name in ("a", "a", "b"))
    assert jax.dtypes.issubdtype(one.dtype, jax.dtypes.prng_key)
    assert jax.random.uniform(one) == jax.random.uniform(same) != jax.random.uniform(other)
