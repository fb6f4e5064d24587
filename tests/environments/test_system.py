"""What lies below and beside Python; each absence has a reason."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import types
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.environments.container import container
from jupyter_repro.environments.locality import locality
from jupyter_repro.environments.processor import processor
from jupyter_repro.environments.programs import named_in, programs
from jupyter_repro.environments.system import system
from jupyter_repro.records import Missing
from jupyter_repro.records.system import Container

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHA = "a" * 64
NOT_TOLD = "the runtime does not tell the image's digest inside; note it where you start the container"


@pytest.fixture
def machine(tmp_path: Path) -> Callable[..., Path]:
    """Make the root of a file system that holds these files."""

    def make(**files: str) -> Path:
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return make


def test_this_machine() -> None:
    """Real facts: cores that may be used, the locale that is set, an encoding."""
    found = system(libraries=False)
    if hasattr(os, "sched_getaffinity"):
        assert found.processor.usable_cores == len(os.sched_getaffinity(0))
    assert set(found.locality.locale) == {"LC_COLLATE", "LC_CTYPE", "LC_NUMERIC", "LC_TIME"}
    assert found.locality.encoding


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("processor: 0\nflags\t\t: fpu avx2 sse4_2 fma hypervisor\n", ("sse4_2", "avx2", "fma")),
        ("processor: 0\nFeatures\t: fp asimd sve\n", ("asimd", "sve")),
    ],
)
def test_instruction_sets_that_libraries_choose_by(
    machine: Callable[..., Path], text: str, features: tuple[str, ...]
) -> None:
    """On x86 and on ARM; flags that bear on nothing are left out."""
    assert processor(root=machine(proc__cpuinfo=text)).features == features


@pytest.mark.parametrize(
    ("limit", "told"), [("2147483648\n", 2**31), ("max\n", None), ("9223372036854771712\n", None)]
)
def test_memory_limits_of_containers(machine: Callable[..., Path], limit: str, told: int | None) -> None:
    """No limit is None, not a number."""
    files = {"sys__fs__cgroup__memory_dot_max": limit, "proc__cpuinfo": "flags: avx"}
    assert processor(root=machine(**files)).memory_limit_bytes == told


@pytest.mark.parametrize(
    ("zone", "start"),
    [("Europe/Berlin", "Europe/Berlin (UTC"), ("", "America/Lima (UTC")],
)
def test_time_zones_by_their_names(tmp_path: Path, zone: str, start: str) -> None:
    """From TZ, else from where /etc/localtime leads."""
    target = tmp_path / "zoneinfo" / "America" / "Lima"
    target.parent.mkdir(parents=True)
    target.write_text("")
    (tmp_path / "localtime").symlink_to(target)
    found = locality({"TZ": zone} if zone else {}, localtime=tmp_path / "localtime")
    assert found.timezone.startswith(start)


@pytest.mark.parametrize(
    ("files", "environ", "found"),
    [
        ({}, {}, Missing("no container is seen from inside")),
        ({"_dot_dockerenv": ""}, {}, Container(kind="docker", image="", digest="", note=NOT_TOLD)),
        (
            {"_dot_dockerenv": ""},
            {"JUPYTER_IMAGE_SPEC": f"quay.io/jupyter/scipy-notebook@sha256:{SHA}"},
            Container(
                kind="docker", image=f"quay.io/jupyter/scipy-notebook@sha256:{SHA}", digest=f"sha256:{SHA}"
            ),
        ),
        (
            {
                "run___dot_containerenv": f'engine="podman-5"\nname="my-laptop"\nimage="docker.io/a/b:1"\nimageid="{SHA}"\n'
            },
            {},
            Container(kind="podman", image="docker.io/a/b:1", digest=f"sha256:{SHA}"),
        ),
        (
            {},
            {"APPTAINER_CONTAINER": "/home/me/images/torch.sif"},
            Container(kind="apptainer", image="torch.sif", digest="", note=NOT_TOLD),
        ),
        (
            {"proc__1__cgroup": "0::/kubepods/besteffort/pod1\n"},
            {},
            Container(kind="kubernetes", image="", digest="", note=NOT_TOLD),
        ),
        (
            {"proc__version": "Linux 5.15 Microsoft-standard-WSL2"},
            {},
            Container(kind="wsl", image="", digest="", note=NOT_TOLD),
        ),
    ],
)
def test_containers(
    machine: Callable[..., Path],
    files: dict[str, str],
    environ: dict[str, str],
    found: Container | Missing,
) -> None:
    """Kind, image and digest where they are told; neither name nor id of the container, nor a home folder."""
    assert container(environ, root=machine(**files)) == found


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = 1", ()),
        ("!dot -Tpng a.gv -o a.png", ("dot",)),
        ("log = !git log | head", ("git",)),
        ("%%bash\nset -e\nLANG=C ffmpeg -i a.mp4 && sudo pdflatex x.tex\n", ("ffmpeg", "pdflatex")),
        ("!./deploy.sh --now", ()),
        ("!echo 'dot'", ()),
        ("print('!dot')", ()),
        ("!dot 'open", ("dot",)),
    ],
)
def test_programs_that_a_cell_starts(source: str, names: tuple[str, ...]) -> None:
    """By its shell lines; an argument is no program."""
    assert named_in(source) == names


def test_versions_of_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A well-known program is asked; a script of the user's is never started."""
    marker = tmp_path / "started"
    for name in ("deploy.sh", "dot"):
        (tmp_path / name).write_text(
            f"#!/bin/sh\n[ $0 = {tmp_path}/dot ] || touch {marker}\necho 'dot 9.0 for $1' >&2\n"
        )
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    found = {
        each.name: each
        for each in programs({"/usr/bin/dot": [3], "dot": [1], "deploy.sh": [2], "ffprobe": []})
    }
    assert found["dot"].version == "dot 9.0 for $1"
    assert found["dot"].cells == (1, 3)
    assert isinstance(found["deploy.sh"].version, Missing)
    assert not marker.exists()
    if shutil.which("ffprobe") is None:
        assert found["ffprobe"].version == Missing("it is not on PATH now")


def test_libraries_and_fonts_only_where_they_are_loaded() -> None:
    """Asking loads nothing; where NumPy and matplotlib are loaded, BLAS, FreeType and the font are told."""
    pytest.importorskip("matplotlib", reason="draws the figures")
    code = (
        "import sys\n"
        "from jupyter_repro.environments.system import system\n"
        "one = system()\n"
        "print(one.libraries.reason, '|', one.figures.reason, '|', 'numpy' in sys.modules)\n"
        "import numpy, matplotlib; matplotlib.use('agg'); import matplotlib.pyplot as plt\n"
        "plt.rcParams['font.family'] = ['No Such Font', 'monospace']\n"
        "two = system()\n"
        "print(two.libraries, '|', two.figures.backend, two.figures.family, two.figures.font, len(two.figures.font_sha256))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    before, after = done.stdout.splitlines()
    assert before == "no library that computes is imported | matplotlib's fonts are not loaded | False"
    assert "agg DejaVu Sans Mono DejaVuSansMono.ttf 64" in after
    assert "kind='blas'" in after or "threadpoolctl" in after
    assert done.stderr == ""


def test_a_library_of_another_version_keeps_nothing_else_from_being_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its failure is the reason of an absence."""

    class Odd:
        ttflist = property(lambda _: 1 / 0)

    monkeypatch.setitem(sys.modules, "matplotlib", types.SimpleNamespace(rcParams={}))
    monkeypatch.setitem(sys.modules, "matplotlib.font_manager", types.SimpleNamespace(fontManager=Odd()))
    found = system()
    assert isinstance(found.figures, Missing)
    assert found.figures.reason == "it could not be asked: ZeroDivisionError: division by zero"
    assert found.locality.encoding
