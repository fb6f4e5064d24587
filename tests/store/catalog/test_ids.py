"""Names of runs."""

from __future__ import annotations

import random
import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.store.catalog.ids import is_run_id, made_at, new_run_id

MOMENTS = st.integers(0, 7_000_000_000 * 1_000_000_000)


@given(MOMENTS, MOMENTS, st.binary(min_size=8, max_size=8), st.binary(min_size=8, max_size=8))
def test_names_sort_by_time(one: int, other: int, noise: bytes, more: bytes) -> None:
    """Down to a quarter of a microsecond, whatever the noise."""
    if abs(one - other) >= 250:
        first, second = sorted((one, other))
        assert new_run_id(first, noise) < new_run_id(second, more)


@given(MOMENTS, st.binary(min_size=8, max_size=8))
def test_they_are_uuids_of_version_7(moment: int, noise: bytes) -> None:
    """As RFC 9562 has them; the moment can be read back."""
    name = new_run_id(moment, noise)
    found = uuid.UUID(name)
    assert (found.variant, name[14]) == (uuid.RFC_4122, "7")
    assert is_run_id(name)
    assert made_at(name) == pytest.approx(moment / 1e9, abs=0.0011)


def test_no_generator_of_the_user_is_asked() -> None:
    """And two names are two."""
    before = random.getstate()
    names = {new_run_id() for _ in range(1000)}
    assert random.getstate() == before
    assert len(names) == 1000


@pytest.mark.parametrize(
    "text",
    ["", "last", "../../x", "01a1ffbe-8a61-4ab1-b362-5a99567e801f", "01A1FFBE-8A61-7AB1-B362-5A99567E801F"],
)
def test_what_is_no_name(text: str) -> None:
    """Another version, capitals, paths."""
    assert not is_run_id(text)
    assert not re.search(r"[^0-9a-f-]", new_run_id())
