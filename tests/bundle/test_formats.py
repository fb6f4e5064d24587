"""What a bundle says in the formats of others: well formed, complete, the same for the same facts, read by their own tools."""

from __future__ import annotations

import json
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
import pytest
import yaml

from jupyter_repro.bundle.checklists import acm, completeness, neurips
from jupyter_repro.bundle.citation import citation
from jupyter_repro.bundle.containers import container_files
from jupyter_repro.bundle.crate import crate
from jupyter_repro.bundle.described import NO_DATE, DescribedMember, Description, date_of
from jupyter_repro.bundle.preview import preview
from jupyter_repro.bundle.refusals import Waived
from jupyter_repro.bundle.statement import statement
from jupyter_repro.records import SeedPlan

if TYPE_CHECKING:
    from pathlib import Path

_REQUIREMENTS = f"six==1.17.0 --hash=sha256:{'0' * 64}\n"
_NAMES = (
    "README.md",
    "notebook.ipynb",
    "reference.ipynb",
    "env/pylock.toml",
    "data/a b.csv",
    "src/helper.py",
)
_FACTS = Description(
    notebook="paper/nb.ipynb",
    title='A "quoted" title',
    members=tuple(DescribedMember(name=name, sha256="a" * 64, size=7) for name in _NAMES),
    inputs=("data/a b.csv", "src/helper.py"),
    fetched=(("big.bin", "https://data.org/big.bin", "b" * 64, 10**10),),
    authors=("Ada Lovelace", "Grace Hopper"),
    date="2026-11-21",
    python="3.11.7",
    platform="Linux x86_64 glibc 2.36",
    packages=40,
    wheels=2,
    environment={"PYTHONHASHSEED": "0", "ODD": 'a "$b"'},
    cpu="A CPU",
    cores=8,
    memory_bytes=32 << 30,
    gpus=("NVIDIA H100",),
    plan=SeedPlan(seed=42, strictness="strict"),
    seeds=True,
    image="",
    expected_time="under a minute",
    cells=5,
    verdicts={"differs": 1, "identical": 4},
    proven=True,
    waived=(Waived(code="RP801", message="cell 3 differs", reason="a clock"),),
    claims=(("Table 2, row 3", "cell 4"),),
    quick_cells=2,
    revision="c" * 40,
    remote="https://forge.org/ada/paper",
    made_with="0.1.0",
)
_ANONYMOUS = msgspec.structs.replace(_FACTS, authors=(), revision="", remote="", date=NO_DATE)


def _graph(facts: Description) -> dict[str, dict[str, Any]]:
    return {entity["@id"]: entity for entity in json.loads(crate(facts))["@graph"]}


def test_the_crate_is_a_process_run_crate() -> None:
    """The descriptor and the root are those of RO-Crate 1.1, the root conforms to the profile, every reference leads somewhere."""
    graph = _graph(_FACTS)
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert graph["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = graph["./"]
    assert root["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"}
    assert {"name", "description", "datePublished", "license", "hasPart"} <= set(root)
    run = graph[root["mentions"]["@id"]]
    assert run["@type"] == "CreateAction"
    assert "SoftwareSourceCode" in graph[run["instrument"]["@id"]]["@type"]
    assert {each["@id"] for each in run["object"]} == {
        "data/a%20b.csv",
        "src/helper.py",
        "https://data.org/big.bin",
    }
    assert run["result"] == {"@id": "reference.ipynb"}

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            alone = [value["@id"]] if set(value) == {"@id"} else []
            return alone + [one for each in value.values() for one in references(each)]
        return [one for each in value for one in references(each)] if isinstance(value, list) else []

    assert set(references(list(graph.values()))) <= {*graph, "https://w3id.org/ro/crate/1.1"}


def test_the_crate_is_read_by_its_own_library(tmp_path: Path) -> None:
    """`rocrate` finds the root, its files and the action."""
    library = pytest.importorskip("rocrate.rocrate", reason="installed by `make formats` alone")
    (tmp_path / "ro-crate-metadata.json").write_bytes(crate(_FACTS))
    (tmp_path / "ro-crate-preview.html").write_text(preview(_FACTS), encoding="utf-8")
    for member in _FACTS.members:
        path = tmp_path / member.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"1234567")
    read = library.ROCrate(tmp_path)
    assert read.root_dataset["name"] == _FACTS.title
    assert {entity.id for entity in read.root_dataset["hasPart"]} >= {"notebook.ipynb", "data/a%20b.csv"}
    (action,) = read.get_by_type("CreateAction")
    assert action["instrument"].id == "notebook.ipynb"
    assert [person["name"] for person in read.root_dataset["author"]] == list(_FACTS.authors)
    assert read.preview is not None
    assert read.dereference("ro-crate-preview.html")["about"].id == "./"


class _Page(HTMLParser):
    """What a browser would take from the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if (tag, name) == ("a", "href")]
        self.loaded += [
            value or "" for name, value in attrs if name == "src" or (tag, name) == ("link", "href")
        ]
        self.loaded += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_preview_says_what_the_metadata_say() -> None:
    """Every file with its digest and a link that leads to it; authors, revision, claims and waivers; nothing loaded."""
    found = _Page(preview(_FACTS))
    assert set(found.links) == {*map(quote, _NAMES), "https://data.org/big.bin", "ro-crate-metadata.json"}
    for said in (
        _FACTS.title,
        "Ada Lovelace, Grace Hopper",
        "c" * 40,
        "Table 2, row 3",
        "RP801",
        "a clock",
        "b" * 64,
        "1 differs, 4 identical",
    ):
        assert said in found.text
    assert found.loaded == []
    assert len(preview(_FACTS)) < 20_000
    assert not any(word in preview(_ANONYMOUS) for word in ("Ada", "Grace", "c" * 40, "forge.org"))


def test_the_preview_escapes_what_others_wrote() -> None:
    """A title, a name of a file, a claim and an author are text, whatever stands in them."""
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>&'
    facts = msgspec.structs.replace(
        _FACTS,
        title=evil,
        notebook=evil,
        authors=(evil,),
        claims=((evil, evil),),
        cpu=evil,
        members=(DescribedMember(name=evil, sha256="a" * 64, size=1),),
        waived=(Waived(code="RP801", message=evil, reason=evil),),
    )
    found = _Page(preview(facts))
    assert not {"script", "img"} & set(found.tags)
    assert found.loaded == []
    assert found.text.count("<script>alert(1)</script>") >= 8


def test_the_statement_names_what_it_is_about() -> None:
    """Subjects by digest, and what is said of them; in-toto's version 1."""
    made = json.loads(statement(_FACTS))
    assert made["_type"] == "https://in-toto.io/Statement/v1"
    assert {each["name"] for each in made["subject"]} == set(_NAMES)
    assert all(set(each["digest"]) == {"sha256"} for each in made["subject"])
    said = made["predicate"]
    assert (said["seed"], said["strictness"], said["proven"]) == (42, "strict", True)
    assert said["waived"][0]["reason"] == "a clock"
    assert said["environment"]["lock"] == {"sha256": "a" * 64}


def test_checklists_state_evidence_and_award_nothing() -> None:
    """Each item has evidence or is the author's to say; what is not proven says so."""
    text = "".join((completeness(_FACTS), neurips(_FACTS), acm(_FACTS)))
    for said in (
        "40 packages locked by hash",
        "Table 2, row 3 (cell 4)",
        "seed 42",
        "A CPU, 8 cores, 32 GB of memory, NVIDIA H100",
        "in spite of RP801",
        "1 go by address",
        "for the author to say",
    ):
        assert said in text
    assert "for the committee to say" in acm(_FACTS)
    assert "**not proven**" in neurips(msgspec.structs.replace(_FACTS, proven=False))
    assert all(line.count("|") - line.count("\\|") == 3 for line in text.splitlines() if line.startswith("|"))


def test_the_citation_is_yaml() -> None:
    """Names and title are quoted; a review without names has none."""
    made = yaml.safe_load(citation(_FACTS))
    assert (made["cff-version"], made["title"]) == ("1.2.0", 'A "quoted" title')
    assert [each["name"] for each in made["authors"]] == ["Ada Lovelace", "Grace Hopper"]
    assert yaml.safe_load(citation(_ANONYMOUS))["authors"] == [{"name": "Anonymous"}]


def test_nothing_names_the_author_of_a_review() -> None:
    """No format brings back what the export left out."""
    made = [
        crate(_ANONYMOUS).decode(),
        statement(_ANONYMOUS).decode(),
        citation(_ANONYMOUS),
        neurips(_ANONYMOUS),
    ]
    made += [text for _, text in container_files(_ANONYMOUS, _REQUIREMENTS)]
    assert not any(word in text for text in made for word in ("Ada", "Grace", "c" * 40, "forge.org"))


def test_containers() -> None:
    """The image by digest where one is named, else a tag that says so; the lock, the places, the variables."""
    files = dict(container_files(_FACTS, _REQUIREMENTS))
    assert "FROM python:3.11.7-slim" in files["Dockerfile"]
    assert "# No digest" in files["Dockerfile"]
    assert "--find-links wheels -r env/requirements.lock.txt" in files["Dockerfile"]
    assert 'ENV ODD="a \\"\\$b\\""' in files["Dockerfile"]
    pinned = f"python@sha256:{'0' * 64}"
    named = dict(container_files(msgspec.structs.replace(_FACTS, image=pinned), _REQUIREMENTS))
    assert f"FROM {pinned}" in named["Dockerfile"]
    assert files["binder/requirements.txt"] == "--find-links ./wheels\n" + _REQUIREMENTS
    assert files["binder/runtime.txt"] == "python-3.11\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Binder is Linux")
def test_binder_puts_files_at_their_places(tmp_path: Path) -> None:
    """`postBuild` is run by a shell as Binder does, and the project lies as its author had it."""
    for name in (*_FACTS.inputs, "notebook.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    script = dict(container_files(_FACTS, _REQUIREMENTS))["binder/postBuild"]
    subprocess.run(["bash", "-c", script], cwd=tmp_path, check=True)
    assert (tmp_path / "project/a b.csv").read_text() == "data/a b.csv"
    assert (tmp_path / "project/helper.py").read_text() == "src/helper.py"
    assert (tmp_path / "project/paper/nb.ipynb").read_text() == "notebook.ipynb"


def test_repo2docker_takes_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """repo2docker's own parser detects the Python buildpack, the version, the requirements and `postBuild`."""
    packs = pytest.importorskip("repo2docker.buildpacks.python", reason="installed by `make formats` alone")
    for name, text in container_files(_FACTS, _REQUIREMENTS):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    pack = packs.PythonBuildPack("buildpack-deps:jammy")
    assert pack.detect()
    assert pack.python_version == "3.11"
    docker = pytest.importorskip("repo2docker.buildpacks.docker", reason="as above")
    assert not docker.DockerBuildPack("buildpack-deps:jammy").detect()
    scripts = "\n".join(text for _, text in pack.get_assemble_scripts())
    assert "binder/requirements.txt" in scripts
    assert pack.get_post_build_scripts() == ["binder/postBuild"]


@pytest.mark.parametrize(
    ("commit", "environ", "date"),
    [
        ("2026-11-21T10:00:00+01:00", {}, "2026-11-21"),
        ("2026-11-21T10:00:00+01:00", {"SOURCE_DATE_EPOCH": "0"}, "1970-01-01"),
        ("", {}, NO_DATE),
        ("", {"SOURCE_DATE_EPOCH": "soon"}, NO_DATE),
    ],
    ids=["commit", "epoch", "none", "no number"],
)
def test_the_date_is_a_fact(commit: str, environ: dict[str, str], date: str) -> None:
    """No clock is asked: the revision's date, or none."""
    assert date_of(commit, environ) == date
