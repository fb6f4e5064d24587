"""Addresses in a lock are true for everybody."""

from __future__ import annotations

import pytest

from jupyter_repro.bundle.urls import label_index, public_url

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


@pytest.mark.parametrize(
    ("name", "version", "index"),
    [
        ("torch", "2.3.1+cu121", "https://download.pytorch.org/whl/cu121"),
        ("torchvision", "0.18+cpu", "https://download.pytorch.org/whl/cpu"),
        ("torch", "2.3.1+rocm6.0", "https://download.pytorch.org/whl/rocm6.0"),
        ("torch", "2.3.1", None),
        ("mine", "1.0+cu121", None),
        ("torch", "1.0+git.abc", None),
    ],
)
def test_the_index_of_a_local_label(name: str, version: str, index: str | None) -> None:
    """PyTorch's packages with PyTorch's labels, and nothing else."""
    assert label_index(name, version) == index
