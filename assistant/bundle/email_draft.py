"""The e-mail to ICE as an unsent draft (.eml), without attachments or with the signed copies.

The recipient comes from what is known of the program, never from the answers. Nothing is sent here.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from assistant.answers import MODELS
from assistant.bundle.file_names import safe_name
from assistant.editions.formats import phone
from assistant.errors import BlockedError
from assistant.program import get_model, recipient_address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assistant.answers import Answers, Model
    from assistant.editions.catalog import Edition

WARN_BYTES, STOP_BYTES = 15_000_000, 20_000_000  # of the message as it leaves
DRAFT = "DRAFT – do not send: the documents with it are drafts"
_SHORT = 50  # letters that fit on a header's first line
# What an address in a header may look like; anything else is left out, and the mail program asks.
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._+%-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}", re.ASCII)


class WholeWords(EmailPolicy):
    """Write a header with letters beyond ASCII as one encoded run.

    Word by word, as the standard library does it, the space between two encoded words is lost in reading
    (RFC 2047, 6.2): "Doña Ána" would arrive as "DoñaÁna".
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return the header as it is written."""
        if name.lower() in {"in-reply-to", "references"}:
            # One id a line: the standard library would encode a long one, and then no mail program finds the thread.
            return f"{name}: {f'{self.linesep} '.join(str(value).split())}{self.linesep}".encode("ascii")
        sender = value.addresses[0] if name.lower() == "from" else None
        text = sender.display_name if sender else str(value)
        # A short plain name stands as it is; a long one would be broken within quotes, which not every reader joins.
        if (text.isascii() and len(text) <= _SHORT) or name.lower() not in {"subject", "from"}:
            return super().fold_binary(name, value)
        tail = f"{self.linesep} <{sender.addr_spec}>" if sender else ""
        run = Header(text, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {run}{tail}{self.linesep}".encode("ascii")


class WeighedFile(Protocol):
    """What is known of a file before it is attached: its name, and its size in bytes."""

    @property
    def name(self) -> str:
        """Return the name under which it is attached."""

    @property
    def size(self) -> int:
        """Return its size in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A signed copy."""

    name: str
    data: bytes

    @property
    def size(self) -> int:
        """Return its size in bytes."""
        return len(self.data)


FileT = TypeVar("FileT", bound=WeighedFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which of several messages one is, from 1."""

    number: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How heavy a message with its attachments is, and whether that will pass."""

    message_bytes: int
    verdict: Literal["fits", "heavy", "too heavy"]
    advice: str


def draft(
    answers: Answers,
    *,
    today: date,
    attachments: Sequence[Attachment] = (),
    draft: bool = False,
    letter: Edition | None = None,
    before: str = "",
    models: Sequence[Model] | None = None,
    with_letter: bool = True,
    part: Part | None = None,
) -> bytes:
    """Return the unsent message; the same bytes for the same input.

    ``models`` and ``with_letter`` say what is attached, where that is not the letter and an agreement for each model
    of the answers. ``part`` is given where the copies go in several messages.

    ``before`` says what is to be done before it is sent; it stands at its head, to be deleted then. With ``draft`` it
    goes with documents that are not to be sent, and says so in its subject and first line.
    ``letter`` is the edition of ICE's Letter of Interest, where that form is signed and not the agency's own letter.

    Raises:
        BlockedError: the attachments are too heavy for one message.
    """
    weight = weigh(attachments)
    if weight.verdict == "too heavy":
        raise BlockedError(weight.advice)
    message = EmailMessage(policy=WholeWords(linesep="\r\n"))
    message["To"] = recipient_address()
    if sender := _sender(answers):
        message["From"] = sender
    line = subject(answers, part=part)
    message["Subject"] = f"DRAFT – {line}" if draft else line
    message["Date"] = format_datetime(datetime(today.year, today.month, today.day, 12, tzinfo=UTC))
    message["X-Unsent"] = "1"  # Outlook opens such a file as a draft
    text = body(answers, attached=bool(attachments), letter=letter, models=models, with_letter=with_letter, part=part)
    text = f"[Before sending: {before} Then delete this paragraph.]\n\n{text}" if before else text
    message.set_content(f"[{DRAFT}]\n\n{text}" if draft else text, cte="quoted-printable")
    names: list[str] = []
    for attachment in attachments:
        names.append(safe_name(attachment.name, names))
        message.add_attachment(attachment.data, maintype="application", subtype="pdf", filename=names[-1])
    if attachments:
        mark = hashlib.sha256(b"".join(hashlib.sha256(attachment.data).digest() for attachment in attachments))
        message.set_boundary(f"=_287g-{mark.hexdigest()[:32]}")
    return message.as_bytes()


def subject(answers: Answers, *, part: Part | None = None) -> str:
    """Return "287(g) Letter of Interest and MOA – TFM, WSO – Example County Sheriff’s Office", with "(1 of 2)"."""
    models = ", ".join(model for model in MODELS if model in answers.models)
    parts = ("287(g) Letter of Interest and MOA", models, one_line(answers.agency.legal_name or ""))
    line = " – ".join(text for text in parts if text)
    return f"{line} ({part.number} of {part.total})" if part else line


def body(
    answers: Answers,
    *,
    attached: bool,
    letter: Edition | None = None,
    models: Sequence[Model] | None = None,
    with_letter: bool = True,
    part: Part | None = None,
) -> str:
    """Return the text of the message; without attachments its head says what to attach, to be deleted then.

    What is attached, and in which of several messages, as for ``draft``.
    """
    agency = one_line(answers.agency.legal_name or "") or "Our agency"
    carried = answers.models if models is None else models
    named = [get_model(model) for model in MODELS if model in carried]
    copies = [_letter(letter)] if with_letter else []
    copies += [f"the signed MOA, {model.name} ({model.code})" for model in named]
    contact = answers.program_contact
    reach = [one_line(part) for part in (contact.full_name, contact.title) if part]
    reach += [one_line(part) for part in (phone(contact.phone) if contact.phone else "", contact.email) if part]
    signatory = answers.signatory
    signed = [one_line(part) for part in (signatory.full_name, signatory.title, answers.agency.legal_name) if part]
    lines = []
    if not attached:
        lines += [
            "[Before sending: attach the signed copies listed below, one PDF each, then delete this paragraph.]",
            "",
        ]
    lines += [
        "To the 287(g) Program:",
        "",
        f"{agency} is interested in taking part in ICE’s 287(g) program. Attached:",
        "",
        *(f"- {copy}" for copy in copies),
        "",
    ]
    if part:
        lines += [f"The files are too large for one message. This is message {part.number} of {part.total}.", ""]
    if reach:
        lines += [f"Point of contact: {', '.join(reach)}", ""]
    lines += ["Please confirm that this message was received.", "", *signed]
    return "\n".join(lines).rstrip() + "\n"


def _letter(letter: Edition | None) -> str:
    """Return what the letter is called: ICE's form with its date, or the agency's own."""
    if letter is None:
        return "the signed letter of interest"
    revision = f", revision {letter.revision_label}" if letter.revision_label else ""
    return f"the signed Letter of Interest, on ICE’s form{revision}"


def split(files: Sequence[FileT]) -> list[list[FileT]]:
    """Return the files by message, in their order, in as few messages as can carry them; one where there are none.

    Raises:
        BlockedError: one of them is too heavy for a message of its own.
    """
    messages: list[list[FileT]] = [[]]
    for file in files:
        alone = weigh([file])
        if alone.verdict == "too heavy":
            raise BlockedError(f"{file.name}: {alone.advice}")
        if messages[-1] and weigh([*messages[-1], file]).verdict == "too heavy":
            messages.append([])
        messages[-1].append(file)
    return messages


def weigh(files: Sequence[WeighedFile]) -> Weight:
    """Return how heavy a message with these files attached is: base64 adds a third, its line ends a little more."""
    whole = 4_000 + sum(-(-file.size // 57) * 78 + 400 for file in files)
    size = f"{whole / 1_000_000:.1f} MB"
    if whole > STOP_BYTES:
        advice = f"The message would be {size}, over 20 MB. Scan in black and white at 300 dpi, then attach again."
        return Weight(message_bytes=whole, verdict="too heavy", advice=advice)
    if whole > WARN_BYTES:
        advice = (
            f"The message is {size}, over 15 MB. Some mail systems refuse that. Scan in black and white if you can."
        )
        return Weight(message_bytes=whole, verdict="heavy", advice=advice)
    return Weight(message_bytes=whole, verdict="fits", advice=f"The message is {size}.")


def one_line(text: str) -> str:
    """Return the text without what could begin another header or pass for an encoded one."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(line.replace("=?", "= ?").split())


def _sender(answers: Answers) -> Address | None:
    email = (answers.signatory.email or "").strip()
    if not _PLAIN_ADDRESS.fullmatch(email):
        return None
    user, _, domain = email.rpartition("@")
    if user.startswith(".") or user.endswith(".") or ".." in user:
        return None
    return Address(display_name=one_line(answers.signatory.full_name or ""), username=user, domain=domain)
