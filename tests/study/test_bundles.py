"""Many bundles at once: parts, verdicts, reports, and a failure that stops no other."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from jupyter_repro.cli.main import main
from jupyter_repro.cli.verify_many import verify_many
from jupyter_repro.errors import BadWord
from jupyter_repro.study.bundles import Task, Verified, shard_of, summary, tasks_of, verified, verify_task
from jupyter_repro.study.bundles_html import bundles_html
from jupyter_repro.verifier.report import Report

pytest.importorskip("loky", reason="an environment made before loky was a dependency")


def test_parts_are_disjoint_and_together_all() -> None:
    """Whatever the order on the command line, every bundle is in exactly one part."""
    paths = [f"{n}.zip" for n in range(10)]
    parts = [
        shard_of(order, f"{n}/3")
        for n, order in zip((1, 2, 3), (paths, paths[::-1], paths[3:] + paths[:3]), strict=True)
    ]
    assert sorted(paths) == sorted(path for part in parts for path in part)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    assert shard_of(["b.zip", "a.zip", "b.zip"], None) == ["a.zip", "b.zip"]


@pytest.mark.parametrize("shard", ["0/3", "4/3", "1", "a/b", "1/0", "-1/2", "1/3/5"])
def test_a_part_that_is_none(shard: str) -> None:
    """It is refused with the right form."""
    with pytest.raises(BadWord, match="is no part"):
        shard_of(["a.zip"], shard)


def test_bundles_travel_where_files_do_not(tmp_path: Path) -> None:
    """A remote worker gets the bytes, a local one the whole path."""
    (tmp_path / "a.zip").write_bytes(b"x")
    (near,) = tasks_of([str(tmp_path / "a.zip")], [], remote=False)
    (far,) = tasks_of([str(tmp_path / "a.zip")], [], remote=True)
    assert (near.content, far.content) == (None, b"x")
    (gone,) = tasks_of([str(tmp_path / "gone.zip")], [], remote=True)
    assert gone.content is None


def test_one_task(tmp_path: Path) -> None:
    """A bad bundle has a report and a page; an option that is none has the verifier's own words."""
    (tmp_path / "a.zip").write_bytes(b"x")
    found = verify_task(
        Task(path=str(tmp_path / "a.zip"), words=("--sandbox", "if-possible"), keep_environments=False)
    )
    assert (found.exit_code, found.report["verdict"], found.report["bundle"]["path"]) == (
        5,
        "bad bundle",
        str(tmp_path / "a.zip"),
    )
    assert "<html" in found.page
    found = verify_task(Task(path="a.zip", words=("--no-such-option",), keep_environments=False))
    assert (found.exit_code, found.report["verdict"], found.page) == (2, "usage", "")
    assert "--no-such-option" in found.report["headline"]


class _Broken:
    """An engine whose worker dies with every call; stands for a machine that is switched off."""

    name, remote = "broken", False

    def submit(self, *_: object) -> object:
        raise RuntimeError("gone")

    def lost(self, error: BaseException) -> bool:
        return str(error) == "gone"

    def alone(self) -> None: ...

    def close(self, *, kill: bool = False) -> None: ...


def test_a_lost_worker_is_no_verdict() -> None:
    """A bundle whose worker died could not be run; it is told like the others."""
    found = list(verified(_Broken(), [Task(path="a.zip"), Task(path="b.zip")]))
    assert [(each.path, each.exit_code) for each in found] == [("a.zip", 4), ("b.zip", 4)]
    assert found[0].report["headline"] == "could not run: its worker died"


def test_many(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its folder, also where two have one name; all are in the JSON and the JUnit file."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.repro.zip", "b.zip", "c/b.zip"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"no bundle")
    with pytest.raises(SystemExit) as stop:
        main(
            [
                "verify",
                "a.repro.zip",
                "b.zip",
                "c/b.zip",
                "gone.zip",
                "-j",
                "2",
                "--json",
                "all.json",
                "--junit",
                "all.xml",
            ]
        )
    assert stop.value.code == 5
    facts = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert facts["verdicts"] == {"bad bundle": 4}
    assert [row["path"] for row in facts["bundles"]] == sorted(
        str(tmp_path / n) for n in ("a.repro.zip", "b.zip", "c/b.zip", "gone.zip")
    )
    assert len(ET.parse(tmp_path / "all.xml").getroot()) == 4
    assert sorted(path.name for path in (tmp_path / "repro-reports").iterdir()) == [
        "a",
        "b",
        "b-2",
        "gone",
        "index.html",
    ]
    page = (tmp_path / "repro-reports/index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]+)"', page)
    assert sorted(links) == ["a/report.html", "b-2/report.html", "b/report.html", "gone/report.html"]
    assert all((tmp_path / "repro-reports" / link).is_file() for link in links)
    captured = capsys.readouterr()
    assert captured.err.count("bad bundle") == 4
    assert captured.out.startswith("4 bundles in ")
    assert f"all on one page: {Path('repro-reports/index.html')}" in captured.out


def test_the_page_of_all_can_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a file or a folder that is named, with links that lead back; for one bundle too."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.zip").write_bytes(b"x")
    (tmp_path / "site").mkdir()
    for place, file in (("site", "site/index.html"), ("all.html", "all.html")):
        with pytest.raises(SystemExit) as stop:
            main(["verify", "a.zip", "--html", place, "--output", "out put", "--quiet"])
        assert stop.value.code == 5
        (link,) = re.findall(r'href="([^"]+)"', (tmp_path / file).read_text(encoding="utf-8"))
        assert ((tmp_path / file).parent / unquote(link)).resolve() == tmp_path / "out put/a/report.html"


def _made_up(path: str, verdict: str, **more: Any) -> Verified:
    """Return what a verification could have brought."""
    report = Report(bundle=path)
    report.conclude(verdict, 0 if verdict == "reproduced" else 1, f"{verdict}: so it is")
    return Verified(path=path, report={**report.to_json(), **more}, seconds=3.0)


def _claim(text: str, verdict: str, *, holds: bool) -> dict[str, Any]:
    return {"text": text, "label": "cell 4", "part": "", "reference": "0.91", "fresh": "0.90", "verdict": verdict, "holds": holds, "why": ""}  # fmt: skip


def test_the_page_puts_first_what_needs_a_look() -> None:
    """What is not reproduced, and the claims that do not hold; each with where and why."""
    first = {"label": "cell 4", "why": "0.91 became 0.90", "cell": "x"}
    found = [
        _made_up("/in/good.zip", "reproduced", claims=[_claim("Table 1", "identical", holds=True)]),
        _made_up(
            "/in/bad.zip",
            "differs",
            claims=[_claim("Table 2", "differs", holds=False)],
            first_divergence=first,
            signature="signed by ada",
        ),
    ]
    page = bundles_html(found, summary(found, engine="here", shard="1/2", seconds=6.0), {})
    assert "1 of 2 bundles reproduced" in page
    assert page.index("bad.zip") < page.index("good.zip")
    assert page.index("Table 2") < page.index("Table 1")
    for said in (
        "cell 4 is the first to differ: 0.91 became 0.90",
        "signed by ada",
        "part 1/2",
        "0/1",
        "1/1",
    ):
        assert said in page


def test_the_page_escapes_what_bundles_say() -> None:
    """Names, claims, reasons and isolation of strangers are text."""
    evil = "<script>alert(1)</script>"
    found = [
        _made_up(
            f"/in/{evil}.zip".replace("/script", "script"),
            "differs",
            headline=evil,
            claims=[_claim(evil, "differs", holds=False)],
            first_divergence={"label": evil, "why": evil, "cell": "x"},
            isolation={"sentence": evil},
            signature=evil,
        )
    ]
    page = bundles_html(
        found, summary(found, engine=evil, shard=None, seconds=1.0), {found[0].path: f'"{evil}'}
    )
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 8


def test_an_empty_part_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """More machines than bundles: the last has nothing to do."""
    assert verify_many([str(tmp_path / "a.zip"), "--shard", "2/2", "--json", "-"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["bundles"] == []
    assert "holds no bundle" in captured.err


@pytest.mark.parametrize("words", [["--keep", "x"], ["--certificate", "x.txt"]])
def test_options_for_one_bundle(words: list[str]) -> None:
    """What makes sense for one bundle only is refused for many."""
    with pytest.raises(BadWord, match="is for one bundle"):
        verify_many(["a.zip", "b.zip", *words])


@pytest.mark.parametrize(
    "words", [[], ["a.zip", "-j", "0"], ["a.zip", "-j", "x"], ["a.zip", "b.zip", "--no-such"]]
)
def test_usage(words: list[str]) -> None:
    """A slip is exit 2."""
    assert verify_many(words) == 2
