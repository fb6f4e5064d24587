"""A writer that is killed at any step leaves a whole catalog."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from making import opened, parcel

from jupyter_repro.store.catalog.check import check_store
from jupyter_repro.store.catalog.folder import FolderStore
from jupyter_repro.store.catalog.index import Wanted

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.store.catalog.catalog import Parcel

STEPS = ("open", "write", "fsync", "link", "unlink", "fdopen", "chmod")


def killed_at(step: int, folder: Path, what: Parcel) -> bool:
    """Publish in a child that is killed before the step of this number; return whether it came that far."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    left = [step]

    def counted(name: str) -> None:
        real = getattr(os, name)

        def before(*arguments: Any, **keywords: Any) -> Any:
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return real(*arguments, **keywords)

        setattr(os, name, before)

    try:
        catalog = opened(folder)
        for name in STEPS:
            counted(name)
        catalog.publish(what)
    finally:
        os._exit(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_kill_at_each_step_of_a_publication(tmp_path: Path) -> None:
    """The record is there whole, or not at all; what is there refers to nothing that is missing."""
    first, second, third = parcel(1), parcel(7), parcel(8)
    for step in range(60):
        folder = tmp_path / str(step)
        with opened(folder) as catalog:
            catalog.publish(first)
        killed = killed_at(step, folder, second)
        with opened(folder) as catalog:
            catalog.update()
            found = check_store(catalog)
            assert found.whole, (step, found.damage)
            assert found.runs in (1, 2)
            catalog.publish(third)
            assert catalog.find(Wanted(limit=1))[0].id == third.run.id
        if not killed:
            break
    else:
        pytest.fail("it never came to its end")
    assert step > 3


def test_what_a_killed_writer_left_is_cleaned(tmp_path: Path) -> None:
    """But not what may still be written."""
    store = FolderStore(tmp_path)
    store.put("runs/a.json", b"1")
    for name, age in ((".jr-old.tmp", 0), (".jr-new.tmp", 2_000_000_000)):
        (tmp_path / "runs" / name).write_bytes(b"half")
        os.utime(tmp_path / "runs" / name, (age, age))
    assert store.clean(1_000_000_000) == 1
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == [".jr-new.tmp", "a.json"]
