"""``jupyter repro check``, ``rules`` and ``explain``."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from jupyter_repro.cli.main import main, repro

BAD = "import os\nfiles = os.listdir('data')"
CLEAN = "x = 1"


def notebook(*sources: str, language: str = "python") -> str:
    """Return a notebook as text."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"c{n}",
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for n, source in enumerate(sources)
    ]
    metadata = {"kernelspec": {"name": "k", "display_name": "k", "language": language}}
    return (
        json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1)
        + "\n"
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project that is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(repro, [*arguments], standalone_mode=False)


def check(*arguments: str) -> tuple[int, str]:
    """Return the exit code and what `check` prints to stdout."""
    done = run("check", *arguments)
    assert done.exception is None, done.exception
    return done.return_value, done.stdout


def codes(*arguments: str) -> list[str]:
    """Return the codes that are found."""
    return [each["code"] for each in json.loads(check("--json", *arguments)[1])["findings"]]


def code_of(*arguments: str) -> int:
    """Return the exit code of the program in this process."""
    with pytest.raises(SystemExit) as stop:
        main([*arguments])
    return int(stop.value.code or 0)


def test_the_text(folder: Path) -> None:
    """Place, code, severity, message; the remedy once a code; a summary on stderr."""
    Path("n.ipynb").write_text(notebook(CLEAN, BAD, BAD), encoding="utf-8")
    done = run("check", "n.ipynb")
    assert done.return_value == 1
    assert done.stdout.split("\n") == [
        "n.ipynb:17: cell 2, line 2: RP206 warning: takes files in the order of the file system "
        "(`os.listdir('data')`) [--fix]",
        "    put `sorted(...)` around it",
        "n.ipynb:25: cell 3, line 2: RP206 warning: takes files in the order of the file system "
        "(`os.listdir('data')`) [--fix]",
        "",
    ]
    assert done.stderr == "2 warnings in 1 notebook\n"


@pytest.mark.parametrize(
    ("files", "arguments", "expected"),
    [
        ({"a.ipynb": notebook(CLEAN)}, ["a.ipynb"], 0),
        ({"a.ipynb": notebook("!make")}, ["a.ipynb"], 0),
        ({"a.ipynb": notebook(BAD)}, ["a.ipynb"], 1),
        ({"a.ipynb": notebook("x ==")}, ["a.ipynb"], 1),
        ({"a.ipynb": notebook(BAD), "b.ipynb": "[]"}, ["."], 2),
        ({"a.ipynb": "no JSON"}, ["a.ipynb"], 2),
        ({"a.ipynb": "\ufeff" + notebook(CLEAN)}, ["a.ipynb"], 2),
        ({"a.ipynb": '{"nbformat": 3, "worksheets": []}'}, ["a.ipynb"], 2),
        ({"a.ipynb": '{"nbformat": 4, "cells": [1]}'}, ["a.ipynb"], 2),
        ({"a.ipynb": '{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}'}, ["a.ipynb"], 2),
        ({"a.ipynb": "[" * 100_000}, ["a.ipynb"], 2),
        ({"a.ipynb": notebook("x <- 1", language="R")}, ["a.ipynb"], 0),
        ({}, ["gone.ipynb"], 2),
        ({}, ["*.ipynb"], 2),
        ({}, [], 2),
        ({"a.ipynb": notebook(CLEAN)}, ["a.ipynb", "--select", "RP999"], 2),
        ({"a.ipynb": notebook(CLEAN)}, ["a.ipynb", "--format", "xml"], 2),
    ],
)
def test_exit_codes(files: dict[str, str], arguments: list[str], expected: int, folder: Path) -> None:
    """0 clean, 1 errors or warnings, 2 usage or a file that is no notebook."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert code_of("check", *arguments) == expected


def test_folders_and_patterns(folder: Path) -> None:
    """Folders are gone through, but not into checkpoints; each file is read once."""
    for name in (
        "b.ipynb",
        "a/c.ipynb",
        "a/.ipynb_checkpoints/c-checkpoint.ipynb",
        ".venv/d.ipynb",
        "a/e.txt",
    ):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(notebook(BAD), encoding="utf-8")
    told = json.loads(check("--json", ".", "b.ipynb", "**/*.ipynb")[1])
    assert [each["path"] for each in told["notebooks"]] == ["b.ipynb", "a/c.ipynb"]


def test_another_language_is_skipped_and_said(folder: Path) -> None:
    """Never a silent OK."""
    Path("r.ipynb").write_text(notebook("x <- 1", language="R"), encoding="utf-8")
    done = run("check", "r.ipynb")
    assert (done.return_value, done.stdout) == (0, "")
    assert (
        done.stderr == "r.ipynb: skipped, its language is r\nnothing found in 0 notebooks (1 file skipped)\n"
    )


SEVERAL = notebook(BAD, "import numpy as np\nr = np.random.default_rng()", "!make", "lr = 0.1")


@pytest.mark.parametrize(
    ("settings", "arguments", "expected"),
    [
        ("", [], ["RP206", "RP203", "RP412"]),
        ("", ["--select", "RP2"], ["RP206", "RP203"]),
        ("", ["--select", "RP2xx,rp412"], ["RP206", "RP203", "RP412"]),
        ("", ["--ignore", "RP206,RP4"], ["RP203"]),
        ("", ["--select", "RP611"], ["RP611"]),
        ("", ["--select", "RP6"], []),
        ('select = ["RP203"]', [], ["RP203"]),
        ('select = ["RP203"]', ["--select", "RP4"], ["RP412"]),
        ('extend-select = ["RP611"]', [], ["RP206", "RP203", "RP412", "RP611"]),
        ('extend-select = ["RP611"]', ["--ignore", "RP6"], ["RP206", "RP203", "RP412"]),
    ],
)
def test_which_rules_are_asked(
    settings: str, arguments: list[str], expected: list[str], folder: Path
) -> None:
    """The command goes before `pyproject.toml`, and a family never turns on what is off by default."""
    Path("pyproject.toml").write_text(f"[tool.jupyter_repro]\n{settings}\n", encoding="utf-8")
    Path("n.ipynb").write_text(SEVERAL, encoding="utf-8")
    assert codes("n.ipynb", *arguments) == expected


def test_what_is_allowed(folder: Path) -> None:
    """By a comment, by the project, and for some files only; with the reason, and never an error."""
    Path("pyproject.toml").write_text(
        "[tool.jupyter_repro.ignore]\nRP203 = 'noise is meant'\nRP1 = 'no'\n"
        "[tool.jupyter_repro.severity]\nRP412 = 'error'\n"
        "[tool.jupyter_repro.per-file.'lessons/*.ipynb']\nRP206 = 'a lesson'\n",
        encoding="utf-8",
    )
    Path("lessons").mkdir()
    comment = "import uuid\nuuid.uuid4()  # repro: allow RP205 because it is a name"
    text = notebook(BAD, "import random\nrandom.Random()", comment, "!make", "x ==")
    Path("n.ipynb").write_text(text, encoding="utf-8")
    Path("lessons/n.ipynb").write_text(text, encoding="utf-8")
    told = json.loads(check("--json", "n.ipynb", "lessons")[1])["findings"]
    assert [(each["code"], each["severity"], each["allowed"], each["allowed_in"]) for each in told] == [
        ("RP206", "warning", "", ""),
        ("RP203", "info", "noise is meant", "configuration"),
        ("RP205", "info", "it is a name", "comment"),
        ("RP412", "error", "", ""),
        ("RP111", "error", "", ""),
        ("RP206", "info", "a lesson", "configuration"),
        ("RP203", "info", "noise is meant", "configuration"),
        ("RP205", "info", "it is a name", "comment"),
        ("RP412", "error", "", ""),
        ("RP111", "error", "", ""),
    ]
    assert "(a lesson)" in check("lessons", "-v")[1]
    assert "a lesson" not in check("lessons")[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.jupyter_repro]\nselct = ['RP2']", "unknown key `selct`"),
        ("[tool.jupyter_repro]\nselect = 'RP2'", "are not understood"),
        ("[tool.jupyter_repro.ignore]\nRP206 = ''", "without a reason"),
        ("[tool.jupyter_repro.ignore]\nRP299 = 'x'", "`RP299` names no rule"),
        ("[tool.jupyter_repro.severity]\nRP206 = 'fatal'", "are not understood"),
        ("[tool", "cannot be read"),
    ],
)
def test_settings_that_are_not_understood(
    text: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are a usage error with one line and a hint, and nothing is checked."""
    Path("pyproject.toml").write_text(text, encoding="utf-8")
    Path("n.ipynb").write_text(SEVERAL, encoding="utf-8")
    assert code_of("check", "n.ipynb") == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""


def test_fix_writes_whole_files_and_keeps_the_mode(folder: Path) -> None:
    """Only the line changes; a second run finds nothing to mend; what was mended is counted."""
    path = Path("n.ipynb")
    path.write_text(notebook(BAD, CLEAN), encoding="utf-8")
    path.chmod(0o640)
    done = run("check", "--fix", "n.ipynb")
    assert (done.return_value, done.stdout) == (0, "")
    assert done.stderr == "nothing found in 1 notebook (1 mended)\n"
    assert path.read_text(encoding="utf-8") == notebook(
        BAD.replace("os.listdir('data')", "sorted(os.listdir('data'))"), CLEAN
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in folder.iterdir()] == ["n.ipynb"]
    Path("link.ipynb").symlink_to("n.ipynb")
    before = path.stat().st_mtime_ns
    assert check("--fix", "n.ipynb")[0] == 0
    assert path.stat().st_mtime_ns == before
    path.write_text(notebook(BAD), encoding="utf-8")
    assert check("--fix", "link.ipynb")[0] == 0
    assert Path("link.ipynb").is_symlink()
    assert "sorted" in path.read_text(encoding="utf-8")


def test_github_annotations(folder: Path) -> None:
    """A command a finding, at the line of the file, with what a command may not hold escaped."""
    name = "a,b%.ipynb"
    Path(name).write_text(notebook(BAD, "!make"), encoding="utf-8")
    lines = check("--format", "github", name)[1].splitlines()
    assert lines[0].startswith(
        "::warning file=a%2Cb%25.ipynb,line=9,title=RP206 in cell 1::cell 1, line 2: takes files"
    )
    assert lines[1].startswith("::notice file=a%2Cb%25.ipynb,line=17,title=RP412 in cell 2::")
    assert all(
        re.fullmatch(r"::(?:error|warning|notice) file=[^,:]+,line=\d+,title=[^:,]+::.+", line)
        for line in lines
    )


def test_sarif(folder: Path) -> None:
    """Every field that the schema of SARIF 2.1.0 requires is there, and allowed findings are suppressed."""
    allowed = "import uuid\nuuid.uuid4()  # repro: allow RP205 because it is a name"
    Path("my notes.ipynb").write_text(notebook(BAD, allowed, "x =="), encoding="utf-8")
    log: dict[str, Any] = json.loads(check("--format", "sarif", "my notes.ipynb")[1])
    assert log["version"] == "2.1.0"
    (told,) = log["runs"]
    driver = told["tool"]["driver"]
    assert driver["name"] == "jupyter_repro"
    assert told["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    assert [each["ruleId"] for each in told["results"]] == ["RP206", "RP205", "RP111"]
    for each in told["results"]:
        assert driver["rules"][each["ruleIndex"]]["id"] == each["ruleId"]
        assert each["message"]["text"]
        assert each["level"] in ("error", "warning", "note")
        place = each["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "my%20notes.ipynb"
        assert place["region"]["startLine"] >= 1
    assert told["results"][1]["suppressions"] == [{"kind": "inSource", "justification": "it is a name"}]
    for rule in driver["rules"]:
        assert {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration"} == rule.keys()
        assert rule["shortDescription"]["text"]


def test_sarif_as_its_schema_has_it(folder: Path) -> None:
    """Records made from the public schema take it."""
    model = pytest.importorskip(
        "pydantic_sarif.model", reason="not a library of ours: records made from SARIF's schema"
    )
    Path("n.ipynb").write_text(
        notebook(BAD, "!make  # repro: allow RP412 because it is shown only"), encoding="utf-8"
    )
    log = json.loads(check("--format", "sarif", str(Path("n.ipynb").resolve()))[1])
    read = model.StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate(log)
    assert [each.ruleId for each in read.runs[0].results] == ["RP206", "RP412"]
    assert log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"][
        "uri"
    ].startswith("file:///")


def test_a_fingerprint_outlives_lines_above(folder: Path) -> None:
    """A code scanning service sees the same alert after a cell is put above it."""
    ids = []
    for above in ("", "a = 1\n"):
        Path("n.ipynb").write_text(notebook(above + BAD), encoding="utf-8")
        log = json.loads(check("--format", "sarif", "n.ipynb")[1])
        ids.append(log["runs"][0]["results"][0]["partialFingerprints"]["jupyterRepro/v1"])
    assert ids[0] == ids[1]


def test_as_a_hook(tmp_path: Path) -> None:
    """The installed program does it as pre-commit calls it, without importing what runs notebooks."""
    (tmp_path / "a.ipynb").write_text(notebook(BAD), encoding="utf-8")
    hooks = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entry = re.findall(r"entry: jupyter-repro (.+)", hooks)
    assert entry == ["check", "check --fix"]
    probe = (
        "import sys\nfrom jupyter_repro.cli.main import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit as end: code = end.code\n"
        "heavy = {'IPython', 'ipykernel', 'nbformat', 'nbclient', 'rich', 'numpy', 'pandas', 'torch'}\n"
        "print(sorted(heavy & set(sys.modules)), code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, *entry[1].split(), "a.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[] 0\n"
    assert "(1 mended)" in done.stderr
    assert "sorted(os.listdir" in (tmp_path / "a.ipynb").read_text(encoding="utf-8")


def test_rules_lists_all_and_explain_says_one(folder: Path) -> None:
    """A line a code; all that is said of one; a slip is answered with a guess."""
    listed = run("rules").stdout
    every = json.loads(run("rules", "--json").stdout)
    assert [line.split()[0] for line in listed.splitlines()] == [each["code"] for each in every]
    told = run("explain", "rp301").stdout
    assert told.startswith("RP301 (warning, while cells run): a seed or determinism switch was asked for")
    for part in ("Why is this bad? ", "Example: ", "Remedy: "):
        assert f"\n  {part}" in told
    assert json.loads(run("explain", "RP301", "--json").stdout)["code"] == "RP301"
    assert code_of("explain", "RP30") == 2
