"""The first page in Chromium: PRODUCT "Home", wide and narrow, with scripts and without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.test_more_pages import BOTH, look

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import ViewportSize

    from tests.browser.conftest import Tab


@BOTH
def test_a_card_leads_to_the_next_step_and_says_how_far_it_is(
    tabs: Callable[..., Tab], viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto("/")
    expect(page.get_by_role("heading", name="What you get")).to_be_visible()
    expect(page.get_by_text("No application has been started yet.")).to_be_visible()
    look(tab, "home-empty")
    for name in ("Sample County Sheriff’s Office", "Sample County Sheriff’s Office", "Example Town Police"):
        page.goto("/")
        page.get_by_role("button", name="Start a new application").click()
        page.goto(page.url.replace("before-you-begin", "agency"))
        page.get_by_label("Legal name").fill(name)
        page.get_by_role("button", name="Save and continue").click()
    page.goto("/")
    cards = page.locator(".cards__card")
    expect(cards).to_have_count(3)
    doubles = cards.filter(has_text="Sample County")
    for number in range(2):
        expect(doubles.nth(number)).to_contain_text(re.compile("Started|Reference"))
    names = page.get_by_role("link", name=re.compile("^Delete")).all_inner_texts()
    assert len(set(names)) == 3, "each link says which application it is about"
    look(tab, "home-cards")
    town = cards.filter(has_text="Example Town Police")
    expect(town).to_contain_text("1 of 13 steps completed")
    town.get_by_role("link", name=re.compile("^Continue: Agency")).click()
    expect(page.get_by_role("heading", level=1, name="Agency")).to_be_visible()


@BOTH
def test_practice_starts_and_ends_with_one_click(
    tabs: Callable[..., Tab], viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto("/")
    page.get_by_role("button", name="Try it with a made-up agency").click()
    line = page.get_by_role("region", name="Practice")
    for words in ("Documents and signing", "Agency"):
        home = page.url
        page.get_by_role("link", name=words, exact=True).click()
        expect(line).to_contain_text("Practice with a made-up agency.")
        look(tab, f"practice-{words}")
        page.goto(home)
    page.get_by_role("link", name="Documents and signing", exact=True).click()
    page.get_by_role("button", name="Export drafts").click()
    expect(page.get_by_role("heading", level=1, name="The drafts are exported")).to_be_visible()
    look(tab, "practice-exported")
    line.get_by_role("button", name="End practice and delete it").click()
    expect(page.get_by_text("The application is deleted.")).to_be_visible()
    expect(page.get_by_text("No application has been started yet.")).to_be_visible()
