"""Messages with ICE and the status in its lists, in a browser: wide with scripts, narrow without."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from playwright.sync_api import expect

from assistant.services.application import applications
from tests.browser.test_more_pages import BOTH, look, upload
from tests.storage.test_ledger import ICE, message, sign
from tests.web.made_up import add_application
from tests.web.test_lists import MOA, book
from tests.web.test_reply_desk_pages import reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import ViewportSize

    from tests.browser.conftest import Live, Tab

LISTED = ["FLORIDA", "Example County Sheriff's Office", "County", "Lee", "Task Force Model", date(2025, 3, 7), MOA]


@pytest.fixture
def opened(live: Live) -> str:
    """Return the address of an application with a signed copy of the TFM agreement."""
    parts = live.app.extensions["assistant"]
    home = f"/applications/{add_application(parts, parts.agency_id)}/"
    with parts.writer() as session:
        application = applications.get(session, parts.agency_id, UUID(home.split("/")[2]))
        sign(session, application, "02-moa-tfm.pdf", b"scan")
        session.commit()
    return home


@BOTH
def test_a_message_goes_out_and_an_answer_comes(
    tabs: Callable[..., Tab], opened: str, tmp_path: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{opened}messages/")
    expect(page.get_by_text("Nothing is recorded as sent yet.")).to_be_visible()
    look(tab, "messages, none yet")
    upload(page, "Saved message", tmp_path, "notes.eml", b"Dear ICE, please find attached.")
    page.get_by_role("button", name="Add this message").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look(tab, "messages, no message")
    sent = message(("moa-tfm.pdf", b"scan"), ("letter.pdf", b"unknown"), Message_ID="<one@example.gov>")
    upload(page, "Saved message", tmp_path, "sent.eml", sent)
    page.get_by_role("button", name="Add this message").click()
    expect(page.get_by_text("The signed copy of MOA, Task Force Model (TFM).")).to_be_visible()
    expect(page.get_by_text("Neither a signed copy that is stored here")).to_be_visible()
    look(tab, "messages, one sent")
    upload(page, "Saved message", tmp_path, "answer.eml", reply(References="<one@example.gov>"))
    page.get_by_role("button", name="Add this message").click()
    look(tab, "messages, one answered")
    page.get_by_role("link", name="Read and answer").click()
    expect(page.get_by_text("Please sign and date it again.", exact=True)).to_be_visible()
    page.get_by_label("What is request 1 about?").select_option(label="MOA, Task Force Model (TFM)")
    page.get_by_label("What is request 3 about?").select_option(value="answer:program_contact.full_name")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Go to Program contact: Full name")).to_be_visible()
    look(tab, "message from ICE")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the draft").click()
    assert download.value.suggested_filename == "reply-to-ice.eml"
    page.get_by_role("link", name="Back to messages with ICE").click()
    page.get_by_role("link", name="Remove message 1").click()
    look(tab, "remove a message")
    page.get_by_role("button", name="Remove this line").click()
    expect(page.get_by_role("heading", name="Messages (1)")).to_be_visible()


@BOTH
def test_documents_are_marked_as_sent_by_hand(
    tabs: Callable[..., Tab], opened: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{opened}messages/")
    page.get_by_role("link", name="Mark as sent by hand").click()
    expect(page.get_by_label("To which address?")).to_have_value(ICE)
    page.get_by_role("button", name="Mark as sent").click()
    expect(page.get_by_role("link", name="Enter the day it was sent.")).to_be_visible()
    look(tab, "mark as sent, a problem")
    for part, value in (("Month", "January"), ("Day", "5"), ("Year", "2026")):
        page.get_by_label(part).fill(value)
    page.get_by_role("button", name="Mark as sent").click()
    expect(page.get_by_text("The documents were marked as sent.")).to_be_visible()
    look(tab, "messages, marked by hand")


@BOTH
def test_the_status_is_told_under_the_name_a_person_chose(
    tabs: Callable[..., Tab], opened: str, tmp_path: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{opened}status/")
    look(tab, "status, no list")
    page.get_by_role("link", name="load them here").click()
    upload(page, "Published list", tmp_path, "participatingAgencies01152026am.xlsx", book([LISTED]))
    page.get_by_role("button", name="Load this list").click()
    page.goto(f"{opened}status/")
    expect(page.get_by_text("is surely “Example County")).to_be_visible()
    page.get_by_text("Example County Sheriff's Office", exact=False).last.click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("signed March 7, 2025.")).to_be_visible()
    look(tab, "status, signed")
    page.get_by_role("button", name="Undo my choice").click()
    expect(page.get_by_text("is surely “Example County")).to_be_visible()
    look(tab, "status, to be decided")
