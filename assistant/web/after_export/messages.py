"""The ledger of an application: what was sent to ICE and what came back. Nothing is sent here."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from wtforms.validators import ValidationError

from assistant import program
from assistant.errors import BlockedError, InputError, NotFoundError
from assistant.services.after_export import ledger
from assistant.services.after_export.answer_clock import answer_clock
from assistant.services.after_export.sent_package import (
    check_line,
    documents_to_send,
    sent_documents,
    signed_copies,
)
from assistant.services.application.applications import get, name_of
from assistant.web.kit.context import (
    agency_id,
    application_of,
    begin_read_only,
    begin_write,
    commit,
    db,
    now,
    parts,
    today,
)
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.fields import Day, Email, Several
from assistant.web.kit.page_errors import PageError, errors_of, page_error
from assistant.web.kit.page_forms import PageForm
from assistant.web.kit.uploads import uploaded
from assistant.web.wizard import application_state
from assistant.web.wizard.steps import known_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from assistant.services.after_export.ledger_lines import AttachmentFacts, LedgerLine, LineKind
    from assistant.services.after_export.sent_package import LineCheck, SentDocument
    from assistant.storage.tables import Application
    from assistant.web.kit.context import PageContext

bp = Blueprint("messages", __name__, url_prefix="/applications/<uuid:application_id>/messages")

KIND_WORDS: dict[LineKind, str] = {
    "sent": "Sent",
    "marked": "Marked as sent",
    "reply": "From ICE",
    "other": "Other message",
}
NOTICES = {
    "added": "The message was added.",
    "again": "This message was added before. It has one line.",
    "marked": "The documents were marked as sent. Nothing was sent by this program.",
    "moved": "The message was put into the other application.",
    "here": "The message stays in this application.",
    "removed": "The line was removed.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A line of the ledger as its page shows it."""

    line: LedgerLine
    words: str
    check: LineCheck
    others: tuple[tuple[UUID, str], ...]
    """The applications that it seems to belong to: id and name."""


def _require_address(_form: object, field: Email) -> None:
    """Refuse what is no address."""
    text = field.data or ""
    if not text:
        raise ValidationError("Enter the address it was sent to.")
    if text.count("@") != 1 or "." not in text.rpartition("@")[2] or text.startswith("@"):
        raise ValidationError("Enter an email address, such as name@agency.example.gov.")


def _require_past_day(_form: object, field: Day) -> None:
    """Refuse a day that is missing or still to come."""
    if field.data is None:
        raise ValidationError("Enter the day it was sent.")
    if field.data > today():
        raise ValidationError("Enter a day that is not in the future.")


def _require_document(_form: object, field: Several) -> None:
    """Refuse a note without a document."""
    if not field.data:
        raise ValidationError("Choose at least one document.")


class MarkSentForm(PageForm):
    """What a person says of a message that was sent and is not at hand as a file."""

    sent_on = Day(
        "On which day was it sent?",
        named="the day it was sent",
        hint="For example: 3 26 2026",
        validators=[_require_past_day],
    )
    to = Email(
        "To which address?",
        named="the email address",
        inputmode="email",
        longest=254,
        validators=[_require_address],
    )
    documents = Several(
        "Which documents were attached?",
        choices=[],
        hint="Choose each document that was in it.",
        validators=[_require_document],
    )


@bp.route("/", methods=["GET", "POST"])
@reshow_on_csrf_failure
def show(application_id: UUID) -> ResponseReturnValue:
    """Show the ledger, or add a saved message to it."""
    begin_read_only()
    application = application_after_documents(application_id)
    if request.method != "POST":
        return _show(application)
    if csrf_failed():
        return _show(application, [PageError(message=f"{SENTENCE} Choose the file again.", id="message")])
    try:
        data = uploaded("message", what="a saved message, .eml or .msg")
        incoming = ledger.read_incoming(db(), application, data)
        begin_write()
        added = ledger.store_message(db(), application, incoming, now=now())
    except (InputError, BlockedError) as error:
        return _show(application, [PageError(message=str(error), id="message")]), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    notice = "added" if added.is_new else "again"
    return redirect(url_for("messages.show", application_id=application_id, change=notice, _anchor="ledger"))


@bp.route("/mark", methods=["GET", "POST"])
@reshow_on_csrf_failure
def mark(application_id: UUID) -> ResponseReturnValue:
    """Ask what was sent without a saved message, and note it."""
    application = application_after_documents(application_id)
    documents = documents_to_send(db(), application)
    form = MarkSentForm(request.form if request.method == "POST" else None, _first_answers(documents).get)
    form.documents.offered = list(documents.items())
    form.to.hint = f"ICE’s page names {program.recipient_address()}."
    if request.method != "POST" or csrf_failed():
        return _ask(application, form, page_error(SENTENCE) if csrf_failed() else [])
    form.validate()
    if errors := errors_of(form):
        return _ask(application, form, errors), HTTPStatus.UNPROCESSABLE_ENTITY
    copies = signed_copies(db(), application)
    attachments: list[AttachmentFacts] = []
    for file in form.documents.data:
        copy = next(
            (copy for copy in copies if copy.document == file and not (copy.is_replaced or copy.is_by_ice)), None
        )
        attachments.append(
            {
                "name": file,
                "sha256": copy.sha256 if copy else "",
                "size": copy.size if copy else 0,
                "matches": file,
                "copy": "signed" if copy else None,
                "application": None,
            }
        )
    day = form.sent_on.data
    if day is None:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        ledger.mark_sent(db(), application, day=day, to=form.to.data or "", attachments=attachments, now=now())
    except BlockedError as error:
        return _ask(application, form, page_error(str(error))), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    return redirect(url_for("messages.show", application_id=application_id, change="marked", _anchor="ledger"))


@bp.post("/<uuid:message_id>/place")
def place(application_id: UUID, message_id: UUID) -> ResponseReturnValue:
    """Put a message into the application that a person says it belongs to."""
    application = application_after_documents(application_id)
    try:
        target = UUID(request.form.get("target", ""))
    except ValueError:
        raise NotFoundError("There is no such application. Choose one of those shown.") from None
    ledger.place_line(db(), application, message_id, target, now=now())
    commit()
    notice = "here" if target == application_id else "moved"
    return redirect(url_for("messages.show", application_id=target, change=notice, _anchor="ledger"))


@bp.route("/<uuid:message_id>/remove", methods=["GET", "POST"])
@reshow_on_csrf_failure
def remove(application_id: UUID, message_id: UUID) -> ResponseReturnValue:
    """Ask once, then take a line out of the ledger."""
    application = application_after_documents(application_id)
    line = ledger.find_line(db(), application, message_id)
    if request.method != "POST" or csrf_failed():
        return render_template(
            "after_export/remove-message.html",
            application=application,
            application_title=application_state.title_of(application),
            line=line,
            kind=KIND_WORDS[line.kind],
            errors=page_error(SENTENCE) if csrf_failed() else [],
        )
    ledger.remove_line(db(), application, message_id, now=now())
    commit()
    return redirect(url_for("messages.show", application_id=application_id, change="removed", _anchor="ledger"))


def application_after_documents(application_id: UUID) -> Application:
    """Return an application that can have documents.

    Raises:
        NotFoundError: there is none of that id, it is another agency's, or it has no documents yet.
    """
    application = application_of(application_id)
    if known_step("documents").needs(application.answers):
        raise NotFoundError("There are no documents yet. Go to the task list.")
    return application


def _first_answers(documents: dict[str, str]) -> dict[str, object]:
    """Return what the page of a note begins with: ICE's address, and every document."""
    return {"to": program.recipient_address(), "documents": tuple(documents)}


def _show(application: Application, errors: Sequence[PageError] = ()) -> str:
    lines = ledger.lines_of(db(), application)
    documents, copies = documents_to_send(db(), application), signed_copies(db(), application)
    rows: list[SentDocument] = sent_documents(documents, copies, lines)
    context: PageContext = {
        "application": application,
        "application_title": application_state.title_of(application),
        "errors": errors,
        "documents": rows,
        "is_all_sent": all(row.state in {"sent signed", "marked"} for row in rows),
        "is_any_sent": any(line.is_sent for line in lines),
        "lines": [
            ShownLine(
                line=line,
                words="Noted by hand" if line.is_note and line.kind == "other" else KIND_WORDS[line.kind],
                check=check_line(line, documents, copies),
                others=tuple(_names_of(line.elsewhere)),
            )
            for line in lines
        ],
        "clock": answer_clock(lines, today=today()),
        "contact": program.program_contact(),
        "notice": NOTICES.get(request.args.get("change", "")) if request.method != "POST" else None,
        "copies_address": (
            url_for("signed_copies.show", application_id=application.public_id)
            if "signed_copies.show" in current_app.view_functions
            else ""
        ),
        "largest": parts().config.upload_max_bytes // 1_000_000,
    }
    return render_template("after_export/messages.html", **context)


def _names_of(ids: Sequence[UUID]) -> list[tuple[UUID, str]]:
    """Return the ids and names of other applications of the agency, without those that were deleted since."""
    names = []
    for public_id in ids:
        try:
            other = get(db(), agency_id(), public_id)
        except NotFoundError:
            continue
        names.append((public_id, name_of(other.title, other.progress)))
    return names


def _ask(application: Application, form: MarkSentForm, errors: Sequence[PageError]) -> str:
    return render_template(
        "after_export/mark-sent.html",
        application=application,
        application_title=application_state.title_of(application),
        form=form,
        errors=errors,
    )
