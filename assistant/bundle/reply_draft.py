"""A reply to ICE as an unsent draft (.eml): what it asks, quoted, with a blank below each for the answer.

It answers nothing by itself, and nothing is sent here. The recipient is whoever sent the message, and the mailbox of
the program gets a copy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from assistant.bundle.email_draft import WholeWords, one_line
from assistant.editions.formats import long_date
from assistant.program import recipient_address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assistant.answers import Answers

BEFORE_SENDING = "[Draft, not sent. Fill in each place in brackets, check it, then delete this line.]"
QUOTE_LETTERS = 90
MAX_OLDER = 20_000
"""Characters of the message that are quoted below the answers."""
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,500}>", re.ASCII)
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._+%-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}", re.ASCII)
REPLY = re.compile(r"^\s*re\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPoint:
    """A request of a message, and what it concerns as a person said, "" where nobody said."""

    quote: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalMessage:
    """The message that is answered; ``text`` is its own text, without what it quotes."""

    sender: str
    subject: str
    message_id: str | None
    thread: tuple[str, ...]
    dated_on: date | None
    text: str


def recipients_of(sender: str | None) -> tuple[str, ...]:
    """Return whom a reply goes to: the sender, and the mailbox of the program."""
    own = (
        (sender,)
        if sender and PLAIN_ADDRESS.fullmatch(sender) and sender.lower() != recipient_address().lower()
        else ()
    )
    return (*own, recipient_address())


def reply_draft(answers: Answers, original: OriginalMessage, points: Sequence[AskedPoint], *, today: date) -> bytes:
    """Return the unsent reply; the same bytes for the same input."""
    message = EmailMessage(policy=WholeWords(linesep="\r\n"))
    to, *copies = recipients_of(original.sender)
    message["To"] = to
    if copies:
        message["Cc"] = ", ".join(copies)
    subject = one_line(original.subject)
    message["Subject"] = subject if REPLY.match(subject) else f"Re: {subject}".strip()
    message["Date"] = format_datetime(datetime(today.year, today.month, today.day, 12, tzinfo=UTC))
    message["X-Unsent"] = "1"  # Outlook opens such a file as a draft
    ids = [one for one in (*original.thread, original.message_id) if one and MESSAGE_ID.fullmatch(one)]
    if ids and ids[-1] == original.message_id:
        message["In-Reply-To"] = ids[-1]
    if ids:
        message["References"] = " ".join(dict.fromkeys(ids))
    message.set_content(_text(answers, original, points), cte="quoted-printable")
    return message.as_bytes()


def _text(answers: Answers, original: OriginalMessage, points: Sequence[AskedPoint]) -> str:
    lines = [BEFORE_SENDING, "", "To the 287(g) Program:", ""]
    for point in points:
        lines += [
            *_quoted(point.quote),
            f"[Your answer{f', about {one_line(point.about)}' if point.about else ''}]",
            "",
        ]
    if not points:
        lines += ["[Your answer]", ""]
    name = one_line(answers.agency.legal_name or "")
    lines += ["[Your name and title]", *([name] if name else []), ""]
    day = f"On {long_date(original.dated_on)}, " if original.dated_on else ""
    lines += [f"{day}{one_line(original.sender)} wrote:", *_quoted(original.text[:MAX_OLDER])]
    return "\n".join(lines).rstrip() + "\n"


def _quoted(text: str) -> list[str]:
    """Return the lines of a text as a mail program quotes them."""
    lines = []
    for line in text.strip().split("\n"):
        printable = "".join(letter if letter.isprintable() else " " for letter in line).rstrip()
        lines += [f"> {printable[at : at + QUOTE_LETTERS]}" for at in range(0, len(printable), QUOTE_LETTERS)] or [">"]
    return lines
