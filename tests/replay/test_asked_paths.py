"""Questions whether a file is there are worked out where the source tells what they are about."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from jupyter_repro.replay.asked_paths import worked_out
from jupyter_repro.replay.names import analyse

ASKED = [
    ("import os\nos.path.exists('a.csv')", {"'a.csv'"}),
    ("import os.path as p\np.isfile(NAME)", {"NAME"}),
    ("from os.path import exists\nexists(NAME)", {"NAME"}),
    ("import os\nos.path.exists(os.path.join(HERE, 'a'))", {"os.path.join(HERE, 'a')"}),
    ("(HERE / 'data' / NAME).exists()", {"HERE / 'data' / NAME"}),
    ("Path('a').is_file()", {"Path('a')"}),
    ("name = 'a'\nimport os\nos.path.exists(name)", {"name"}),
]


@pytest.mark.parametrize(("source", "paths"), ASKED)
def test_a_question_about_a_plain_path_is_asked_of_it(source: str, paths: set[str]) -> None:
    """It is no effect any more."""
    names = analyse(source)
    assert (set(names.asked), names.unrepeatable) == (paths, ())


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.path.exists(name())",
        "import os\n[os.path.exists(name) for name in ('a', 'b')]",
        "import os\nfor name in ('a', 'b'):\n    os.path.exists(name)",
        "import os\nname = 'a'\nos.path.exists(name)\nname = 'b'",
        "import os\nif flag:\n    name = 'a'\nos.path.exists(name)",
        "import os\nos.path.exists('a')\nos.chdir('b')",
        "import os\ndef there(name):\n    return os.path.exists(name)\nthere('a')",
        "import os\nos.path.getmtime('a')",
        "Path('a').stat()",
    ],
)
def test_what_cannot_be_worked_out_stays_an_effect(source: str) -> None:
    """What the question was about is not known after the run."""
    names = analyse(source)
    assert not names.asked
    assert any("asks what files are there" in reason for reason in names.unrepeatable)


@pytest.mark.parametrize(
    ("source", "ensured"),
    [
        ("import os\nif not os.path.exists('a'):\n    os.makedirs('a')", {"'a'"}),
        ("import os\nif not os.path.isdir(OUT):\n    os.mkdir(OUT)", {"OUT"}),
        ("if not OUT.exists():\n    OUT.mkdir(parents=True)", {"OUT"}),
        ("import os\nif not os.path.exists('a'):\n    os.makedirs('b')", set()),
        ("import os\nif not os.path.exists('a'):\n    os.makedirs('a')\n    print('made')", set()),
        ("import os\nif os.path.exists('a'):\n    os.makedirs('a')", set()),
        ("import os\nif not os.path.exists('a'):\n    os.makedirs('a')\nelse:\n    print('there')", set()),
    ],
)
def test_a_folder_made_if_missing_is_no_question(source: str, ensured: set[str]) -> None:
    """Only where nothing else hangs on it."""
    assert set(analyse(source).ensured) == ensured


class Texts(str):
    """A text of the user's, which may answer as it likes."""

    __slots__ = ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("'a'", "a"),
        ("NAME", "n.csv"),
        ("HERE / 'x' / NAME", "data/x/n.csv"),
        ("os.path.join(HERE, NAME)", "data/n.csv"),
        ("Path('a', NAME)", "a/n.csv"),
        ("PURE / '/abs'", "/abs"),
        ("NUMBER", None),
        ("MISSING", None),
        ("OWN", None),
        ("HERE / OWN", None),
    ],
)
def test_a_path_is_worked_out_of_texts_and_plain_paths(path: str, expected: str | None) -> None:
    """Nothing of the user's is called."""
    namespace = {
        "NAME": "n.csv", "HERE": Path("data"), "PURE": PurePosixPath("p"), "NUMBER": 3, "OWN": Texts("own"),
    }  # fmt: skip
    assert worked_out(path, namespace) == (None if expected is None else os.path.abspath(expected))  # noqa: PTH100 - as the module does
