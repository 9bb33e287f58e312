"""The list of applications: start one, from nothing or from an answers file; copy, take along, delete."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for

from assistant.answers import dump, parse
from assistant.errors import AnswersError, NotFoundError
from assistant.services.application import applications
from assistant.services.application.practice import is_practice
from assistant.services.installation.keys_copy import confirm_copy, is_copy_confirmed
from assistant.storage import database
from assistant.web.application import bundle_preview
from assistant.web.application.application_cards import make_cards
from assistant.web.application.papers_to_get import PAPERS, amount_of_work
from assistant.web.kit.context import agency_id, application_of, commit, db, now, parts
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.numbers import read_number
from assistant.web.kit.page_errors import PageError
from assistant.web.wizard import application_state

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.answers import Answers
    from assistant.storage.tables import Application

bp = Blueprint("applications", __name__)

LARGEST_FILE = 8_000_000  # bytes; the reader of answers files refuses more in its own words
PAGE_ROWS = 10
"""Cards on a page; each is opened, to say how far it is."""
MOST_DIGITS = 7
"""Digits of a number that may be that of a page."""


@bp.get("/")
def listing() -> ResponseReturnValue:
    """Show what this program makes, and the agency's applications as cards, last changed first."""
    text = request.args.get("page", "1")
    count = applications.count_for(db(), agency_id())
    pages = max(1, -(-count // PAGE_ROWS))
    page = min(read_number(text, MOST_DIGITS) or 1, pages)
    rows = applications.list_for(db(), agency_id(), limit=PAGE_ROWS, offset=(page - 1) * PAGE_ROWS)
    return render_template(
        "application/applications/listing.html",
        cards=make_cards(rows),
        papers=PAPERS,
        work=amount_of_work(),
        count=count,
        page=page,
        pages=pages,
        deleted="deleted" in request.args,
        keys_dir="" if not count or is_copy_confirmed(db()) else str(parts().config.keys_dir),
    )


@bp.post("/keys-copied")
def note_keys_copied() -> ResponseReturnValue:
    """Note that the keys are copied, so that the list of applications asks for it no longer."""
    confirm_copy(db())
    commit()
    return redirect(url_for("applications.listing"))


@bp.post("/applications")
def start() -> ResponseReturnValue:
    """Start an empty application, at its first page."""
    application = applications.create(db(), agency_id(), now=now())
    commit()
    return redirect(url_for("wizard.step", application_id=application.public_id, slug="before-you-begin"))


@bp.post("/practice")
def start_practice() -> ResponseReturnValue:
    """Start an application of a made-up agency, for practice."""
    application = applications.start_practice(db(), agency_id(), now=now())
    commit()
    return redirect(url_for("wizard.hub", application_id=application.public_id))


@bp.post("/applications/<uuid:application_id>/end-practice")
def end_practice(application_id: UUID) -> ResponseReturnValue:
    """End practice at once: nothing in it is anyone's work, so the application is deleted unasked."""
    application = application_of(application_id)
    if not is_practice(application):
        raise NotFoundError
    return _delete(application)


@bp.route("/applications/from-file", methods=["GET", "POST"])
@reshow_on_csrf_failure
def from_file() -> ResponseReturnValue:
    """Start an application from an answers file."""
    if request.method != "POST":
        return render_template("application/applications/from-file.html")
    if csrf_failed():
        return render_template("application/applications/from-file.html", errors=[PageError(message=SENTENCE)])
    try:
        answers = _uploaded_answers()
    except AnswersError as error:
        return render_template(
            "application/applications/from-file.html", errors=[PageError(message=str(error), id="answers")]
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    application = applications.create(db(), agency_id(), now=now(), answers=answers, act="transferred")
    commit()
    return redirect(url_for("wizard.hub", application_id=application.public_id))


def _uploaded_answers() -> Answers:
    upload = request.files.get("answers")
    data = upload.read(LARGEST_FILE + 1) if upload else b""
    if not data:
        raise AnswersError("", "Choose an answers file, such as answers.json from a bundle.")
    return parse(data)


@bp.post("/applications/<uuid:application_id>/copy")
def copy(application_id: UUID) -> ResponseReturnValue:
    """Start an application with the answers of another one."""
    application = applications.copy(db(), application_of(application_id), now=now())
    commit()
    return redirect(url_for("wizard.hub", application_id=application.public_id))


@bp.route("/applications/<uuid:application_id>/delete", methods=["GET", "POST"])
@reshow_on_csrf_failure
def delete(application_id: UUID) -> ResponseReturnValue:
    """Ask once, then delete an application for good."""
    application = application_of(application_id)
    if request.method != "POST" or csrf_failed():
        errors = [PageError(message=SENTENCE)] if csrf_failed() else []
        return render_template(
            "application/applications/delete.html",
            application=application,
            title=application_state.title_of(application),
            errors=errors,
        )
    return _delete(application)


def _delete(application: Application) -> ResponseReturnValue:
    applications.delete(db(), application, now=now())
    commit()
    database.erase_leftovers(parts().engine)
    bundle_preview.forget()
    return redirect(url_for("applications.listing", deleted=1))


@bp.get("/applications/<uuid:application_id>/answers.json")
def answers_file(application_id: UUID) -> ResponseReturnValue:
    """Send the answers file, to keep a copy or move it to another computer."""
    application = application_of(application_id)
    response = Response(dump(application.answers), mimetype="application/json")
    response.headers["Content-Disposition"] = "attachment; filename=answers.json"
    return response
