"""A real JupyterLab, a real Notebook and a real browser: one server and one Chromium for all, a notebook for each test."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lab import Lab, Server
    from playwright.sync_api import Browser

# they run in an environment of their own: make browser
collect_ignore_glob = (
    [] if all(map(importlib.util.find_spec, ("playwright", "jupyterlab"))) else ["test_*.py"]
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests."""
    from lab import Server

    server = Server(tmp_path_factory.mktemp("server"))
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    from lab import CHROMIUM, FLAGS
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser, server: Server) -> Iterator[Callable[..., Lab]]:
    """Open windows; a test fails if our code throws in one, or if a kernel logs an error of ours."""
    from lab import Lab

    contexts = []
    thrown: list[str] = []

    def opened(app: str = "lab") -> Lab:
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: thrown.append(f"{error}\n{error.stack}"))
        page.on("console", lambda line: thrown.append(line.text) if line.type == "error" else None)
        return Lab(page, server, app=app)

    yield opened
    for context in contexts:
        context.close()
    assert not [each for each in thrown if "jupyter-repro" in each]
    log = (server.root.parent / "server.log").read_text()
    assert "No such comm target" not in log
    assert "jupyter_repro" not in "".join(line for line in log.splitlines() if "Traceback" in line)
