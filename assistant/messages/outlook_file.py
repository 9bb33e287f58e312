"""Read a message that Outlook saved (.msg): an OLE file whose streams are named by the property they hold.

Names and types of the streams are those of Microsoft's open specification [MS-OXMSG]: ``__substg1.0_`` and eight
hexadecimal digits, four for the property and four for its type (001F: UTF-16 text, 001E: one byte a letter, 0102:
bytes).
"""

from __future__ import annotations

import io
import struct
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import olefile

from assistant.errors import InputError
from assistant.messages.plain_text import text_of_html
from assistant.messages.read_message import (
    MAX_ATTACHMENTS,
    NO_MESSAGE,
    ReadMessage,
    addresses,
    attachment,
    first_id,
    one_line,
    parse_date,
    thread_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.messages.read_message import MessageAttachment

SUBJECT, BODY, HTML, HEADERS = "0037", "1000", "1013", "007D"
INTERNET_ID, IN_REPLY_TO, REFERENCES = "1035", "1042", "1039"
SENDER_ADDRESS, SENDER_SMTP, SENT_SMTP = "0C1F", "5D01", "5D02"
RECIPIENT_ADDRESS, RECIPIENT_SMTP, DISPLAY_TO = "3003", "39FE", "0E04"
LONG_NAME, SHORT_NAME, DATA = "3707", "3704", "3701"
SUBMITTED, DELIVERED = 0x0039, 0x0E06
"""Properties of a fixed size, in the stream of properties: when the message was sent, and when it came."""
FLAGS, UNSENT = 0x0E07, 0x08
"""The flags of a message, and the one of a message that was never sent."""
TIME_TYPE, NUMBER_TYPE = 0x0040, 0x0003
PROPERTIES = "__properties_version1.0"
HEADER_BYTES, ENTRY_BYTES = 32, 16
FILE_TIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
MAX_STREAM = 60_000_000


def read_outlook_file(data: bytes) -> ReadMessage:
    """Return the message in a .msg file.

    Raises:
        InputError: the file is damaged, or holds no message.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as opened:
            return _read(opened)
    except (
        OSError,
        ValueError,
        IndexError,
        KeyError,
        struct.error,
        RecursionError,
        AttributeError,
        TypeError,
    ) as error:
        # olefile raises any of these where a file is cut short or points outside itself.
        raise InputError(NO_MESSAGE) from error


def _read(opened: olefile.OleFileIO) -> ReadMessage:
    if not opened.exists(PROPERTIES):
        raise InputError(NO_MESSAGE)
    headers = _text(opened, [], HEADERS)
    senders = addresses([_text(opened, [], name) for name in (SENT_SMTP, SENDER_SMTP, SENDER_ADDRESS)])
    recipients = [
        _text(opened, [folder], RECIPIENT_SMTP) or _text(opened, [folder], RECIPIENT_ADDRESS)
        for folder in _folders(opened, "__recip_version1.0_")
    ]
    return ReadMessage(
        message_id=first_id(_text(opened, [], INTERNET_ID)) or first_id(_header(headers, "message-id")),
        date=_moment(opened) or parse_date(_header(headers, "date")),
        sender=senders[0] if senders else next(iter(addresses([_header(headers, "from")])), None),
        # Of an address inside the sender's own system, Outlook may store no more than a name and a path.
        to=addresses(recipients) or addresses([_header(headers, "to"), *_text(opened, [], DISPLAY_TO).split(";")]),
        subject=one_line(_text(opened, [], SUBJECT)),
        text=_text(opened, [], BODY) or _html_words(opened),
        thread=thread_of(
            _text(opened, [], REFERENCES) or _header(headers, "references"),
            _text(opened, [], IN_REPLY_TO) or _header(headers, "in-reply-to"),
        ),
        attachments=tuple(_attachments(opened)),
        is_draft=bool(_fixed(opened).get((NUMBER_TYPE, FLAGS), 0) & UNSENT),
    )


def _folders(opened: olefile.OleFileIO, start: str) -> list[str]:
    entries = opened.listdir(streams=False, storages=True)
    return sorted(entry[0] for entry in entries if len(entry) == 1 and entry[0].startswith(start))


def _text(opened: olefile.OleFileIO, folder: list[str], name: str) -> str:
    for kind, encoding in (("001F", "utf-16-le"), ("001E", "cp1252")):
        path = [*folder, f"__substg1.0_{name}{kind}"]
        if opened.exists(path):
            text: str = opened.openstream(path).read(MAX_STREAM).decode(encoding, "replace")
            return text.rstrip("\x00")
    return ""


def _attachments(opened: olefile.OleFileIO) -> Iterator[MessageAttachment]:
    for folder in _folders(opened, "__attach_version1.0_")[:MAX_ATTACHMENTS]:
        path = [folder, f"__substg1.0_{DATA}0102"]
        if opened.exists(path):
            name = _text(opened, [folder], LONG_NAME) or _text(opened, [folder], SHORT_NAME)
            yield attachment(name, opened.openstream(path).read(MAX_STREAM))


def _moment(opened: olefile.OleFileIO) -> datetime | None:
    """Return when the message was sent, or came; None where no property says."""
    values = _fixed(opened)
    ticks = values.get((TIME_TYPE, SUBMITTED)) or values.get((TIME_TYPE, DELIVERED))
    try:
        return FILE_TIME_EPOCH + timedelta(microseconds=ticks // 10) if ticks else None
    except OverflowError:
        return None


def _fixed(opened: olefile.OleFileIO) -> dict[tuple[int, int], int]:
    """Return the properties of a fixed size, by type and name."""
    data = opened.openstream(PROPERTIES).read(MAX_STREAM)
    values: dict[tuple[int, int], int] = {}
    for at in range(HEADER_BYTES, len(data) - ENTRY_BYTES + 1, ENTRY_BYTES):
        kind, name, _, value = struct.unpack_from("<HHIQ", data, at)
        values[kind, name] = value
    return values


def _html_words(opened: olefile.OleFileIO) -> str:
    """Return the words of a message that has an HTML text alone; "" where it has none."""
    path = [f"__substg1.0_{HTML}0102"]
    if not opened.exists(path):
        return ""
    return text_of_html(opened.openstream(path).read(MAX_STREAM).decode("utf-8", "replace"))


def _header(headers: str, name: str) -> str:
    """Return a header of the text that came with the message, its further lines included."""
    lines = headers.replace("\r\n", "\n").split("\n")
    parts: list[str] = []
    for line in lines:
        if parts and line[:1] in {" ", "\t"}:
            parts.append(line.strip())
        elif parts:
            break
        elif line.lower().startswith(f"{name}:"):
            parts.append(line.partition(":")[2].strip())
    return " ".join(parts)
