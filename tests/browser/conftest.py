"""A real browser against a real server on a free port, each with an instance folder of its own."""

from __future__ import annotations

import os
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import sync_playwright
from waitress.server import create_server

from assistant.app import create_app
from assistant.config import Config
from tests.web.made_up import add_application

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, ViewportSize

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 640}
QUIET = (
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
    "--disable-sync", "--no-first-run", "--disable-domain-reliability", "--metrics-recording-only",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Live:
    """A running server."""

    address: str
    app: Flask


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    app = create_app(Config(instance_dir=tmp_path / "instance"))
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)

    def run() -> None:
        # It waits for its sockets, and may find one of them closed by the end of the test.
        with suppress(OSError):
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield Live(address=f"http://127.0.0.1:{server.effective_port}", app=app)
    server.close()
    thread.join(timeout=10)
    app.extensions["assistant"].engine.dispose()


@pytest.fixture
def opened(live: Live) -> str:
    """Return the address of an application in which every question is answered."""
    parts = live.app.extensions["assistant"]
    return f"/applications/{add_application(parts, parts.agency_id)}/"


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    driver, script = compute_driver_executable()
    said = subprocess.run([driver, script, "--version"], capture_output=True, text=True, check=False)
    if said.returncode:
        pytest.skip(f"the browser's driver does not start: {said.stderr.strip()}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(chromium), args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture
def tabs(browser: Browser, live: Live) -> Iterator[Callable[..., Tab]]:
    """Return what opens a tab; at the end of the test none of them may have done what it must not."""
    opened: list[Tab] = []

    def open_tab(*, viewport: ViewportSize = WIDE, scripts: bool = True) -> Tab:
        opened.append(Tab(browser, live, viewport=viewport, scripts=scripts))
        return opened[-1]

    yield open_tab
    for tab in opened:
        tab.context.close()
        assert not tab.faults


class Tab:
    """A tab that keeps count of what a page must never do: ask another origin, break its own policy, throw."""

    def __init__(self, browser: Browser, live: Live, *, viewport: ViewportSize, scripts: bool) -> None:
        self.live, self.scripts = live, scripts
        self.context: BrowserContext = browser.new_context(
            viewport=viewport, java_script_enabled=scripts, base_url=live.address, accept_downloads=True
        )
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("request", self._see_request)
        self.page.on("console", self._see_message)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", self._see_dialog)

    def _see_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.live.address}/", "data:", "blob:")):
            self.faults.append(f"asked {request.url}")

    def _see_message(self, message: ConsoleMessage) -> None:
        # A page has nothing to say there, not even by way of advice. But the browser reports every answer of 400 and
        # above; some of those are what a test is after.
        if "status of 4" not in message.text:
            self.faults.append(f"{message.type}: {message.text}")

    def _see_dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def look(self, name: str) -> None:
        """Hold the page to what every page must be in a browser, and keep its picture where one is asked for."""
        self.page.wait_for_load_state("load")
        width = self.page.evaluate("window.innerWidth")
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} scrolls sideways: {wide} px"
        small = self.page.evaluate(SMALL_TARGETS)
        assert not small, f"{name} has targets under 24 px: {small}"
        broken = self.page.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)")
        assert not broken, f"{name} has broken pictures: {broken}"
        if folder := os.environ.get("ASSISTANT_TEST_PICTURES"):
            place = Path(folder) / f"{width}-{name.replace(' ', '-')}.png"
            self.page.screenshot(path=str(place), full_page=True)


# A link inside a sentence is exempt (WCAG 2.2, 2.5.8), as is what only a screen reader meets, and a link on a picture
# whose address another link of full size on the same page has as well ("Equivalent").
SMALL_TARGETS = """
[...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")].filter(e => {
  const box = e.getBoundingClientRect();
  if (!box.width || box.left < -100) return false;
  if (e.tagName === "A" && getComputedStyle(e).display === "inline") return false;
  const same = `li a[href="${CSS.escape(e.getAttribute("href"))}"]`;
  const twin = e.closest("svg[aria-hidden]") && document.querySelector(same);
  if (twin && twin.getBoundingClientRect().height >= 23.9) return false;
  return box.width < 23.9 || box.height < 23.9;
}).map(e => e.outerHTML.slice(0, 120))
"""


# Beside these, every journey runs plainly too: wide with scripts, narrow without.
LONG_WAYS = ("test_the_whole_journey[1280-no scripts]", "test_the_whole_journey[320-scripts]")
LONG_WIDE = ("test_more_pages.py", "test_forms_pages.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the second way through each page to the long run, so that the plain one stays short."""
    for item in items:
        wide = item.path.name in LONG_WIDE and item.name.endswith("[1280]")
        if item.path.parent == Path(__file__).parent and (wide or item.name in LONG_WAYS):
            item.add_marker(pytest.mark.long)
