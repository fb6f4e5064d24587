"""A round trip: a notebook with torch, pandas, matplotlib, an editable and a git package, exported and verified elsewhere.

The author's environment is made anew; the reader has an empty home, another folder and no network: the bundle carries
its wheels. Nothing in the file may tell where the author works.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import uv

REPOSITORY = Path(__file__).parents[1]
SHORTEST = 4
"""Characters of a text that is looked for: shorter ones stand anywhere."""
TORCH = "torch==2.13.0"
CELLS = (
    """\
%load_ext jupyter_repro
%repro seed=42 strict""",
    """\
import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import torch
from edited_here import scaled
from from_git import VERSION
from helper import columns""",
    """\
table = pd.read_csv('numbers.csv')[columns()]
table.describe()""",
    """\
model = torch.nn.Linear(2, 1)
points = torch.tensor(table[['a', 'b']].to_numpy(), dtype=torch.float32)
target = torch.tensor(scaled(table['a'].tolist()))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for _ in range(20):
    optimizer.zero_grad()
    loss = ((model(points)[:, 0] - target) ** 2).mean()
    loss.backward()
    optimizer.step()
# repro: claim "Loss" after="loss"
print(f'loss {loss.item():.6f}, {VERSION}')""",
    """\
figure, axes = plt.subplots(figsize=(3, 2))
axes.plot(table['a'], table['b'])
plt.show()""",
    "1 / 0",
)
EDITABLE = {
    "pyproject.toml": '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n[project]\n'
    'name = "edited-here"\nversion = "0.1"\nauthors = [{name = "Ada Roundtrip", email = "ada@roundtrip.example"}]\n',
    "src/edited_here/__init__.py": "def scaled(values):\n    return [2.0 * value for value in values]\n",
}
FROM_GIT = {
    "pyproject.toml": '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n[project]\n'
    'name = "from-git"\nversion = "0.2"\n',
    "src/from_git/__init__.py": 'VERSION = "0.2 from git"\n',
}


def main() -> int:
    """Go the way there and back; return 1 where something is another."""
    with tempfile.TemporaryDirectory(prefix="round-trip-") as name:
        base = Path(name)
        bundle = author(base / "author")
        problems = [*traces(bundle, base / "author"), *reader(bundle, base / "reader")]
    for problem in problems:
        sys.stderr.write(f"error: {problem}\n")
    sys.stdout.write("the round trip failed\n" if problems else "the round trip gives the author's results\n")
    return int(bool(problems))


def author(base: Path) -> Path:
    """Make an environment and a project, run the notebook, export it; return the bundle."""
    write(base / "edited", EDITABLE)
    write(base / "git", FROM_GIT)
    commit(base / "git")
    project = write(
        base / "project",
        {
            "numbers.csv": "a,b,c\n" + "".join(f"{n},{n * n % 7},{n}\n" for n in range(1, 9)),
            "helper.py": "def columns():\n    return ['a', 'b']\n",
            "paper.ipynb": notebook(),
        },
    )
    commit(project)
    python = base / "venv/bin/python"
    run(sys.executable, "-m", "venv", str(base / "venv"))
    pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, TORCH)  # its CPU wheel: pip finds it where uv takes another
    run(
        *pip,
        str(REPOSITORY),
        "pandas",
        "matplotlib",
        "nbclient",
        "--editable",
        str(base / "edited"),
        f"git+{(base / 'git').as_uri()}",
    )
    run(str(base / "venv/bin/jupyter-execute"), "--inplace", "--allow-errors", "paper.ipynb", cwd=project)
    bundle = base / "project/paper.repro.zip"
    run(str(base / "venv/bin/jupyter-repro"), "export", "paper.ipynb", "--offline", cwd=project)
    return bundle


def reader(bundle: Path, base: Path) -> list[str]:
    """Verify with nothing of the author's: an empty home, no index, no network; return what is wrong."""
    base.mkdir()
    (base / "home").mkdir()
    copy = Path(shutil.copyfile(bundle, base / "paper.repro.zip"))
    environment = {
        "HOME": str(base / "home"),
        "PATH": os.environ["PATH"],
        "UV_CACHE_DIR": str(base / "cache"),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_CONFIG": "1",
    }
    command = [uv.find_uv_bin(), "run", "--no-project", "--offline", "--python", sys.executable]
    words = [str(copy), "--offline", "--sandbox", "if-possible", "--output", str(base)]
    without_network = ["unshare", "--net"] if os.geteuid() == 0 and shutil.which("unshare") else []
    done = subprocess.run([*without_network, *command, *words], env=environment, cwd=base, check=False)
    report = json.loads((base / "report.json").read_text(encoding="utf-8"))
    problems = [] if done.returncode == 0 == report["exit_code"] else [report["headline"]]
    problems += [f"{cell['label']}: {cell['verdict']}" for cell in report["cells"] if cell["verdict"] not in ("identical", "equivalent", "within tolerance")]  # fmt: skip
    problems += [
        f"the claim {claim['text']} is {claim['verdict']}" for claim in report["claims"] if not claim["holds"]
    ]
    found = report["environment"] or {}
    problems += [f"a package differs: {each}" for key in ("packages_of_another_version", "packages_of_other_bytes") for each in found.get(key, ())]  # fmt: skip
    if not report["claims"]:
        problems.append("the claim is not in the report")
    return problems


def traces(bundle: Path, base: Path) -> list[str]:
    """Return what in the file tells where the author works: folders, machine, mirrors, credentials."""
    telling = [str(base), str(Path.home()) if Path.home() != Path("/root") else "", socket.gethostname()]
    for variable in (
        "UV_INDEX_URL",
        "UV_DEFAULT_INDEX",
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "PIP_FIND_LINKS",
    ):
        telling += os.environ.get(variable, "").split()
    config = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    telling += [
        part.split("=", 1)[1].strip("'\"")
        for part in config.stdout.splitlines()
        if "url" in part or "links" in part
    ]
    wanted = [
        text.encode()
        for text in telling
        if len(text) >= SHORTEST and text not in ("localhost", "https://pypi.org/simple")
    ]
    problems = []
    with zipfile.ZipFile(bundle) as archive:
        names = archive.namelist()
        for name in names:
            if name.endswith(".whl") or name.startswith("verifier/"):
                continue
            content = archive.read(name)
            problems += [f"{name} tells {text.decode()}" for text in wanted if text in content]
    needed = (
        "ro-crate-metadata.json",
        "statement.intoto.json",
        "Dockerfile",
        "src/project/helper.py",
        "src/helper.py",
    )
    problems += [f"there is no {name}" for name in needed[:3] if name not in names]
    return (
        problems
        if any(name in names for name in needed[3:])
        else [*problems, "the module beside the notebook is not packed"]
    )


def notebook() -> str:
    """Return the notebook as JSON; the last cell's error is meant."""
    cells = [
        {"cell_type": "code", "id": f"cell-{n}", "source": source, "outputs": [], "execution_count": None,
         "metadata": {"tags": ["raises-exception"]} if source == "1 / 0" else {}}
        for n, source in enumerate(CELLS)
    ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
    )


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files below a folder and return it."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def commit(folder: Path) -> None:
    """Make a repository of a folder."""
    who = ("-c", "user.name=Ada Roundtrip", "-c", "user.email=ada@roundtrip.example")
    for words in (("init", "--quiet"), ("add", "."), (*who, "commit", "--quiet", "-m", "All")):
        run("git", *words, cwd=folder)


def run(*command: str, cwd: Path | None = None) -> None:
    """Run a program, or end with what it said."""
    environ = {**os.environ, "SKIP_JUPYTER_BUILDER": "1"}  # the panel is no part of it
    subprocess.run(command, cwd=cwd, check=True, env=environ)


if __name__ == "__main__":
    sys.exit(main())
