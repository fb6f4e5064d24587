"""Addresses as everybody may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_repro.trackers.addresses import public_address

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:pass@mlflow.example.org:5000/path?token=1#x", "https://mlflow.example.org:5000/path"),
        ("postgresql://me:pass@db/mlflow", "postgresql://db/mlflow"),
        ("s3://key:pass@bucket/path", "s3://bucket/path"),
        ("databricks", "databricks"),
        ("http://[::1", "http://..."),
        ("sqlite:///mlflow.db", "sqlite:///mlflow.db"),
        ("sqlite:////work/paper/mlflow.db", "sqlite:///mlflow.db"),
        ("sqlite:////elsewhere/mlflow.db", "sqlite:////elsewhere/mlflow.db"),
        ("file:///work/paper/mlruns", "file://mlruns"),
        ("./mlruns", "mlruns"),
        ("/home/me/runs", "~/runs"),
        ("", ""),
    ],
)
def test_an_address_names_no_user(address: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No user, password or query; a path as seen from the notebook, and not by whose home it is in."""
    monkeypatch.setenv("HOME", "/home/me")
    assert public_address(address, "/work/paper") == shown


def test_a_path_is_relative_to_the_notebook(tmp_path: Path) -> None:
    """However the tracker spells it."""
    assert public_address(f"{tmp_path}/a/../b", str(tmp_path)) == "b"
