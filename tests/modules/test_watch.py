"""The user's modules in a process: edits, reloads and changes of state are seen."""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.modules import ModuleWatch, UserModule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The notebook's folder, on sys.path; its modules are forgotten afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.fixture
def write(site: Path) -> Callable[[str, str], None]:
    """Writes a module beside the notebook, with a new time each time."""
    clock = [1_600_000_000]

    def write(name: str, source: str) -> None:
        file = site / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(textwrap.dedent(source))
        clock[0] += 10
        os.utime(file, (clock[0], clock[0]))
        importlib.invalidate_caches()

    return write


def those(watch: ModuleWatch) -> dict[str, UserModule]:
    """Return the user modules but the tests themselves, which are modules of a user's too."""
    return watch.now(only=[name for name in watch.known() if name.startswith("repro_")])


def only(watch: ModuleWatch) -> UserModule:
    """Return the one user module that is imported."""
    (module,) = those(watch).values()
    return module


LIBRARIES = ("numpy", "pandas", "matplotlib.pyplot", "sklearn.linear_model", "torch", "IPython", "ipykernel")


def test_without_user_modules_there_is_nothing(tmp_path: Path) -> None:
    """Libraries and Python's own modules, hundreds of them, are none of the user's."""
    program = (
        "import importlib, sys\n"
        "from jupyter_repro.modules import ModuleWatch\n"
        "watch = ModuleWatch(home=sys.argv[1])\n"
        "for name in sys.argv[2:]: importlib.import_module(name)\n"
        "assert watch.now() == {}, watch.now()\n"
    )
    libraries = [name for name in LIBRARIES if importlib.util.find_spec(name.partition(".")[0])]
    subprocess.run([sys.executable, "-c", program, str(tmp_path), *libraries], check=True)


def test_a_module_beside_the_notebook(site: Path, write: Callable[..., None]) -> None:
    """It has a digest of its text and its state, the same as long as nothing happens."""
    watch = ModuleWatch(home=str(site))
    watch.now()
    write("repro_utils", "x = 1\ndef f(): return x\n")
    importlib.import_module("repro_utils")
    module = only(watch)
    assert (module.resource, module.edited, module.why_unknown) == ("module:repro_utils", False, "")
    assert module.imported_digest == module.disk_digest
    assert module.digest is not None
    assert list(those(watch)) == [module.resource]
    assert only(watch) == module


def test_an_edit_without_a_reload_is_seen(site: Path, write: Callable[..., None]) -> None:
    """The kernel still has the old text; a fresh one would import the new text."""
    watch = ModuleWatch(home=str(site))
    write("repro_utils", "x = 1\n")
    importlib.import_module("repro_utils")
    before = only(watch)
    write("repro_utils", "x = 2\n")
    edited = only(watch)
    assert edited.edited
    assert edited.digest == before.digest
    assert edited.fresh_digest is None
    write("repro_utils", "x = 1\n")
    assert not only(watch).edited, "the same text again is the same file"


def test_a_reload_takes_the_new_text(site: Path, write: Callable[..., None]) -> None:
    """``importlib.reload``, and ``%autoreload`` which calls it, make the module as the file is."""
    watch = ModuleWatch(home=str(site))
    write("repro_utils", "x = 1\n")
    module = importlib.import_module("repro_utils")
    before = only(watch)
    write("repro_utils", "x = 2\n")
    assert only(watch).edited
    importlib.reload(module)
    after = only(watch)
    assert not after.edited
    assert after.digest != before.digest


def test_a_deleted_file_is_an_edit(site: Path, write: Callable[..., None]) -> None:
    """A fresh kernel could not import it."""
    watch = ModuleWatch(home=str(site))
    write("repro_utils", "x = 1\n")
    importlib.import_module("repro_utils")
    assert not only(watch).edited
    (site / "repro_utils.py").unlink()
    gone = only(watch)
    assert gone.edited
    assert gone.digest is not None
    assert "cannot be read" in gone.why_unknown


def test_state_that_a_cell_changes_is_seen(site: Path, write: Callable[..., None]) -> None:
    """A counter, a patched function and an assignment from outside change the version."""
    watch = ModuleWatch(home=str(site))
    write("repro_utils", "seen = []\ndef f(x):\n    seen.append(x)\n")
    module: Any = importlib.import_module("repro_utils")
    digests = [only(watch).digest]
    module.f(1)
    digests.append(only(watch).digest)
    module.seen.clear()
    assert only(watch).digest == digests[0], "back to what it was"
    module.limit = 3
    digests.append(only(watch).digest)
    module.f = len
    digests.append(only(watch).digest)
    assert len(set(digests)) == len(digests)


def test_what_a_fresh_kernel_would_have(site: Path, write: Callable[..., None]) -> None:
    """Told the moment the import ends, the watch knows the state that every import begins with."""
    watch = ModuleWatch(home=str(site))
    write("repro_utils", "seen = []\n")
    module: Any = importlib.import_module("repro_utils")
    watch.imported("repro_utils")
    watch.imported("json")
    watch.imported("repro_not_imported")
    module.seen.append(1)
    now = only(watch)
    assert now.digest != now.fresh_digest is not None
    module.seen.clear()
    assert only(watch).digest == now.fresh_digest
    importlib.reload(module)
    assert only(watch).fresh_digest is None, "the state right after a reload was not seen"


def test_opaque_state_has_a_reason(site: Path, write: Callable[..., None]) -> None:
    """The version is unknown, and which global makes it so is said."""
    watch = ModuleWatch(home=str(site))
    write("repro_utils", "lines = (i for i in ())\n")
    importlib.import_module("repro_utils")
    module = only(watch)
    assert module.digest is None
    assert "`repro_utils.lines`" in module.why_unknown
    assert not module.edited


def test_a_module_that_is_imported_anew(site: Path, write: Callable[..., None]) -> None:
    """Taken out of ``sys.modules`` it is forgotten, and imported again it is a new one."""
    watch = ModuleWatch(home=str(site))
    write("repro_utils", "x = 1\n")
    importlib.import_module("repro_utils")
    before = only(watch)
    del sys.modules["repro_utils"]
    assert those(watch) == {}
    write("repro_utils", "x = 2\n")
    importlib.import_module("repro_utils")
    assert only(watch).digest != before.digest
    assert not only(watch).edited


def test_a_swap_of_modules_is_seen(site: Path, write: Callable[..., None]) -> None:
    """One module gone and one come leaves the count as it was."""
    write("repro_a", "x = 1\n")
    write("repro_b", "x = 1\n")
    watch = ModuleWatch(home=str(site))
    importlib.import_module("repro_a")
    assert list(those(watch)) == ["module:repro_a"]
    del sys.modules["repro_a"]
    importlib.import_module("repro_b")
    assert list(those(watch)) == ["module:repro_b"]


def test_a_module_edited_before_the_watch_began(
    site: Path, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Python compiled at the import tells that the text is another one now."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    write("repro_utils", "x = 1\n")
    importlib.import_module("repro_utils")
    assert only(ModuleWatch(home=str(site))).why_unknown == ""
    write("repro_utils", "x = 22\n")
    late = only(ModuleWatch(home=str(site)))
    assert late.digest is None
    assert late.edited
    assert "edited after it was imported" in late.why_unknown


def test_packages_and_what_they_reach(site: Path, write: Callable[..., None]) -> None:
    """Every module of a package is watched; what one uses of another is followed."""
    write("repro_package/__init__", "from .part import f\n")
    write("repro_package/part", "import repro_helper\ndef f(): return repro_helper.one\n")
    write("repro_helper", "from repro_types import Thing\none = Thing()\n")
    write("repro_types", "class Thing:\n    pass\n")
    write("repro_alone", "import json\n")
    package: Any = importlib.import_module("repro_package")
    helper: Any = importlib.import_module("repro_helper")
    importlib.import_module("repro_alone")
    watch = ModuleWatch(home=str(site))
    everything = {"repro_package", "repro_package.part", "repro_helper", "repro_types"}
    assert {module.name for module in those(watch).values()} == {*everything, "repro_alone"}
    assert watch.used_by(["repro_package"]) == everything
    assert watch.used_by(["repro_types", "json"]) == {"repro_types"}
    assert watch.module_of(package) == "repro_package"
    assert watch.module_of(package.f) == "repro_package.part"
    assert watch.module_of(helper.one) == "repro_types"
    assert watch.module_of(helper.Thing) == "repro_types"
    assert watch.module_of(os.path) is None
    assert watch.module_of(1) is None


def test_more_modules_than_are_looked_at(
    site: Path, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the cap a module is unknown and says so; what nobody asks for does not count."""
    write("repro_a", "x = 1\n")
    write("repro_b", "x = 1\n")
    watch = ModuleWatch(home=str(site))
    assert len(watch.now()) > 1, "the tests themselves"
    monkeypatch.setattr("jupyter_repro.modules.watch._MOST", 1)
    importlib.import_module("repro_a")
    importlib.import_module("repro_b")
    first, second = those(watch).values()
    assert first.digest is not None
    assert second.digest is None
    assert "more than 1 user modules" in second.why_unknown
    assert watch.now(only=["repro_b"])["module:repro_b"].digest is not None
    assert all(module.disk_digest for name, module in watch.fresh().items() if "repro_" in name)
