"""A wheel built from the source folder of an editable install."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from jupyter_repro.errors import LockFailed

from .record import RecordRow, format_record, parse_record
from .uv_tool import UvFailed, run_uv
from .wheels import read_record

if TYPE_CHECKING:
    from .dists import Distribution, Interpreter

__all__ = ["build_editable", "source_folder"]

SOURCE_DATE_EPOCH = "315532800"
"""1980-01-01, the first moment a zip can name."""


def source_folder(dist: Distribution) -> Path:
    """Return the folder that a directory or editable install points to.

    Raises:
        LockFailed: It is not a folder of this machine, or it is gone.
    """
    url = str(dist.direct_url.get("url", ""))
    parts = urlsplit(url)
    folder = Path(url2pathname(parts.path))
    inside = dist.direct_url.get("subdirectory")
    if isinstance(inside, str):
        folder /= inside
    if parts.scheme != "file" or not folder.is_dir():
        raise LockFailed(
            f"`{dist.name}` is an editable install and its folder is gone",
            remedy=f"put the folder back, or `uv pip uninstall {dist.name}`",
        )
    return folder


def build_editable(dist: Distribution, interpreter: Interpreter, folder: Path) -> tuple[Path, str]:
    """Build the wheel of an editable install.

    Returns:
        The wheel in ``folder``, and the RECORD that installing it will leave, for its digest.

    Raises:
        LockFailed: The build failed.
    """
    source = source_folder(dist)
    made_before = (source / "build").exists()
    before = set(folder.iterdir())
    try:
        run_uv(
            ["build", "--wheel", "--python", interpreter.python, "--out-dir", str(folder), str(source)],
            # an extension of JupyterLab is no part of the kernel, and would need npm
            environment={"SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH, "SKIP_JUPYTER_BUILDER": "1"},
        )
        (path,) = (file for file in set(folder.iterdir()) - before if file.suffix == ".whl")
        written = parse_record(read_record(path))
    except UvFailed as error:
        raise LockFailed(
            f"the editable install `{dist.name}` does not build into a wheel: {error.message}",
            remedy=f"make `uv build --wheel` succeed in its folder, or `uv pip uninstall {dist.name}`",
        ) from error
    except (OSError, ValueError) as error:
        raise LockFailed(
            f"the build of the editable install `{dist.name}` made no usable wheel: {error}",
            remedy="make `uv build --wheel` give one wheel in its folder",
        ) from error
    finally:
        (folder / ".gitignore").unlink(missing_ok=True)
        if not made_before:
            _remove_build_folder(source)
    rows = (_as_installed(row, dist, interpreter) for row in written)
    return path, format_record(sorted(row for row in rows if row is not None))


def _remove_build_folder(source: Path) -> None:
    """Take away what setuptools leaves: stale files in it would enter the next wheel."""
    made = source / "build"
    for folder in (*made.glob("lib*"), *made.glob("bdist.*")):
        shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        made.rmdir()


def _as_installed(row: RecordRow, dist: Distribution, interpreter: Interpreter) -> RecordRow | None:
    parts = PurePosixPath(row.path).parts
    if not parts[0].endswith(".data"):
        return row
    kind, inside = parts[1], PurePosixPath(*parts[2:])
    if kind in {"purelib", "platlib"}:
        return RecordRow(str(inside), row.hash, row.size)
    if kind == "data":
        up = os.path.relpath(interpreter.prefix, dist.site).replace(os.sep, "/")
        return RecordRow(f"{up}/{inside}", row.hash, row.size)
    return None  # scripts and headers are placed, and scripts rewritten, as each installer likes
