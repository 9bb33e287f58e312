"""How every page behaves, by the numbers of the product's list; a test's name holds the number of what it shows.

The other numbers stand with their pages: ``test_every_line_of_the_list_has_a_test`` finds them all.
"""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from waitress.server import create_server

from assistant.app import create_app
from assistant.config import Config
from assistant.storage import key_wrap
from assistant.storage.key_wrap import make_wrapping
from assistant.storage.sealing import new_keyring, write_keyring
from tests.browser import steps
from tests.browser.conftest import NARROW, Live, Tab
from tests.browser.test_journey import no_violation
from tests.web.conftest import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

SLUGS = (
    "agency", "address", "eligibility", "models", "approvals", "signatory", "program-contact",
    "public-information-contact", "ice-office",
)  # fmt: skip
LINES = 20
"""Of the list."""


def test_every_line_of_the_list_has_a_test() -> None:
    sources = (path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    numbers = {int(number) for source in sources for number in re.findall(r"^def test_(\d+)_", source, re.MULTILINE)}
    assert set(range(1, LINES + 1)) <= numbers


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_1_a_failed_submit_says_the_same_at_the_top_and_at_the_field(
    tabs: Callable[..., Tab], opened: str, *, scripts: bool
) -> None:
    tab = tabs(scripts=scripts, viewport=NARROW)
    page = tab.page
    page.goto(f"{opened}steps/approvals")
    page.get_by_role("group", name="Date of its approval").get_by_label("Month", exact=True).fill("Febtember")
    page.get_by_label("Governing body that approves the agreement", exact=True).fill("A body typed and not saved")
    steps.on(page)
    expect(page).to_have_title(re.compile("^Error: "))
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading", name="There is a problem")).to_be_visible()
    link = summary.get_by_role("link")
    expect(page.locator(".usa-error-message")).to_contain_text(link.inner_text())
    expect(page.get_by_label("Governing body that approves the agreement", exact=True)).to_have_value(
        "A body typed and not saved"
    )
    link.click()
    expect(page.locator("#approvals-governing_body_approved_on")).to_be_focused()
    tab.look("a failed submit")


def test_3_a_page_has_one_heading_and_its_choices_are_grouped(tabs: Callable[..., Tab], opened: str) -> None:
    page = tabs(scripts=False).page
    for slug in SLUGS:
        page.goto(f"{opened}steps/{slug}")
        assert page.locator("h1").count() == 1
        grouped = "e => !!e.closest('fieldset')?.querySelector('legend')"
        assert all(box.evaluate(grouped) for box in page.locator("main [type=radio]").all())


def test_4_the_way_back_comes_before_the_page_and_hints_are_read_with_their_box(
    tabs: Callable[..., Tab], opened: str
) -> None:
    page = tabs(scripts=False).page
    for slug in SLUGS:
        page.goto(f"{opened}steps/{slug}")
        assert page.evaluate(
            "!!(document.querySelector('.back-link').compareDocumentPosition(document.querySelector('main')) & 4)"
        )
        assert page.locator(".usa-hint a").count() == 0
        unread = page.evaluate(
            "[...document.querySelectorAll('main .usa-hint[id]')].map(e => e.id)"
            ".filter(id => !document.querySelector(`[aria-describedby~='${id}']`))"
        )
        assert unread == []
    page.goto(f"{opened}steps/agency")
    page.get_by_label("Full legal name of the agency", exact=True).fill("123-45-6789")
    steps.on(page)
    box = page.get_by_label("Full legal name of the agency", exact=True)
    assert {"agency-legal_name-hint", "agency-legal_name-error"} <= set(
        (box.get_attribute("aria-describedby") or "").split()
    )


def test_5_the_browser_fills_in_the_own_data_and_nobody_elses(tabs: Callable[..., Tab], opened: str) -> None:
    page = tabs(scripts=False).page
    boxes = "[...document.querySelectorAll('main input[type=text], main select')]"
    kinds = f"Object.fromEntries({boxes}.map(e => [e.name, e.autocomplete]))"
    page.goto(f"{opened}steps/agency")
    assert page.evaluate(kinds)["agency-legal_name"] == "organization"
    page.goto(f"{opened}steps/address")
    own = page.evaluate(kinds)
    assert (own["agency-address__zip"], own["agency-phone"], own["agency-email"]) == ("postal-code", "tel", "email")
    for address in ("steps/signatory", "steps/program-contact", "nominees/new"):
        page.goto(f"{opened}{address}")
        assert set(page.evaluate(kinds).values()) == {"off"}


def test_6_a_date_is_three_boxes_that_take_the_name_of_a_month(tabs: Callable[..., Tab], opened: str) -> None:
    page = tabs().page
    page.goto(f"{opened}steps/approvals")
    group = page.get_by_role("group", name="Date of legal counsel’s review")
    for part, text in (("Month", "sept"), ("Day", "09"), ("Year", "2025")):
        box = group.get_by_label(part, exact=True)
        assert box.get_attribute("type") == "text"
        assert (box.get_attribute("inputmode") == "numeric") is (part != "Month")
        box.fill("")
        box.press_sequentially(text)
        expect(box).to_be_focused()
    steps.on(page)
    page.goto(f"{opened}review/?open=all")
    expect(page.get_by_text("September 9, 2025")).to_be_visible()


def test_7_a_telephone_number_is_shown_as_typed_and_an_address_may_have_spaces(
    tabs: Callable[..., Tab], opened: str
) -> None:
    page = tabs(scripts=False).page
    page.goto(f"{opened}steps/address")
    page.get_by_label("Main telephone number", exact=True).fill("727.555.0100 ext. 5")
    page.get_by_label("General email address", exact=True).fill(" records@ecso .example.gov ")
    steps.on(page)
    page.goto(f"{opened}steps/address")
    expect(page.get_by_label("Main telephone number", exact=True)).to_have_value("727.555.0100 ext. 5")
    expect(page.get_by_label("General email address", exact=True)).to_have_value("records@ecso.example.gov")
    page.goto(f"{opened}documents/01-letter-of-interest.pdf/")
    expect(page.locator("main")).to_contain_text("(727) 555-0100 ext. 5")


def test_8_a_name_stands_in_the_document_with_the_same_letters(tabs: Callable[..., Tab], opened: str) -> None:
    page = tabs(scripts=False).page
    name = "Zoë D’Arcy-Ñuñez O'Brien Łukasz"
    page.goto(f"{opened}steps/signatory")
    page.get_by_label("Full name", exact=True).fill(name)
    steps.on(page)
    page.goto(f"{opened}documents/01-letter-of-interest.pdf/")
    expect(page.locator("main")).to_contain_text(name)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_9_every_form_of_an_application_can_be_saved_and_left(
    tabs: Callable[..., Tab], opened: str, *, scripts: bool
) -> None:
    page = tabs(scripts=scripts).page
    for slug in SLUGS:
        page.goto(f"{opened}steps/{slug}")
        expect(page.get_by_role("button", name="Save and continue")).to_have_count(1)
        assert page.locator("button[disabled], input[disabled]").count() == 0
        steps.press(page, "Save and come back later")
        expect(page.get_by_text(re.compile("is saved"))).to_be_visible()
        assert page.url.partition("?")[0].endswith(opened)
    for address in ("nominees/new", "nominees/"):
        page.goto(f"{opened}{address}")
        expect(page.get_by_role("button", name=re.compile("come back later", re.IGNORECASE))).to_have_count(1)


def test_11_a_change_from_the_review_returns_to_its_row(tabs: Callable[..., Tab], opened: str) -> None:
    page = tabs().page
    page.goto(f"{opened}review/?open=all")
    names = [" ".join(link.inner_text().split()) for link in page.locator(".answers__change a").all()]
    assert len(names) == len(set(names)) > 30
    assert page.locator("dl.answers").count() > 5
    page.locator("[id='row-agency.county'] .answers__change a").click()
    expect(page.locator("#agency-county")).to_be_focused()
    page.get_by_label("Short name or initials", exact=True).fill("")
    steps.on(page)
    expect(page).to_have_url(re.compile(r"/review/\?saved=agency#row-agency\.county$"))
    expect(page.locator("[id='row-agency.county']")).to_be_in_viewport()
    expect(page.locator("[id='row-agency.short_name'] dd").first).to_have_text("Not provided")


def test_12_a_change_asks_what_it_opens_before_it_returns(tabs: Callable[..., Tab], opened: str) -> None:
    page = tabs(scripts=False).page
    page.goto(f"{opened}steps/agency?back=row-agency.state")
    page.get_by_label("State or territory", exact=True).select_option("Georgia")
    page.get_by_label("County where it is", exact=True).fill("Fulton")
    steps.on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("ICE office")
    steps.on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Review")


def test_13_not_eligible_is_a_page_with_its_reason_and_no_error(tabs: Callable[..., Tab], opened: str) -> None:
    page = tabs(scripts=False).page
    page.goto(f"{opened}steps/eligibility")
    steps.choose(page, "Is it a law-enforcement agency", "No")
    steps.on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("This agency cannot apply right now")
    expect(page.get_by_text(re.compile("^Source: ICE's 287"))).to_be_visible()
    expect(page.get_by_role("heading", name="What you can do next")).to_be_visible()
    assert page.locator(".usa-alert--error, [role=alert]").count() == 0


@pytest.fixture
def locking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Live, Clock]]:
    """A server with keys that a passphrase protects, and its clock."""
    monkeypatch.setattr(key_wrap, "COST", 2**4)
    config, clock = Config(instance_dir=tmp_path / "locking"), Clock()
    ring = replace(new_keyring(), wrapping=make_wrapping("correct horse battery staple"))
    config.keys_dir.mkdir(parents=True)
    write_keyring(config.keyring_file, ring)
    app = create_app(config, keyring=ring, clock=clock)
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=2)

    def run() -> None:
        with suppress(OSError):
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield Live(address=f"http://127.0.0.1:{server.effective_port}", app=app), clock
    server.close()
    thread.join(timeout=10)
    app.extensions["assistant"].engine.dispose()


def test_15_a_dialog_warns_two_minutes_ahead_and_one_action_stays(
    browser: Browser, locking: tuple[Live, Clock]
) -> None:
    live, clock = locking
    tab = Tab(browser, live, viewport=NARROW, scripts=True)
    page = tab.page
    page.goto("/program/glossary")
    clock.now += timedelta(minutes=28, seconds=10)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    dialog = page.get_by_role("dialog", name="This program is about to lock")
    expect(dialog).to_contain_text("two minutes")
    no_violation(tab, "about to lock")
    dialog.get_by_role("button", name="Keep working").click()
    expect(dialog).to_be_hidden()
    clock.now += timedelta(minutes=31)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_label("Passphrase").fill("correct horse battery staple")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Glossary")
    tab.context.close()


def test_16_a_page_says_in_words_where_one_is(tabs: Callable[..., Tab], opened: str) -> None:
    page = tabs(scripts=False).page
    page.goto(f"{opened}steps/address")
    expect(page.get_by_text("Step 3 of 13", exact=True)).to_be_visible()
    page.goto(opened)
    statuses = page.locator(".tasks .status").all_inner_texts()
    assert len(statuses) >= 13
    assert all(statuses), "a status is a word, not a color"
    page.goto("/forms/")
    expect(page.get_by_role("link", name="Official forms")).to_have_attribute("aria-current", "page")


def test_17_the_last_page_has_all_that_is_needed_and_reloads(tabs: Callable[..., Tab], opened: str) -> None:
    tab = tabs(viewport=NARROW)
    page = tab.page
    page.goto(f"{opened}review/")
    steps.press(page, "Export the bundle")
    for _ in range(2):
        expect(page.get_by_role("heading", level=1)).to_have_text("The bundle is exported")
        expect(page.get_by_text(re.compile(r"Reference [0-9A-F]{8}, made \w+ \d+, \d{4}"))).to_be_visible()
        expect(page.get_by_role("link", name=re.compile(r"^Download the bundle \(\d+ kB\)"))).to_be_visible()
        expect(page.get_by_role("heading", name="What to do next")).to_be_visible()
        expect(page.get_by_role("link", name="ERO287g@ice.dhs.gov").first).to_be_visible()
        expect(page.get_by_role("button", name="Print this page")).to_be_visible()
        assert page.locator(".tasks__row").count() > 8
        page.reload()
    tab.look("exported")
