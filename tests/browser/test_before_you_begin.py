"""Before you begin in a browser: all forms are added at once, and the row of each model says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import NARROW, WIDE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import ViewportSize

    from tests.browser.conftest import Tab


@pytest.mark.parametrize(
    ("viewport", "scripts"), [(WIDE, True), (NARROW, False)], ids=["1280-scripts", "320-no scripts"]
)
def test_3_all_forms_are_added_at_once(
    tabs: Callable[..., Tab], opened: str, official_forms: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{opened}steps/before-you-begin")
    tab.look("before you begin")
    if scripts:
        assert Axe().run(page).response["violations"] == []
    page.get_by_text("How to get a form").click()
    expect(page.get_by_text("www.ice.gov/identify-and-arrest/287g")).to_be_visible()
    names = ("moa-tfm-rev2025-03-07-flat.pdf", "moa-wso-rev2025-02-14.pdf")
    page.get_by_label("Blank official forms").set_input_files([official_forms / name for name in names])
    steps.press(page, "Add these forms")
    expect(page.get_by_text("2 forms are added.")).to_be_visible()
    states = page.get_by_role("listitem").filter(has=page.locator(".status"))
    expect(states.filter(has_text="(TFM)")).to_contain_text("Have it")
    expect(states.filter(has_text="(WSO)")).to_contain_text("Older than known")
    expect(states.filter(has_text="(JEM)")).to_contain_text("Missing")
    tab.look("before you begin with forms")
    steps.press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Agency")
