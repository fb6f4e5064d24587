"""Put the JupyterLab extension into the wheel, and build it first where that has not been done.

An editable install never calls npm: it takes the extension as ``make panel`` left it, or none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = "src/jupyter_repro/labextension"
PLACE = "share/jupyter/labextensions/jupyter-repro"


class PanelHook(BuildHookInterface):  # type: ignore[type-arg] # hatchling has no type for "any configuration"
    """Name the extension's built files as shared data of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing, unless ``SKIP_JUPYTER_BUILDER`` asks for Python alone."""
        built = Path(self.root, BUILT)
        wanted = version != "editable" and not os.environ.get("SKIP_JUPYTER_BUILDER")
        if wanted and not built.joinpath("package.json").is_file():
            build(Path(self.root, "labextension"))
        if self.target_name == "wheel" and built.joinpath("package.json").is_file():
            # file by file: of a folder hatch leaves out what .gitignore names
            for path in built.rglob("*"):
                if path.is_file():
                    build_data["shared_data"][str(path)] = f"{PLACE}/{path.relative_to(built).as_posix()}"
            build_data["shared_data"][str(Path(self.root, "scripts/install.json"))] = f"{PLACE}/install.json"


def build(folder: Path) -> None:
    """Run the two npm commands of a release build, or say what they need."""
    npm = shutil.which("npm")
    if npm is None or not folder.is_dir():
        message = (
            "the JupyterLab extension is not built and there is no npm to build it: "
            "install Node.js 20, or set SKIP_JUPYTER_BUILDER=1 to install the Python part alone"
        )
        raise RuntimeError(message)
    subprocess.run([npm, "ci", "--ignore-scripts"], cwd=folder, check=True)
    subprocess.run([npm, "run", "build:prod"], cwd=folder, check=True)
