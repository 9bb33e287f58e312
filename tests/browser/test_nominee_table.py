"""The table of nominees in a browser: found, ticked and changed, with and without scripts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import NARROW, WIDE
from tests.web.made_up import add_application, complete_answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import ViewportSize

    from tests.browser.conftest import Live, Tab


@pytest.fixture
def many(live: Live) -> str:
    """Return the address of a list of 120 nominees, of whom every tenth has a gap."""
    (one,) = complete_answers().nominees
    people = tuple(
        replace(one, full_name=f"Officer {n}", badge_number=str(3000 + n), us_citizen=None if n % 10 == 0 else True)
        for n in range(1, 121)
    )
    parts = live.app.extensions["assistant"]
    answers = replace(complete_answers(), nominees=people)
    return f"/applications/{add_application(parts, parts.agency_id, answers)}/nominees/"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_9_a_gap_of_many_is_closed_at_once(
    tabs: Callable[..., Tab], many: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(many)
    tab.look("table of nominees")
    if scripts:
        assert Axe().run(page).response["violations"] == []
    steps.press(page, "Next page")
    expect(page.get_by_text("Page 2 of 3")).to_be_visible()
    page.get_by_label("Gap").select_option("U.S. citizen: not met or not known")
    with page.expect_navigation():
        page.get_by_label("Name or badge").press("Enter")
    expect(page.get_by_role("heading", name="12 of 120 nominees")).to_be_visible()
    if scripts:
        page.get_by_label("Tick all on this page").check()
    else:
        page.get_by_label("For", exact=True).select_option("All 12 in this list, on every page")
    steps.press(page, "Change them")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Set", exact=True).select_option("U.S. citizen: Yes")
    steps.press(page, "Change them")
    expect(page.get_by_text("12 nominees changed.")).to_be_visible()
    tab.look("nominees changed at once")
    steps.follow(page, "Show everyone")
    expect(page.get_by_text("What is missing")).to_have_count(0)
    expect(page.get_by_text("All complete")).to_be_in_viewport()
    steps.press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review")
