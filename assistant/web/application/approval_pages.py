"""Review and approval: ask for a review, lock, approve or decline. Without accounts there is no such page.

An approval or a refusal is sent from the page for the person who signs, with the hash of what that page showed.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from assistant.errors import BlockedError, InputError, PracticeError
from assistant.services.application import approval
from assistant.services.application.locks import find_lock
from assistant.web.application.comment_pages import shared_application
from assistant.web.application.signatory_page import show_page
from assistant.web.kit.context import commit, db, now, person, today
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.page_errors import PageError, page_error
from assistant.web.wizard import application_state, teamwork
from assistant.web.wizard.wizard import version_of_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.storage.tables import Application
    from assistant.web.wizard.teamwork import DecisionView

bp = Blueprint("approval", __name__, url_prefix="/applications/<uuid:application_id>/approval")

CHANGED = "This application was changed while you were reading. Nothing was recorded. See below what changed."


@bp.get("/")
def show(application_id: UUID) -> ResponseReturnValue:
    """Show how far the review is, what was decided, and what the person may do next."""
    return _show(shared_application(application_id))


@bp.post("/ask")
@reshow_on_csrf_failure
def ask(application_id: UUID) -> ResponseReturnValue:
    """Ask for a review."""
    application = shared_application(application_id)
    note = request.form.get("note", "")
    if csrf_failed():
        return _show(application, note=note, errors=page_error(SENTENCE))
    try:
        approval.ask_for_review(db(), application, note, now=now())
    except InputError as error:
        errors = [PageError(message=str(error), id="note")]
        return _show(application, note=note, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    return _return_to_page(application_id)


@bp.post("/finish-review")
def finish_review(application_id: UUID) -> ResponseReturnValue:
    """Say that the review is finished."""
    approval.finish_review(db(), shared_application(application_id), now=now())
    return _return_to_page(application_id)


@bp.post("/lock")
def lock(application_id: UUID) -> ResponseReturnValue:
    """Lock an application for changes."""
    approval.lock_application(db(), shared_application(application_id), application_state.library(), now=now())
    return _return_to_page(application_id)


@bp.post("/unlock")
def unlock(application_id: UUID) -> ResponseReturnValue:
    """Let an application be changed again."""
    approval.unlock_application(db(), shared_application(application_id), now=now())
    return _return_to_page(application_id)


@bp.post("/decide")
@reshow_on_csrf_failure
def decide(application_id: UUID) -> ResponseReturnValue:
    """Approve or decline exactly what the page showed."""
    application = shared_application(application_id)
    sha256, reason = request.form.get("sha256", ""), request.form.get("reason", "")
    if csrf_failed():
        return show_page(application, reason=reason, errors=page_error(SENTENCE))
    signed_in = person()
    name = signed_in.name if signed_in else ""
    try:
        if request.form.get("go") == "approve":
            approval.approve(
                db(), application, application_state.library(), sha256=sha256, name=name, now=now(), today=today()
            )  # fmt: skip
        else:
            approval.decline(
                db(), application, application_state.library(), sha256=sha256, name=name, reason=reason, now=now()
            )  # fmt: skip
    except InputError as error:
        errors = [PageError(message=str(error), id="reason")]
        return _show_again(show_page(application, reason=reason, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY)
    except approval.StateChangedError:
        db().rollback()
        changes = teamwork.changed_places(application, version_of_page(application, otherwise=application.version))
        page = show_page(application, reason=reason, errors=page_error(CHANGED), changes=changes)
        return _show_again(page, HTTPStatus.CONFLICT)
    except PracticeError:
        raise
    except BlockedError as error:
        db().rollback()
        page = show_page(application, reason=reason, errors=page_error(str(error)))
        return _show_again(page, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _return_to_page(application_id)


def _show_again(page: ResponseReturnValue, status: HTTPStatus) -> Response:
    """Return a page that is shown again with this status; a page that leads elsewhere stays as it is."""
    response = make_response(page)
    if response.status_code == HTTPStatus.OK:
        response.status_code = status
    return response


def _return_to_page(application_id: UUID) -> ResponseReturnValue:
    commit()
    return redirect(url_for("approval.show", application_id=application_id))


def _show(application: Application, *, note: str = "", errors: Sequence[PageError] = ()) -> str:
    waiting = sum(map(len, teamwork.open_comments(application).values()))
    return render_template(
        "application/approval.html",
        application=application,
        application_title=application_state.title_of(application),
        last=teamwork.last_decision(application),
        decisions=_earlier(application),
        asked=teamwork.last_request(application),
        is_locked=find_lock(db(), application) is not None,
        waiting=waiting,
        note=note.replace("\x00", "\ufffd"),
        errors=errors,
    )


def _earlier(application: Application) -> list[DecisionView]:
    """Return all decisions, newest first, without what changed since each."""
    state = teamwork.approval_of(application)
    sha256 = state.sha256 if state else ""
    return [
        teamwork.DecisionView(decision=one, is_void=one.sha256 != sha256)
        for one in approval.decisions_on(db(), application)
    ]
