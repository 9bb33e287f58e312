"""The sending package: the signed copies, the e-mail that carries them, and what was found in them.

Nothing is sent, and nothing here says that a copy is valid: whoever sends it looks at it first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from assistant.answers import MODELS
from assistant.bundle import email_draft
from assistant.bundle.bundle import file_row, folder_name, packed
from assistant.bundle.file_names import safe_name
from assistant.documents.wording import agency_name, counted, model_name, models_in_order
from assistant.editions.formats import long_date
from assistant.errors import InputError, PdfError
from assistant.program import recipient_address
from assistant.program.sources import cite
from assistant.rules import SEVERITIES, Finding, Review
from assistant.rules.wording import comparable
from assistant.services.agreements.agreement_check import check
from assistant.services.application.plan import chosen_letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from assistant.answers import Answers, Model
    from assistant.editions.catalog import Edition
    from assistant.editions.library import FormLibrary
    from assistant.rules import Severity
    from assistant.services.agreements.agreement_check import CheckResult

SOURCE = str(cite("page"))
"""An agency "must submit a signed Letter of Interest and signed MOA to ICE"."""
LINE_LETTERS = 78
SIZES = "Limits that common mail systems set (this project)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A signed copy as it goes into the package. ``model`` is None where no agreement, or no model, was recognized."""

    name: str
    file_name: str
    """The name of the file it came from."""
    data: bytes
    pages: int
    model: Model | None
    signed: bool | None
    """None: the file does not show it, or it is not an agreement."""
    unread: bool = False
    """Too little of it can be read to tell whether it is an agreement, or for which model."""

    @property
    def size(self) -> int:
        """Return the size of the file in bytes."""
        return len(self.data)

    def to_document(self) -> dict[str, object]:
        """Return it as a JSON object."""
        facts = {"file": self.file_name, "pages": self.pages, "model": self.model, "signed": self.signed}
        return file_row(self.name, self.data) | facts


class MailedCopy(email_draft.WeighedFile, Protocol):
    """What a message says of a signed copy that it carries."""

    @property
    def model(self) -> Model | None:
        """Return the model of the agreement, None for the letter or what was not recognized."""


CopyT = TypeVar("CopyT", bound=MailedCopy)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMessage(Generic[CopyT]):
    """One message to ICE: its file name, the copies that it carries, and what it says of them.

    ``models``, ``with_letter`` and ``part`` are those of ``email_draft.draft``.
    """

    name: str
    copies: Sequence[CopyT]
    models: Sequence[Model] | None
    with_letter: bool
    part: email_draft.Part | None


def divide_into_messages(copies: Sequence[CopyT], *, names_all: bool) -> list[CopyMessage[CopyT]]:
    """Return the messages that carry the copies: one, or several where they are too heavy for one.

    ``names_all``: a single message names the letter and every model as attached, for a file that was not recognized
    may be any of them.

    Raises:
        BlockedError: one copy is too heavy for a message of its own.
    """
    parts = email_draft.split(copies)
    alone = len(parts) == 1
    return [
        CopyMessage(
            name="email.eml" if alone else f"email-{number}-of-{len(parts)}.eml",
            copies=mine,
            models=None if alone and names_all else [copy.model for copy in mine if copy.model],
            with_letter=(alone and names_all) or any(copy.model is None for copy in mine),
            part=None if alone else email_draft.Part(number=number, total=len(parts)),
        )
        for number, mine in enumerate(parts, 1)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The package: ``data`` is the ZIP; ``review`` is what was found in the copies, and what is missing."""

    data: bytes
    copies: tuple[Copy, ...]
    review: Review
    messages: Mapping[str, bytes]
    """The e-mail drafts by file name: one, or several where one would be too heavy."""
    message_bytes: int
    """Of all messages together."""

    @property
    def ready(self) -> bool | None:
        """Say whether nothing blocks; None where nothing surely does and a copy could not be judged."""
        unjudged = {"copy-not-judged", "signed-copy-missing"} & {finding.code for finding in self.review.findings}
        return None if self.review.ready and unjudged else self.review.ready

    def to_document(self) -> dict[str, object]:
        """Return it as a JSON document."""
        return {
            "copies": [copy.to_document() for copy in self.copies],
            "message_bytes": self.message_bytes,
            "messages": [{"name": name, "bytes": len(data)} for name, data in self.messages.items()],
            **self.review.to_document(),
            "ready": self.ready,
        }


def package(
    answers: Answers,
    signed: Mapping[str, bytes],
    *,
    today: date,
    library: FormLibrary | None = None,
    session: Session | None = None,
) -> Package:
    """Return the package of signed copies (bytes by the name of their file), each read in a child process.

    ``library`` and ``session`` serve the check of each agreement (``checking.check``).

    Raises:
        PdfError: a copy cannot be read.
        InputError: the answers name no model.
        BlockedError: one copy is too heavy for a message of its own.
    """
    if not answers.models:
        raise InputError("The answers name no model. Use the answers that the agreements were made from.")
    copies: list[Copy] = []
    findings: list[Finding] = []
    for file_name, data in signed.items():
        try:
            result = check(data, today=today, library=library, session=session, answers=answers)
        except PdfError as error:
            raise PdfError(f"{file_name}: {error}") from None
        model = result.model if result.document["party"] else None
        name = safe_name(f"moa-{model.lower()}-signed.pdf" if model else file_name, [copy.name for copy in copies])
        copies.append(
            Copy(
                name=name,
                file_name=file_name,
                data=data,
                pages=len(result.pages),
                model=model,
                signed=result.signed if model else None,
                unread=model is None and result.why_not_judged is not None,
            )
        )
        findings += _about(file_name, result, answers)
    # As the message names them: the letter, then the agreements.
    copies.sort(key=lambda copy: MODELS.index(copy.model) if copy.model else -1)
    findings += _missing(copies, answers)
    letter = chosen_letter(answers, library) if library else None
    return pack_copies(answers, copies, findings, today=today, letter=letter.edition if letter else None)


def pack_copies(
    answers: Answers,
    copies: Sequence[Copy],
    findings: Sequence[Finding],
    *,
    today: date,
    letter: Edition | None,
    names_all: bool = True,
) -> Package:
    """Return the package of copies that were looked at: in one message, or in several where they are too heavy for one.

    ``letter`` is the edition of ICE's Letter of Interest, where that form was signed; ``names_all`` as for
    ``divide_into_messages``.

    Raises:
        BlockedError: one copy is too heavy for a message of its own.
    """
    divided = divide_into_messages(copies, names_all=names_all)
    weights = [email_draft.weigh(message.copies) for message in divided]
    rows = [*findings, *_about_weight(weights)]
    review = Review(findings=tuple(sorted(rows, key=lambda finding: SEVERITIES.index(finding.severity))))
    before = "" if review.ready else "fix what README.txt lists under “Fix before you send”."
    messages = {
        message.name: email_draft.draft(
            answers,
            today=today,
            attachments=[email_draft.Attachment(name=copy.name, data=copy.data) for copy in message.copies],
            letter=letter,
            before=before,
            models=message.models,
            with_letter=message.with_letter,
            part=message.part,
        )
        for message in divided
    }
    files = {copy.name: copy.data for copy in copies} | messages
    files["README.txt"] = _readme(answers, copies, list(messages), review, today).encode()
    files["manifest.json"] = (json.dumps(_manifest(copies, files, today), indent=2, ensure_ascii=False) + "\n").encode()
    return Package(
        data=packed(f"{folder_name(answers, today)}-to-send", files, today),
        copies=tuple(copies),
        review=review,
        messages=messages,
        message_bytes=sum(weight.message_bytes for weight in weights),
    )


def _about_weight(weights: Sequence[email_draft.Weight]) -> Iterator[Finding]:
    """Yield the findings about the size of the messages."""
    if len(weights) > 1:
        message = (
            f"The copies are too large for one message, so there are {len(weights)}. Send each of them. Or scan in "
            "black and white at 300 dpi, and make the package again."
        )
        yield _finding("message-in-parts", "warning", "the messages", message, source=SIZES)
    elif weights[0].verdict == "heavy":
        yield _finding("message-heavy", "warning", "email.eml", weights[0].advice, source=SIZES)


def _about(file_name: str, result: CheckResult, answers: Answers) -> Iterator[Finding]:
    """Yield what is found in one copy; each place is named with its file."""
    party = result.document["party"]
    for one in result.findings:
        if not party and one.code == "not-an-moa":
            continue
        # Of a file that may be the letter, nothing about an agreement is certain.
        unsure = result.model is None and one.severity == "blocker"
        yield replace(one, where=f"{file_name}, {one.where}", severity="warning" if unsure else one.severity)
    if not party or result.model is None:
        return
    if result.why_not_judged:
        yield _finding("copy-not-judged", "warning", file_name, result.why_not_judged)
    if result.model not in answers.models:
        message = "This agreement is for a model that the answers do not name. Remove it, or add the model."
        yield _finding("model-not-applied-for", "blocker", file_name, message)
    if result.signed is False:
        message = "No signature was found on this agreement. Have it signed, scan every page, and use that file."
        yield _finding("signature-absent", "blocker", file_name, message)
    elif result.signed is None:
        message = "This program cannot tell whether this agreement is signed. Look at its signature page."
        yield _finding("signature-unclear", "warning", file_name, message)
    if party["sure"] and party["name"] and not _is_the_agency(party, answers):
        message = "The agency named in this agreement is not the one in the answers. Use this agency’s file."
        yield _finding("other-agency", "blocker", file_name, message)


def _is_the_agency(party: Mapping[str, Any], answers: Answers) -> bool:
    """Say whether the party is the agency; under the name that these answers print there, the check calls it so."""
    return comparable(party["name"]) == comparable(answers.agency.legal_name or "")


def _missing(copies: Sequence[Copy], answers: Answers) -> Iterator[Finding]:
    """Yield what is not among the copies, or twice; a copy is missing for sure only where no unread file may be it."""
    unread = [copy.file_name for copy in copies if copy.unread]
    lacking = set(answers.models) - {copy.model for copy in copies}
    for model in models_in_order(answers.models):
        mine = [copy for copy in copies if copy.model == model]
        if not mine and len(unread) >= len(lacking):
            message = (
                f"No signed copy of this agreement was recognized: {model_name(model)}. It may be among the files that "
                f"could not be read: {', '.join(unread)}. Open them, and attach the agreement if it is not there."
            )
            yield _finding("signed-copy-missing", "warning", f"models.{model}", message)
        elif not mine:
            message = f"No signed copy of this agreement was recognized: {model_name(model)}. Attach it."
            yield _finding("signed-copy-missing", "blocker", f"models.{model}", message)
        elif len(mine) > 1:
            message = f"Two files are the same agreement: {model_name(model)}. Keep the signed one."
            yield _finding("signed-copy-twice", "warning", mine[1].file_name, message)
    others = [copy for copy in copies if copy.model is None]
    if not others:
        message = "The signed letter of interest is missing: every file is an agreement. Attach the letter."
        yield _finding("signed-letter-missing", "warning", "letter of interest", message)
    for copy in others:
        message = "This file was not recognized as an agreement and is treated as the letter. Open it and check."
        if copy.unread:
            message = "This file could not be read. It may be the letter or an agreement. Open it and check."
        yield _finding("copy-not-recognised", "note", copy.file_name, message)


def _finding(code: str, severity: Severity, where: str, message: str, source: str = SOURCE) -> Finding:
    return Finding(code=code, severity=severity, where=where, message=message, source=source)


def _manifest(copies: Sequence[Copy], files: Mapping[str, bytes], today: date) -> dict[str, object]:
    rows_by_name = {copy.name: copy.to_document() for copy in copies}
    rows = [rows_by_name.get(name) or file_row(name, data) for name, data in files.items()]
    return {"files": rows, "made": today.isoformat(), "sent": False}


def _readme(answers: Answers, copies: Sequence[Copy], messages: Sequence[str], review: Review, today: date) -> str:
    it = "it" if len(messages) == 1 else "each"
    lines = [f"Signed copies of {agency_name(answers)}, packed on {long_date(today)}. Nothing has been sent.", ""]
    for copy in copies:
        says = model_name(copy.model) if copy.model else "not recognized; treated as the letter of interest"
        lines.append(f"{copy.name:<32} {says}, {counted(copy.pages, 'page', 'pages')}")
    for name in messages:
        carried = "these copies" if len(messages) == 1 else "some of these copies"
        lines.append(f"{name:<32} the message with {carried} attached; it is not sent")
    lines.append(f"{'manifest.json':<32} size and SHA-256 of every file")
    for severity, title in (("blocker", "Fix before you send"), ("warning", "Look at")):
        of_severity = [finding for finding in review.findings if finding.severity == severity]
        lines += ["", title, "-" * len(title)] if of_severity else []
        for finding in of_severity:
            lines += wrap(
                f"{finding.where}: {finding.message}", LINE_LETTERS, initial_indent="- ", subsequent_indent="  "
            )
    lines += [
        "",
        "What to do next",
        "---------------",
        "1. Open each copy and look at every page: each page is there, upright, signed and",
        "   dated, and ICE's side is empty.",
        f"2. Open {' and '.join(messages)} in your mail program, read {it}, and send {it} to {recipient_address()}.",
        f"3. Keep the signed copies and the sent {'message' if len(messages) == 1 else 'messages'}.",
    ]
    return "\n".join(lines) + "\n"
