"""Keep a map that a person has looked through: its form is known from then on."""

from __future__ import annotations

from contextlib import nullcontext
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.errors import BusyError, InputError, NotFoundError, StaleError
from assistant.pdf.sandbox import ChildQueue
from assistant.services.form_maps import form_drafts, forms
from assistant.web.form_maps.mapping import version_of_map
from assistant.web.kit.context import agency_id, begin_read_only, commit, db, now
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.page_errors import PageError, page_error

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.services.form_maps.form_drafts import OpenedDraft

_keeping = ChildQueue(running=1, waiting=2, wait_seconds=60.0)
bp = Blueprint("mapping_keep", __name__, url_prefix="/forms/drafts")


@bp.route("/<uuid:draft_id>/keep", methods=["GET", "POST"])
@reshow_on_csrf_failure
def keep(draft_id: UUID) -> ResponseReturnValue:
    """Ask whether somebody has looked through the map, then take the edition in."""
    # One at a time: where the button is pressed twice, the second waits, and finds that the edition is kept.
    with _keeping.turn() if request.method == "POST" else nullcontext():
        return _ask_or_keep(draft_id)


def _ask_or_keep(draft_id: UUID) -> ResponseReturnValue:
    try:
        begin_read_only()
        draft = form_drafts.find(db(), agency_id(), draft_id)
    except NotFoundError:
        if redirect_url := _kept_before():
            return redirect(redirect_url)
        raise
    if request.method != "POST":
        return _keep(draft)
    if errors := _not_yet(draft):
        return _keep(draft, errors), HTTPStatus.UNPROCESSABLE_ENTITY
    return _take_in(draft)


def _take_in(draft: OpenedDraft) -> ResponseReturnValue:
    sha256 = draft.row.sha256
    try:
        edition = form_drafts.keep(db(), draft, now=now())
    except InputError as error:
        return _keep(draft, page_error(str(error))), HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleError as error:
        return _keep(draft, page_error(str(error))), HTTPStatus.CONFLICT
    except BusyError as error:
        return _keep(draft, page_error(str(error))), HTTPStatus.SERVICE_UNAVAILABLE
    commit()
    return redirect(_registered(sha256, edition.name))


def _registered(sha256: str, name: str) -> str:
    return url_for("forms.listing", change="registered", form=sha256, edition=name)


def _kept_before() -> str | None:
    """Return the page of the edition that this draft has become, where the button was pressed twice."""
    try:
        form = forms.find_stored(db(), request.form.get("form", "")) if request.method == "POST" else None
    except NotFoundError:
        return None
    return _registered(form.sha256, form.edition) if form else None


def _keep(draft: OpenedDraft, errors: Sequence[PageError] = ()) -> str:
    return render_template("form_maps/mapping/keep.html", draft=draft, errors=errors)


def _not_yet(draft: OpenedDraft) -> list[PageError]:
    """Return why an edition cannot be kept as the page was sent."""
    if csrf_failed():
        return page_error(SENTENCE)
    if version_of_map() != draft.row.version:
        return page_error("Someone else changed this map while you were working on it. Check it again.")
    conditions = (
        (not draft.named, "First say which form this is.", "named"),
        (draft.has_known_edition, f"There is an edition {draft.edition.name} already. See below what to do.", "taken"),
        (bool(draft.undecided), "First decide the blanks that are listed here.", "undecided"),
        (request.form.get("looked") != "yes", "Check the box to say that you checked every page.", "looked"),
    )
    return next(([PageError(message=message, id=place)] for wrong, message, place in conditions if wrong), [])
