"""What is typed on a page and not saved is offered back there: in a real browser, by the ways in which people leave."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from tests.browser.conftest import NARROW
from tests.browser.test_journey import no_violation
from tests.web.made_up import add_application

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Live, Tab

NAME = "A Name Nobody Saved"
RESTORE, DISCARD = re.compile("^Restore what you typed on "), re.compile("^Discard")
OFFER = "You left this page before saving."


@pytest.fixture
def base(live: Live) -> str:
    parts = live.app.extensions["assistant"]
    return f"/applications/{add_application(parts, parts.agency_id)}/"


def kept(live: Live) -> int:
    with live.app.extensions["assistant"].engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM page_drafts")).scalar_one())


def type_name(page: Page, base: str, name: str = NAME) -> None:
    page.goto(f"{base}steps/agency")
    page.get_by_label("Full legal name of the agency", exact=True).fill(name)


def restore(page: Page) -> None:
    page.get_by_role("link", name=RESTORE).click()
    expect(page.get_by_text("It is not saved yet")).to_be_visible()


def test_left_by_a_link_and_come_back_to(tabs: Callable[..., Tab], live: Live, base: str) -> None:
    tab = tabs()
    page = tab.page
    type_name(page, base)
    page.get_by_label("Short name or initials").fill("ANNS")
    page.get_by_label("State", exact=True).check()
    page.get_by_role("link", name="Back to the task list").click()
    expect(page).to_have_url(re.compile(r"/applications/[^/]+/$"))
    page.go_back()
    expect(page.get_by_text(OFFER)).to_be_visible()
    # Going back, the browser may fill some boxes by itself; a page that is opened anew shows what is saved.
    page.goto(f"{base}steps/agency")
    expect(page.get_by_label("Full legal name of the agency", exact=True)).not_to_have_value(NAME)
    expect(page.get_by_text(OFFER)).to_have_count(1)
    tab.look("draft offered")
    no_violation(tab, "draft offered")
    restore(page)
    expect(page.get_by_label("Full legal name of the agency", exact=True)).to_have_value(NAME)
    expect(page.get_by_label("Short name or initials")).to_have_value("ANNS")
    expect(page.get_by_label("State", exact=True)).to_be_checked()
    tab.look("draft restored")
    no_violation(tab, "draft restored")
    page.get_by_role("button", name="Save and continue").click()
    page.goto(f"{base}steps/agency")
    expect(page.get_by_label("Full legal name of the agency", exact=True)).to_have_value(NAME)
    expect(page.get_by_text(OFFER)).to_have_count(0)
    assert kept(live) == 0


def test_reloaded_at_once(tabs: Callable[..., Tab], base: str) -> None:
    page = tabs().page
    type_name(page, base)
    page.reload()
    expect(page.get_by_text(OFFER)).to_be_visible()
    restore(page)
    page.reload()
    expect(page.get_by_label("Full legal name of the agency", exact=True)).to_have_value(NAME)


def test_discarded(tabs: Callable[..., Tab], live: Live, base: str) -> None:
    page = tabs().page
    type_name(page, base)
    page.goto(base)
    page.goto(f"{base}steps/agency")
    page.get_by_role("button", name=DISCARD).click()
    expect(page).to_have_url(re.compile("/steps/agency$"))
    expect(page.get_by_text(OFFER)).to_have_count(0)
    assert kept(live) == 0


def test_discarded_after_a_look(tabs: Callable[..., Tab], live: Live, base: str) -> None:
    page = tabs().page
    type_name(page, base)
    page.goto(base)
    page.goto(f"{base}steps/agency")
    restore(page)
    page.get_by_role("button", name=DISCARD).click()
    expect(page.get_by_label("Full legal name of the agency", exact=True)).not_to_have_value(NAME)
    page.goto(f"{base}steps/agency")
    expect(page.get_by_text(OFFER)).to_have_count(0)
    assert kept(live) == 0


def test_two_tabs_keep_apart(tabs: Callable[..., Tab], live: Live, base: str) -> None:
    one, two = tabs(), tabs()
    type_name(one.page, base, "Typed in the first")
    type_name(two.page, base, "Typed in the second")
    one.page.goto(base)
    two.page.goto(base)
    one.page.goto(f"{base}steps/agency")
    expect(one.page.get_by_text(OFFER)).to_have_count(2)
    assert kept(live) == 2
    one.page.get_by_role("link", name=RESTORE).last.click()
    expect(one.page.get_by_label("Full legal name of the agency", exact=True)).to_have_value("Typed in the first")


def test_a_tab_that_still_types_loses_nothing_when_another_saves(tabs: Callable[..., Tab], base: str) -> None:
    one, two = tabs(), tabs()
    type_name(one.page, base, "Typed in the first")
    one.page.wait_for_timeout(1_500)
    two.page.goto(f"{base}steps/agency")
    two.page.get_by_label("Short name or initials").fill("SAVED")
    two.page.get_by_role("button", name="Save and continue").click()
    one.page.get_by_label("Full legal name of the agency", exact=True).press("End")
    one.page.keyboard.type("!")
    one.page.goto(base)
    one.page.goto(f"{base}steps/agency")
    restore(one.page)
    expect(one.page.get_by_label("Full legal name of the agency", exact=True)).to_have_value("Typed in the first!")
    expect(one.page.get_by_label("Short name or initials")).to_have_value("SAVED")


def test_what_another_window_let_go_of_is_offered_again(tabs: Callable[..., Tab], base: str) -> None:
    one, two = tabs(), tabs()
    type_name(one.page, base)
    one.page.wait_for_timeout(1_200)
    two.page.goto(f"{base}steps/agency")
    expect(two.page.get_by_text(OFFER)).to_be_visible()
    two.page.get_by_role("button", name="Save and come back later").click()
    expect(two.page).to_have_url(re.compile(f"{base}[?]"))
    one.page.goto(base)
    one.page.goto(f"{base}steps/agency")
    restore(one.page)
    expect(one.page.get_by_label("Full legal name of the agency", exact=True)).to_have_value(NAME)


def test_a_page_stays_while_the_program_does_not_answer(tabs: Callable[..., Tab], live: Live, base: str) -> None:
    tab = tabs()
    page = tab.page
    page.goto(f"{base}steps/agency")
    tab.context.set_offline(True)
    page.get_by_label("Full legal name of the agency", exact=True).fill(NAME)
    expect(page.get_by_text("so what you typed is not stored")).to_be_visible()
    no_violation(tab, "no answer")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_label("Full legal name of the agency", exact=True)).to_have_value(NAME)
    tab.context.set_offline(False)
    expect(page.get_by_text("so what you typed is not stored")).to_have_count(0, timeout=15_000)
    assert kept(live) == 1, "stored by itself once the program answers"
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(re.compile("/steps/address"))
    assert kept(live) == 0
    tab.faults[:] = [fault for fault in tab.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def test_a_page_stays_while_a_proxy_says_that_the_program_is_down(tabs: Callable[..., Tab], base: str) -> None:
    tab = tabs()
    page = tab.page
    page.goto(f"{base}steps/agency")
    page.route("**/page-drafts/", lambda route: route.fulfill(status=502, body="Bad Gateway"))
    page.get_by_label("Full legal name of the agency", exact=True).fill(NAME)
    expect(page.get_by_text("so what you typed is not stored")).to_be_visible()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Not saved. The program does not answer")).to_be_visible()
    expect(page.get_by_label("Full legal name of the agency", exact=True)).to_have_value(NAME)
    page.unroute("**/page-drafts/")
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(re.compile("/steps/address"))
    tab.faults[:] = [fault for fault in tab.faults if "502" not in fault]


def test_a_save_leaves_no_draft_however_fast_it_follows(tabs: Callable[..., Tab], live: Live, base: str) -> None:
    page = tabs().page
    for number in range(5):
        type_name(page, base, f"{NAME} {number}")
        page.get_by_role("button", name="Save and continue").click()
        page.wait_for_load_state("load")
    page.wait_for_timeout(1_200)
    assert kept(live) == 0


def test_what_could_not_be_saved_is_kept_as_well(tabs: Callable[..., Tab], live: Live, base: str) -> None:
    page = tabs().page
    type_name(page, base, "x" * 300)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Short name or initials").fill("STILL HERE")
    page.goto(base)
    page.goto(f"{base}steps/agency")
    restore(page)
    expect(page.get_by_label("Short name or initials")).to_have_value("STILL HERE")
    expect(page.get_by_label("Full legal name of the agency", exact=True)).to_have_value("x" * 300)
    assert kept(live) == 1


def test_a_nominee_that_was_begun(tabs: Callable[..., Tab], live: Live, base: str) -> None:
    page = tabs(viewport=NARROW).page
    page.goto(f"{base}nominees/new")
    page.get_by_label("Full name").fill("Robin Peña")
    page.get_by_role("link", name="Back").first.click()
    page.goto(f"{base}nominees/new")
    restore(page)
    expect(page.get_by_label("Full name")).to_have_value("Robin Peña")
    page.get_by_role("button", name="Save and come back later").click()
    expect(page.get_by_text("Robin Peña").first).to_be_visible()
    page.goto(f"{base}nominees/new")
    expect(page.get_by_text(OFFER)).to_have_count(0)
    assert kept(live) == 0


def test_a_social_security_number_is_not_kept(tabs: Callable[..., Tab], base: str) -> None:
    page = tabs().page
    type_name(page, base, "078-05-1120")
    page.get_by_label("Short name or initials").fill("KEPT")
    page.goto(base)
    page.goto(f"{base}steps/agency")
    saved = page.get_by_label("Full legal name of the agency", exact=True).input_value()
    restore(page)
    expect(page.get_by_label("Full legal name of the agency", exact=True)).to_have_value(saved)
    expect(page.get_by_label("Short name or initials")).to_have_value("KEPT")
    expect(page.get_by_text("looked like a Social Security number")).to_be_visible()


def test_without_scripts_nothing_submitted_is_lost(tabs: Callable[..., Tab], live: Live, base: str) -> None:
    page = tabs(scripts=False).page
    name = page.get_by_label("Full legal name of the agency", exact=True)
    type_name(page, base, "x" * 300)
    assert kept(live) == 0, "only what was submitted"
    page.get_by_role("button", name="Save and continue").click()
    expect(name).to_have_value("x" * 300)
    page.go_back()
    expect(page.get_by_text(OFFER)).to_be_visible()
    page.goto(base)
    page.goto(f"{base}steps/agency")
    restore(page)
    expect(name).to_have_value("x" * 300)
    name.fill(NAME)
    page.get_by_role("button", name="Save and continue").click()
    page.goto(f"{base}steps/agency")
    expect(name).to_have_value(NAME)
    expect(page.get_by_text(OFFER)).to_have_count(0)
    assert kept(live) == 0


def test_a_draft_made_with_scripts_is_restored_without(tabs: Callable[..., Tab], base: str) -> None:
    page = tabs().page
    type_name(page, base)
    page.goto(base)
    plain = tabs(scripts=False, viewport=NARROW)
    plain.page.goto(f"{base}steps/agency")
    plain.look("draft offered")
    restore(plain.page)
    plain.look("draft restored")
    plain.page.get_by_role("button", name="Save and continue").click()
    plain.page.goto(f"{base}steps/agency")
    expect(plain.page.get_by_label("Full legal name of the agency", exact=True)).to_have_value(NAME)
    expect(plain.page.get_by_text(OFFER)).to_have_count(0)
