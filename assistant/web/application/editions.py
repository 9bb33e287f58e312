"""Editions of an application: which one each agreement uses, what would print differently, and the move."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.errors import NotFoundError
from assistant.services.application import applications, editions
from assistant.services.application.saving import ChangedSinceError
from assistant.web.application.edition_rows import editions_in_use
from assistant.web.kit.context import application_of, commit, db, now
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.page_errors import page_error
from assistant.web.wizard import application_state
from assistant.web.wizard.wizard import version_of_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.storage.tables import Application
    from assistant.web.application.edition_rows import InUse
    from assistant.web.kit.context import PageContext
    from assistant.web.kit.page_errors import PageError

bp = Blueprint("editions", __name__, url_prefix="/applications/<uuid:application_id>/editions")

NEWEST = "newest"


@bp.get("/")
def listing(application_id: UUID) -> ResponseReturnValue:
    """Show the edition of each agreement, and the others there are."""
    return _listing(application_of(application_id))


@bp.route("/<model>/<to>", methods=["GET", "POST"])
@reshow_on_csrf_failure
def move(application_id: UUID, model: str, to: str) -> ResponseReturnValue:
    """Show what would print differently on another edition, or move to it; back again is a move too."""
    application = application_of(application_id)
    used = next((one for one in editions_in_use(application) if one.model == model), None)
    if used is None or (to != NEWEST and to not in {choice.edition.edition_id for choice in used.choices}):
        raise NotFoundError("There is no such edition. Choose one from the list.")
    if request.method != "POST":
        return _move(application, used, to)
    if csrf_failed():
        return _move(application, used, to, page_error(SENTENCE))
    before = _now(used)
    moved = editions.move(application.answers, used.model, _pin(used, to))
    if moved == application.answers:
        # Sent twice: what was in use when the page was shown is still the way back.
        before = request.form.get("before", "")
        return redirect(_listing_url(application_id, used, "" if before == to else before))
    try:
        applications.save_values(
            db(), application, {"editions": dict(moved.editions)},
            version=version_of_page(application), now=now(), section="editions",
        )  # fmt: skip
    except ChangedSinceError:
        return _move(
            application,
            used,
            to,
            page_error("Someone else switched the edition while you were on this page. Look again."),
        ), HTTPStatus.CONFLICT
    commit()
    return redirect(_listing_url(application_id, used, before))


def _listing_url(application_id: UUID, used: InUse, back: str) -> str:
    return url_for("editions.listing", application_id=application_id, moved=used.model, back=back or None)


def _now(used: InUse) -> str:
    """Return what leads back to what is in use now."""
    return used.missing_edition or used.edition.edition_id if used.pinned else NEWEST


def _pin(used: InUse, to: str) -> str | None:
    """Return the edition to keep; None where the newest is asked for and no form of the model is available."""
    if to != NEWEST:
        return to
    form = application_state.library().choose(used.model)
    return form.edition.edition_id if form.data is not None else None


def _listing(application: Application) -> str:
    rows = editions_in_use(application)
    moved = next((row for row in rows if row.model == request.args.get("moved")), None)
    back = request.args.get("back", "")
    ids = {choice.edition.edition_id for choice in moved.choices} | {NEWEST} if moved else set()
    return render_template(
        "application/editions/listing.html",
        application=application,
        application_title=application_state.title_of(application),
        rows=rows,
        moved=moved,
        back=back if back in ids else "",
    )


def _move(application: Application, used: InUse, to: str, errors: Sequence[PageError] = ()) -> str:
    library = application_state.library()
    target = library.choose(used.model, None if to == NEWEST else to)
    pinned = application.answers.editions.get(used.model)
    context: PageContext = {
        "application": application,
        "application_title": application_state.title_of(application),
        "version": application.version,
        "used": used,
        "to": to,
        "before": _now(used),
        "target": target,
        "same": target.edition == used.edition and not used.missing_edition,
        "undone": pinned == _pin(used, to),
        "stays": _pin(used, to) is not None,
        "errors": errors,
        "measured": target.data is not None and used.on_hand,
    }
    context["found"] = (
        []
        if used.missing_edition
        else editions.differences(application.answers, library, used.model, None if to == NEWEST else to)
    )
    return render_template("application/editions/move.html", **context)
