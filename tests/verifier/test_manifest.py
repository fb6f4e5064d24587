"""The manifest round-trips, and has one spelling."""

from __future__ import annotations

import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.verifier.errors import BundleRejected
from jupyter_repro.verifier.manifest import bundle_id, format_manifest, parse_manifest

_PATHS = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1)
_DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
_D = "0" * 64


@given(st.dictionaries(_PATHS, _DIGESTS, min_size=1))
def test_round_trip(digests: dict[str, str]) -> None:
    """What is written is read, in one spelling."""
    data = format_manifest(digests)
    assert digests == parse_manifest(data)
    assert data == format_manifest(parse_manifest(data))
    assert bundle_id(data) == hashlib.sha256(data).hexdigest()


@given(st.binary(max_size=300))
def test_never_another_error(data: bytes) -> None:
    """Any bytes are a manifest in its one spelling, or rejected."""
    with contextlib.suppress(BundleRejected):
        assert data == format_manifest(parse_manifest(data))


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{_D}  a",
        f"{_D} a\n",
        f"{_D}  \n",
        f"{_D.replace('0', 'A')}  a\n",
        f"{_D}  a\n{_D}  a\n",
        f"{_D}  b\n{_D}  a\n",
        f"{_D}  a\n\n",
        f"{_D[:-1]}  a\n",
    ],
)
def test_malformed(text: str) -> None:
    """Another spelling is not a manifest."""
    with pytest.raises(BundleRejected):
        parse_manifest(text.encode())
