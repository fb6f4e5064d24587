"""What each magic of IPython is to the replay: one row a magic."""

from __future__ import annotations

from typing import Literal

import msgspec

from .swept import sweeps, swept_function

__all__ = ["LINE_MAGICS", "Kind", "Row", "cell_magics", "row_named"]

Kind = Literal[
    "code", "display", "file", "none", "setting", "shell", "outside", "history", "listing", "names"
]
"""What a magic does:

``none``
    Nothing that a result depends on.
``display``
    Shows the text below it.
``code``
    Runs Python, which is looked into.
``file``
    Writes a file, which the watch over files sees.
``setting``
    Reads or changes a setting of the process, which the watch over settings sees.
``shell``
    Runs another program.
``outside``
    Reads or changes what is neither a name, a file of the notebook nor a watched setting.
``history``
    Reads or changes the history of this kernel.
``listing``
    Shows which names exist.
``names``
    May read, bind or delete any name.
"""


class Row(msgspec.Struct, frozen=True):
    """What is known of one magic."""

    kind: Kind
    why: str = ""
    """What it does, after its name: ``changes what is installed``."""

    @property
    def hides(self) -> bool:
        """Names may change that the source does not spell."""
        return self.kind == "names"

    @property
    def says(self) -> bool:
        """Run-all may find something else, which no version tells."""
        return self.kind in ("shell", "outside", "history", "listing")

    @property
    def may_call(self) -> bool:
        """User code may run that is not looked into."""
        return self.kind == "names"

    @property
    def sentence(self) -> str:
        """Return the effect in words, without the magic's name."""
        return self.why or _WHY[self.kind]


_WHY: dict[str, str] = {
    "shell": "runs another program, which is not seen through",
    "history": "depends on the history of this kernel",
    "listing": "shows which names exist at that moment",
    "names": "may bind or change any name",
    "outside": "depends on what is outside the notebook",
}

_NOTHING = (
    "alias", "alias_magic", "autoawait", "autocall", "automagic", "autoreload", "autosave", "bookmark", "clear", "colors",
    "connect_info", "doctest_mode", "gui", "killbgscripts", "load", "load_ext", "loadpy", "logoff", "logon", "logstart",
    "logstate", "logstop", "lsmagic", "magic", "matplotlib", "page", "pdb", "pdef", "pdoc", "pfile", "pinfo", "pinfo2",
    "psource", "pycat", "qtconsole", "quickref", "rehashx", "reload_ext", "repro", "subshell", "unalias", "unload_ext",
    "xmode",
)  # fmt: skip
_PROGRAMS = (
    "cat", "cp", "ldir", "less", "lf", "lk", "ll", "ls", "lx", "man", "mkdir", "more", "mv", "rm", "rmdir", "sc", "sx",
    "system",
)  # fmt: skip
_INSTALLERS = ("conda", "mamba", "micromamba", "pip", "uv")
_FOLDERS = ("cd", "dirs", "popd", "pushd", "pwd")

LINE_MAGICS: dict[str, Row] = {
    **dict.fromkeys(_NOTHING, Row("none")),
    **dict.fromkeys(_PROGRAMS, Row("shell")),
    **dict.fromkeys(_INSTALLERS, Row("outside", "changes what is installed")),
    **dict.fromkeys(_FOLDERS, Row("setting")),
    **dict.fromkeys(("env", "set_env"), Row("setting")),
    **dict.fromkeys(("prun", "time", "timeit"), Row("code")),
    **dict.fromkeys(("who", "who_ls", "whos", "psearch"), Row("listing")),
    **dict.fromkeys(("dhist", "hist", "history", "notebook", "save", "tb"), Row("history")),
    **dict.fromkeys(("recall", "rep"), Row("history", "takes a cell out of the history of this kernel")),
    "code_wrap": Row("names", "changes how the cells below are run"),
    "config": Row("outside", "changes the configuration of the shell"),
    "debug": Row("names", "asks a person what to do"),
    **dict.fromkeys(("ed", "edit"), Row("names", "runs what a person writes in an editor")),
    "macro": Row("history", "makes a macro from the history of this kernel"),
    "pastebin": Row("outside", "uses the network"),
    "pprint": Row("outside", "changes how results are shown"),
    "precision": Row("setting"),
    "pylab": Row("names", "binds the names of NumPy and Matplotlib"),
    "rerun": Row("names", "runs cells again from the history of this kernel"),
    "reset": Row("names", "deletes all names"),
    "reset_selective": Row("names", "deletes the names that fit a pattern"),
    "run": Row("names", "binds what the file binds"),
    "run_cell": Row("code"),
    "store": Row("outside", "keeps values for other sessions"),
    "xdel": Row("names", "deletes a name and what else refers to its object"),
}
"""Line magics by name."""

_CELL_MAGICS: dict[str, Row] = {
    **dict.fromkeys(("capture", "prun", "repro", "time", "timeit"), Row("code")),
    **dict.fromkeys(("HTML", "SVG", "html", "javascript", "js", "latex", "markdown", "svg"), Row("display")),
    **dict.fromkeys(("file", "writefile"), Row("file")),
    **dict.fromkeys(("!", "bash", "cmd", "perl", "pypy", "python", "python2", "python3"), Row("shell")),
    **dict.fromkeys(("ruby", "script", "sh", "sx", "system"), Row("shell")),
    "code_wrap": Row("names", "changes how the cells below are run"),
    "debug": Row("names", "asks a person what to do"),
}

_SWEPT = Row("outside", "runs the notebook as it is saved by then")
_COMPUTED = Row("names", "has a computed name")
_UNKNOWN = Row("names", "belongs to an extension and may do anything")


def cell_magics() -> frozenset[str]:
    """Return the names of the cell magics that have a row."""
    return frozenset(_CELL_MAGICS)


def row_named(name: str, *, cell: bool, line: str) -> Row:
    """Return the row of a magic; one that is not listed may do anything.

    Args:
        name: Without percent signs.
        cell: It is a cell magic.
        line: What follows the name.
    """
    if sweeps(name, line):
        return Row("none") if swept_function(line) and not cell else _SWEPT
    if cell:
        return _CELL_MAGICS.get(name, _UNKNOWN)
    if name == "config" and (not line.strip() or line.startswith("InlineBackend.")):
        return Row("none")
    if name == "store" and "-r" in line.split():
        return Row("names", "brings back values of other sessions")
    return LINE_MAGICS.get(name, _UNKNOWN if name else _COMPUTED)
