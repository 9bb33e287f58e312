"""What a message from ICE asks, what each request concerns, and the draft of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.bundle.reply_draft import AskedPoint, OriginalMessage, recipients_of, reply_draft
from assistant.messages.requests import requests_in, without_older_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from assistant.answers import Answers
    from assistant.services.after_export.ledger_lines import LedgerLine

WHOLE = "0"
"""The number under which a person says what a message as a whole concerns, where no request was recognized."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPoint:
    """A request in a message by its number, from 1; ``about`` is what it concerns as a person said, "" for nothing yet.

    Where no request was recognized there is one point, ``WHOLE``, without a quotation.
    """

    number: str
    quote: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReply:
    """A message as the desk shows it: its own text, its requests, and whom a reply would go to."""

    text: str
    points: tuple[RequestPoint, ...]
    recipients: tuple[str, ...]

    @property
    def has_requests(self) -> bool:
        """Say whether a request was recognized."""
        return any(point.quote for point in self.points)


def read_reply(line: LedgerLine) -> ReadReply:
    """Return what a message asks, with what a person said that each request concerns."""
    quotes = requests_in(line.text)
    points = [
        RequestPoint(number=str(number), quote=quote, about=line.about.get(str(number), ""))
        for number, quote in enumerate(quotes, 1)
    ] or [RequestPoint(number=WHOLE, quote="", about=line.about.get(WHOLE, ""))]
    return ReadReply(text=without_older_text(line.text), points=tuple(points), recipients=recipients_of(line.sender))


def draft_reply(answers: Answers, line: LedgerLine, names: Mapping[str, str], *, today: date) -> bytes:
    """Return an unsent reply to a message of the ledger; ``names`` says in words what each request concerns."""
    reply = read_reply(line)
    original = OriginalMessage(
        sender=line.sender or "",
        subject=line.subject,
        message_id=line.message_id,
        thread=line.thread,
        dated_on=line.dated_at.astimezone().date() if line.dated_at else None,
        text=reply.text,
    )
    points = [AskedPoint(quote=point.quote, about=names.get(point.about, "")) for point in reply.points if point.quote]
    return reply_draft(answers, original, points, today=today)
