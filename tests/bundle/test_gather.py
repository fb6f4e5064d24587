"""Which files a bundle carries."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from jupyter_repro.bundle.canonical import Trace
from jupyter_repro.bundle.dists import Distribution, Interpreter
from jupyter_repro.bundle.gather import Gathered, gather
from jupyter_repro.bundle.lock import Locked, Vendored


def _interpreter(folder: Path, *dists: Distribution) -> Interpreter:
    return Interpreter(
        python=sys.executable,
        version="3.11.7",
        implementation="CPython",
        system="Linux",
        machine="x86_64",
        libc="",
        prefix=folder / "venv",
        scripts=folder / "venv/bin",
        libraries=(folder / "venv/lib/python3.11",),
        distributions=dists,
    )


def _write(folder: Path, *names: str) -> list[str]:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return [str(folder / name) for name in names]


def _gather(notebook: Path, trace: Trace, locked: Locked | None = None, *dists: Distribution) -> Gathered:
    nothing = Locked(packages=(), vendored=(), warnings=())
    interpreter = _interpreter(notebook.parent.parent, *dists)
    return gather(notebook, trace, interpreter=interpreter, locked=locked or nothing)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A git project with a notebook in a folder of its own."""
    (tmp_path / ".git").mkdir()
    _write(tmp_path, "notebooks/nb.ipynb")
    return tmp_path


def test_data_and_sources_keep_their_place(project: Path) -> None:
    """The root is the nearest folder that holds all; products and the notebook itself are no inputs."""
    read = _write(project, "data/x.csv", "notebooks/near.csv", "notebooks/made.txt", "src/utils.py")
    trace = Trace(
        read=(*read, str(project / "notebooks/nb.ipynb"), str(project / "gone.csv")),
        products=(read[2],),
        written=(read[2],),
        modules=(read[3],),
    )
    found = _gather(project / "notebooks/nb.ipynb", trace)
    assert found.root == project
    assert [(file.path, file.role) for file in found.packed] == [
        ("data/x.csv", "data"),
        ("notebooks/near.csv", "data"),
        ("src/utils.py", "source"),
    ]
    assert found.external == found.kept_out == found.unreadable == found.rewritten == ()


def test_environment_and_library_are_the_locks_business(project: Path) -> None:
    """Installed modules and their data are not packed, even if the environment lies in the project."""
    files = _write(
        project,
        "venv/lib/python3.11/site-packages/six.py",
        "venv/lib/python3.11/json/__init__.py",
        "other/site-packages/data.csv",
    )
    trace = Trace(read=tuple(files), modules=tuple(files[:2]))
    assert _gather(project / "notebooks/nb.ipynb", trace).packed == ()


def test_sources_of_editable_wheels_are_not_packed_twice(project: Path) -> None:
    """What the vendored wheel installs stays out; a module beside it goes in."""
    inside, beside = _write(project, "src/pkg/mod.py", "scripts/helper.py")
    info = project / "venv/lib/python3.11/site-packages/pkg-1.dist-info"
    direct = f'{{"url": "{project.as_uri()}", "dir_info": {{"editable": true}}}}'
    info.mkdir(parents=True)
    (info / "direct_url.json").write_text(direct)
    vendored = Vendored(name="pkg", version="1", wheel=Path("x.whl"), why="", files=("pkg/mod.py",))
    locked = Locked(packages=(), vendored=(vendored,), warnings=())
    trace = Trace(read=(inside, beside), modules=(inside, beside))
    found = _gather(project / "notebooks/nb.ipynb", trace, locked, Distribution("pkg", "1", info))
    assert [file.path for file in found.packed] == ["scripts/helper.py"]


def test_outside_unreadable_and_rewritten_are_told(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nothing that the run used is dropped in silence."""
    (outside,) = _write(tmp_path_factory.mktemp("outside"), "x.csv")
    counter, head = _write(project, "notebooks/counter.txt", ".git/HEAD")
    trace = Trace(read=(outside, counter, head), written=(counter,))
    found = _gather(project / "notebooks/nb.ipynb", trace)
    assert [file.path for file in found.external] == [outside]
    assert [file.path for file in found.kept_out] == [".git/HEAD"]
    assert found.rewritten == ("notebooks/counter.txt",)
