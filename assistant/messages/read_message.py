"""A saved message as plain values: who sent it to whom, when, its subject, text, thread and attachments."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.policy import EmailPolicy
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from assistant.errors import InputError
from assistant.messages.plain_text import text_of_html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage

MAX_BYTES = 60_000_000
"""Bytes: mail systems refuse messages half as large."""
MAX_ATTACHMENTS = 200
MAX_PART_LINES = 5_000
"""Lines that may begin another part; a message of 200,000 parts takes half a minute."""
MAX_HEADER = 20_000
"""Characters of a header that are read: the parser takes minutes for a million."""
MAX_DEPTH = 20
"""How many messages and parts may lie in one another."""
NO_MESSAGE = (
    "This file is no saved e-mail message. Save the message in your mail program as .eml or .msg, and use that."
)
OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of a .msg file, and of every other OLE file."""
MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")


class _ShortHeaders(EmailPolicy):
    """Reads no more of a header than its beginning."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """Return the parsed header."""
        return super().header_fetch_parse(name, value[:MAX_HEADER])


POLICY = _ShortHeaders()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAttachment:
    """A file that is attached to a message."""

    name: str
    sha256: str
    size: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessage:
    """A message. ``thread`` are the ids of the messages it answers, the nearest last; ids are in angle brackets.

    Addresses are in lower case and without names. ``date`` has a time zone; None where the message names none.
    ``text`` is plain, the words of an HTML text where there is no other. ``is_draft``: it was never sent.
    """

    message_id: str | None
    date: datetime | None
    sender: str | None
    to: tuple[str, ...]
    subject: str
    text: str
    thread: tuple[str, ...]
    attachments: tuple[MessageAttachment, ...]
    is_draft: bool = False


def read_message(data: bytes) -> ReadMessage:
    """Return the message in a file.

    Raises:
        InputError: it is too large, or no message.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"The file is too large. A saved message has at most {MAX_BYTES // 1_000_000} MB.")
    if data.startswith(OUTLOOK):
        from assistant.messages.outlook_file import read_outlook_file  # noqa: PLC0415 - olefile is for .msg files only

        return read_outlook_file(data)
    if data.count(b"\n--") > MAX_PART_LINES:
        raise InputError(NO_MESSAGE)
    try:
        return _read_eml(data)
    except RecursionError as error:  # parts in parts, or comments in comments, a thousand deep
        raise InputError(NO_MESSAGE) from error


def _read_eml(data: bytes) -> ReadMessage:
    message = cast("EmailMessage", email.message_from_bytes(data, policy=POLICY))
    headers = {name.lower() for name in message}
    # Any text parses as a message; what has no sender and no one it goes to, or no subject, is none.
    if not headers & {"from", "to", "cc", "bcc"} or not headers & {"subject", "date", "message-id"}:
        raise InputError(NO_MESSAGE)
    senders = addresses([_header(message, "from")])
    return ReadMessage(
        message_id=first_id(_header(message, "message-id")),
        date=parse_date(_header(message, "date")),
        sender=senders[0] if senders else None,
        to=addresses([_header(message, name) for name in ("to", "cc", "bcc")]),
        subject=one_line(_header(message, "subject")),
        text=_text_of(message),
        thread=thread_of(_header(message, "references"), _header(message, "in-reply-to")),
        attachments=tuple(_attachments(message)),
        is_draft=_is_draft(message),
    )


def _is_draft(message: EmailMessage) -> bool:
    """Say whether a message was never sent, by the marks of our drafts, of Thunderbird's and of Apple Mail's.

    Who sends a message gives it an id; our drafts have none. Thunderbird marks those in its folders Drafts and Outbox,
    and takes the mark off what it sends.
    """
    return (
        (_header(message, "x-unsent").strip() == "1" and not first_id(_header(message, "message-id")))
        or _header(message, "x-mozilla-draft-info").strip().startswith("internal/draft")
        or _header(message, "x-uniform-type-identifier").strip() == "com.apple.mail-draft"
    )


def _header(message: EmailMessage, name: str) -> str:
    """Return all headers of a name as one text, "" where one cannot be parsed."""
    try:
        return ", ".join(str(value) for value in message.get_all(name, []))
    except (ValueError, IndexError, TypeError, AttributeError):  # the parser of the standard library fails on some
        return ""


def _text_of(message: EmailMessage) -> str:
    try:
        body = message.get_body(("plain", "html"))
        text = str(body.get_content()) if body is not None else ""
        return text_of_html(text) if body is not None and body.get_content_subtype() == "html" else text
    except (LookupError, ValueError, AttributeError, TypeError):  # an unknown character set, a broken part
        return ""


def _attachments(message: EmailMessage, depth: int = 0) -> list[MessageAttachment]:
    """Return what is attached, also within a message that is attached itself."""
    files: list[MessageAttachment] = []
    for part in message.walk() if depth < MAX_DEPTH else ():
        if part.get_content_disposition() != "attachment" and not part.get_filename():
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            files.append(attachment(part.get_filename() or "", payload))
        if len(files) >= MAX_ATTACHMENTS:
            break
    return files


def attachment(name: str, data: bytes) -> MessageAttachment:
    """Return a file as an attachment, its name without folders and without control characters."""
    plain = "".join(sign if sign.isprintable() else " " for sign in re.split(r"[/\\]", name)[-1]).strip()
    return MessageAttachment(name=plain or "attachment", sha256=sha256(data).hexdigest(), size=len(data), data=data)


def addresses(headers: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses in headers, each once, in lower case."""
    try:
        pairs = getaddresses([header for header in headers if header])
    except (ValueError, IndexError):
        return ()
    return tuple(dict.fromkeys(address.strip().lower() for _, address in pairs if "@" in address))


def thread_of(references: str, in_reply_to: str) -> tuple[str, ...]:
    """Return the ids of the messages that a message answers, the nearest last."""
    return tuple(dict.fromkeys([*MESSAGE_ID.findall(references), *MESSAGE_ID.findall(in_reply_to)]))


def first_id(text: str) -> str | None:
    """Return the first id in a text, None where there is none."""
    match = MESSAGE_ID.search(text)
    return match[0] if match else None


def parse_date(text: str) -> datetime | None:
    """Return the moment that a date header names; one without a zone counts as UTC."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def one_line(text: str) -> str:
    """Return a text in one line."""
    return " ".join(text.split())
