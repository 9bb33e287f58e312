"""The review in a browser: 30 nominees on less than three screens, and the way on always in sight."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE
from tests.web.made_up import add_application, complete_answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import ViewportSize

    from tests.browser.conftest import Live, Tab

SCREENS = 3


@pytest.fixture
def thirty(live: Live) -> str:
    """Return the address of a review of 30 nominees, some with gaps."""
    answers = complete_answers()
    (one,) = answers.nominees
    people = tuple(
        replace(
            one,
            full_name=f"Officer {n}",
            badge_number=str(n),
            models=("TFM",) if n % 3 else ("TFM", "WSO"),
            us_citizen=None if n % 7 == 0 else True,
            enforced_laws=None if n % 11 == 3 else True,
        )
        for n in range(30)
    )
    parts = live.app.extensions["assistant"]
    return f"/applications/{add_application(parts, parts.agency_id, replace(answers, nominees=people))}/review/"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_11_thirty_nominees_are_checked_in_three_screens(
    tabs: Callable[..., Tab], thirty: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(thirty)
    tab.look("review of thirty")
    if viewport is WIDE:
        assert page.evaluate("document.documentElement.scrollHeight") < SCREENS * viewport["height"]
    for place in (0, 1200, 100_000):
        page.evaluate("place => window.scrollTo(0, place)", place)
        expect(page.get_by_role("button", name="Continue to the documents")).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("link", name="left", exact=False).last).to_be_in_viewport()
    if scripts:
        assert Axe().run(page).response["violations"] == []
        page.goto(f"{thirty}?open=all")
        assert Axe().run(page).response["violations"] == []


def test_11_a_row_that_an_address_leads_to_is_shown_in_its_closed_part(tabs: Callable[..., Tab], thirty: str) -> None:
    page = tabs().page
    page.goto(f"{thirty}#row-signatory.title")
    expect(page.locator('[id="row-signatory.title"]')).to_be_in_viewport()
    page.get_by_text("Address", exact=True).click()
    expect(page.locator('[id="row-agency.address.city"]')).to_be_visible()
