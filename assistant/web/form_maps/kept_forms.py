"""The blank official forms that are kept: add one by upload, list them, look at one, take one out."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.editions.catalog import LETTER, all_editions
from assistant.editions.recognition import inspect_guarded
from assistant.errors import BlockedError, BusyError, InputError, NotFoundError
from assistant.services.application.changed_blanks import before_it, since_before
from assistant.services.form_maps import forms
from assistant.services.form_maps.unregister_edition import (
    local_editions,
    staying_with,
    unregister_edition,
    was_taken_back,
    why_not,
)
from assistant.web.form_maps.add_files import add_files, has_files, sent_files
from assistant.web.form_maps.mapping_words import in_words
from assistant.web.kit.context import (
    agency_id,
    application_of,
    begin_read_only,
    begin_write,
    commit,
    db,
    ids_in_form,
    now,
)
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.page_errors import PageError, busy_error, page_error
from assistant.web.kit.uploads import uploaded
from assistant.web.wizard.application_state import address_of, library
from assistant.web.wizard.steps import known_step, next_step

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.services.application.changed_blanks import Changes
    from assistant.web.form_maps.add_files import AddedFile

bp = Blueprint("forms", __name__, url_prefix="/forms")


@bp.get("/")
def listing() -> ResponseReturnValue:
    """Show the kept forms, and the editions that could be kept."""
    return _listing()


def _listing(errors: list[PageError] | None = None, **more: Any) -> str:
    titles = {edition.name: edition for edition in all_editions()}
    stored = forms.stored_forms(db())
    added = next((form.sha256 for form in stored if form.sha256 == request.args.get("form")), "")
    before = {name: before_it(edition, library()) for name, edition in titles.items()}
    return render_template(
        "form_maps/forms/listing.html",
        kept=stored,
        titles=titles,
        change=request.args.get("change", ""),
        errors=errors or [],
        added=added,
        changed=_changes(added) if added else None,
        older={n: e.name for n, e in before.items() if e},
        editions=[e for e in titles.values() if e.model is not None or e.fillable],
        have={form.edition for form in stored},
        own=local_editions(),
        **more,
    )


@bp.get("/<form_id>/changes")
def changes(form_id: str) -> ResponseReturnValue:
    """Show which blanks of a kept form are new, gone, moved, resized or ask for something else than before."""
    changed = _changes(form_id)
    if changed is None:
        raise NotFoundError("This program knows no edition before this one, so it has nothing to compare.")
    form = forms.find_stored(db(), form_id)
    return render_template("form_maps/forms/changes.html", form=form, changed=changed, in_words=in_words)


def _changes(form_id: str) -> Changes | None:
    form = forms.find_stored(db(), form_id)
    edition = next((edition for edition in all_editions() if edition.name == form.edition), None)
    return since_before(edition, form.data, library()) if edition else None


@bp.route("/add", methods=["GET", "POST"])
@reshow_on_csrf_failure
def add() -> ResponseReturnValue:
    """Keep an uploaded form, or only look at it."""
    if request.method != "POST":
        return render_template("form_maps/forms/add.html")
    if csrf_failed():
        return render_template(
            "form_maps/forms/add.html", errors=[PageError(message=f"{SENTENCE} Choose the file again.")]
        )
    if not has_files() and (onward := _onward_address()):
        return redirect(onward)
    try:
        if request.form.get("go") == "inspect":
            data = uploaded("form", what="a PDF file")
            return render_template("form_maps/forms/inspected.html", found=inspect_guarded(data))
        files = add_files(sent_files())
    except InputError as error:
        return _not_added(str(error))
    except BusyError as error:
        return render_template(
            "form_maps/forms/add.html", errors=busy_error(error, "form")
        ), HTTPStatus.SERVICE_UNAVAILABLE
    return _after_adding(files)


def _not_added(message: str) -> ResponseReturnValue:
    errors = [PageError(message=message, id="form")]
    return render_template("form_maps/forms/add.html", errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY


def _after_adding(files: list[AddedFile]) -> ResponseReturnValue:
    """Go back where the files came from, or straight into the map of a form that nobody knows; or say both."""
    (first, *others), at = files, _application_sent()
    if not others and first.error:
        return _not_added(first.error)
    if not others and first.map_address:
        return redirect(first.map_address)
    added = [file for file in files if file.sha256]
    back = (
        url_for("wizard.step", application_id=at, slug="before-you-begin", added=len(added))
        if at
        else url_for("forms.listing", change="added", form=added[-1].sha256 if added else None)
    )
    if len(added) == len(files):
        # An older form is told of on the page that asks for the forms, before anything is answered.
        onward = None if any(file.is_outdated for file in added) else _onward_address(added=len(added))
        return redirect(onward or back)
    words = "Go on to “Before you begin”" if at else "Go to the official forms"
    return render_template("form_maps/forms/added.html", files=files, back_address=back, back_words=words)


def _onward_address(**query: Any) -> str | None:
    """Return the page after "Before you begin", where its "Continue" sent the files; None elsewhere."""
    if request.form.get("go") != "on" or (at := _application_sent()) is None:
        return None
    after = next_step(known_step("before-you-begin"), application_of(at).answers)
    return address_of(at, after, **query) if after else None


def _application_sent() -> UUID | None:
    """Return the application from whose page the files come, None for those of the list of forms."""
    sent = ids_in_form("application")
    return application_of(sent[0]).public_id if sent else None


@bp.route("/<form_id>/remove", methods=["GET", "POST"])
@reshow_on_csrf_failure
def remove(form_id: str) -> ResponseReturnValue:
    """Ask once, then take a kept form out."""
    form = forms.find_stored(db(), form_id)
    if request.method != "POST" or csrf_failed():
        errors = [PageError(message=SENTENCE)] if csrf_failed() else []
        letter = form.edition.startswith(f"{LETTER}/")
        return render_template("form_maps/forms/remove.html", form=form, letter=letter, errors=errors)
    forms.remove(db(), form_id)
    commit()
    return redirect(url_for("forms.listing", change="removed"))


@bp.route("/editions/<form>/<edition>/unregister", methods=["GET", "POST"])
@reshow_on_csrf_failure
def unregister(form: str, edition: str) -> ResponseReturnValue:
    """Ask once, then take an edition back that was registered here: its map becomes a draft again."""
    name = f"{form}/{edition}"
    if name not in {own.name for own in local_editions()}:
        if request.method == "POST" and not csrf_failed() and was_taken_back(name):
            return redirect(url_for("forms.listing", change="unregistered"))  # the button was pressed twice
        raise NotFoundError("No edition of this name was registered here. Choose one from the list.")
    if request.method != "POST" or csrf_failed():
        return _unregister(name, page_error(SENTENCE) if csrf_failed() else [])
    begin_read_only()
    try:
        unregistered_edition = unregister_edition(db(), agency_id(), name, now=now(), before_writing=begin_write)
    except BlockedError as error:
        return _unregister(name, page_error(str(error))), HTTPStatus.CONFLICT
    except InputError as error:
        return _unregister(name, page_error(str(error))), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    if unregistered_edition.draft is not None:
        return redirect(url_for("mapping.overview", draft_id=unregistered_edition.draft.public_id, saved="back"))
    return redirect(url_for("forms.listing", change="unregistered"))


def _unregister(name: str, errors: list[PageError]) -> str:
    is_stored = any(form.edition == name for form in forms.stored_forms(db()))
    refusal = why_not(staying_with(db(), name), name)
    return render_template("form_maps/forms/unregister.html", name=name, kept=is_stored, refusal=refusal, errors=errors)
