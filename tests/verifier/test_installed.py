"""The RECORD digest: the same bytes, whichever installer wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_repro.verifier.installed import imported_as, installed_records, normal_name, record_digest

if TYPE_CHECKING:
    from pathlib import Path

_RECORD = "a.py,sha256=aa,1\nb,sha256=bb,2\nx-1.dist-info/METADATA,sha256=cc,3\n"


@pytest.mark.parametrize(
    "extra",
    [
        "x-1.dist-info/INSTALLER,sha256=dd,4\n",
        "x-1.dist-info/REQUESTED,,\n",
        "x-1.dist-info/RECORD,,\n",
        "x-1.dist-info/direct_url.json,sha256=dd,4\n",
        "x-1.dist-info/uv_cache.json,sha256=dd,4\n",
        "x-1.dist-info/uv_build.json,sha256=dd,4\n",
        "__pycache__/a.cpython-311.pyc,,\n",
        "../../../bin/tool,sha256=dd,4\n",
        "/abs/tool,sha256=dd,4\n",
        "\n",
    ],
)
def test_what_installers_write_does_not_count(extra: str) -> None:
    """Notes, byte code and scripts leave the digest as it is; so do sizes and order."""
    lines = [*_RECORD.splitlines(keepends=True), extra]
    assert record_digest(_RECORD) == record_digest("".join(lines[::-1]).replace(",1\n", ",\n"))


@pytest.mark.parametrize(
    "other",
    [
        _RECORD.replace("aa", "ab"),
        _RECORD.replace("a.py", "c.py"),
        _RECORD.replace("cc", "cd"),
        _RECORD + "INSTALLER,sha256=dd,4\n",
        _RECORD + "new.py,sha256=dd,4\n",
    ],
)
def test_every_other_byte_counts(other: str) -> None:
    """A file changed, renamed, added; the notes' names count outside dist-info."""
    assert record_digest(_RECORD) != record_digest(other)


@pytest.mark.parametrize(
    ("name", "normal"), [("A_b", "a-b"), ("ruamel.yaml.clib", "ruamel-yaml-clib"), ("a--b__c", "a-b-c")]
)
def test_normal_names(name: str, normal: str) -> None:
    """As PEP 503 says."""
    assert normal == normal_name(name)


def _install(site: Path, name: str, version: str, record: str | None) -> None:
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8"
    )
    if record is not None:
        (info / "RECORD").write_text(record, encoding="utf-8")


def test_installed(tmp_path: Path) -> None:
    """The first of a name on the path is the one that imports; without a RECORD there is no digest."""
    _install(tmp_path / "a", "My_Package", "1.0", _RECORD)
    _install(tmp_path / "b", "my.package", "2.0", _RECORD)
    _install(tmp_path / "b", "bare", "3", None)
    assert installed_records([str(tmp_path / "a"), str(tmp_path / "b")]) == {
        "my-package": {"version": "1.0", "sha256": record_digest(_RECORD)},
        "bare": {"version": "3", "sha256": ""},
    }


def test_a_damaged_distribution_is_skipped(tmp_path: Path) -> None:
    """A dist-info folder without a name is no package."""
    (tmp_path / "broken-1.dist-info").mkdir()
    assert installed_records([str(tmp_path)]) == {}


@pytest.mark.parametrize(
    ("name", "modules"), [("PyYAML", ["_yaml", "yaml"]), ("scikit-learn", ["sklearn"]), ("no-such", [])]
)
def test_what_a_distribution_is_imported_as(name: str, modules: list[str]) -> None:
    """Its modules at the top, whatever it is called; nothing for what is not installed."""
    assert imported_as(name) == modules
