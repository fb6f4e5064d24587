"""Packages of another version or origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.environments.package_indexes import index_of
from jupyter_repro.records.drift import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.records import Environment, Package
    from jupyter_repro.records.drift import Rank

__all__ = ["NUMERIC", "packages", "restore_all"]

NUMERIC = frozenset((
    "accelerate", "albumentations", "astropy", "bitsandbytes", "blas", "bottleneck", "catboost", "cupy", "cvxpy", "dask", "datasets",
    "diffusers", "faiss", "faiss-cpu", "flash-attn", "flax", "gensim", "h5py", "imageio", "intel-openmp", "jax", "jaxlib", "keras", "libblas",
    "libopenblas", "librosa", "lightgbm", "lightning", "llvm-openmp", "mkl", "mkl-service", "networkx", "numba", "numexpr", "numpy", "onnxruntime",
    "openblas", "opencv-python", "opencv-python-headless", "optax", "optuna", "pandas", "peft", "pillow", "polars", "prophet", "pyarrow", "pymc",
    "pytensor", "pytorch-lightning", "safetensors", "scikit-image", "scikit-learn", "scipy", "sentence-transformers", "shap", "spacy", "statsmodels",
    "sympy", "tensorflow", "tensorflow-cpu", "tensorflow-probability", "threadpoolctl", "timm", "tokenizers", "torch", "torch-geometric", "torchaudio",
    "torchmetrics", "torchvision", "transformers", "triton", "umap-learn", "xarray", "xgboost",
))  # fmt: skip
"""Packages that compute, read data or draw random numbers: by their names, as PEP 503 spells them."""
_NUMERIC_FAMILIES = ("cupy-", "nvidia-", "jax-", "tensorflow-", "rapids-", "cudf-", "cuml-")
_NEVER = frozenset(("nvidia-ml-py",))


def packages(record: Environment, now: Environment, *, imports_known: bool) -> Iterator[Difference]:
    """Yield what differs in packages, those that compute first.

    Args:
        record: The environment that made the results.
        now: That of this moment.
        imports_known: The record tells everything that was imported.
    """
    before = {each.name: each for each in record.packages}
    after = {each.name: each for each in now.packages}
    conda = {each.name for each in record.conda}
    for name in sorted({*before, *after}, key=lambda name: (not computes(name), name)):
        old, new = before.get(name), after.get(name)
        if old is not None and new is not None:
            yield from _changed(old, new, conda=name in conda, imports_known=imports_known)
            continue
        if old is not None:
            rank, reason = _rank(name, old, imports_known=imports_known)
        elif computes(name):
            rank, reason = "may change results", "other libraries may use it where it is there"
        else:
            rank, reason = "cannot change numbers", "it was not there when the results were made"
        yield Difference(
            what=name,
            before="" if old is None else old.version,
            now="" if new is None else new.version,
            rank=rank,
            reason=reason,
            restore=f"uv pip uninstall {name}" if old is None else install(old, conda=name in conda),
        )
    yield from _of_conda(record, now, known={*before, *after})


def computes(name: str) -> bool:
    """Whether a package computes, reads data or draws random numbers."""
    return name in NUMERIC or (name.startswith(_NUMERIC_FAMILIES) and name not in _NEVER)


def install(package: Package, *, conda: bool = False) -> str:
    """Return the command that installs a package as it was; empty where no command can."""
    if conda:
        return f"conda install {package.name}={package.version}"
    wanted = wanted_of(package)
    return f"uv pip install {wanted}" if wanted else ""


def wanted_of(package: Package) -> str:
    """Return what to ask an installer for; empty where no address of it is known."""
    source = package.source
    if package.origin == "vcs" and source is not None and source.url and source.commit:
        return f'"{package.name} @ git+{source.url}@{source.commit}"'
    if package.origin == "archive" and source is not None and source.url:
        return f'"{package.name} @ {source.url}"'
    if package.origin in ("editable", "directory"):
        return ""
    index = package.index or index_of(package.name, package.version)  # records of before have none
    asked = "--find-links" if index.endswith(".html") else "--extra-index-url"
    return f"{package.name}=={package.version}{f' {asked} {index}' if index else ''}"


def restore_all(record: Environment, now: Environment, differences: Sequence[Difference]) -> str:
    """Return one command for all packages that were there and that can change something; empty for one alone."""
    present = {each.name for each in (*record.packages, *now.packages)}
    conda = {each.name for each in record.conda}
    was = {each.name: each for each in record.packages if each.name not in conda}
    named = [
        each.what for each in differences if each.what in present and each.rank != "cannot change numbers"
    ]
    wanted = [asked for name in dict.fromkeys(named) if name in was and (asked := wanted_of(was[name]))]
    if len(wanted) < 2:  # noqa: PLR2004 - one has its own
        return ""
    return f"uv pip install {' '.join(wanted)}"


def _rank(name: str, package: Package | None, *, imports_known: bool) -> tuple[Rank, str]:
    imported = "" if package is None else package.imported
    if imported == "cells":
        reason = "cells import it"
    elif imported == "libraries":
        reason = "what cells import needs it"
    else:
        reason = "it is not known whether it was imported"
    if imports_known and imported == "":
        return "cannot change numbers", "nothing had imported it"
    if computes(name):
        return "can change numbers", f"it computes, and {reason}"
    if imported == "kernel":
        return "cannot change numbers", "only the kernel uses it"
    return "may change results", reason


def _changed(old: Package, new: Package, *, conda: bool, imports_known: bool) -> Iterator[Difference]:
    rank, reason = _rank(old.name, old, imports_known=imports_known)
    sides = [_whole(each) for each in (old, new)]
    if sides[0] != sides[1]:
        yield Difference(
            what=old.name,
            before=sides[0],
            now=sides[1],
            rank=rank,
            reason=reason,
            restore=_restore(old, new, conda=conda),
            instead="" if _restore(old, new, conda=conda) else _by_hand(old),
        )
    if set(old.edited) != set(new.edited) and new.edited:
        yield Difference(
            what=f"{old.name}: edited files",
            before=", ".join(old.edited) or "none",
            now=", ".join(new.edited),
            rank=rank,
            reason="installed files were edited by hand",
            restore=f"uv pip install --reinstall {wanted_of(old)}" if wanted_of(old) else "",
        )


def _whole(package: Package) -> str:
    """Return version and origin as far as they tell two installs apart."""
    source = package.source
    if package.origin == "index" or source is None:
        return package.version if package.origin == "index" else f"{package.version} ({package.origin})"
    at = f" at {source.commit[:10]}" if source.commit else ""
    dirty = ", edited" if source.dirty else ""
    return f"{package.version} ({package.origin}{at}{dirty})"


def _restore(old: Package, new: Package, *, conda: bool) -> str:
    source, present = old.source, new.source
    same_folder = source is not None and present is not None and source.url == present.url
    if old.origin in ("editable", "directory") and same_folder and source is not None and source.commit:
        folder = source.url.removeprefix("file://")
        if present is not None and source.commit != present.commit and folder:
            return f"git -C {folder} checkout {source.commit[:10]}"
    return install(old, conda=conda)


def _by_hand(old: Package) -> str:
    return f"it was installed from a folder ({old.origin}): bring its files back by hand"


def _of_conda(record: Environment, now: Environment, *, known: set[str]) -> Iterator[Difference]:
    """Yield what only conda knows: Python's own libraries, BLAS, compilers."""
    before = {each.name: each for each in record.conda}
    after = {each.name: each for each in now.conda}
    for name in sorted({*before, *after} - known):
        old, new = before.get(name), after.get(name)
        if old is not None and new is not None and (old.version, old.build) == (new.version, new.build):
            continue
        yield Difference(
            what=f"{name} (conda)",
            before="" if old is None else f"{old.version} {old.build}",
            now="" if new is None else f"{new.version} {new.build}",
            rank="can change numbers" if computes(name) else "may change results",
            reason="it computes" if computes(name) else "libraries may be linked with it",
            restore=f"conda remove {name}"
            if old is None
            else f"conda install {name}={old.version}={old.build}",
        )
