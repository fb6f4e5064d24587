"""What rules say of themselves, rules of other packages, and the page of the documentation."""

from __future__ import annotations

import importlib
import importlib.metadata
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.errors import BadWord
from jupyter_repro.reports.rule_text import rule_text
from jupyter_repro.rules import plugins
from jupyter_repro.rules.catalog import catalog, check_patterns, explained, our_codes
from jupyter_repro.rules.configured import RuleSettings
from jupyter_repro.rules.files import check_notebook
from jupyter_repro.rules.plugins import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("one", our_codes(), ids=lambda one: one.code)
def test_every_rule_says_what_why_how_and_what_to_do(one: object) -> None:
    """No rule without a sentence, a reason, an example and a remedy."""
    assert all(getattr(one, part) for part in ("what", "why", "example", "remedy"))
    assert not getattr(one, "what").startswith("RP")  # noqa: B009 - any record with these fields


def test_every_code_that_is_found_has_a_rule() -> None:
    """A code that the sources spell is explained, and none is explained that nothing finds."""
    spelled = {
        code
        for path in (ROOT / "src").rglob("*.py")
        for code in re.findall(r"\"(RP[0-9]{3})\"", path.read_text(encoding="utf-8"))
    }
    assert {one.code for one in our_codes()} == spelled


def test_the_severities_of_an_export_are_those_it_gives() -> None:
    """What the catalogue says of the bundle's codes is what is found."""
    bundle = ROOT / "src/jupyter_repro/bundle"
    text = "".join((bundle / name).read_text(encoding="utf-8") for name in ("findings.py", "saved_run.py"))
    given = dict(re.findall(r'inding\(\s*(?:code=)?"(RP8[0-9]{2})",\s*(?:severity=)?"(\w+)"', text))
    assert {one.code: one.severity for one in our_codes() if one.looks_at == ("export",)} == given


def test_the_page_is_what_the_rules_say() -> None:
    """`make rules` writes it."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        assert importlib.import_module("rules_page").is_current()
    finally:
        sys.path.remove(str(ROOT / "scripts"))


def test_a_slip_is_answered_with_a_guess() -> None:
    """In a command as in the settings."""
    with pytest.raises(BadWord, match="did you mean RP203"):
        explained("RPP203")
    with pytest.raises(BadWord, match="`RP9` names no rule"):
        check_patterns(RuleSettings(ignore=(("RP9", "why"),)))
    check_patterns(RuleSettings(select=("RP2xx", "rp2", "RP203")))


PACKAGE = '''
class NoBareAssert:
    """LAB001: a cell asserts without a message.

    **Why is this bad?** Nobody knows what was meant.
    **Example**: `assert x`.
    **Remedy**: `assert x, "x is empty"`.
    """

    code, severity, remedy = "LAB001", "warning", "say what was meant"

    def check_file(self, notebook):
        from jupyter_repro.rules.files.protocol import Spotted
        for cell in notebook.cells:
            if cell.source.startswith("assert"):
                yield Spotted(cell=cell.index, message="asserts without a message")

    def check(self, facts):
        from jupyter_repro.records import Finding
        yield Finding(code=self.code, severity="info", message="LAB looked", remedy="nothing")


class Fails(NoBareAssert):
    """LAB002: it fails.

    **Why is this bad?** It is.
    """

    code = "LAB002"

    def check_file(self, notebook):
        raise ZeroDivisionError("oh")


class Ours(NoBareAssert):
    """RP999: it takes a code that is not its own."""

    code = "RP999"
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed package with rules."""
    (tmp_path / "lab_rules.py").write_text(PACKAGE, encoding="utf-8")
    info = tmp_path / "lab_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lab-rules\nVersion: 1.0\n", encoding="utf-8")
    lines = (
        "asserts = lab_rules:NoBareAssert",
        "fails = lab_rules:Fails",
        "ours = lab_rules:Ours",
        "gone = lab_rules:Gone",
    )
    (info / "entry_points.txt").write_text(
        "[jupyter_repro.rules]\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins.plugin_rules.cache_clear()
    yield
    plugins.plugin_rules.cache_clear()
    sys.modules.pop("lab_rules", None)


@pytest.mark.usefixtures("package")
def test_rules_of_an_installed_package(tmp_path: Path) -> None:
    """They are asked, explained and allowed like ours; one that fails is named, and the others go on."""
    path = tmp_path / "n.ipynb"
    cell = (
        '{"cell_type": "code", "source": "assert 1", "metadata": {}, "outputs": [], "execution_count": null}'
    )
    path.write_text(
        f'{{"nbformat": 4, "nbformat_minor": 4, "metadata": {{}}, "cells": [{cell}]}}', encoding="utf-8"
    )
    one, other = check_notebook(path, RuleSettings()).findings
    assert (one.code, one.message) == ("LAB001", "asserts without a message")
    assert (other.code, other.message) == (
        "LAB002",
        "the rule failed over this notebook: ZeroDivisionError: oh",
    )
    assert check_notebook(path, RuleSettings(select=("RP",))).findings == ()
    path.write_text(
        path.read_text().replace("assert 1", "assert 1  # repro: allow LAB001, LAB002 because of me")
    )
    assert {each.allowed for each in check_notebook(path, RuleSettings()).findings} == {"of me"}
    assert "of lab_rules" in rule_text(explained("LAB001"))
    assert [one.code for one in catalog()][-2:] == ["LAB001", "LAB002"]
    assert plugins.plugin_rules().broken == (
        "the rule `gone` could not be loaded: AttributeError: module 'lab_rules' has no attribute 'Gone'",
        "the rule `ours` is left out: its code RP999 begins with RP, which is jupyter_repro's own",
    )


def test_two_of_one_code() -> None:
    """The second is left out and named."""
    points = [
        importlib.metadata.EntryPoint(name, "jupyter_repro.rules.files.clock:ClockUsed", plugins.GROUP)
        for name in ("a", "b")
    ]
    assert [why.split(": ", 1)[1] for why in load_rules(points).broken] == [
        "its code RP212 begins with RP, which is jupyter_repro's own"
    ] * 2
