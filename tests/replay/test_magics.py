"""Magics and shell lines: what they read and bind, and what is said of them."""

from __future__ import annotations

from typing import Any

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell

from jupyter_repro.replay.ipython_lines import as_python
from jupyter_repro.replay.magic_table import LINE_MAGICS, cell_magics
from jupyter_repro.replay.names import Names, analyse


def names_of(source: str) -> Names:
    """Return the names of a cell as a person writes it."""
    return analyse(TransformerManager().transform_cell(source))


def found(source: str, fields: str) -> dict[str, Any]:
    """Return the fields, sets as sorted text."""
    names = names_of(source)
    return {
        field: " ".join(sorted(value)) if isinstance(value := getattr(names, field), frozenset) else value
        for field in fields.split()
    }


def case(source: str, **expected: Any) -> Any:
    return pytest.param(source, expected, id=source.replace("\n", " / ")[:60])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        case("%time x = y", reads="y", writes="x", maybe_writes="", opaque=()),
        case("%time f(x)", reads="f x", may_mutate="x", opaque=()),
        case("%%time\nx = y\nz = x", reads="y", writes="x z", maybe_writes="", opaque=()),
        case("%timeit -n 3 -r2 f(x)", reads="f x", writes="", repeats=True, opaque=()),
        case("%%timeit s = y\nf(s)", reads="f y", writes="", repeats=True, opaque=()),
        case("%prun -l 5 f(x)", reads="f x", repeats=False, opaque=()),
        case("%%capture out --no-stderr\nx = y", reads="y", writes="out x", maybe_writes="", opaque=()),
        case("%%capture\nx = y", reads="y", writes="x", opaque=()),
        case("%%repro seed=1\nx = y", reads="y", writes="x", opaque=()),
        case("%repro seed=42 strict", reads="", writes="", opaque=(), unrepeatable=()),
        case("%%time\nif c:\n    x = 1", maybe_writes="x"),
        case("%%time\nx = 1\ndel x", writes="x", deletes="x", maybe_writes="x"),
        case("%%time\ndef f(): return x\nf()", reads="x", writes="f"),
        case("%%time\n%%capture out\nx = y", reads="y", writes="out x", opaque=()),
        case("%%time\n%timeit f(x)", reads="f x", repeats=True, opaque=()),
        case("%%time\n1 +", opaque=("the body of `%%time`",)),
        case("x = %who_ls", writes="x", opaque=()),
        case("x = !ls {y}", reads="y", writes="x", opaque=()),
        case("!echo $y {z + 1} $$HOME", reads="y z", opaque=()),
        case("%cd {folder}", reads="folder", opaque=(), unrepeatable=()),
        case("%%bash --out text --err=errors\nls {x}", reads="", writes="errors text"),
        case("f?", reads="f", writes="", opaque=()),
        case(
            "%xdel x", reads="x", opaque=("`%xdel`, which deletes a name and what else refers to its object",)
        ),
        case("%macro again 1-3", writes="again"),
        case("%store x", reads="x"),
        case(
            '%repro sweep train seeds=8 claim="a > b" param=lr=1',
            reads="train",
            calls="train",
            has_calls=True,
            writes="",
            opaque=(),
            unrepeatable=(),
        ),
        case("%repro sweep fresh train  # again", reads="train"),
        case("%%repro sweep seeds=2 metric=acc\nacc = f(x)", reads="", writes="", opaque=()),
    ],
)
def test_bodies_and_lines_are_looked_into(source: str, expected: dict[str, Any]) -> None:
    """Python inside a magic counts as if it stood in the cell; ``{x}`` and ``$x`` in a line are reads."""
    assert found(source, " ".join(expected)) == expected


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\n%load_ext autoreload\n%autoreload 2",
        "%config InlineBackend.figure_format = 'retina'",
        "%%html\n<b>{x}</b>",
        "%%javascript\nalert(1)",
        "%%latex\n$x$",
        "%%markdown\n# x",
        "%%writefile f.py\nx = y",
        "%%file f.py\nx = y",
        "%xmode Plain\n%pdb off\n%lsmagic",
        "%cd ..\n%env A=1\n%set_env B 2",
    ],
)
def test_no_name_and_no_verdict_depends_on_these(source: str) -> None:
    """What they change, the watches over files and settings see."""
    names = names_of(source)
    assert (names.opaque, names.unrepeatable, names.writes) == ((), (), frozenset())


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("%run other.py", "`%run`, which binds what the file binds"),
        ("%reset -f", "`%reset`, which deletes all names"),
        ("%rerun 3", "`%rerun`, which runs cells again from the history of this kernel"),
        ("%edit x", "`%edit`, which runs what a person writes in an editor"),
        ("%pylab", "`%pylab`, which binds the names of NumPy and Matplotlib"),
        ("%store -r x", "`%store`, which brings back values of other sessions"),
        ("%%sql\nselect 1", "`%%sql`, which belongs to an extension and may do anything"),
        ("%sql select 1", "`%sql`, which belongs to an extension and may do anything"),
        ("get_ipython().run_line_magic(name, '')", "`%`, which has a computed name"),
    ],
)
def test_what_may_bind_any_name_is_not_seen_through(source: str, said: str) -> None:
    """The reason names the magic and what it does."""
    names = names_of(source)
    assert (names.opaque, names.has_calls) == ((said,), True)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("!ls", "`!` runs another program, which is not seen through"),
        ("x = !ls", "`!` runs another program, which is not seen through"),
        ("%%bash\nls", "`%%bash` runs another program, which is not seen through"),
        ("%%script perl\n1", "`%%script` runs another program, which is not seen through"),
        ("%%time\n!ls", "`!` runs another program, which is not seen through"),
        ("%repro sweep notebook metric=acc", "`%repro` runs the notebook as it is saved by then"),
        ("%repro sweep cell=3 metric=acc", "`%repro` runs the notebook as it is saved by then"),
        ("%repro sweep $what", "`%repro` runs the notebook as it is saved by then"),
        ("%%repro sweep metric=acc\nacc = 1", "`%%repro` runs the notebook as it is saved by then"),
        ("%pip install numpy", "`%pip` changes what is installed"),
        ("%whos", "`%whos` shows which names exist at that moment"),
        ("%history", "`%history` depends on the history of this kernel"),
        ("%store x", "`%store` keeps values for other sessions"),
    ],
)
def test_what_run_all_may_find_otherwise_is_said(source: str, said: str) -> None:
    """No name is in doubt, only what the magic shows or leaves outside."""
    names = names_of(source)
    assert (names.opaque, names.unrepeatable) == ((), (said,))


@pytest.mark.parametrize(
    "body",
    [
        "x = y",
        "%time f(x)",
        "if c:\n    !ls {x} \\\n  -a\n    y = !ls\nelse:\n    z = %pwd",
        "!!ls\n?f\nf?\nf.g??\n%cd  ..",
        "%%time\n%%capture out\nx = 1\n!ls",
        "x = 5\ny = x \\\n    % 3\n",
        'text = """\n%who\n!ls\n"""\n',
    ],
)
def test_bodies_become_what_ipython_makes_of_them(body: str) -> None:
    """The names are those of IPython's own transformation."""
    assert analyse(as_python(body)) == analyse(TransformerManager().transform_cell(body))


def test_every_magic_of_a_fresh_shell_has_a_row() -> None:
    """IPython's and ipykernel's, in this version of theirs."""
    from ipykernel.zmqshell import ZMQInteractiveShell

    for kind in (InteractiveShell, ZMQInteractiveShell):
        listed = kind().magics_manager.lsmagic()
        assert set(listed["line"]) - LINE_MAGICS.keys() == set()
        assert set(listed["cell"]) - cell_magics() == set()
