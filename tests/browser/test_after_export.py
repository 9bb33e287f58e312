"""The whole loop after an export: sign, scan, compare, send, answer, pending, signed by both sides, calendar."""

from __future__ import annotations

import email
import email.policy
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from assistant.services.form_maps import forms
from tests.browser import steps
from tests.browser.test_more_pages import BOTH, look
from tests.web.made_copies import LETTER, WSO, as_pdf, scan_pages, sign
from tests.web.made_up import add_application, complete_answers
from tests.web.test_lists import MOA, book
from tests.web.test_reply_desk_pages import reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, ViewportSize

    from tests.browser.conftest import Live, Tab

FORM = "moa-wso-rev2025-02-15-flat.pdf"
SCANS = "Scans of the signed letter and agreements"
LISTED: list[object] = ["FLORIDA", "Example County Sheriff's Office", "County", "Pasco", "Warrant Service Officer"]

pytestmark = pytest.mark.long


@pytest.fixture
def home(live: Live, official_forms: Path) -> str:
    """Return the address of an application for one model whose official form is kept."""
    parts = live.app.extensions["assistant"]
    with parts.writer() as session:
        forms.keep(session, (official_forms / FORM).read_bytes(), now=datetime.now(UTC))
        session.commit()
    answers = complete_answers()
    people = tuple(
        replace(nominee, models=("WSO",), facility_security_trained=True, enforced_inmate_rules=True)
        for nominee in answers.nominees
    )
    answers = replace(answers, models=("WSO",), nominees=people)
    return f"/applications/{add_application(parts, parts.agency_id, answers)}/"


def give(page: Page, label: str, folder: Path, files: dict[str, bytes]) -> None:
    """Choose files with these contents in a box."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    page.get_by_label(label).set_input_files([folder / name for name in files])


def confirm_all(page: Page, live: Live, signed_copies: str) -> None:
    """Wait for the comparison, then say of each copy that every page is right."""
    assert live.app.extensions["assistant"].jobs.wait(300)
    page.goto(signed_copies)
    copies = page.locator("ul.tasks a[href*='/signed-copies/']").evaluate_all("links => links.map(link => link.href)")
    for address in copies:
        page.goto(address)
        button = page.get_by_role("button", name=re.compile("^I looked at"))
        if button.count():
            steps.press(page, re.compile("^I looked at"))
        for link in page.locator("ul.tasks a[href*='/pages/']").evaluate_all("links => links.map(link => link.href)"):
            page.goto(link)
            if page.get_by_role("button", name="This page is right").count():
                steps.press(page, "This page is right")


def exported_files(page: Page, home: str, folder: Path) -> dict[str, bytes]:
    """Export, and return what the bundle holds, by name."""
    page.goto(f"{home}documents/")
    steps.press(page, re.compile("^Export"))
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Download the bundle")).click()
    download.value.save_as(folder / "bundle.zip")
    with zipfile.ZipFile(folder / "bundle.zip") as bundle:
        return {name.rpartition("/")[2]: bundle.read(name) for name in bundle.namelist()}


def sent_message(draft: bytes) -> bytes:
    """Return a draft as it lies in the sent mail."""
    message = email.message_from_bytes(draft, policy=email.policy.default)
    del message["X-Unsent"]
    message["Message-ID"] = "<sent-1@example.gov>"
    return message.as_bytes()


@BOTH
def test_the_loop_is_closed(  # noqa: PLR0915 - one journey, told in one go
    tabs: Callable[..., Tab], live: Live, home: str, tmp_path: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    # Filled, and exported.
    page.goto(f"{home}steps/signatory")
    page.get_by_label("Full name", exact=True).fill("Jordan Núñez")
    steps.press(page, "Save and come back later")
    expect(page.get_by_role("heading", name="Sign", exact=True)).to_be_visible()
    issued = exported_files(page, home, tmp_path)
    look(tab, "exported")
    # Signed by hand, scanned, compared page by page, and looked at by a person; a file of nothing issued is told.
    page.goto(home)
    steps.follow(page, "Signed copies")
    look(tab, "signed copies, none yet")
    scans = {f"scan of {name}": as_pdf(scan_pages(sign(issued[name], name))) for name in (LETTER, WSO)}
    scans["roster.pdf"] = issued["03-nominee-roster.pdf"]
    give(page, SCANS, tmp_path, scans)
    steps.press(page, "Add these scans")
    look(tab, "signed copies, being compared")
    confirm_all(page, live, f"{home}signed-copies/")
    page.goto(f"{home}signed-copies/")
    expect(page.get_by_text("Every signed copy is here, and a person looked at each page.")).to_be_visible()
    expect(page.get_by_text("Not matched")).to_be_visible()
    look(tab, "signed copies, all looked at")
    # Sent from the person's own mail program, and recorded.
    steps.follow(page, "Go on: what to send to ICE")
    look(tab, "send to ICE")
    drafts = []
    for link in page.get_by_role("link", name=re.compile(r"^Download email")).all():
        with page.expect_download() as download:
            link.click()
        drafts.append(download.value.path().read_bytes())
    page.goto(f"{home}messages/")
    for number, draft in enumerate(drafts):
        give(page, "Saved message", tmp_path, {f"sent-{number}.eml": sent_message(draft)})
        steps.press(page, "Add this message")
    expect(page.get_by_text("Not recorded as sent")).to_have_count(0)
    page.goto(home)
    expect(page.locator("#status-sent")).to_have_text("Completed")
    expect(page.locator("#status-answer")).to_have_text("Waiting")
    # Answered.
    page.goto(f"{home}messages/")
    give(page, "Saved message", tmp_path, {"answer.eml": reply(References="<sent-1@example.gov>")})
    steps.press(page, "Add this message")
    steps.follow(page, "Read and answer")
    expect(page.get_by_text("Please sign and date it again.", exact=True)).to_be_visible()
    # Pending, then signed, as ICE's lists say.
    signed = [*LISTED, date(2025, 11, 17), MOA]
    for name, row, words in (
        ("pendingAgencies11142025pm.xlsx", [*LISTED, None, None], "Pending"),
        ("participatingAgencies11202025pm.xlsx", signed, "signed November 17, 2025"),
    ):
        page.goto("/lists/import")
        give(page, "Published list", tmp_path, {name: book([row], pending=name.startswith("pending"))})
        steps.press(page, "Load this list")
        page.goto(f"{home}status/")
        expect(page.get_by_text(words).first).to_be_visible()
    look(tab, "signed, as the list says")
    # The copy that ICE signed too: its side is filled, ours is unchanged.
    page.goto(f"{home}signed-copies/")
    both = as_pdf(scan_pages(sign(issued[WSO], WSO, by_ice=True)))
    give(page, SCANS, tmp_path, {"countersigned.pdf": both})
    page.get_by_text("ICE has signed them too").click()
    steps.press(page, "Add these scans")
    assert live.app.extensions["assistant"].jobs.wait(300)
    page.goto(f"{home}signed-copies/")
    expect(page.get_by_role("heading", name="Signed by ICE too")).to_be_visible()
    page.locator("h2:has-text('Signed by ICE too') + ul a").first.click()
    expect(page.locator(".severity--blocker")).to_have_count(0)
    look(tab, "the copy that ICE signed too")
    # And in the calendar.
    page.goto(home)
    steps.follow(page, "Papers and dates")
    for part, value in (("Month", "February"), ("Day", "10"), ("Year", "2026")):
        page.get_by_label(part).fill(value)
    with page.expect_download() as calendar:
        page.get_by_role("button", name="Download the calendar").click()
    assert b"BEGIN:VEVENT" in calendar.value.path().read_bytes()
