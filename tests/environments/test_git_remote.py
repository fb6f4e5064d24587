"""No credential and no local folder survives in a remote's address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.environments.git_remote import public_remote


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://example.org/a/b.git", "https://example.org/a/b.git"),
        ("https://user@example.org/a/b", "https://example.org/a/b"),
        ("https://user:secret@example.org:8443/a/b", "https://example.org:8443/a/b"),
        ("https://oauth2:se@cret@example.org/a/b", "https://example.org/a/b"),
        ("https://git@example.org/a/b", "https://example.org/a/b"),
        ("https://example.org/a/b?access_token=secret#secret", "https://example.org/a/b"),
        ("ssh://git@example.org/a/b", "ssh://git@example.org/a/b"),
        ("ssh://me@example.org:22/a/b", "ssh://example.org:22/a/b"),
        ("https://[2001:db8::1]/a", None),
        ("git@example.org:a/b.git", "git@example.org:a/b.git"),
        ("me@example.org:a/b.git", "example.org:a/b.git"),
        ("example.org:a/b.git?token=secret", "example.org:a/b.git"),
        ("/home/me/b.git", None),
        ("../b.git", None),
        ("C:\\Users\\me\\b", None),
        ("C:/Users/me/b", None),
        ("file:///home/me/b", None),
        ("file://me:secret@host/b", None),
        ("ext::sh -c 'curl secret'", None),
        ("https://example.org:notaport/", None),
        ("https://", None),
        ("", None),
        ("https://exa\x1bmple.org/", None),
        ("me@example.org:\u202egpj", None),
    ],
)
def test_public_remote(url: str, public: str | None) -> None:
    """Users, passwords, queries and fragments go; the rest stays."""
    assert public_remote(url) == public


@given(
    user=st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    secret=st.from_regex(r"SECRET[A-Za-z0-9!$&'()*+,;=._~@:-]{0,20}", fullmatch=True),
    scheme=st.sampled_from(["https", "http", "ssh", "git", "ftp"]),
)
def test_no_secret_survives(user: str, secret: str, scheme: str) -> None:
    """Whatever characters a password has."""
    assert "SECRET" not in (public_remote(f"{scheme}://{user}:{secret}@example.org/a/b") or "")
