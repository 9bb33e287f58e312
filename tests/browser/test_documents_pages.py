"""The documents, their preview and the history in a browser, with the official forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from assistant.services.form_maps import forms
from tests.browser import steps
from tests.browser.conftest import NARROW, WIDE
from tests.web.made_up import NOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import ViewportSize

    from tests.browser.conftest import Live, Tab

BOTH = pytest.mark.parametrize(
    ("viewport", "scripts"), [(WIDE, True), (NARROW, False)], ids=["1280", "320 without scripts"]
)


@pytest.fixture
def with_forms(live: Live, opened: str, official_forms: Path) -> str:
    """Return the address of an application whose official forms are on file."""
    with live.app.extensions["assistant"].writer() as session:
        for name in ("moa-tfm-rev2025-02-12.pdf", "moa-wso-rev2025-02-14.pdf"):
            forms.keep(session, (official_forms / name).read_bytes(), now=NOW)
        session.commit()
    return opened


def find_violations(tab: Tab) -> object:
    return Axe().run(tab.page).response["violations"] if tab.scripts else []


@BOTH
def test_17_the_documents_show_their_first_pages_and_what_is_out_of_date(
    tabs: Callable[..., Tab], with_forms: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{with_forms}documents/")
    for title in ("Sign and send", "Keep", "Technical files"):
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    pictures = page.get_by_role("img", name="First page of")
    assert pictures.count() == 8
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function(
            "picture => picture.complete && picture.naturalWidth === 240", arg=picture.element_handle()
        )
    tab.look("documents in groups")
    assert find_violations(tab) == []
    steps.press(page, "Export the bundle")
    expect(page.get_by_text("Nothing has been sent to anyone.")).to_be_visible()
    page.goto(f"{with_forms}steps/signatory")
    page.get_by_label("Full name").fill("Somebody Else")
    steps.press(page, "Save and continue")
    page.goto(f"{with_forms}documents/")
    last = page.get_by_role("region", name="Your last export")
    expect(last.get_by_text("Out of date")).to_be_visible()
    expect(last.get_by_text("Changed answers: Signatory: Full name.")).to_be_visible()
    expect(page.get_by_text("Changed since the last export.")).to_have_count(1)
    tab.look("documents out of date")
    assert find_violations(tab) == []


@BOTH
def test_8_a_filled_value_leads_to_its_question_and_back_to_the_page(
    tabs: Callable[..., Tab], with_forms: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{with_forms}steps/program-contact")
    page.get_by_role("link", name=re.compile("See it on paper ?: Full name")).click()
    place = page.locator('[id="value-program_contact.full_name"]')
    expect(place).to_be_in_viewport()
    tab.look("preview of an agreement")
    assert find_violations(tab) == []
    sheet = page.locator("#page-10")
    expect(sheet.get_by_role("group", name="Text of page 10")).to_contain_text("APPENDIX A")
    assert page.evaluate("window.find('POINTS OF CONTACT')"), "the browser's own search finds the text of a page"
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#page-10 svg'))")
    assert "The ICE and LEA points of contact" in page.evaluate("getSelection().toString()")
    link = sheet.get_by_role("link", name="Sam O’Brien")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Full name")).to_be_in_viewport()
    page.get_by_label("Full name").fill("Robin Lee")
    steps.press(page, "Save and continue")
    expect(place).to_be_in_viewport()
    expect(sheet.get_by_role("link", name="Robin Lee")).to_be_visible()
    place.scroll_into_view_if_needed()
    place.click()
    expect(page.get_by_label("Full name")).to_have_value("Robin Lee")


@BOTH
def test_14_a_preview_is_enlarged_and_read_by_keyboard(
    tabs: Callable[..., Tab], with_forms: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{with_forms}documents/02-moa-wso.pdf/")
    page.get_by_role("link", name="200 %").focus()
    page.keyboard.press("Enter")
    frame = page.get_by_role("region", name="Page 1, larger than the window")
    expect(frame).to_be_visible()
    tab.look("preview at 200 percent")
    assert find_violations(tab) == []
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("frame => frame.scrollLeft > 0", arg=frame.element_handle())
    page.get_by_role("link", name="Text only").click()
    expect(page.get_by_role("heading", name="Page 7 of 10")).to_be_visible()
    expect(page.get_by_text("For the LEA:  For ICE:")).to_be_visible()
    tab.look("text of an agreement")
    assert find_violations(tab) == []


@BOTH
def test_11_the_history_leads_to_what_differs_between_two_points(
    tabs: Callable[..., Tab], opened: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    for name in ("Robin Lee", "Kim Poe"):
        page.goto(f"{opened}steps/signatory")
        page.get_by_label("Full name").fill(name)
        steps.press(page, "Save and continue")
    page.goto(opened)
    page.get_by_role("link", name="History", exact=True).click()
    expect(page.get_by_role("heading", name="Signatory: saved")).to_have_count(2)
    expect(page.get_by_text("Application started")).to_be_visible()
    tab.look("history")
    assert find_violations(tab) == []
    page.get_by_role("link", name=re.compile("Compare with now.*line 1$")).click()
    expect(page.get_by_role("definition").filter(has_text="Jordan Núñez")).to_contain_text("Kim Poe")
    expect(page.get_by_text("Robin Lee")).to_have_count(0)
    tab.look("two points compared")
    assert find_violations(tab) == []
    page.get_by_label("From").select_option(index=1)
    steps.press(page, "Compare")
    expect(page.get_by_role("definition").filter(has_text="Robin Lee")).to_contain_text("Kim Poe")
