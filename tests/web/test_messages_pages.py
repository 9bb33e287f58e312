"""The page of messages: a saved message is added, told, put where it belongs and removed; no export counts as sent."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from assistant.services.application import applications
from tests.storage.test_ledger import ICE, message, sign
from tests.web.conftest import snapshot
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient


def give(client: PageClient, home: str, data: bytes) -> TestResponse:
    """Upload a file and return the page that follows."""
    values = {"csrf_token": client.token(), "message": (io.BytesIO(data), "sent.eml")}
    answer = client.post(f"{home}messages/", data=values)
    answer.request.environ["wsgi.input"].close()
    return client.get(answer.location.partition("#")[0]) if answer.location else answer


def signed(parts: Parts, home: str, document: str, data: bytes) -> None:
    with parts.writer() as session:
        application = applications.get(session, parts.agency_id, UUID(home.split("/")[2]))
        sign(session, application, document, data)
        session.commit()


def test_an_application_begins_with_nothing_sent(client: PageClient, filled: str) -> None:
    client.send(f"{filled}exports/")
    page = client.get(f"{filled}messages/").text
    assert "Nothing is recorded as sent yet." in page
    assert page.count("Not recorded as sent") == 3
    assert ICE in page


def test_a_sent_message_is_added_once_and_shows_its_clock(
    client: PageClient, parts: Parts, filled: str, clock: Clock
) -> None:
    signed(parts, filled, "02-moa-tfm.pdf", b"scan")
    data = message(("moa.pdf", b"scan"), Date="Fri, 16 Jan 2026 12:00:00 +0000")
    page = give(client, filled, data).text
    assert "The message was added." in page
    assert "The signed copy of MOA, Task Force Model (TFM)." in page
    assert "Some documents are not recorded as sent." in page
    # January 19, 2026 is a federal holiday.
    assert "Tuesday, January 20, 2026" in page
    assert "Martin Luther King" in page
    assert "No answer is recorded" not in page
    assert "This message was added before." in give(client, filled, data).text
    clock.now = NOW + timedelta(days=1)
    assert "No answer is recorded" in client.get(f"{filled}messages/").text
    give(client, filled, message(sender=ICE, to="sam@example.gov", Date="Tue, 20 Jan 2026 18:00:00 +0000"))
    assert "No answer is recorded" not in client.get(f"{filled}messages/").text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Choose a saved message"),
        (b"Dear ICE,\n\nplease find attached.\n", "This file is no saved e-mail message."),
        (b"%PDF-1.7\n", "This file is no saved e-mail message."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "This file is no saved e-mail message."),
        (b"X-Unsent: 1\nTo: ERO287g@ice.dhs.gov\nSubject: x\n\nx", "a draft that was never sent"),
    ],
)
def test_what_is_no_sent_message_is_refused_and_nothing_is_stored(
    client: PageClient, parts: Parts, filled: str, data: bytes, told: str
) -> None:
    before = snapshot(parts)
    answer = give(client, filled, data)
    assert answer.status_code == 422
    assert told in answer.text
    assert snapshot(parts) == before


def test_a_huge_file_is_refused(client: PageClient, filled: str) -> None:
    answer = give(client, filled, b"To: x@example.gov\nSubject: x\n\n" + bytes(25_500_000))
    assert answer.status_code == 422
    assert "too large" in answer.text


def test_a_message_of_another_application_is_put_there_after_a_yes(
    client: PageClient, parts: Parts, filled: str
) -> None:
    answers = complete_answers()
    other = f"/applications/{add_application(parts, parts.agency_id, replace(answers, models=('JEM',)))}/"
    signed(parts, other, "02-moa-jem.pdf", b"theirs")
    page = give(client, filled, message(("moa.pdf", b"theirs"))).text
    assert "This may belong to another application" in page
    line = page.partition('id="line-')[2].partition('"')[0]
    assert client.send(f"{filled}messages/{line}/place", target="no id").status_code == 404
    moved = client.send(f"{filled}messages/{line}/place", target=other.split("/")[2])
    assert moved.location.startswith(f"{other}messages/")
    assert "The signed copy of MOA, Jail Enforcement Model (JEM)." in client.get(f"{other}messages/").text
    assert 'id="line-' not in client.get(f"{filled}messages/").text


def test_a_message_can_be_marked_by_hand_and_removed(client: PageClient, filled: str) -> None:
    page = client.get(f"{filled}messages/mark").text
    assert f'value="{ICE}"' in page
    values = {"sent_on-month": "January", "sent_on-day": "19", "sent_on-year": "2026", "to": ICE}
    sent = client.send(f"{filled}messages/mark", documents="02-moa-tfm.pdf", **values)
    assert sent.status_code == 302
    page = client.get(f"{filled}messages/").text
    assert page.count("Marked as sent") == 2
    line = page.partition('id="line-')[2].partition('"')[0]
    assert "Remove this line?" in client.get(f"{filled}messages/{line}/remove").text
    client.send(f"{filled}messages/{line}/remove")
    assert "Nothing is recorded as sent yet." in client.get(f"{filled}messages/").text
    assert client.send(f"{filled}messages/{line}/remove").status_code == 404


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sent_on-day": "21"}, "Enter a day that is not in the future."),
        ({"sent_on-day": ""}, "Enter the day of the day it was sent."),
        ({"sent_on-day": "", "sent_on-month": "", "sent_on-year": ""}, "Enter the day it was sent."),
        ({"to": ""}, "Enter the address it was sent to."),
        ({"to": "nobody"}, "Enter an email address"),
        ({"documents": ""}, "Choose from the boxes shown."),
        ({"documents": "manifest.json"}, "Choose from the boxes shown."),
    ],
)
def test_a_note_that_cannot_be_is_asked_again(
    client: PageClient, parts: Parts, filled: str, change: dict[str, str], told: str
) -> None:
    values = {
        "sent_on-month": "1", "sent_on-day": "19", "sent_on-year": "2026", "to": ICE, "documents": "02-moa-tfm.pdf",
    }  # fmt: skip
    before = snapshot(parts)
    answer = client.send(f"{filled}messages/mark", **(values | change))
    assert answer.status_code == 422
    assert told in answer.text
    assert snapshot(parts) == before


def test_what_a_message_says_is_shown_as_text(client: PageClient, filled: str) -> None:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@example.gov", ICE, "<script>alert(1)</script>"
    made["Message-ID"] = "<x<script>@example.gov>"
    made.set_content("<p>Send it?</p><script>alert(1)</script>", subtype="html")
    made.add_attachment(b"x", maintype="application", subtype="pdf", filename='"><img src=x onerror=alert(1)>.pdf')
    page = give(client, filled, made.as_bytes()).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_an_application_without_documents_has_no_messages(client: PageClient, started: str) -> None:
    assert client.get(f"{started.split('steps', maxsplit=1)[0]}messages/").status_code == 404
