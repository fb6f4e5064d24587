"""Planted secrets of every kind, in every place of a session, never reach what we write or show."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from planted import HEX, PLACED, PLANTED

import jupyter_repro
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.extension import session_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover

SECRETS = {**PLANTED, **{name: secret for name, (_, secret) in PLACED.items()}}
WORDS = {
    "BARE_PASSWORD": "Tr0ub4dor-and-3",
    "MY_TOKEN": "Correct Horse 77",
    "LOGIN_PASSPHRASE": "sesam-oeffne-dich",
}
"""What nobody could tell by its form, and the environment holds under a telling name."""
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + hashlib.sha512(b"image").digest() * 40).decode()
HARMLESS = (hashlib.sha256(b"data").hexdigest(), str(uuid.UUID(int=2**90 + 5)), PNG)


def git(folder: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", *words],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def places() -> Iterator[tuple[str, str]]:
    """Yield each secret by its kind, written as it would be in a file."""
    yield from PLANTED.items()
    for name, (around, secret) in PLACED.items():
        yield name, around.format(secret)


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in git whose every corner holds secrets."""
    for number, secret in enumerate(SECRETS.values()):
        monkeypatch.setenv(f"SERVICE_{number}_API_KEY", secret)
    for name, word in WORDS.items():
        monkeypatch.setenv(name, word)
    monkeypatch.setenv("PIP_INDEX_URL", "https://me:tOpS3cret@pypi.example.org/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", f"https://{PLANTED['gitlab-token']}@gitlab.example.org/simple")
    with unwatched():
        site = tmp_path / "site" / "private_pkg-1.0.dist-info"
        site.mkdir(parents=True)
        (site / "METADATA").write_text("Metadata-Version: 2.1\nName: private-pkg\nVersion: 1.0\n")
        url = f"https://me:tOpS3cret@host.example.org/{PLANTED['github-token']}/x.git"
        vcs = {"vcs": "git", "commit_id": HEX[20:60], "requested_revision": "main"}
        (site / "direct_url.json").write_text(json.dumps({"url": url, "vcs_info": vcs}))
        monkeypatch.syspath_prepend(str(site.parent))
        git(tmp_path, "init", "-q")
        (tmp_path / ".gitignore").write_text("site\n.jupyter_repro\n")
        (tmp_path / "tracked.py").write_text("a = 1\n")
        git(tmp_path, "add", "tracked.py", ".gitignore")
        git(tmp_path, "commit", "-qm", "first")
        git(tmp_path, "remote", "add", "origin", f"https://me:{PLANTED['github-token']}@github.com/a/b.git")
        text = "\n".join(f"# {each}" if "\n" not in each else f"'''\n{each}\n'''" for _, each in places())
        words = "\n".join(f"# we say {each}" for each in WORDS.values())
        harmless = "\n".join(f"# {each}" for each in HARMLESS)
        (tmp_path / "tracked.py").write_text(f"{text}\n{words}\n")
        (tmp_path / "beside.py").write_text(f"{text}\n{words}\n{harmless}\n")
        lines = [
            f"service{number}_api_key: {secret!r}"
            for number, secret in enumerate(SECRETS.values())
            if "\n" not in secret
        ]
        (tmp_path / "config.yaml").write_text("\n".join((*lines, f"digest: {HARMLESS[0]}", "lr: 0.1\n")))
    return tmp_path


def test_none_reaches_the_disk_or_the_screen(
    bench: Bench, planted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """46 kinds in variables, remotes, indexes, diffs, files, configurations, sources and outputs."""
    assert len(SECRETS) >= 25
    cells = {f"p{number}": f"x = {text!r}" for number, (_, text) in enumerate(places())}
    cells["conf"] = (
        "import os, argparse, jupyter_repro\n"
        "config = jupyter_repro.config('config.yaml', ['+db.password=hunter2222'])\n"
        "args = argparse.Namespace(**{k.lower(): v for k, v in os.environ.items() if k.startswith('SERVICE')})\n"
        "settings = {'harmless': os.environ['BARE_PASSWORD'], 'url': os.environ['PIP_INDEX_URL'],\n"
        "            'text': 'we say ' + os.environ['MY_TOKEN']}\n"
        f"digest, name, image = {HARMLESS!r}"
    )
    cells["bare"] = "\n".join(f"word{n} = {word!r}" for n, word in enumerate(WORDS.values()))
    cells["show"] = "for value in os.environ.values(): print(value)"
    cells["fail"] = f"raise RuntimeError({PLANTED['aws-access-key']!r})"
    bench.write(**cells)
    bench.run_all()
    capsys.readouterr()
    for number, words in enumerate((
        "env verbose", "env json", "env json", "config", "config verbose", "config json", "config json all.json",
        "status verbose", "status json", "report", "report html report.html", "report json report.json", "gpu",
    )):  # fmt: skip
        bench.shell.run_cell(f"%repro {words}", store_history=True, cell_id=f"w{number}")
    session = session_of(bench.shell)
    assert session is not None
    session.standing.capture_start()
    session.standing.write()
    jupyter_repro.environment(bench.shell)
    bench.shell.run_line_magic("unload_ext", "jupyter_repro")
    shown = capsys.readouterr().out
    ours = [*sorted((planted / ".jupyter_repro").rglob("*")), *planted.glob("report.*"), planted / "all.json"]
    written = {path.name: path.read_text("utf-8") for path in ours if path.is_file()}
    assert {"report.html", "report.json", "all.json"} < written.keys()
    assert {name.partition("-")[0] for name in written} >= {"run", "env"}
    assert _leaks({**written, "the screen": shown}) == []
    journal = next(text for name, text in written.items() if name.startswith("run-"))
    sidecar = next(text for name, text in written.items() if name.startswith("env-"))
    assert [text for text in HARMLESS if text not in journal] == [], "sources"
    assert [text for text in HARMLESS if text not in sidecar] == [], "untracked files"
    assert "SERVICE_0_API_KEY" in sidecar, "names of variables are recorded"
    assert "[REDACTED:variable:BARE_PASSWORD]" in sidecar


def _leaks(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Return where which secret stands, by its last line, as it is or as JSON spells it."""
    found = []
    for kind, secret in {**SECRETS, **WORDS, "pip": "tOpS3cret"}.items():
        tail = secret.splitlines()[1 if "\n" in secret else 0]
        found += [(name, kind) for name, text in texts.items() if tail in text]
    return found


def test_the_check_itself_finds_a_leak() -> None:
    """A grep that never finds anything proves nothing."""
    assert _leaks({"a": PLANTED["aws-access-key"], "b": WORDS["MY_TOKEN"], "c": "clean"}) == [
        ("a", "aws-access-key"),
        ("b", "MY_TOKEN"),
    ]


def _facts(found: Any) -> str:
    from jupyter_repro.canonical import dumps

    return dumps(found).decode()


def test_programs_get_none_of_them_either(bench: Bench, planted: Path) -> None:
    """What `environment()` returns holds no credential of a file, a remote or an index."""
    bench.write(a="x = 1")
    bench.run("a")
    text = _facts(jupyter_repro.environment(bench.shell))
    assert _leaks({"environment": text}) == []
    assert planted.name not in text
