"""A watched module is reported when it can be used, and imports are as they always were."""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import sys
import threading
import zipfile
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.imports import ImportWatch, complete

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A folder on sys.path whose modules are forgotten afterwards."""
    before, finders = set(sys.modules), list(sys.meta_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]
    assert sys.meta_path == finders


@pytest.fixture
def watch() -> Any:
    """A factory of installed watches and what they reported."""
    made: list[ImportWatch] = []

    def make(*names: str, ready: Any = None) -> tuple[list[str], list[str], ImportWatch]:
        log: list[str] = []
        errors: list[str] = []
        one = ImportWatch(names, ready or log.append, lambda name, error: errors.append(f"{name}: {error}"))
        one.install()
        made.append(one)
        return log, errors, one

    yield make
    for one in made:
        one.uninstall()


def test_reports_after_the_module_ran(site: Path, watch: Any) -> None:
    """The report comes when the module's names are there, once, before the importing line goes on."""
    (site / "jr_plain.py").write_text("x = 1\n", encoding="utf-8")
    log: list[int] = []
    watch("jr_plain", ready=lambda name: log.append(sys.modules[name].x))
    jr_plain = importlib.import_module("jr_plain")
    importlib.import_module("jr_plain")
    assert log == [1]
    assert type(jr_plain.__spec__.loader) is SourceFileLoader
    assert type(jr_plain.__loader__) is SourceFileLoader


@pytest.mark.parametrize(
    ("init", "statement"),
    [("from . import part\nready = True\n", "import jr_pack"), ("ready = True\n", "import jr_pack.part")],
)
def test_a_part_waits_for_its_top_package(site: Path, watch: Any, init: str, statement: str) -> None:
    """A submodule imported by its package is reported when the package has been executed."""
    (site / "jr_pack").mkdir()
    (site / "jr_pack" / "__init__.py").write_text(init, encoding="utf-8")
    (site / "jr_pack" / "part.py").write_text("", encoding="utf-8")
    log: list[bool] = []
    watch("jr_pack.part", ready=lambda _: log.append(sys.modules["jr_pack"].ready))
    exec(statement, {})
    assert log == [True]


def _fresh_import(name: str) -> ModuleType:
    """Import without byte code: two versions of one file may have the same time stamp."""
    importlib.invalidate_caches()
    shutil.rmtree(Path(sys.path[0]) / name / "__pycache__", ignore_errors=True)
    return importlib.import_module(name)


def test_a_failing_import_leaves_no_trace_and_may_succeed_later(site: Path, watch: Any) -> None:
    """The user sees the library's own error; a later import is reported, parts of the first attempt included."""
    (site / "jr_half").mkdir()
    init = site / "jr_half" / "__init__.py"
    init.write_text("from . import part\nraise LookupError('broken')\n", encoding="utf-8")
    (site / "jr_half" / "part.py").write_text("", encoding="utf-8")
    log, errors, _ = watch("jr_half.part")
    with pytest.raises(LookupError, match="broken"):
        _fresh_import("jr_half")
    assert (log, errors, "jr_half" in sys.modules) == ([], [], False)
    init.write_text("from . import part\nfixed = True\n", encoding="utf-8")
    _fresh_import("jr_half")
    assert log == ["jr_half.part"]


def test_our_error_never_reaches_the_import(site: Path, watch: Any) -> None:
    """What the callback raises goes to on_error."""
    (site / "jr_plain.py").write_text("x = 1\n", encoding="utf-8")

    def fail(name: str) -> None:
        raise LookupError("ours")

    _, errors, _ = watch("jr_plain", ready=fail)
    assert importlib.import_module("jr_plain").x == 1
    assert errors == ["jr_plain: ours"]


def test_looking_is_not_importing(site: Path, watch: Any) -> None:
    """find_spec reports nothing and gives a loader that answers; the spec can still be executed by hand."""
    (site / "jr_plain.py").write_text("x = 1\n", encoding="utf-8")
    log, _, _ = watch("jr_plain")
    spec = importlib.util.find_spec("jr_plain")
    assert isinstance(spec.loader, SourceFileLoader)
    assert spec.loader.get_source("jr_plain") == "x = 1\n"
    assert log == []
    assert importlib.util.find_spec("jr_missing") is None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (log, module.x) == (["jr_plain"], 1)


def test_reload_is_left_alone(site: Path, watch: Any) -> None:
    """A reload is executed by the real loader and is no first import."""
    (site / "jr_plain.py").write_text("x = 1\n", encoding="utf-8")
    log, _, _ = watch("jr_plain")
    module = importlib.import_module("jr_plain")
    importlib.reload(module)
    assert log == ["jr_plain"]
    assert type(module.__spec__.loader) is SourceFileLoader


def test_zip_archives_and_namespace_packages(site: Path, watch: Any) -> None:
    """Modules in a zip archive and in a package without __init__ are reported too."""
    with zipfile.ZipFile(site / "parts.zip", "w") as archive:
        archive.writestr("jr_zipped.py", "x = 1\n")
    sys.path.insert(0, str(site / "parts.zip"))
    (site / "jr_space").mkdir()
    (site / "jr_space" / "part.py").write_text("x = 2\n", encoding="utf-8")
    log, _, _ = watch("jr_zipped", "jr_space.part")
    try:
        zipped, part = importlib.import_module("jr_zipped"), importlib.import_module("jr_space.part")
    finally:
        sys.path.remove(str(site / "parts.zip"))
        sys.path_importer_cache.pop(
            str(site / "parts.zip"), None
        )  # it is read again whenever caches are cleared
    assert log == ["jr_zipped", "jr_space.part"]
    assert (zipped.x, part.x) == (1, 2)
    assert type(zipped.__loader__).__name__ == "zipimporter"
    assert list(sys.modules["jr_space"].__path__) == [str(site / "jr_space")]


def test_two_watches_do_not_ask_each_other_forever(site: Path, watch: Any) -> None:
    """Each of several watches reports."""
    (site / "jr_plain.py").write_text("x = 1\n", encoding="utf-8")
    first, _, _ = watch("jr_plain")
    second, _, _ = watch("jr_plain")
    module = importlib.import_module("jr_plain")
    assert (first, second) == (["jr_plain"], ["jr_plain"])
    assert type(module.__spec__.loader) is SourceFileLoader


def test_uninstalled_is_gone(site: Path, watch: Any) -> None:
    """After uninstall nothing is reported, a spec found before included."""
    (site / "jr_plain.py").write_text("x = 1\n", encoding="utf-8")
    log, _, one = watch("jr_plain")
    spec = importlib.util.find_spec("jr_plain")
    one.uninstall()
    one.uninstall()
    assert one not in sys.meta_path
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    importlib.import_module("jr_plain")
    assert log == []


def test_threads_see_the_module_after_the_report(site: Path, watch: Any) -> None:
    """A thread that waits for another's import goes on only after the report."""
    (site / "jr_slow.py").write_text("import time\ntime.sleep(0.05)\nx = 1\n", encoding="utf-8")
    log, seen = [], []
    watch("jr_slow", ready=log.append)

    def use() -> None:
        importlib.import_module("jr_slow")
        seen.append(tuple(log))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [("jr_slow",)] * 8


def test_complete(site: Path) -> None:
    """A module is complete when neither it nor its package is still being executed."""
    (site / "jr_self.py").write_text(
        "from jupyter_repro.imports import complete\ninside = complete('jr_self')\n", encoding="utf-8"
    )
    assert complete("jr_self") is False
    assert importlib.import_module("jr_self").inside is False
    assert complete("jr_self") is True
