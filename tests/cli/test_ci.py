"""The workflow for a build server: right by the provider's own schema, and never over a file that is there."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from jupyter_repro.cli.ci import workflow
from jupyter_repro.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

_BUNDLES = ["paper.repro.zip", 'more/it\'s "b".repro.zip']
_PROVIDERS = ("github", "gitlab")


def _run(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["ci", *arguments])
    return int(stop.value.code or 0)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two bundles, in which the command runs."""
    for name in ("paper.repro.zip", "more/second.repro.zip"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _parsed(provider: Any, **facts: Any) -> dict[str, Any]:
    told = {"schedule": "weekly", "minutes": 60, **facts}
    # the safe loader reads YAML 1.1, where `on` is a boolean
    found: dict[str, Any] = yaml.load(workflow(provider, _BUNDLES, **told), Loader=yaml.BaseLoader)
    return found


def test_github() -> None:
    """Push, pull request, schedule; the bundles as a matrix; rights to read only; nothing of ours left open."""
    found = _parsed("github", schedule="monthly", minutes=5)
    assert set(found["on"]) == {"push", "pull_request", "workflow_dispatch", "schedule"}
    assert found["on"]["schedule"] == [{"cron": "17 4 1 * *"}]
    assert found["permissions"] == {"contents": "read"}
    job = found["jobs"]["verify"]
    assert (job["strategy"]["matrix"]["bundle"], job["timeout-minutes"]) == (_BUNDLES, "5")
    (verify,) = (step["run"] for step in job["steps"] if step.get("name") == "Verify")
    # a bundle's name reaches the shell as a variable only: it may hold anything
    assert verify.startswith('uv run --no-project "$BUNDLE" verify')


def test_gitlab() -> None:
    """Push, merge request, schedule; a JUnit report that the merge request shows."""
    job = _parsed("gitlab")["reproduce"]
    assert job["parallel"]["matrix"] == [{"BUNDLE": _BUNDLES}]
    assert job["artifacts"]["reports"] == {"junit": "report/junit.xml"}
    assert '"$BUNDLE"' in job["script"][0]


_GOLDEN = {"golden": ("train.py", "a b.py"), "install": 'pip install "torch==2.13.0"'}


@pytest.mark.parametrize("bundles", [[], _BUNDLES], ids=["alone", "with bundles"])
def test_golden_runs(bundles: list[str]) -> None:
    """A job that installs and checks, names with spaces quoted; without bundles there is no other."""
    text = workflow("github", bundles, schedule="weekly", minutes=7, **_GOLDEN)  # type: ignore[arg-type]  # a mixed dict
    jobs = yaml.load(text, Loader=yaml.BaseLoader)["jobs"]
    assert set(jobs) == ({"verify", "golden"} if bundles else {"golden"})
    runs = [step["run"] for step in jobs["golden"]["steps"] if "run" in step]
    assert runs == [
        'pip install "torch==2.13.0"',
        "jupyter-repro golden check train.py --html golden-1.html && "
        "jupyter-repro golden check 'a b.py' --html golden-2.html",
    ]
    lab = yaml.load(
        workflow("gitlab", bundles, schedule="weekly", minutes=7, **_GOLDEN), Loader=yaml.BaseLoader
    )  # type: ignore[arg-type]  # as above
    assert lab["golden"]["script"] == runs[1:]


def test_golden_command(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What installs the project is found or asked for, never guessed."""
    assert _run(["github", "--golden", "train.py"]) == 2
    assert "--install" in capsys.readouterr().err
    (repository / "requirements.txt").write_text("numpy", encoding="utf-8")
    assert _run(["github", "--golden", "train.py"]) == 0
    assert "golden runs of train.py" in capsys.readouterr().out
    text = (repository / ".github/workflows/reproduce.yml").read_text(encoding="utf-8")
    assert "pip install jupyter_repro -r requirements.txt" in text


@pytest.mark.parametrize("golden", [{}, _GOLDEN], ids=["bundles", "golden"])
@pytest.mark.parametrize("provider", _PROVIDERS)
def test_by_the_provider_s_schema(provider: Any, golden: Any, tmp_path: Path) -> None:
    """The schema that the provider publishes, as check-jsonschema carries it."""
    pytest.importorskip("check_jsonschema", reason="the providers' schemas come with check-jsonschema")
    path = tmp_path / "workflow.yml"
    path.write_text(workflow(provider, _BUNDLES, schedule="daily", minutes=60, **golden), encoding="utf-8")
    schema = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}[provider]
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    if provider == "gitlab":
        command[3:3] = ["--data-transform", "gitlab-ci"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("provider", "place"), [("github", ".github/workflows/reproduce.yml"), ("gitlab", ".gitlab-ci.yml")]
)
def test_written_once(
    repository: Path, capsys: pytest.CaptureFixture[str], provider: str, place: str
) -> None:
    """All bundles below the folder; a second time only by force."""
    assert _run([provider]) == 0
    text = (repository / place).read_text(encoding="utf-8")
    assert '["more/second.repro.zip", "paper.repro.zip"]' in text
    (repository / place).write_text("mine", encoding="utf-8")
    capsys.readouterr()
    assert _run([provider]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (repository / place).read_text(encoding="utf-8") == "mine"
    assert _run([provider, "paper.repro.zip", "--force"]) == 0
    assert '["paper.repro.zip"]' in (repository / place).read_text(encoding="utf-8")


def test_what_cannot_be_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No bundle, or one that the runner would not find: nothing is written."""
    monkeypatch.chdir(tmp_path)
    outside = tmp_path.parent / "outside.repro.zip"
    outside.write_bytes(b"")
    assert _run(["github"]) == 2
    assert "jupyter repro export" in capsys.readouterr().err
    assert _run(["github", str(outside)]) == 2
    assert not (tmp_path / ".github").exists()
