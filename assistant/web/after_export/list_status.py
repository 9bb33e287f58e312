"""What ICE's loaded lists say of an application's agency, and which of the names on them are the agency's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from assistant import program
from assistant.documents.wording import model_name
from assistant.errors import NotFoundError
from assistant.program.printed_counts import printed_counts
from assistant.services.after_export.list_decision import decide_listing, status_of_application, undo_decision
from assistant.services.published_lists.status_words import (
    OLD_DAYS,
    STATUS_WORDS,
    age_of,
    model_words,
    wait_limits,
    wait_words,
)
from assistant.services.published_lists.waiting_time import usual_wait
from assistant.web.kit.context import application_of, commit, db, now, today
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.page_errors import page_error
from assistant.web.wizard import application_state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.storage.tables import Application
    from assistant.web.kit.context import PageContext
    from assistant.web.kit.page_errors import PageError

bp = Blueprint("status", __name__, url_prefix="/applications/<uuid:application_id>/status")

MAX_DIGITS = 9


@bp.route("/", methods=["GET", "POST"])
@reshow_on_csrf_failure
def show(application_id: UUID) -> ResponseReturnValue:
    """Show what the lists say, or store which names on them are the agency's."""
    application = application_of(application_id)
    if request.method != "POST" or csrf_failed():
        return _show(application, page_error(SENTENCE) if csrf_failed() else [])
    if request.form.get("go") == "undo":
        undo_decision(db(), application, now=now())
    else:
        texts = request.form.getlist("names")
        if not all(text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS for text in texts):
            raise NotFoundError("This name is no longer on the lists. Choose from those shown.")
        decide_listing(db(), application, [int(text) for text in texts], now=now())
    commit()
    return redirect(url_for("status.show", application_id=application_id, saved="1"))


def _show(application: Application, errors: Sequence[PageError]) -> str:
    status = status_of_application(db(), application)
    agency = application.answers.agency
    rows = []
    for one in status.models:
        wait = usual_wait(db(), one.model) if one.status in {"pending", "not-listed"} else None
        is_known = bool(status.own) and bool(status.lists)
        rows.append(
            {
                "status": one,
                "name": model_name(one.model),
                "tag": STATUS_WORDS[one.status] if is_known else "Not known",
                "words": model_words(one, status),
                "wait": wait_words(wait) if wait else "",
                "limits": wait_limits(wait) if wait else (),
                "is_unpublished": one.model == "TTFM" and one.status == "not-listed",
            }
        )
    context: PageContext = {
        "application": application,
        "application_title": application_state.title_of(application),
        "errors": errors,
        "status": status,
        "lists": [(one, age_of(one, today())) for one in status.lists],
        "old_days": OLD_DAYS,
        "rows": rows,
        "is_asked": bool(agency.legal_name and program.state_code(agency.state)),
        "legal_name": agency.legal_name,
        "printed": printed_counts(),
        "saved": "saved" in request.args and request.method != "POST",
    }
    return render_template("after_export/list-status.html", **context)
