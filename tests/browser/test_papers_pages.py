"""Papers as pages, and what comes after signing: read, printed and sent on in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_more_pages import look
from tests.web.made_up import add_application

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import ViewportSize

    from tests.browser.conftest import Live, Tab

BOTH = pytest.mark.parametrize(
    ("viewport", "scripts"), [(WIDE, True), (NARROW, False)], ids=["1280", "320, no scripts"]
)


@pytest.fixture
def opened(live: Live) -> str:
    """Return the address of an application in which every question is answered."""
    parts = live.app.extensions["assistant"]
    return f"/applications/{add_application(parts, parts.agency_id)}/"


@BOTH
def test_each_paper_is_read_as_a_page_and_saved_as_a_file(
    tabs: Callable[..., Tab], opened: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{opened}papers/")
    for audience, heading in (
        ("For the person who signs", "Before you sign"),
        ("For the governing body", "287(g) agreement"),
        ("For the budget", "Cost sheet"),
    ):
        steps.follow(page, re.compile(f"^{audience}$"))
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(f"^{re.escape(heading)}"))
        look(tab, f"paper {audience}")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download as PDF").click()
        assert waiting.value.suggested_filename.endswith(".pdf")
        page.emulate_media(media="print")
        expect(page.locator(".site-footer")).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.emulate_media(media="screen")
        steps.follow(page, "Back to the papers")


@BOTH
def test_changes_of_nominees_are_chosen_and_saved_as_files(
    tabs: Callable[..., Tab], opened: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{opened}nominee-changes/")
    look(tab, "nominee changes")
    steps.press(page, "Download the letter")
    expect(page).to_have_title(re.compile("^Error: "))
    look(tab, "no nominee changes")
    page.get_by_label("Alex Nguyễn").select_option("Authority to be revoked")
    for button, ending in (("Download the letter", "letter.pdf"), ("Download the roster (spreadsheet)", ".xlsx")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=button).click()
        assert waiting.value.suggested_filename.endswith(ending)
