"""The draft to ICE: the right recipient, exactly the expected headers, whatever stands in the answers."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answers import Agency, Answers, Contact, Signatory
from assistant.bundle import email_draft
from assistant.errors import BlockedError

if TYPE_CHECKING:
    from email.message import EmailMessage

TODAY = date(2026, 2, 1)
HEADERS = {"to", "from", "subject", "date", "x-unsent", "mime-version", "content-type", "content-transfer-encoding"}


def parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=default)


def test_draft_says_whom_what_and_that_it_is_unsent(ready: Answers) -> None:
    message = parsed(email_draft.draft(ready, today=TODAY))
    assert message["To"] == "ERO287g@ice.dhs.gov"
    assert message["From"] == "Jordan Núñez <sheriff@ecso.example.gov>"
    assert message["Subject"] == "287(g) Letter of Interest and MOA – JEM, TFM, WSO – Example County Sheriff’s Office"
    assert message["X-Unsent"] == "1"
    text = message.get_content()
    assert "attach the signed copies" in text
    assert "the signed letter of interest" in text
    assert "the signed MOA, Warrant Service Officer (WSO)" in text
    assert "Nguyễn" not in text
    assert list(message.iter_attachments()) == []
    assert email_draft.draft(ready, today=TODAY) == email_draft.draft(ready, today=TODAY)


def test_the_message_of_draft_documents_says_so_first(ready: Answers) -> None:
    message = parsed(email_draft.draft(ready, today=TODAY, draft=True))
    assert message["Subject"].startswith("DRAFT – 287(g) Letter of Interest and MOA – ")
    assert message.get_content().startswith("[DRAFT – do not send")
    assert "DRAFT" not in str(parsed(email_draft.draft(ready, today=TODAY)))


def test_draft_carries_the_signed_copies(ready: Answers) -> None:
    copies = [
        email_draft.Attachment(name="../Brief – ü.PDF", data=b"%PDF-1"),
        email_draft.Attachment(name="brief-u.pdf", data=b"%PDF-2"),
    ]
    data = email_draft.draft(ready, today=TODAY, attachments=copies)
    assert data == email_draft.draft(ready, today=TODAY, attachments=copies)
    message = parsed(data)
    found = [(part.get_filename(), part.get_content_type(), part.get_content()) for part in message.iter_attachments()]
    assert found == [
        ("brief-u.pdf", "application/pdf", b"%PDF-1"),
        ("brief-u-2.pdf", "application/pdf", b"%PDF-2"),
    ]
    body = message.get_body()
    assert body is not None
    assert "Before sending" not in body.get_content()


@pytest.mark.parametrize(("megabytes", "verdict"), [(1, "fits"), (12, "heavy"), (16, "too heavy")])
def test_weight_is_that_of_the_message(ready: Answers, megabytes: int, verdict: str) -> None:
    copies = [email_draft.Attachment(name="moa.pdf", data=b"\0" * (megabytes * 1_000_000))]
    weight = email_draft.weigh(copies)
    assert weight.verdict == verdict
    if verdict == "too heavy":
        with pytest.raises(BlockedError, match="over 20 MB"):
            email_draft.draft(ready, today=TODAY, attachments=copies)
    else:
        assert abs(len(email_draft.draft(ready, today=TODAY, attachments=copies)) - weight.message_bytes) < 10_000


def test_an_address_that_is_none_is_left_out() -> None:
    for email in ("", "nobody", "a@b", "a b@c.gov", "a@c.gov, b@d.gov", ".a@c.gov", "ä@c.gov", "a@c.gov\nBcc: x@y.z"):
        assert "From" not in parsed(email_draft.draft(Answers(signatory=Signatory(email=email)), today=TODAY))


ANY = st.text(max_size=200) | st.sampled_from(
    [
        "A\r\nBcc: evil@example.gov",
        "=?utf-8?q?A=0D=0ABcc:_evil?=",
        "A\n\nbody",
        "A\u2028Bcc: b",
        'Q"uote <x@y.z>',
        "\u202eabc",
        "word " * 40,
        "Doña Ána Peña Núñez",
        "ễ" * 90,
    ]
)


@settings(max_examples=300)
@given(ANY, ANY, ANY)
def test_no_answer_adds_or_changes_a_header(name: str, person: str, title: str) -> None:
    answers = Answers(
        agency=Agency(legal_name=name),
        models=("TFM",),
        signatory=Signatory(full_name=person, title=title, email="sheriff@ecso.example.gov"),
        program_contact=Contact(full_name=person, email=name),
    )
    data = email_draft.draft(answers, today=TODAY)
    message = parsed(data)
    assert sorted(key.lower() for key in message) == sorted(HEADERS)
    assert [address.addr_spec for address in message["To"].addresses] == ["ERO287g@ice.dhs.gov"]
    assert [address.addr_spec for address in message["From"].addresses] == ["sheriff@ecso.example.gov"]
    assert message["Subject"] == email_draft.subject(answers)
    # The new parser puts a space between the runs of a long name; RFC 2047 and mail programs do not.
    sender = str(make_header(decode_header(message_from_bytes(data)["From"])))
    # A name with letters beyond ASCII is an encoded word, which is not quoted a second time.
    unquoted = sender.replace('\\"', '"').replace("\\\\", "\\")
    assert email_draft.one_line(person) in sender or email_draft.one_line(person) in unquoted
