"""What differs between two environments, and what brings it back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from devices import HOPPER
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.environments import capture_environment
from jupyter_repro.environments.drift import drift
from jupyter_repro.environments.system import LATER
from jupyter_repro.records import Environment, Git, Missing, Package
from jupyter_repro.records.code import Submodule, UntrackedSource
from jupyter_repro.records.drift import RANKS, Difference, Drift
from jupyter_repro.records.gpu import Compute
from jupyter_repro.records.packages import CondaPackage, Source
from jupyter_repro.records.system import Container, Figures, NumericLibrary, Program

CAN, MAY, CANNOT = RANKS
replace = msgspec.structs.replace


def _base() -> Environment:
    found = capture_environment(None)
    assert found.system is not None
    return replace(
        found,
        packages=(Package(name="numpy", version="1.26.4", imported="cells"),),
        conda=(),
        variables={},
        git=Missing("none"),
        gpus=Missing("none"),
        compute=Compute(),
        python=replace(found.python, version="3.11.7", hash_seed="0"),
        system=replace(
            found.system, libraries=Missing("no library that computes is imported"), figures=Missing("x")
        ),
    )


BASE = _base()
SYSTEM = BASE.system
assert SYSTEM is not None
GIT = Git(commit="a" * 40, branch="main", dirty=False, diff="", untracked=(), remote=None)
BLAS = NumericLibrary(
    kind="blas", name="openblas", version="0.3.27", threads=8, architecture="Haswell", brought_by="numpy"
)
FIGURES = Figures(backend="agg", freetype="2.6.1", family="DejaVu Sans", font="d.ttf", font_sha256="ab" * 32)


def packages(*each: Package) -> dict[str, Any]:
    return {"packages": each}


def numpy(version: str = "1.26.4", **facts: Any) -> Package:
    return Package(name="numpy", version=version, **{"imported": "cells", **facts})


def other(name: str, version: str, **facts: Any) -> Package:
    return Package(name=name, version=version, **facts)


def system(**changes: Any) -> dict[str, Any]:
    return {"system": replace(SYSTEM, **changes)}


def processor(**changes: Any) -> dict[str, Any]:
    return system(processor=replace(SYSTEM.processor, **changes))


def place(**changes: Any) -> dict[str, Any]:
    return system(locality=replace(SYSTEM.locality, **changes))


def hardware(**changes: Any) -> dict[str, Any]:
    return {"hardware": replace(BASE.hardware, **changes)}


def python(**changes: Any) -> dict[str, Any]:
    return {"python": replace(BASE.python, **changes)}


EDITABLE = Source(url="file:///src/mine", commit="1" * 40, dirty=False)
TORCH = "uv pip install torch==2.13.0+cpu --extra-index-url https://download.pytorch.org/whl/cpu"

CASES: list[tuple[dict[str, Any], dict[str, Any], str, str, str]] = [
    (packages(numpy()), packages(numpy("2.1.0")), "numpy", CAN, "uv pip install numpy==1.26.4"),
    (packages(numpy()), packages(), "numpy", CAN, "uv pip install numpy==1.26.4"),
    (packages(), packages(numpy()), "numpy", MAY, "uv pip uninstall numpy"),
    (packages(), packages(other("rich", "14")), "rich", CANNOT, "uv pip uninstall rich"),
    (packages(other("rich", "13", imported="cells")), packages(other("rich", "14")), "rich", MAY, "uv pip install rich==13"),
    (packages(other("ipykernel", "6", imported="kernel")), packages(other("ipykernel", "7")), "ipykernel", CANNOT, "uv pip install ipykernel==6"),
    (packages(other("torch", "2.13.0+cpu")), packages(other("torch", "2.13.0")), "torch", CAN, TORCH),
    (
        packages(other("mine", "1", origin="editable", source=EDITABLE)),
        packages(other("mine", "1", origin="editable", source=replace(EDITABLE, commit="2" * 40))),
        "mine",
        MAY,
        "git -C /src/mine checkout 1111111111",
    ),
    (
        packages(other("mine", "1", origin="vcs", source=Source(url="https://host/mine", commit="1" * 40))),
        packages(other("mine", "1")),
        "mine",
        MAY,
        f'uv pip install "mine @ git+https://host/mine@{"1" * 40}"',
    ),
    (
        {**packages(numpy()), "conda": (CondaPackage(name="numpy", version="1.26.4", build="b", channel="c"),)},
        packages(numpy("2.0")),
        "numpy",
        CAN,
        "conda install numpy=1.26.4",
    ),
    (
        {"conda": (CondaPackage(name="libopenblas", version="0.3.27", build="h1", channel="c"),)},
        {"conda": (CondaPackage(name="libopenblas", version="0.3.28", build="h1", channel="c"),)},
        "libopenblas (conda)",
        CAN,
        "conda install libopenblas=0.3.27=h1",
    ),
    (packages(numpy()), packages(numpy(edited=("numpy/x.py",))), "numpy: edited files", CAN, "uv pip install --reinstall numpy==1.26.4"),
    ({}, python(version="3.12.1"), "Python", CAN, "uv venv --python 3.11.7"),
    ({}, python(version="3.11.9"), "Python", MAY, "uv venv --python 3.11.7"),
    ({}, python(implementation="PyPy"), "Python implementation", CAN, "uv venv --python 3.11.7"),
    ({}, python(hash_seed="random"), "hash seed", CAN, "jupyter repro kernelspec --hash-seed 0"),
    (python(hash_seed="random"), {}, "hash seed", MAY, ""),
    ({"variables": {"OMP_NUM_THREADS": "4"}}, {}, "OMP_NUM_THREADS", CAN, "export OMP_NUM_THREADS=4"),
    ({}, {"variables": {"MKL_CBWR": "AVX2"}}, "MKL_CBWR", CAN, "unset MKL_CBWR"),
    ({"variables": {"XLA_FLAGS": "--a --b"}}, {}, "XLA_FLAGS", CAN, "export XLA_FLAGS='--a --b'"),
    ({"variables": {"TZ": "UTC"}}, {}, "TZ", MAY, "export TZ=UTC"),
    (system(libraries=(BLAS,)), system(libraries=(replace(BLAS, threads=2),)), "BLAS (numpy) threads", CAN, "%repro threads=8"),
    (
        {**packages(numpy()), **system(libraries=(BLAS,))},
        {**packages(numpy()), **system(libraries=(replace(BLAS, version="0.3.28"),))},
        "BLAS (numpy)",
        CAN,
        "uv pip install --reinstall numpy==1.26.4",
    ),
    (system(libraries=(BLAS,)), system(libraries=(replace(BLAS, architecture="Zen"),)), "BLAS (numpy) routines", CAN, "export OPENBLAS_CORETYPE=Haswell"),
    (processor(features=("avx2",)), processor(features=("avx2", "avx512f")), "CPU instruction sets", CAN, 'export NPY_DISABLE_CPU_FEATURES="AVX512F"'),
    (processor(features=("avx2", "avx512f")), processor(features=("avx2",)), "CPU instruction sets", CAN, ""),
    (processor(usable_cores=8), processor(usable_cores=2), "usable cores", MAY, "%repro threads=8"),
    (hardware(machine="x86_64"), hardware(machine="arm64"), "CPU architecture", CAN, ""),
    (hardware(libc="glibc 2.31"), hardware(libc="glibc 2.39"), "C library", MAY, ""),
    (hardware(release="5.1"), hardware(release="6.1"), "system release", CANNOT, ""),
    ({"gpus": (HOPPER,)}, {}, "GPU", CAN, ""),
    ({"gpus": (HOPPER,)}, {"gpus": (replace(HOPPER, name="NVIDIA A100", architecture="ampere"),)}, "GPU 0 architecture", CAN, ""),
    ({"gpus": (HOPPER,)}, {"gpus": (replace(HOPPER, uuid="GPU-2"),)}, "GPU 0 device", CANNOT, ""),
    ({"gpus": (HOPPER,)}, {"gpus": (replace(HOPPER, driver="590"),)}, "GPU 0 driver", MAY, ""),
    (
        {"gpus": (HOPPER,), "compute": Compute(cudnn="9.1.0")},
        {"gpus": (HOPPER,), "compute": Compute(cudnn="9.2.0")},
        "cuDNN",
        CAN,
        "",
    ),
    ({"git": GIT}, {"git": replace(GIT, commit="b" * 40)}, "git commit", MAY, "git checkout aaaaaaaaaa"),
    ({"git": GIT}, {"git": replace(GIT, dirty=True, diff="diff --git a b\n")}, "uncommitted changes", MAY, "git stash"),
    (
        {"git": replace(GIT, sources=(UntrackedSource(path="a.py", size=1, sha256="1" * 64),))},
        {"git": replace(GIT, sources=(UntrackedSource(path="a.py", size=1, sha256="2" * 64),))},
        "untracked sources",
        MAY,
        "",
    ),
    (
        {"git": replace(GIT, submodules=(Submodule(path="lib", commit="1" * 40, checked_out="1" * 40),))},
        {"git": replace(GIT, submodules=(Submodule(path="lib", commit="1" * 40, checked_out="2" * 40),))},
        "submodule lib",
        MAY,
        "git -C lib checkout 1111111111",
    ),
    (place(timezone="Europe/Paris (UTC+02:00)"), place(timezone="UTC (UTC+00:00)"), "time zone", MAY, "export TZ=Europe/Paris"),
    (place(locale={"LC_TIME": "C"}), place(locale={"LC_TIME": "de_DE"}), "locale", MAY, "export LC_ALL=C"),
    (system(figures=FIGURES), system(figures=replace(FIGURES, freetype="2.13")), "FreeType", MAY, ""),
    (
        system(container=Container(kind="docker", image="lab:1", digest="")),
        system(container=Missing("none")),
        "container",
        MAY,
        "docker pull lab:1",
    ),
    (
        system(programs=(Program(name="dot", version="dot 2.43"),)),
        system(programs=(Program(name="dot", version="dot 9"),)),
        "program dot",
        MAY,
        "",
    ),
]  # fmt: skip


def between(before: dict[str, Any], now: dict[str, Any], **options: Any) -> Drift:
    return drift(replace(BASE, **before), replace(BASE, **now), **options)


def found(result: Drift, what: str) -> Difference:
    (difference,) = [each for each in result.differences if each.what == what]
    return difference


@pytest.mark.parametrize(("before", "now", "what", "rank", "restore"), CASES)
def test_each_fact_has_its_rank_and_its_command(
    before: dict[str, Any], now: dict[str, Any], what: str, rank: str, restore: str
) -> None:
    """What can be brought back by one command names it; what cannot says what to do."""
    difference = found(between(before, now), what)
    assert (difference.rank, difference.restore) == (rank, restore)
    assert difference.reason
    assert difference.restore or difference.instead


@pytest.mark.parametrize(("before", "now", "what", "rank", "restore"), CASES)
def test_the_same_twice_is_no_drift(
    before: dict[str, Any], now: dict[str, Any], what: str, rank: str, restore: str
) -> None:
    """An environment does not differ from itself."""
    for each in (before, now):
        result = between(each, each)
        assert result.differences == ()
        assert result.sentence == "nothing differs that could change numbers"


def test_the_worst_comes_first_and_is_the_sentence() -> None:
    """Ranked by whether it can change numbers."""
    result = between(
        packages(numpy(), other("rich", "13")),
        {**packages(numpy("2.1.0"), other("rich", "14")), **hardware(release="9")},
    )
    assert [each.what for each in result.differences] == ["numpy", "rich", "system release"]
    assert result.sentence == "1 difference can change numbers: numpy 1.26.4 -> 2.1.0"
    assert result.restore_packages == "uv pip install numpy==1.26.4 rich==13"


@pytest.mark.parametrize(("known", "rank"), [(True, CANNOT), (False, CAN)])
def test_what_nothing_imported_can_change_nothing(known: bool, rank: str) -> None:  # noqa: FBT001 - a table
    """But only where the record tells everything that was imported."""
    result = between(packages(numpy(imported="")), packages(numpy("2", imported="")), imports_known=known)
    assert found(result, "numpy").rank == rank


@pytest.mark.parametrize(
    ("before", "now", "what"),
    [
        (system(libraries=LATER), system(libraries=(BLAS,)), "BLAS and its threads"),
        (system(libraries=(BLAS,)), system(libraries=Missing("none is loaded")), "BLAS and its threads"),
        (system(libraries=(BLAS,)), system(libraries=()), "BLAS (numpy)"),
        (system(figures=FIGURES), system(figures=Missing("not loaded")), "fonts of figures"),
        (processor(features=Missing("not told")), processor(features=("avx2",)), "instruction sets"),
        ({"system": None}, {}, "instruction sets, BLAS, place"),
        ({"git": GIT}, {}, "code revision"),
        (python(hash_seed="unknown: it cannot be checked"), {}, "hash seed"),
        ({"gpus": (HOPPER,), "compute": Compute(cudnn="9.1.0")}, {"gpus": (HOPPER,)}, "cuDNN"),
        (
            system(programs=(Program(name="x", version=Missing("never asked")),)),
            system(programs=(Program(name="x", version="1"),)),
            "program x",
        ),
    ],
)
def test_what_cannot_be_compared_is_said(before: dict[str, Any], now: dict[str, Any], what: str) -> None:
    """Never a silent `nothing differs`."""
    result = between(before, now)
    assert what in {each.what for each in result.unknown}
    assert "could not be compared" in result.sentence


@pytest.mark.parametrize(
    ("files", "rank", "said"),
    [
        (("analysis.ipynb", "README.md"), CANNOT, "only notebooks and texts differ"),
        (("utils.py", "README.md"), MAY, "between the two differ utils.py"),
        (None, MAY, "may be another"),
    ],
)
def test_a_commit_weighs_what_its_files_weigh(files: tuple[str, ...] | None, rank: str, said: str) -> None:
    """Who commits the notebook after its run has changed nothing that runs."""
    result = between({"git": GIT}, {"git": replace(GIT, commit="b" * 40)}, changed_files=files)
    difference = found(result, "git commit")
    assert difference.rank == rank
    assert said in difference.reason


def test_who_saves_the_notebook_has_changed_no_code() -> None:
    """Its own difference from the commit is no news; that of a module is."""
    book = "diff --git a/n.ipynb b/n.ipynb\n-1\n+{}\n"
    code = "diff --git a/utils.py b/utils.py\n-1\n+2\n"
    before = {"git": replace(GIT, dirty=True, diff=book.format(1))}
    for diff, rank, now in ((book.format(2), CANNOT, "n.ipynb"), (book.format(2) + code, MAY, "utils.py")):
        difference = found(
            between(before, {"git": replace(GIT, dirty=True, diff=diff)}), "uncommitted changes"
        )
        assert (difference.rank, difference.now) == (rank, now)


def test_the_season_is_no_drift() -> None:
    """One zone has two offsets a year."""
    result = between(place(timezone="Europe/Paris (UTC+02:00)"), place(timezone="Europe/Paris (UTC+01:00)"))
    assert result.differences == ()


VERSIONS = st.sampled_from(["1", "2", "2+cpu"])
NAMES = st.sampled_from(["numpy", "torch", "rich", "nvidia-cudnn-cu12"])
ENVIRONMENTS = st.builds(
    lambda found, seed, cores: replace(
        BASE,
        packages=tuple(Package(name=name, version=version) for name, version in sorted(found.items())),
        python=replace(BASE.python, hash_seed=seed),
        system=replace(SYSTEM, processor=replace(SYSTEM.processor, usable_cores=cores)),
    ),
    st.dictionaries(NAMES, VERSIONS),
    st.sampled_from(["0", "1", "random"]),
    st.sampled_from([1, 2, None]),
)


@given(ENVIRONMENTS, ENVIRONMENTS)
def test_both_ways_name_the_same_facts(one: Environment, another: Environment) -> None:
    """Differences are ranked, complete, and turn around when the sides are changed."""
    there, back = drift(one, another), drift(another, one)
    assert {(each.what, each.before, each.now) for each in there.differences} == {
        (each.what, each.now, each.before) for each in back.differences
    }
    ranks = [RANKS.index(each.rank) for each in there.differences]
    assert ranks == sorted(ranks)
    assert msgspec.json.decode(msgspec.json.encode(there), type=Drift) == there
