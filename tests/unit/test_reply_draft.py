"""The draft of a reply keeps the thread, quotes what was asked, and answers nothing by itself."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import date
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from assistant.bundle.reply_draft import BEFORE_SENDING, AskedPoint, OriginalMessage, reply_draft
from assistant.messages import read_message
from tests.web.made_up import complete_answers

TODAY = date(2026, 2, 3)
ICE = "ERO287g@ice.dhs.gov"
ORIGINAL = OriginalMessage(
    sender="jo.doe@ice.dhs.gov",
    subject="RE: 287(g) Letter of Interest – Éxample",
    message_id="<two@ice.dhs.gov>",
    thread=("<one@example.gov>",),
    dated_on=date(2026, 2, 2),
    text="Hello,\n\nPlease sign page 7.",
)
POINTS = (AskedPoint(quote="Please sign page 7.", about="MOA, Task Force Model (TFM)"),)


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_reply_is_an_unsent_draft_of_the_thread() -> None:
    data = reply_draft(complete_answers(), ORIGINAL, POINTS, today=TODAY)
    message = parsed(data)
    assert (str(message["To"]), str(message["Cc"])) == ("jo.doe@ice.dhs.gov", ICE)
    assert message["Subject"] == ORIGINAL.subject
    assert (message["In-Reply-To"], message["X-Unsent"]) == ("<two@ice.dhs.gov>", "1")
    assert str(message["References"]).split() == ["<one@example.gov>", "<two@ice.dhs.gov>"]
    assert read_message(data).is_draft
    assert data == reply_draft(complete_answers(), ORIGINAL, POINTS, today=TODAY)


def test_it_quotes_what_is_asked_and_answers_nothing() -> None:
    text = parsed(reply_draft(complete_answers(), ORIGINAL, POINTS, today=TODAY)).get_content().replace("\r\n", "\n")
    assert text.split("\n")[:7] == [
        BEFORE_SENDING, "", "To the 287(g) Program:", "", "> Please sign page 7.",
        "[Your answer, about MOA, Task Force Model (TFM)]", "",
    ]  # fmt: skip
    assert "On February 2, 2026, jo.doe@ice.dhs.gov wrote:\n> Hello,\n>\n> Please sign page 7.\n" in text
    answers = complete_answers()
    for value in (answers.signatory.full_name, answers.agency.phone, answers.nominees[0].full_name):
        assert value
        assert value not in text


def test_an_answer_to_the_mailbox_itself_goes_there_alone() -> None:
    for sender in (ICE, ICE.lower(), "bad address@ice.dhs.gov", "a@b\r\nBcc: x@example.gov"):
        message = parsed(reply_draft(complete_answers(), replace(ORIGINAL, sender=sender), (), today=TODAY))
        assert (str(message["To"]), message["Cc"], message["Bcc"]) == (ICE, None, None)
    bare = replace(ORIGINAL, subject="287(g)", message_id=None, thread=())
    message = parsed(reply_draft(complete_answers(), bare, (), today=TODAY))
    assert (message["Subject"], message["In-Reply-To"], message["References"]) == ("Re: 287(g)", None, None)


@given(
    st.text(max_size=60),
    st.text(max_size=200),
    st.lists(st.from_regex(r"<[^<>\s]{1,300}>", fullmatch=True), max_size=30),
    st.text(max_size=300),
)
def test_nothing_in_a_message_adds_a_header(sender: str, subject: str, ids: list[str], text: str) -> None:
    original = replace(
        ORIGINAL, sender=sender, subject=subject, message_id=ids[-1] if ids else None, thread=tuple(ids[:-1]), text=text
    )
    data = reply_draft(complete_answers(), original, (AskedPoint(quote=text, about=subject),), today=TODAY)
    message = parsed(data)
    known = {"To", "Cc", "Subject", "Date", "X-Unsent", "In-Reply-To", "References"}
    assert set(message.keys()) - known == {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
    assert max(map(len, data.split(b"\r\n"))) < 998
    plain = [one for one in ids if one.isascii() and one.isprintable() and "=?" not in one]
    assert set(plain) <= set(str(message["References"] or "").split())
