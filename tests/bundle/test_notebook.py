"""Notebooks are read whole or refused in one line, and never rewritten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.bundle.notebook import notebook_bytes, read_notebook
from jupyter_repro.errors import BadNotebook

if TYPE_CHECKING:
    from pathlib import Path


def _code(source: Any, **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    } | more


def _node(*cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | more


def _write(folder: Path, content: Any) -> Path:
    path = folder / "x.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"  \n", "the file is empty"),
        (b"print(1)", "it is not JSON"),
        (b"\xff\xfe\x00", "it is not UTF-8"),
        (b'{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> x\n]}', "merge conflict markers"),
        (b"[]", "a JSON list"),
        (b'"x"', "a JSON str"),
        (b"{}", "names no notebook format"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
        (_node() | {"nbformat": 5}, "newer than this program"),
        ({"nbformat": 4, "nbformat_minor": 5, "metadata": {}}, "no list of cells"),
        (_node({"cell_type": "code"}), "its cell 1 has no source"),
        (_node({"source": "1"}), "its cell 1 has no type"),
        (_node(_code(7)), "its cell 1 has no source"),
        (_node(_code("1", outputs=[1])), "the outputs of its cell 1"),
        (_node(_code("1", metadata=[])), "the metadata of its cell 1"),
        (_node(metadata={"language_info": {"name": "R"}}), "its language is R"),
        (_node(metadata={"kernelspec": {"language": "julia", "name": "j"}}), "its language is julia"),
        ({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": 7}, "format 3 cannot be upgraded"),
    ],
)  # fmt: skip
def test_refused_in_one_line(tmp_path: Path, content: Any, reason: str) -> None:
    """Each kind of damage has its sentence, without a traceback of the parser's."""
    with pytest.raises(BadNotebook, match=reason) as caught:
        read_notebook(_write(tmp_path, content))
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["gone.ipynb", "."])
def test_unreadable_path(tmp_path: Path, name: str) -> None:
    """No file and a folder are told as such."""
    with pytest.raises(BadNotebook, match="cannot read"):
        read_notebook(tmp_path / name)


def test_saved_bytes_are_kept(tmp_path: Path) -> None:
    """A sound notebook goes into the bundle as the very bytes of its author."""
    path = _write(tmp_path, _node(_code(["a\n", "b"], id="one")))
    before = path.read_bytes()
    notebook = read_notebook(path)
    assert before == notebook.bytes == path.read_bytes()
    assert notebook.notes == ()
    assert notebook.node["cells"][0]["source"] == "a\nb"


def test_missing_and_double_ids_are_the_same_at_each_read(tmp_path: Path) -> None:
    """Ids that are made follow from place and source."""
    path = _write(tmp_path, _node(_code("1"), _code("1"), _code("2", id="x"), _code("3", id="x")))
    first, second = read_notebook(path), read_notebook(path)
    ids = [str(cell.id) for cell in first.cells]
    assert ids == [str(cell.id) for cell in second.cells]
    assert len(set(ids)) == 4
    assert ids[2] == "x"
    assert first.notes == ("3 cells had no id of their own",)
    assert first.bytes == notebook_bytes(first.node)


def test_version_3_is_upgraded_in_memory(tmp_path: Path) -> None:
    """The old file stays as it is, and its cells have ids that do not change."""
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {
                        "cell_type": "code",
                        "input": "print 1",
                        "language": "python",
                        "outputs": [],
                        "collapsed": False,
                        "metadata": {},
                    }
                ],
            }
        ],
    }
    path = _write(tmp_path, old)
    notebook = read_notebook(path)
    assert [cell.source for cell in notebook.cells] == ["print 1"]
    assert notebook.cells == read_notebook(path).cells
    assert notebook.notes[0] == "format 3 was upgraded to 4 in memory"
    assert json.loads(path.read_bytes()) == old


def test_labels_count_cells_that_hold_code(tmp_path: Path) -> None:
    """Blank cells and markdown have no number; tags are kept."""
    markdown = {"cell_type": "markdown", "source": "# x", "metadata": {}, "id": "m"}
    cells = [
        _code("1", id="a"),
        markdown,
        _code("  \n", id="b"),
        _code("2", id="c", metadata={"tags": ["t"]}),
    ]
    found = read_notebook(_write(tmp_path, _node(*cells))).cells
    assert [(cell.id, cell.label, cell.tags) for cell in found] == [
        ("a", "cell 1", ()),
        ("c", "cell 2", ("t",)),
    ]


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark_is_read_and_not_passed_on(tmp_path: Path, prefix: bytes) -> None:
    """What readers get starts with the object itself."""
    path = _write(tmp_path, prefix + json.dumps(_node(_code("1", id="a"))).encode())
    assert read_notebook(path).bytes.startswith(b"{")
