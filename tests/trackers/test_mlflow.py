"""MLflow in a real store of its own: runs that name ours, ours that name them."""

from __future__ import annotations

import hashlib
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_repro
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.extension import session_of
from jupyter_repro.kernel.run_records import record_end
from jupyter_repro.records.trackers import Ours
from jupyter_repro.trackers.mlflow import context_tags

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover

mlflow = pytest.importorskip("mlflow", reason="not in the development set; `make trackers` has it")

REAL = vars(mlflow.MlflowClient)["create_run"]

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::ResourceWarning"
)  # MLflow's own

LOAD = "import mlflow, os\nmlflow.set_tracking_uri(f'sqlite:///{os.getcwd()}/mlflow.db')"
"""By its whole path: MLflow keeps a store open by its address."""


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return an empty store: MLflow takes seconds to make one."""
    from mlflow.tracking import MlflowClient

    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    MlflowClient(f"sqlite:///{path}").search_experiments()
    return path.read_bytes()


@pytest.fixture
def project(bench: Bench, tmp_path: Path, migrated: bytes) -> Bench:
    """Return a notebook in a repository with data, an uncommitted change that holds a credential, and a store."""
    with unwatched():
        (tmp_path / "mlflow.db").write_bytes(migrated)
        (tmp_path / "train.csv").write_text("a\n1\n")
        (tmp_path / "model.py").write_text("layers = 2\n")
        (tmp_path / ".gitignore").write_text("mlflow.db\nmlruns\n.jupyter_repro\nipython\n*.ipynb\n")
        for line in ("init -q -b main", "add .", "commit -q -m first"):
            git(tmp_path, *line.split())
        key = "AKIA" + "Q3EXAMPLE7JDKWZ5"
        (tmp_path / "model.py").write_text(f"layers = 3\nkey = '{key}'\n")
    return bench


def git(folder: Path, *words: str) -> str:
    """Run git in a repository."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    return subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def runs_in(folder: Path) -> list[Any]:
    """Return the runs of the store, the oldest first."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(f"sqlite:///{folder / 'mlflow.db'}")
    ids = [each.experiment_id for each in client.search_experiments()]
    return sorted(client.search_runs(ids), key=lambda run: run.info.start_time)


def test_both_sides_name_each_other(project: Bench, tmp_path: Path) -> None:
    """Tags: notebook, commit, change without its credential, seed, run; our record: MLflow's id and address."""
    project.write(
        a="%repro seed=42",
        b=LOAD,
        c="from pathlib import Path\nrows = Path('train.csv').read_text()",
        d="with mlflow.start_run(run_name='one') as run:\n    mlflow.log_metric('loss', 0.5)",
        e='%repro note "enough"',
    )
    project.run_all()
    (found,) = runs_in(tmp_path)
    tags = found.data.tags
    assert tags["mlflow.source.name"] == "analysis.ipynb"
    assert tags["mlflow.source.git.commit"] == git(tmp_path, "rev-parse", "HEAD").strip()
    assert tags["mlflow.source.git.dirty"] == "true"
    assert "+layers = 3" in tags["mlflow.source.git.diff"]
    assert "AKIA" not in tags["mlflow.source.git.diff"]
    assert tags["jupyter_repro.seed"] == "42"
    (run,) = jupyter_repro.runs(tmp_path)
    (link,) = run.trackers
    assert (link.tracker, link.id, link.name, link.cell) == ("MLflow", found.info.run_id, "one", "d")
    assert link.address == "sqlite:///mlflow.db"
    session = session_of(project.shell)
    assert session is not None
    assert session.tracking is not None
    assert tags["jupyter_repro.run"] == session.tracking.run
    (told,) = found.inputs.dataset_inputs
    held = next(each for each in run.inputs if each.resource == "file:train.csv")
    assert told.dataset.name == "train.csv"
    assert told.dataset.digest == str(held.digest)[:32]
    assert {each.key: each.value for each in told.tags}["jupyter_repro.sha256"] == held.digest
    assert link.inputs == ("train.csv",)


def test_every_run_of_a_cell_is_linked(project: Bench, tmp_path: Path) -> None:
    """Several in a loop, one inside another, and one that a client makes past MLflow's own context."""
    project.write(
        a=LOAD,
        b="for lr in (0.1, 0.2):\n    with mlflow.start_run():\n        with mlflow.start_run(nested=True):\n            pass",
        c="client = mlflow.MlflowClient()\nmade = client.create_run('0')\nclient.set_terminated(made.info.run_id)",
    )
    project.run_all()
    found = runs_in(tmp_path)
    tracking = session_of(project.shell).tracking  # type: ignore[union-attr]  # it is loaded
    assert tracking is not None
    assert {each.data.tags["jupyter_repro.run"] for each in found} == {tracking.run}
    assert sorted(each.id for each in tracking.runs()) == sorted(each.info.run_id for each in found)
    assert [each.cell for each in tracking.runs()] == ["b"] * 4 + ["c"]


def test_a_run_that_goes_on_is_told_what_later_cells_read(project: Bench, tmp_path: Path) -> None:
    """Each input once; a large one by the digest of its bytes; what the run has made itself is none."""
    with unwatched():
        (tmp_path / "large.bin").write_bytes(b"x" * (5 << 20))
    project.write(
        a=LOAD,
        b="run = mlflow.start_run()",
        c="text = open('train.csv').read()",
        d="data = open('large.bin', 'rb').read()\nopen('out.txt', 'w').write('1')\nopen('out.txt').read()",
        e="text = open('train.csv').read()\nmlflow.end_run()",
    )
    project.run_all()
    (found,) = runs_in(tmp_path)
    told = {each.dataset.name: each.dataset.digest for each in found.inputs.dataset_inputs}
    assert sorted(told) == ["large.bin", "train.csv"]
    assert told["large.bin"] == hashlib.sha256(b"x" * (5 << 20)).hexdigest()[:32]


def test_a_run_that_is_taken_up_again_keeps_the_name_it_had(project: Bench, tmp_path: Path) -> None:
    """And names the kernel that went on with it."""
    project.write(
        a=LOAD,
        b="client = mlflow.MlflowClient()\nold = client.create_run('0', tags={'jupyter_repro.run': 'earlier'})",
        c="run = mlflow.start_run(run_id=old.info.run_id)",
        d="mlflow.end_run()",
    )
    project.run_all()
    (found,) = runs_in(tmp_path)
    tracking = session_of(project.shell).tracking  # type: ignore[union-attr]  # it is loaded
    assert tracking is not None
    assert found.data.tags["jupyter_repro.run"] == "earlier"
    assert found.data.tags["jupyter_repro.resumed_by"] == tracking.run


def test_a_tracker_that_fails_costs_neither_the_cell_nor_its_run(
    project: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says why, once."""
    project.write(
        a=LOAD,
        b="real = mlflow.MlflowClient.log_inputs\n"
        "def refuse(*_, **__):\n    raise ConnectionError('https://me:pass@host is away')\n"
        "mlflow.MlflowClient.log_inputs = refuse",
        c="text = open('train.csv').read()",
        d="with mlflow.start_run():\n    mlflow.log_metric('loss', 1)",
        e="with mlflow.start_run():\n    mlflow.log_metric('loss', 2)",
        f="mlflow.MlflowClient.log_inputs = real",
    )
    project.run("a", "b", "c")
    capsys.readouterr()
    for name in "def":
        assert project.run(name).success
    told = capsys.readouterr().err
    assert told.count("repro: MLflow could not be told") == 1
    assert "pass@" not in told
    assert [each.data.metrics["loss"] for each in runs_in(tmp_path)] == [1, 2]
    session = session_of(project.shell)
    assert session is not None
    assert not session.boundary.failures


def test_a_run_that_does_not_name_ours_is_told_as_such(project: Bench) -> None:
    """A client made it past MLflow's context, and the store took no tag."""
    project.write(
        a=LOAD,
        b="real = mlflow.MlflowClient.log_batch\n"
        "def refuse(*_, **__):\n    raise ConnectionError('away')\n"
        "mlflow.MlflowClient.log_batch = refuse\n"
        "made = mlflow.MlflowClient().create_run('0')\n"
        "mlflow.MlflowClient.log_batch = real",
    )
    project.run("a")
    assert project.run("b").success
    tracking = session_of(project.shell).tracking  # type: ignore[union-attr]  # it is loaded
    assert tracking is not None
    (link,) = tracking.runs()
    assert (link.named, link.note) == (False, "it does not name our run: the tracker refused")


def test_off_gives_mlflow_back(project: Bench, tmp_path: Path) -> None:
    """The same function as before, and runs that begin then are not told of ours."""
    project.write(a=LOAD, b="%repro off", c="with mlflow.start_run():\n    pass")
    project.run("a")
    assert vars(mlflow.MlflowClient)["create_run"] is not REAL
    project.run("b", "c")
    assert vars(mlflow.MlflowClient)["create_run"] is REAL
    (found,) = runs_in(tmp_path)
    assert not [key for key in found.data.tags if key.startswith("jupyter_repro.")]


def test_the_record_of_the_kernel_bears_the_name_that_trackers_know(project: Bench, tmp_path: Path) -> None:
    """At its end; a snapshot before has one of its own, and the same links; chance is left alone."""
    project.write(
        a="%repro seed=42\nimport random",
        b=LOAD,
        c="with mlflow.start_run():\n    open('train.csv').read()\nstate = random.getstate()  # MLflow draws the run's name",
        d="assert random.getstate() == state",
        e="%repro snapshot",
    )
    for name in "abcde":
        assert project.run(name).success
    session = session_of(project.shell)
    assert session is not None
    record_end(session, session.environment())
    last, snapshot = jupyter_repro.runs(tmp_path)
    (found,) = runs_in(tmp_path)
    assert (last.kind, last.id) == ("session", found.data.tags["jupyter_repro.run"])
    assert last.made > snapshot.made
    assert snapshot.trackers == last.trackers
    assert project.run("d").success


def test_a_bundle_is_named_on_the_runs_that_went_into_it(project: Bench, tmp_path: Path) -> None:
    """Also on those that have ended."""
    project.write(a=LOAD, b="with mlflow.start_run():\n    pass")
    project.run_all()
    session = session_of(project.shell)
    assert session is not None
    assert session.tracking is not None
    session.tracking.bundled("ab" * 32)
    (found,) = runs_in(tmp_path)
    assert found.data.tags["jupyter_repro.bundle"] == "ab" * 32


def test_tags_are_within_what_mlflow_takes() -> None:
    """A longer change is cut at a line, and says so; what is not known has no tag."""
    diff = "".join(f"+line {n} {'x' * 60}\n" for n in range(400))
    tags = context_tags(Ours(run="r", kernel="k", notebook="n.ipynb", commit="c", dirty=True, diff=diff))
    assert len(tags["mlflow.source.git.diff"]) <= 8000
    assert tags["mlflow.source.git.diff"].endswith("has all of it]\n")
    assert "jupyter_repro.seed" not in tags
