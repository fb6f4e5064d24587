"""Git is read, never obeyed: no configuration of a repository runs anything."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_repro.environments import git as module
from jupyter_repro.environments.git import git_state
from jupyter_repro.records import Git, Missing
from jupyter_repro.records.code import Submodule

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs the git binary")


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    # a temporary folder may itself lie below somebody's work tree
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(home.parent))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.org")


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    run(folder, "init", "-q", "-b", "main")
    (folder / "a.txt").write_text("one\n")
    run(folder, "add", ".")
    run(folder, "commit", "-q", "-m", "first")
    return folder


def state(folder: Path) -> Git:
    found = git_state(folder)
    assert isinstance(found, Git), found
    return found


def test_a_clean_repository(repo: Path) -> None:
    """Commit and branch as git tells them; nothing else to say."""
    assert state(repo) == Git(
        commit=run(repo, "rev-parse", "HEAD"),
        branch="main",
        dirty=False,
        diff="",
        untracked=(),
        remote=None,
    )


def test_the_diff_can_be_applied(repo: Path, tmp_path: Path) -> None:
    """Text, binary, new, renamed and removed files: the patch gives the same tree, whatever git's settings."""
    for key, value in {"color.ui": "always", "diff.noprefix": "true", "diff.mnemonicPrefix": "true"}.items():
        run(repo, "config", key, value)
    clone = tmp_path / "clone"
    run(tmp_path, "clone", "-q", str(repo), str(clone))
    (repo / "a.txt").write_text("two\n")
    (repo / "b.bin").write_bytes(bytes(range(256)))
    (repo / "sub").mkdir()
    (repo / "sub" / "c").write_text("c")
    run(repo, "add", "-A")
    found = state(repo / "sub")
    assert found.dirty
    subprocess.run(["git", "-C", str(clone), "apply"], input=found.diff, text=True, check=True)
    assert (clone / "b.bin").read_bytes() == bytes(range(256))
    assert (clone / "a.txt").read_text() == "two\n"
    assert (clone / "sub" / "c").read_text() == "c"


def test_staged_renames_and_their_former_names(repo: Path) -> None:
    """The former path of a rename is not read as another entry."""
    run(repo, "mv", "a.txt", "? b.txt")
    found = state(repo)
    assert (found.dirty, found.untracked) == (True, ())


def test_a_detached_head_has_no_branch(repo: Path) -> None:
    """A commit without a name."""
    run(repo, "checkout", "-q", "--detach")
    assert state(repo).branch is None


def test_untracked_files_are_named_and_are_no_diff(repo: Path) -> None:
    """Odd names come whole; bytes that are no text are escaped."""
    names = ["new\nline", 'quo"te', "\U0001f600", " lead", "? b"]
    for name in names:
        (repo / name).write_text("x")
    Path(os.fsdecode(os.fsencode(repo) + b"/b\xff")).write_text("x")
    found = state(repo)
    assert set(found.untracked) == {*names, "b\\xff"}
    assert (found.dirty, found.diff) == (False, "")


def test_untracked_names_are_capped_and_counted(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The note says how many are left out."""
    monkeypatch.setattr(module, "_UNTRACKED", 3)
    for number in range(5):
        (repo / str(number)).write_text("x")
    found = state(repo)
    assert len(found.untracked) == 3
    assert found.note == "2 of 5 untracked names are left out"


def test_a_large_diff_is_cut_at_a_line_and_the_note_says_so(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody takes half a patch for a whole one."""
    monkeypatch.setattr(module, "_DIFF_BYTES", 1000)
    (repo / "a.txt").write_text("".join(f"line {number}\n" for number in range(5000)))
    found = state(repo)
    assert len(found.diff) <= 1000
    assert found.diff.endswith("\n")
    assert "the diff is cut after" in found.note


def test_a_diff_of_bytes_that_are_no_text(repo: Path) -> None:
    """Latin-1 sources are shown with replacements, and the note says so."""
    (repo / "a.txt").write_bytes(b"caf\xe9\n")
    found = state(repo)
    assert "caf\ufffd" in found.diff
    assert "no UTF-8" in found.note


@pytest.mark.parametrize("tracked", [False, True])
def test_our_own_folder_is_never_dirt(repo: Path, tracked: bool) -> None:  # noqa: FBT001 - a table of two
    """Neither beside the repository's top nor deeper, neither untracked nor committed by mistake."""
    files = [repo / ".jupyter_repro" / "run.jsonl", repo / "deep" / ".jupyter_repro" / "run.jsonl"]
    for file in files:
        file.parent.mkdir(parents=True)
        file.write_text("x")
    if tracked:
        run(repo, "add", "-A")
        run(repo, "commit", "-q", "-m", "by mistake")
        for file in files:
            file.write_text("y")
    else:
        (repo / "deep" / "kept").write_text("x")
        run(repo, "add", "deep/kept")
        run(repo, "commit", "-q", "-m", "kept")
    found = state(repo)
    assert (found.dirty, found.diff, found.untracked) == (False, "", ())


def test_a_conflict_is_dirt(repo: Path) -> None:
    """Unmerged files differ from the commit."""
    run(repo, "checkout", "-q", "-b", "other")
    (repo / "a.txt").write_text("other\n")
    run(repo, "commit", "-qam", "other")
    run(repo, "checkout", "-q", "main")
    (repo / "a.txt").write_text("main\n")
    run(repo, "commit", "-qam", "main")
    subprocess.run(["git", "-C", str(repo), "merge", "other"], capture_output=True, check=False)
    assert state(repo).dirty


def test_nothing_is_written_into_the_repository(repo: Path) -> None:
    """Not even the index is refreshed."""
    os.utime(repo / "a.txt", (1, 1))
    before = {path: path.read_bytes() for path in (repo / ".git").rglob("*") if path.is_file()}
    state(repo)
    assert {path: path.read_bytes() for path in (repo / ".git").rglob("*") if path.is_file()} == before


@pytest.fixture
def trap(tmp_path: Path) -> tuple[str, Path]:
    """A program that leaves a mark when it runs, and the mark."""
    mark = tmp_path / "it ran"
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat\n")
    script.chmod(0o755)
    return str(script), mark


@pytest.mark.parametrize(
    ("settings", "attributes"),
    [
        ({"core.fsmonitor": "{}"}, ""),
        ({"core.fsmonitor": "{}", "core.fsmonitorHookVersion": "1"}, ""),
        ({"diff.external": "{}"}, ""),
        ({"diff.evil.command": "{}"}, "* diff=evil"),
        ({"diff.evil.textconv": "{}"}, "* diff=evil"),
        ({"filter.evil.clean": "{}"}, "* filter=evil"),
        ({"filter.evil.process": "{}", "filter.evil.required": "true"}, "* filter=evil"),
        ({"filter.with.dots.clean": "{}"}, "* filter=with.dots"),
        ({"alias.status": "!{}", "alias.diff": "!{}", "alias.config": "!{}", "alias.rev-parse": "!{}"}, ""),
        ({"core.pager": "{}", "pager.diff": "{}", "pager.status": "{}"}, ""),
        ({"core.sshCommand": "{}", "credential.helper": "{}", "core.askPass": "{}"}, ""),
        ({"core.editor": "{}", "sequence.editor": "{}", "gpg.program": "{}"}, ""),
        ({"core.alternateRefsCommand": "{}"}, ""),
        ({"status.submoduleSummary": "true", "diff.submodule": "log"}, ""),
    ],
)
def test_configuration_runs_nothing(
    repo: Path, trap: tuple[str, Path], settings: dict[str, str], attributes: str
) -> None:
    """A cloned or unpacked ``.git/config`` is data; the trap is set the way git itself would spring it."""
    script, mark = trap
    (repo / ".gitattributes").write_text(attributes)
    run(repo, "add", "-A")
    run(repo, "commit", "-q", "--allow-empty", "-m", "attributes")
    (repo / "a.txt").write_text("two\n")
    for key, value in settings.items():
        run(repo, "config", key, value.format(script))
    assert state(repo).dirty
    assert not mark.exists()


@pytest.mark.parametrize(
    ("key", "attributes"), [("filter.evil.clean", "* filter=evil"), ("diff.evil.textconv", "* diff=evil")]
)
def test_the_traps_are_real(repo: Path, trap: tuple[str, Path], key: str, attributes: str) -> None:
    """Plain git springs them, so their silence above means something."""
    script, mark = trap
    (repo / ".gitattributes").write_text(attributes)
    (repo / "a.txt").write_text("two\n")
    run(repo, "config", key, script)
    run(repo, "diff", "HEAD")
    assert mark.exists()


def test_a_filter_of_the_repository_is_told(repo: Path, trap: tuple[str, Path]) -> None:
    """Since it was not run, its files may seem changed; the user's own filters stay."""
    run(repo, "config", "filter.own.clean", trap[0])
    assert "content filters" in state(repo).note
    run(repo, "config", "--unset", "filter.own.clean")
    run(repo, "config", "--global", "filter.mine.clean", "cat")
    assert state(repo).note == ""


def test_hooks_run_nothing(repo: Path, trap: tuple[str, Path]) -> None:
    """Not even the one that follows a refreshed index."""
    for name in ("post-index-change", "fsmonitor-watchman", "pre-auto-gc", "reference-transaction"):
        shutil.copy(trap[0], repo / ".git" / "hooks" / name)
    os.utime(repo / "a.txt", (1, 1))
    state(repo)
    assert not trap[1].exists()


def test_a_submodules_configuration_runs_nothing(repo: Path, tmp_path: Path, trap: tuple[str, Path]) -> None:
    """Git would run itself inside the submodule, with the submodule's settings."""
    inner = tmp_path / "inner"
    run(tmp_path, "clone", "-q", str(repo), str(inner))
    run(repo, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "sub")
    run(repo, "commit", "-q", "-m", "with a submodule")
    run(repo / "sub", "config", "core.fsmonitor", trap[0])
    (repo / "sub" / "a.txt").write_text("two\n")
    state(repo)
    assert not trap[1].exists()


def test_a_work_tree_elsewhere_is_refused(repo: Path, tmp_path: Path) -> None:
    """A configuration cannot make us read another folder's files into a diff."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "a.txt").write_text("private")
    run(repo, "config", "core.worktree", str(victim))
    found = git_state(repo)
    assert isinstance(found, Missing)
    assert "elsewhere" in found.reason


def test_a_repository_of_another_user_is_missing_with_the_reason(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git's own refusal stands; we do not talk it over."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own switch to act as if it were so
    found = git_state(repo)
    assert isinstance(found, Missing)
    assert "safe.directory" in found.reason


def test_no_commit_yet(tmp_path: Path) -> None:
    """A repository without history has no revision."""
    run(tmp_path, "init", "-q")
    assert git_state(tmp_path) == Missing("the git repository has no commit yet")


def test_no_repository(tmp_path: Path) -> None:
    """The reason is short and in plain words."""
    assert git_state(tmp_path) == Missing("the folder lies in no git repository")


def test_a_bare_repository_and_the_inside_of_one(repo: Path, tmp_path: Path) -> None:
    """Neither has a work tree in which a notebook lies."""
    bare = tmp_path / "bare.git"
    run(tmp_path, "clone", "-q", "--bare", str(repo), str(bare))
    for folder in (bare, repo / ".git"):
        found = git_state(folder)
        assert isinstance(found, Missing)


def test_no_folder(tmp_path: Path) -> None:
    """A folder that was removed is not searched for elsewhere."""
    found = git_state(tmp_path / "gone")
    assert isinstance(found, Missing)
    assert "there is no folder" in found.reason


def test_no_git(repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the binary there is a reason, not an error."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_state(repo) == Missing("git is not installed")


def test_a_broken_repository_gives_gits_own_words(repo: Path) -> None:
    """One line."""
    (repo / ".git" / "config").write_text("[core\n")
    found = git_state(repo)
    assert isinstance(found, Missing)
    assert "\n" not in found.reason
    assert "config" in found.reason


def test_a_hanging_git_ends(repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A network file system that does not answer costs the timeout and no more."""
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\nexec sleep 60\n")
    fake.chmod(0o755)
    monkeypatch.setattr("jupyter_repro.environments.git_command._TIMEOUT_S", 0.2)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    assert git_state(repo) == Missing("git took longer than 0.2 s")


def test_the_remote_is_shown_without_credentials(repo: Path) -> None:
    """The token of a clone over HTTPS never reaches a record."""
    run(repo, "remote", "add", "origin", "https://user:ghp_secret@example.org/a/b.git")
    assert state(repo).remote == "https://example.org/a/b.git"


def test_a_local_remote_is_left_out_and_said(repo: Path) -> None:
    """Its path names the user's folders."""
    run(repo, "remote", "add", "origin", "/home/somebody/b.git")
    found = state(repo)
    assert found.remote is None
    assert found.note == "the remote is no public address and is left out"


def test_untracked_sources_are_kept_without_credentials(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that no commit holds is carried; data, links, ignored files and what is large are not."""
    token = "ghp_" + "a1B2c3D4e5" * 4
    (repo / ".gitignore").write_text("ignored.py\n")
    run(repo, "add", ".gitignore")
    run(repo, "commit", "-q", "-m", "ignore")
    (repo / "lib" / "deep").mkdir(parents=True)
    (repo / "lib" / "deep" / "model.py").write_text("x = 1\n")
    (repo / "lib" / "client.py").write_text(f"TOKEN = '{token}'\n")
    (repo / "large.py").write_text("#" * 70_000)
    (repo / "data.csv").write_text("1,2\n")
    (repo / "ignored.py").write_text("x\n")
    (repo / "work.ipynb").write_text("{}")
    (repo / "link.py").symlink_to("/etc/hostname")
    (repo / ".jupyter_repro").mkdir()
    (repo / ".jupyter_repro" / "ours.py").write_text("x\n")
    found = {source.path: source for source in state(repo).sources}
    assert sorted(found) == ["large.py", "lib/client.py", "lib/deep/model.py", "work.ipynb"]
    assert found["lib/deep/model.py"].text == "x = 1\n"
    assert found["lib/deep/model.py"].sha256 == hashlib.sha256(b"x = 1\n").hexdigest()
    assert token not in found["lib/client.py"].text
    assert found["lib/client.py"].note == "credentials in it are replaced by marks"
    assert (found["large.py"].text, found["large.py"].note) == ("", "it is larger than 64 kB")
    assert found["work.ipynb"].text == ""
    monkeypatch.setattr("jupyter_repro.environments.untracked._FILES", 1)
    assert "4 of 5 untracked source files are left out" in state(repo).note


def test_a_credential_in_the_diff_is_replaced_and_said(repo: Path) -> None:
    """The patch then cannot be applied at that line, and says so."""
    (repo / "a.txt").write_text("password='hunter22'\n")
    found = state(repo)
    assert "hunter22" not in found.diff
    assert "+password='[REDACTED:password]'" in found.diff
    assert "credentials in the diff are replaced" in found.note


def test_submodules_tell_what_is_asked_for_and_what_is_there(repo: Path, tmp_path: Path) -> None:
    """As asked, moved on and edited, or not checked out; the repository around never answers for them."""
    other = tmp_path / "other"
    other.mkdir()
    run(other, "init", "-q", "-b", "main")
    for number in (1, 2):
        (other / "b.txt").write_text(f"{number}\n")
        run(other, "add", ".")
        run(other, "commit", "-q", "-m", str(number))
    newest, first = run(other, "rev-parse", "HEAD"), run(other, "rev-parse", "HEAD~1")
    for name in ("same", "moved", "empty"):
        run(
            repo,
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "add",
            str(other),
            f"libs/{name}",
        )
    run(repo, "commit", "-q", "-m", "submodules")
    run(repo / "libs" / "moved", "checkout", "-q", first)
    (repo / "libs" / "moved" / "b.txt").write_text("edited\n")
    run(repo, "submodule", "--quiet", "deinit", "-f", "libs/empty")
    found = {each.path: each for each in state(repo).submodules}
    assert found["libs/same"] == Submodule(path="libs/same", commit=newest, checked_out=newest, dirty=False)
    assert found["libs/moved"] == Submodule(path="libs/moved", commit=newest, checked_out=first, dirty=True)
    assert found["libs/empty"] == Submodule(path="libs/empty", commit=newest, note="it is not checked out")


def test_where_no_repository_can_be_git_is_not_even_loaded(tmp_path: Path) -> None:
    """The capture at the start of a kernel is to cost nothing that it need not."""
    code = (
        "import sys, pathlib\nfrom jupyter_repro.environments.git import git_state\n"
        f"print(git_state(pathlib.Path({str(tmp_path)!r})).reason, 'git' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "the folder lies in no git repository False"
