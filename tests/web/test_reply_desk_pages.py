"""A message from ICE on its page: what it asks is quoted, a person says what it is about, a reply is drafted."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from assistant.services.after_export import ledger
from assistant.services.application import applications
from tests.storage.test_ledger import ICE, message
from tests.web.made_up import NOW
from tests.web.test_messages_pages import give

if TYPE_CHECKING:
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

TEXT = (
    "Good morning,\n\nThe date on page 7 is missing. Please sign\nand date it again.\n\n"
    "Is Sam O’Brien still your contact?\n\n"
    "Regards,\nA. Officer\n\nFrom: sam@example.gov\nSent: Monday\nTo: ICE\n\nCan you confirm?\n"
)


def reply(text: str = TEXT, **headers: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "jo.doe@ice.dhs.gov", "sam@example.gov", "RE: Signed"
    made["Message-ID"], made["Date"] = "<two@ice.dhs.gov>", "Wed, 21 Jan 2026 10:00:00 -0500"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


@pytest.fixture
def desk(client: PageClient, filled: str) -> str:
    """Return the address of a message from ICE that answers one that was sent."""
    give(client, filled, message(Message_ID="<one@example.gov>"))
    page = give(client, filled, reply(References="<one@example.gov>", In_Reply_To="<one@example.gov>")).text
    match = re.search(r'href="([^"]*/messages/[0-9a-f-]{36}/)"', page)
    assert match
    return match[1]


def test_what_it_asks_is_quoted_and_no_more(client: PageClient, desk: str) -> None:
    page = client.get(desk).text
    quotes = re.findall(r'<blockquote class="asked" id="quote-\d">(.*?)</blockquote>', page)
    assert quotes == [
        "The date on page 7 is missing.",
        "Please sign and date it again.",
        "Is Sam O’Brien still your contact?",
    ]
    own, _, everything = page.partition("Show all of it, with what was left off")
    assert "Can you confirm?" not in own
    assert "Can you confirm?" in everything


def test_a_person_says_what_it_is_about_and_drafts_a_reply(client: PageClient, desk: str) -> None:
    about = {"about-1": "document:02-moa-tfm.pdf", "about-3": "answer:program_contact.full_name", "about-2": "nothing"}
    assert client.send(desk, **about).status_code == 302
    page = client.get(desk).text
    assert "steps/program-contact#program_contact-full_name" in page
    assert "Go to MOA, Task Force Model (TFM)" in page
    answer = client.get(f"{desk}reply-to-ice.eml")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    draft = email.message_from_bytes(answer.data, policy=email.policy.default)
    assert isinstance(draft, EmailMessage)
    assert (str(draft["To"]), str(draft["Cc"]), draft["Subject"]) == ("jo.doe@ice.dhs.gov", ICE, "RE: Signed")
    assert draft["In-Reply-To"] == "<two@ice.dhs.gov>"
    assert str(draft["References"]).split() == ["<one@example.gov>", "<two@ice.dhs.gov>"]
    text = draft.get_content()
    assert "[Your answer, about MOA, Task Force Model (TFM)]" in text
    assert "[Your answer, about Program contact: Full name]" in text
    assert text.count("[Your answer]") == 1


def test_what_was_not_offered_is_not_stored(client: PageClient, desk: str) -> None:
    client.send(desk, **{"about-1": "answer:agency_id", "about-9": "step:agency", "about-2": "step:agency"})
    page = client.get(desk).text
    assert page.count(" selected>") == 1


def test_a_message_that_asks_nothing_is_shown_all_the_same(client: PageClient, filled: str) -> None:
    page = give(client, filled, reply("We have received your documents.")).text
    match = re.search(r'href="([^"]*/messages/[0-9a-f-]{36}/)"', page)
    assert match
    page = client.get(match[1]).text
    assert "No sentence that asks for something was recognized." in page
    assert "We have received your documents." in page
    client.send(match[1], **{"about-0": "step:nominees"})
    assert "/nominees/" in client.get(match[1]).text


def test_only_a_message_from_ice_is_answered(client: PageClient, parts: Parts, filled: str) -> None:
    from uuid import UUID  # noqa: PLC0415

    with parts.writer() as session:
        row = applications.get(session, parts.agency_id, UUID(filled.split("/")[2]))
        line = ledger.add_message(session, row, message(), now=NOW).line
        session.commit()
    for name in ("", "reply-to-ice.eml"):
        assert client.get(f"{filled}messages/{line.public_id}/{name}").status_code == 404


def test_what_ice_writes_is_shown_as_text(client: PageClient, filled: str) -> None:
    page = give(client, filled, reply("Please <script>alert(1)</script>send it.")).text
    match = re.search(r'href="([^"]*/messages/[0-9a-f-]{36}/)"', page)
    assert match
    page = client.get(match[1]).text
    assert "<script>alert" not in page
    assert "Please &lt;script&gt;alert(1)&lt;/script&gt;send it." in page
