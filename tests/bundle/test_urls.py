"""Addresses in a lock are true for everybody."""

from __future__ import annotations

import pytest

from jupyter_repro.bundle.urls import public_url

_CONTENT = f"/packages/ab/cd/{'e' * 60}/six-1.17.0-py2.py3-none-any.whl"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"https://files.pythonhosted.org{_CONTENT}", f"https://files.pythonhosted.org{_CONTENT}"),
        (f"https://mirror.example{_CONTENT}", f"https://files.pythonhosted.org{_CONTENT}"),
        (f"http://user:secret@127.0.0.1:8080/pypi{_CONTENT}", f"https://files.pythonhosted.org{_CONTENT}"),
        (
            f"https://corp.example/artifactory/api/pypi/remote/packages{_CONTENT}?x=1#y",
            f"https://files.pythonhosted.org{_CONTENT}",
        ),
        (
            "https://download.pytorch.org/whl/cu121/torch-2.3.1%2Bcu121-cp311-cp311-linux_x86_64.whl",
            "https://download.pytorch.org/whl/cu121/torch-2.3.1%2Bcu121-cp311-cp311-linux_x86_64.whl",
        ),
        ("https://corp.example/wheels/six-1.17.0-py2.py3-none-any.whl", None),
        ("file:///home/me/wheels/six-1.17.0-py2.py3-none-any.whl", None),
        ("https://mirror.example/packages/ab/cd/short/six.whl", None),
        ("", None),
    ],
)
def test_public_url(url: str, expected: str | None) -> None:
    """No mirror, local path or credential stays; what has no public address has None."""
    assert expected == public_url(url)
