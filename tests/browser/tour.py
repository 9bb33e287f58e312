"""Make the pictures of the tour from the running program, in practice mode: ``python -m tests.browser.tour``.

The walk follows the words on the pages, without an official form, on a made-up agency and a day that stays, so that
the pictures change only with the program. Needs Chromium; what is written is ``docs/tour/*.webp``.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import sync_playwright
from waitress.server import create_server

from assistant.app import create_app
from assistant.config import Config
from tests.browser import steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "tour"
DAY = datetime(2026, 1, 31, 15, 0, tzinfo=UTC)
WIDTH, HEIGHT = 1280, 800
"""Of the window, in pixels."""
SHOWN_WIDTH = 1000
"""Of a picture, in pixels."""
MAX_BYTES = 60_000
TASK_LIST = "Back to the task list"


def walk(page: Page) -> Iterator[str]:
    """Go through the main pages as the tour tells it, and yield the name of each picture when its page is shown."""
    page.goto("/")
    steps.press(page, "Try it with a made-up agency")
    steps.follow(page, "Back to all applications")
    if page.get_by_role("button", name="I copied the keys").count():
        steps.press(page, "I copied the keys")
    yield "01-applications"
    steps.follow(page, re.compile("^(Practice: )?Example County Sheriff’s Office"))
    yield "02-task-list"
    for name, title in (
        ("03-before-you-begin", "Before you begin"), ("04-agency", "Agency"), ("05-models", "Model"),
        ("06-nominees", "Nominees"), ("07-review", "Review"),
    ):  # fmt: skip
        page.locator(".tasks").get_by_role("link", name=title, exact=True).first.click()
        page.wait_for_load_state("load")
        yield name
        steps.follow(page, TASK_LIST)
    page.locator(".tasks").get_by_role("link", name="Documents and signing", exact=True).click()
    page.wait_for_load_state("load")
    yield "08-documents"
    page.get_by_role("link", name=re.compile("^Letter of interest")).first.click()
    page.wait_for_load_state("networkidle")
    yield "09-letter"
    page.go_back()
    steps.press(page, re.compile("^Export"))
    yield "10-exported"


def take_picture(page: Page) -> bytes:
    """Return what the window shows as WebP of at most ``MAX_BYTES``."""
    page.wait_for_load_state("load")
    page.evaluate("window.scrollTo(0, 0)")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture = picture.resize(
        (SHOWN_WIDTH, round(picture.height * SHOWN_WIDTH / picture.width)), Image.Resampling.LANCZOS
    )
    for quality in range(88, 20, -8):
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MAX_BYTES:
            return out.getvalue()
    raise ValueError(f"A picture stays over {MAX_BYTES} bytes.")


@contextmanager
def running_program() -> Iterator[str]:
    """Run the program on a folder of its own, and give its address."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(instance_dir=Path(folder) / "instance"), clock=lambda: DAY)
        server: Any = create_server(app, host="127.0.0.1", port=0, threads=2)
        threading.Thread(target=server.run, daemon=True).start()
        yield f"http://127.0.0.1:{server.effective_port}"
        server.close()
        app.extensions["assistant"].engine.dispose()


def make_tour(folder: Path, chromium: str) -> list[Path]:
    """Write the pictures into a folder, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with running_program() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, base_url=address).new_page()
        page.set_default_timeout(8_000)
        for name in walk(page):
            path = folder / f"{name}.webp"
            path.write_bytes(take_picture(page))
            paths.append(path)
        browser.close()
    return paths


if __name__ == "__main__":
    for path in make_tour(FOLDER, os.environ.get("CHROMIUM", "/usr/bin/chromium")):
        sys.stdout.write(f"{path.name}: {path.stat().st_size // 1000} kB\n")
