"""Comments on answers: the list, one more, and "resolved". Without accounts there are none, and no such page."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.errors import InputError, NotFoundError
from assistant.services.application import comments as service
from assistant.services.application.nominees import nominees_of
from assistant.web.kit.context import application_of, commit, db, is_shared, now
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.page_errors import PageError, page_error
from assistant.web.wizard import application_state, teamwork
from assistant.web.wizard.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.storage.tables import Application

bp = Blueprint("comments", __name__, url_prefix="/applications/<uuid:application_id>/comments")

MOST_NOMINEES = 200
"""Nominees that can be chosen from the list of answers; for others a comment begins on their page."""


def shared_application(application_id: UUID) -> Application:
    """Return the agency's application.

    Raises:
        NotFoundError: there is none, or nobody works together here.
    """
    application = application_of(application_id)
    if not is_shared():
        raise NotFoundError
    return application


@bp.get("/")
def show(application_id: UUID) -> ResponseReturnValue:
    """Show every comment, and the form for another one."""
    return _show(shared_application(application_id), on=request.args.get("on", ""))


@bp.post("/add")
@reshow_on_csrf_failure
def add(application_id: UUID) -> ResponseReturnValue:
    """Add a comment on an answer."""
    application = shared_application(application_id)
    on, text = request.form.get("on", ""), request.form.get("text", "")
    if csrf_failed():
        return _show(application, on=on, text=text, errors=page_error(SENTENCE))
    if on not in {value for _, options in _places(application, on) for value, _ in options}:
        errors = [PageError(message="Choose the answer that your comment is on.", id="on")]
        return _show(application, on=on, text=text, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        comment_id = service.add_comment(db(), application, on, text, now=now())
    except InputError as error:
        errors = [PageError(message=str(error), id="text")]
        return _show(application, on=on, text=text, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    return redirect(url_for("comments.show", application_id=application_id, _anchor=f"comment-{comment_id}"))


@bp.post("/<uuid:comment_id>/resolve")
def resolve(application_id: UUID, comment_id: UUID) -> ResponseReturnValue:
    """Mark a comment as resolved."""
    service.resolve_comment(db(), shared_application(application_id), comment_id, now=now())
    commit()
    return redirect(url_for("comments.show", application_id=application_id))


def _show(application: Application, *, on: str, text: str = "", errors: Sequence[PageError] = ()) -> str:
    comments = teamwork.comments_of(application)
    return render_template(
        "application/comments.html",
        application=application,
        application_title=application_state.title_of(application),
        waiting=[one for one in comments if one.resolved_at is None],
        resolved=[one for one in comments if one.resolved_at is not None],
        places=_places(application, on),
        on=on,
        text=text.replace("\x00", "\ufffd"),
        errors=errors,
    )


def _places(application: Application, on: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a comment can be on, by group: (path, words); ``on`` is among them where it is a nominee."""
    groups = [("", [(teamwork.WHOLE_APPLICATION, "The whole application")])]
    for step in STEPS:
        if step.slug == "nominees":
            rows = nominees_of(application)
            people = [row for row in rows if row.place < MOST_NOMINEES or f"nominees.{row.id}" == on]
            names = [(f"nominees.{row.id}", row.nominee.full_name or f"Nominee {row.place + 1}") for row in people]
            groups.append((step.title, [("nominees", "All nominees"), *names]))
        elif step.page_form is not None and not step.needs(application.answers):
            page_form = step.page_form()
            groups.append((step.title, [(path, field.label.text) for path, field in page_form.questions()]))
    return groups
