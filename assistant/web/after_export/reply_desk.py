"""A message from ICE: what it asks, quoted; what each request concerns, as a person says; a draft of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.errors import NotFoundError
from assistant.services.after_export import ledger
from assistant.services.after_export.reply_desk import draft_reply, read_reply
from assistant.services.after_export.sent_package import check_line, documents_to_send, signed_copies
from assistant.web.after_export.messages import KIND_WORDS, ShownLine, application_after_documents
from assistant.web.kit.context import commit, db, now, today
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.downloads import send_file_to_save
from assistant.web.kit.page_errors import page_error
from assistant.web.wizard import application_state
from assistant.web.wizard.steps import STEPS, get_step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.services.after_export.ledger_lines import LedgerLine
    from assistant.storage.tables import Application
    from assistant.web.kit.page_errors import PageError

bp = Blueprint("reply_desk", __name__, url_prefix="/applications/<uuid:application_id>/messages/<uuid:message_id>")

DRAFT_NAME = "reply-to-ice.eml"
MORE_DOCUMENTS = {"03-nominee-roster.pdf": "Nominee roster", "other-document": "Another document"}
NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a request may concern: an answer, a whole page of the wizard, or a document."""

    value: str
    words: str
    label: str
    """In words that stand alone, for the draft: with the page it is on."""
    address: str


@bp.route("/", methods=["GET", "POST"])
@reshow_on_csrf_failure
def show(application_id: UUID, message_id: UUID) -> ResponseReturnValue:
    """Show what a message asks, and store what each request concerns."""
    application = application_after_documents(application_id)
    line = _read_line(application, message_id)
    if request.method != "POST" or csrf_failed():
        return _show(application, line, page_error(SENTENCE) if csrf_failed() else [])
    known_values = {subject.value for _, subjects in _subjects(application) for subject in subjects}
    about = {
        point.number: value
        for point in read_reply(line).points
        if (value := request.form.get(f"about-{point.number}", "")) in known_values
    }
    ledger.set_about(db(), application, message_id, about, now=now())
    commit()
    return redirect(
        url_for("reply_desk.show", application_id=application_id, message_id=message_id, saved="1", _anchor="draft")
    )


@bp.get(f"/{DRAFT_NAME}")
def draft(application_id: UUID, message_id: UUID) -> ResponseReturnValue:
    """Send the draft of a reply, to be finished in a mail program."""
    application = application_after_documents(application_id)
    line = _read_line(application, message_id)
    names = {subject.value: subject.label for _, subjects in _subjects(application) for subject in subjects}
    names.pop(NOTHING, None)
    data = draft_reply(application.answers, line, names, today=today())
    return send_file_to_save(data, DRAFT_NAME, "message/rfc822")


def _read_line(application: Application, message_id: UUID) -> LedgerLine:
    """Return a message from ICE.

    Raises:
        NotFoundError: there is none of that id, or it is no message from ICE.
    """
    line = ledger.find_line(db(), application, message_id)
    if line.kind != "reply":
        raise NotFoundError("Only a message from ICE can be answered here. Choose one from the list.")
    return line


def _show(application: Application, line: LedgerLine, errors: Sequence[PageError]) -> str:
    groups = _subjects(application)
    reply = read_reply(line)
    documents = documents_to_send(db(), application)
    check = check_line(line, documents, signed_copies(db(), application))
    return render_template(
        "after_export/reply-desk.html",
        application=application,
        application_title=application_state.title_of(application),
        row=ShownLine(line=line, words=KIND_WORDS[line.kind], check=check, others=()),
        reply=reply,
        groups=groups,
        subjects={subject.value: subject for _, subjects in groups for subject in subjects},
        errors=errors,
        saved="saved" in request.args and request.method != "POST",
    )


def _subjects(application: Application) -> list[tuple[str, list[Subject]]]:
    """Return what a request may concern, under the headings of a list that drops down."""
    groups = [("Documents", _documents(application))]
    for step in STEPS:
        if step.page_form is None and step.slug != "nominees":
            continue
        address = _address(application, step.slug)
        whole = Subject(value=f"step:{step.slug}", words=f"{step.title}: whole page", label=step.title, address=address)
        subjects = [whole]
        for path, field in step.page_form(formdata=None).questions() if step.page_form else ():
            label = f"{step.title}: {field.label.text}"
            subjects.append(Subject(value=f"answer:{path}", words=label, label=label, address=f"{address}#{field.id}"))
        groups.append((step.title, subjects))
    groups.append(("Anything else", [Subject(value=NOTHING, words="Nothing to answer", label="", address="")]))
    return groups


def _documents(application: Application) -> list[Subject]:
    documents = documents_to_send(db(), application) | MORE_DOCUMENTS
    address = url_for("documents.listing", application_id=application.public_id)
    return [
        Subject(value=f"document:{file}", words=title, label=title, address=address)
        for file, title in documents.items()
    ]


def _address(application: Application, slug: str) -> str:
    step = get_step(slug)
    if step is None or step.endpoint != "wizard.step":
        return url_for("nominees.listing", application_id=application.public_id)
    return url_for("wizard.step", application_id=application.public_id, slug=slug)
