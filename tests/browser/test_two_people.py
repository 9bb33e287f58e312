"""Two people with a browser each on one page: nothing of either is lost, with scripts and without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_journey import no_violation
from tests.unit.made_agreements import Paper, contacts, signature_block

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Tab


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_two_people_on_one_page_lose_nothing(tabs: Callable[..., Tab], scripts: bool) -> None:  # noqa: FBT001
    first, second = tabs(viewport=WIDE, scripts=scripts), tabs(viewport=NARROW, scripts=scripts)
    base = steps.start(first.page)
    address = f"{base}steps/program-contact"
    for tab in (first, second):
        tab.page.goto(address)
    first.page.get_by_label("Telephone").fill("(727) 555-0102")
    first.page.get_by_label("Full name").fill("Sam O’Brien")
    steps.on(first.page)
    second.page.get_by_label("Full name").fill("Robin Sample")
    second.page.get_by_label("Title").fill("Captain")
    steps.on(second.page)
    page = second.page
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("#error-summary")).to_be_focused()
    second.look("two people")
    if scripts:
        no_violation(second, "two people")
    expect(page.get_by_label("Telephone")).to_have_value("(727) 555-0102")
    expect(page.get_by_label("Title")).to_have_value("Captain")
    page.locator("#error-summary a").click()
    expect(page.get_by_label("Mine: Robin Sample")).to_be_focused()
    steps.on(page)
    expect(page.locator("#error-summary")).to_contain_text("choose which answer to keep")
    page.locator("#error-summary a").click()
    page.keyboard.press("Space")
    steps.on(page)
    expect(page).not_to_have_title(re.compile("^Error: "))
    first.page.goto(address)
    for label, value in (("Full name", "Robin Sample"), ("Title", "Captain"), ("Telephone", "(727) 555-0102")):
        expect(first.page.get_by_label(label)).to_have_value(value)


def test_two_people_on_one_page_of_a_map_lose_nothing(
    tabs: Callable[..., Tab], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))
    paper = Paper("underscores")
    contacts(paper, ("Reached by day", "Title"))
    signature_block(paper, ("Signature", "Name", "Date"))
    file = tmp_path / "form.pdf"
    file.write_bytes(paper.data())
    first, second = tabs(), tabs(viewport=NARROW)
    first.page.goto("/forms/drafts/new")
    first.page.get_by_label("Blank official form").set_input_files(file)
    steps.press(first.page, "Propose a map")
    address = f"{first.page.url}pages/1"
    for tab in (first, second):
        tab.page.goto(address)
    meanings = [tab.page.get_by_label("What goes in", exact=True) for tab in (first, second)]
    meanings[0].nth(0).select_option("agency.county")
    meanings[0].nth(1).select_option("agency.phone")
    steps.press(first.page, "Save and go back to the map")
    meanings[1].nth(0).select_option("agency.email")
    meanings[1].nth(2).select_option("hand")
    steps.press(second.page, "Save and go back to the map")
    page = second.page
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("#error-summary")).to_be_focused()
    second.look("two people on a map")
    no_violation(second, "two people on a map")
    page.get_by_text("Theirs: Agency: county where it is").click()
    steps.press(page, "Save and go back to the map")
    expect(page).not_to_have_title(re.compile("^Error: "))
    first.page.goto(address)
    for number, value in enumerate(("agency.county", "agency.phone", "hand")):
        expect(meanings[0].nth(number)).to_have_value(value)


def test_a_poor_address_shows_its_faults_where_they_are(tabs: Callable[..., Tab]) -> None:
    for viewport in (WIDE, NARROW):
        tab = tabs(viewport=viewport)
        page = tab.page
        page.goto(f"{steps.start(page)}steps/address")
        page.get_by_label("ZIP Code").fill("3465")
        page.get_by_label("Main telephone number").fill("555-010")
        page.get_by_label("General email address").fill("records@@x")
        steps.on(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Address")
        expect(page.get_by_text("some answers cannot be right")).to_be_visible()
        tab.look("poor address")
        no_violation(tab, "poor address")
        page.get_by_role("link", name=re.compile("The agency's ZIP Code")).click()
        expect(page.get_by_label("ZIP Code")).to_be_focused()
        steps.follow(page, re.compile("go on and correct"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Eligibility")
