"""Saved messages are read as they are, from every mail program; what is no message is refused in one sentence."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.messages import read_message
from assistant.messages.requests import requests_in
from assistant.services.application.message_match import kind_of, strip_prefixes
from tests.unit.made_outlook_files import ole_file, outlook_file, text

PDF = b"%PDF-1.7 signed"
HEADERS = text("Received: x\r\nMessage-ID: <one@example.gov>\r\nReferences: <a@x>\r\n <b@y>\r\nDate: bad\r\n")


def eml(*, to: str = "ERO287g@ice.dhs.gov", sender: str = "Sam <sam@example.gov>", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, "Signed MOA"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Attached.\n")
    return message


def test_a_sent_message_is_read_with_what_is_attached() -> None:
    message = eml(Message_ID="<one@example.gov>", Date="Mon, 02 Feb 2026 10:00:00 -0500", Cc="b@x.gov, B@x.gov")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="../ü/02-moa-tfm\x07.pdf")
    read = read_message(message.as_bytes())
    assert (read.message_id, read.sender) == ("<one@example.gov>", "sam@example.gov")
    assert read.to == ("ero287g@ice.dhs.gov", "b@x.gov")
    assert read.date == datetime(2026, 2, 2, 15, tzinfo=UTC)
    (file,) = read.attachments
    assert (file.name, file.sha256) == ("02-moa-tfm .pdf", hashlib.sha256(PDF).hexdigest())
    assert kind_of(read) == "sent"
    assert read.text.strip() == "Attached."


def test_what_is_attached_to_a_message_that_is_attached_is_told_too() -> None:
    inner = eml()
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="moa.pdf")
    outer = eml()
    outer.add_attachment(inner)
    names = [file.name for file in read_message(outer.as_bytes()).attachments]
    assert names == ["moa.pdf"]


@pytest.mark.parametrize(
    ("sender", "to", "kind"),
    [
        ("ERO287g@ice.dhs.gov", "sam@example.gov", "reply"),
        ("Jo Doe <jo.doe@associates.ice.dhs.gov>", "sam@example.gov", "reply"),
        ("sam@example.gov", "ero287G@ICE.dhs.gov", "sent"),
        # Nearly: another domain that ends alike, another address at ICE, ICE's name before another's address.
        ("x@notice.gov", "sam@example.gov", "other"),
        ("x@ice.dhs.gov.example.com", "sam@example.gov", "other"),
        ("sam@example.gov", "ERO287@ice.dhs.gov", "other"),
        ('"ERO287g@ice.dhs.gov" <x@example.com>', "sam@example.gov", "other"),
    ],
)
def test_what_kind_of_message_it_is(sender: str, to: str, kind: str) -> None:
    assert kind_of(read_message(eml(sender=sender, to=to).as_bytes())) == kind


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("RE: [EXTERNAL] Re: 287(g)  Letter", "287(g) letter"),
        ("DRAFT – 287(g) Letter", "287(g) letter"),
        ("Fwd: AW: 287(g) Letter", "287(g) letter"),
        ("Resolution: 287(g) Letter", "resolution: 287(g) letter"),
        ("287(g) Letter re: jail", "287(g) letter re: jail"),
    ],
)
def test_what_mail_programs_put_before_a_subject_is_taken_off(subject: str, bare: str) -> None:
    assert strip_prefixes(subject) == bare


def test_a_message_of_outlook_is_read() -> None:
    sent = datetime(2026, 2, 2, 15, 0, 1, tzinfo=UTC)
    data = outlook_file(
        properties={
            "0037001F": text("Signed  MOA"),
            "1000001F": text("Attached.\0"),
            "007D001F": HEADERS,
            "5D02001F": text("Sam@Example.gov"),
            "0C1F001F": text("/O=EXCHANGE/CN=SAM"),
            "1042001F": text("<c@z>"),
        },
        recipients=("ERO287g@ice.dhs.gov", "b@x.gov"),
        attachments=[("02-moa-tfm.pdf", PDF.ljust(5000, b" "))],
        sent=sent,
    )
    read = read_message(data)
    assert (read.message_id, read.sender, read.subject) == ("<one@example.gov>", "sam@example.gov", "Signed MOA")
    assert (read.to, read.date) == (("ero287g@ice.dhs.gov", "b@x.gov"), sent)
    assert read.thread == ("<a@x>", "<b@y>", "<c@z>")
    assert [(file.name, file.size) for file in read.attachments] == [("02-moa-tfm.pdf", 5000)]
    assert kind_of(read) == "sent"


def test_a_message_of_an_older_outlook_has_letters_of_one_byte() -> None:
    data = outlook_file(properties={"0037001E": "Núñez".encode("cp1252"), "0C1F001E": b"sam@example.gov"})
    read = read_message(data)
    assert (read.subject, read.sender, read.date, read.to) == ("Núñez", "sam@example.gov", None, ())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\n",
        b"Dear ICE,\n\nplease find attached.\n",
        b"From: a@example.gov\n\nno more",
        b"PK\x03\x04",
        ole_file({"WordDocument": b"x"}),
        outlook_file(properties={"0037001F": text("x")})[:600],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ],
)
def test_what_is_no_message_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(InputError, match="is no saved e-mail message"):
        read_message(data)


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    whole = eml().as_bytes()
    for tried in (data, whole[:60] + data, whole + data, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data):
        with suppress(InputError):
            read_message(tried)


@given(st.integers(0, 6000), st.binary(min_size=1, max_size=40))
def test_a_damaged_message_of_outlook_is_read_or_refused(at: int, junk: bytes) -> None:
    data = bytearray(outlook_file(properties={"0037001F": text("x")}, attachments=[("a", PDF)]))
    data[at : at + len(junk)] = junk
    with suppress(InputError):
        read_message(bytes(data))


@pytest.mark.parametrize(
    "rest",
    [
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2000)),
        b"To: " + b"(" * 5000 + b"\r\n\r\n",
        b"To: " + b"a@example.gov, " * 300_000 + b"\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nx\r\n" * 100_000,
        b"Content-Type: text/html\r\n\r\n" + b"<a " * 500_000,
        b"Content-Type: text/html\r\n\r\n" + b"<!--" * 300_000,
        b"Content-Type: text/html\r\n\r\n&#" + b"9" * 10_000 + b";",
    ],
    ids=[
        "parts in parts",
        "comments in comments",
        "many recipients",
        "many parts",
        "open tags",
        "open comments",
        "digits",
    ],
)
def test_a_message_that_is_made_to_take_long_is_read_or_refused_at_once(rest: bytes) -> None:
    with suppress(InputError):
        requests_in(read_message(b"From: a@example.gov\r\nTo: b@example.gov\r\nSubject: x\r\n" + rest).text)
    for many in ("A. ", " ", "On wrote: ", "if you have any ", "\t"):
        requests_in(many * 40_000)


@pytest.mark.parametrize(
    ("headers", "is_draft"),
    [
        ({"X_Unsent": "1"}, True),
        ({"X_Unsent": "1", "Message_ID": "<a@example.gov>"}, False),
        ({"X_Mozilla_Draft_Info": "internal/draft; vcard=0; receipt=0", "Message_ID": "<a@example.gov>"}, True),
        ({"X_Mozilla_Status": "0001", "Message_ID": "<a@example.gov>"}, False),
        ({"X_Uniform_Type_Identifier": "com.apple.mail-draft", "Message_ID": "<a@example.gov>"}, True),
        ({"X_Uniform_Type_Identifier": "com.apple.mail-note"}, False),
        ({}, False),
    ],
)
def test_a_draft_is_told_from_a_sent_message(headers: dict[str, str], is_draft: bool) -> None:  # noqa: FBT001 - a row of the table
    assert read_message(eml(**headers).as_bytes()).is_draft is is_draft


@pytest.mark.parametrize(("flags", "is_draft"), [(0x08, True), (0x09, True), (0x01, False)])
def test_outlooks_mark_of_a_draft_is_read(flags: int, is_draft: bool) -> None:  # noqa: FBT001 - a row of the table
    data = outlook_file(properties={"0037001F": text("x")}, flags=flags)
    assert read_message(data).is_draft is is_draft


def test_a_message_without_a_plain_text_has_the_words_of_its_html() -> None:
    made = eml()
    made.set_content("<p>Please sign.</p><script>x</script>", subtype="html")
    assert read_message(made.as_bytes()).text.strip() == "Please sign."
    saved = outlook_file(properties={"0037001F": text("x"), "10130102": b"<p>Please sign.</p>"})
    assert read_message(saved).text.strip("\x00 \n") == "Please sign."


def test_recipients_without_an_address_are_read_from_what_outlook_shows() -> None:
    data = outlook_file(
        properties={"0037001F": text("x"), "0E04001F": text("ERO287g@ice.dhs.gov; Sam")},
        recipients=("/O=EXCHANGE/CN=SAM",),
    )
    assert read_message(data).to == ("ero287g@ice.dhs.gov",)
