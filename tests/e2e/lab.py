"""A Jupyter server of its own, and what a user does in a window of it, in the words of the tests."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Locator, Page

__all__ = ["CHROMIUM", "FLAGS", "Lab", "Server"]

TOKEN = "for-this-test-only"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
PATIENCE_MS = 60_000
"""How long a kernel may take to start on a busy machine."""

expect.set_options(timeout=PATIENCE_MS)


class Server:
    """A Jupyter server in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root / "work"
        self.root.mkdir()
        self.settings = root / "settings"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.set("@jupyterlab/apputils-extension", "notification", fetchNews="false", checkForUpdates=False)
        self.log = (root / "server.log").open("w")
        folders = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        environ = {**os.environ, **{name: str(root / folder) for name, folder in folders.items()}}
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={self.port}"),
            *(f"--IdentityProvider.token={TOKEN}", "--allow-root", f"--ServerApp.root_dir={self.root}"),
            *("--LabApp.expose_app_in_browser=True", "--ServerApp.port_retries=0"),
        ]
        self.process = subprocess.Popen(
            command, env=environ, cwd=self.root, stdout=self.log, stderr=subprocess.STDOUT
        )

    def set(self, package: str, plugin: str, **settings: Any) -> None:
        """Write a user's settings of one plugin."""
        path = self.settings / package / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))

    def wait(self) -> None:
        """Return when it answers."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.url}/api?token={TOKEN}", timeout=5).close()
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        self.log.flush()
        message = f"the server did not start:\n{(self.root.parent / 'server.log').read_text()}"
        raise RuntimeError(message)

    def stop(self) -> None:
        """End it and its kernels."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def notebook(self, name: str, cells: Sequence[str], *, kernel: str = "python3") -> str:
        """Write a notebook of code cells (``c0``, ``c1``, ...) and return its path."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            json.dumps(
                {
                    "nbformat": 4,
                    "nbformat_minor": 5,
                    "metadata": {
                        "kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}
                    },
                    "cells": [
                        {
                            "cell_type": "code",
                            "id": f"c{index}",
                            "metadata": {},
                            "source": source,
                            "outputs": [],
                            "execution_count": None,
                        }
                        for index, source in enumerate(cells)
                    ],
                }
            )
        )
        return name


class Lab:
    """One window of JupyterLab, or of Notebook 7."""

    def __init__(self, page: Page, server: Server, *, app: str = "lab") -> None:
        self.page = page
        self.server = server
        self.app = app

    def open(self, path: str) -> None:
        """Open a notebook in a workspace of its own and wait for its kernel."""
        self.goto(path)
        self.wait_idle()

    def goto(self, path: str) -> None:
        """Open a notebook in a workspace of its own."""
        where = (
            f"lab/workspaces/{path.removesuffix('.ipynb')}/tree/{path}"
            if self.app == "lab"
            else f"notebooks/{path}"
        )
        self.page.goto(f"{self.server.url}/{where}?token={TOKEN}&reset")
        expect(self.cell(0)).to_be_visible()

    def wait_idle(self) -> None:
        """Wait until the kernel is there and runs nothing."""
        expect(
            self.page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']:visible")
        ).to_be_visible()

    def cell(self, index: int) -> Locator:
        """The cell at a place of the notebook in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell").nth(index)

    def run(self, *indices: int) -> None:
        """Run cells one after the other, each to its end."""
        for index in indices:
            cell = self.cell(index)
            cell.locator(".jp-InputPrompt").click(position={"x": 50, "y": 8})
            expect(cell).to_have_class(re.compile("jp-mod-active"))
            before = cell.locator(".jp-InputPrompt").inner_text()
            self.page.keyboard.press("Control+Enter")
            expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))
            expect(cell.locator(".jp-InputPrompt")).not_to_have_text(before)

    def type(self, index: int, source: str) -> None:
        """Write a cell anew."""
        editor = self.cell(index).locator(".cm-content")
        editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Escape")

    def command(self, name: str, **args: object) -> None:
        """Run a command of the application."""
        self.page.evaluate(
            "([name, args]) => { void window.jupyterapp.commands.execute(name, args); }", [name, args]
        )

    @property
    def panel(self) -> Locator:
        """Our panel, if it is seen."""
        return self.page.locator(".jp-ReproPanel")

    def show(self) -> None:
        """Open the panel."""
        if not self.panel.is_visible():
            self.command("jupyter-repro:open")
        expect(self.panel).to_be_visible()

    def load(self) -> None:
        """Load the extension with the panel's button."""
        self.show()
        self.panel.get_by_role("button", name="Load it", exact=True).click()
        expect(self.headline).to_be_visible()

    @property
    def headline(self) -> Locator:
        """The one line first."""
        return self.panel.get_by_test_id("repro-headline")

    def badge(self, index: int) -> Locator:
        """The badge of a cell."""
        return self.cell(index).locator(".jp-ReproBadge")

    def section(self, name: str) -> Locator:
        """A section of the panel, opened."""
        section = self.panel.locator(f"section[data-section='{name}']")
        title = section.get_by_role("button").first
        if title.get_attribute("aria-expanded") == "false":
            title.click()
        return section

    def restart(self) -> None:
        """Restart the kernel from the menu."""
        self.command("kernelmenu:restart")
        self.page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()

    def note(self, key: str, text: str) -> None:
        """Add a note to an item of the checklist."""
        item = self.section("checklist").locator(f"[data-check='{key}']")
        item.get_by_role("button", name="Add a note").click()
        item.get_by_role("textbox", name=re.compile("^Note")).fill(text)
        item.get_by_role("button", name="Keep the note").click()
        expect(item).to_contain_text(f"Note: {text}")
