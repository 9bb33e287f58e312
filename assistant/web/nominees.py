"""Nominees: the list, and one nominee on two pages: who it is, then the criteria that count."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.answers import Nominee
from assistant.errors import AnswersError, NotFoundError
from assistant.services import nominees
from assistant.services.saving import ChangedSinceError, without_waiting
from assistant.web import checked, criteria
from assistant.web.context import application_of, commit, db, end_reading, now, read_first
from assistant.web.errors_shown import errors_of, page_error
from assistant.web.nominee_forms import CriteriaForm, NomineePage, PersonForm
from assistant.web.page_forms import shown_answer
from assistant.web.steps import get_step, next_step, place_of
from assistant.web.tokens import SENTENCE, shows_again, unproven
from assistant.web.wizard import UNREADABLE, not_yet, version_of_page

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.tables import Application

bp = Blueprint("nominees", __name__, url_prefix="/applications/<uuid:application_id>/nominees")

PAGE_LENGTH = 50
NAME_FIRST = "Enter the nominee’s full name."


@bp.route("/", methods=["GET", "POST"])
@shows_again
def listing(application_id: UUID) -> ResponseReturnValue:
    """Show the nominees with what is open for each, or go on to the next step."""
    application = application_of(application_id)
    row = get_step("nominees")
    assert row is not None  # noqa: S101 - it is in the table
    if (reason := row.needs(application.answers)) and not application.answers.nominees:
        return not_yet(application, row, reason)
    if request.method == "POST" and not unproven():
        after = next_step(row, application.answers)
        if request.form.get("go") == "later" or after is None:
            return redirect(url_for("wizard.hub", application_id=application_id, saved="nominees"))
        return redirect(checked.address_of(application_id, after, saved="nominees"))
    number, total = place_of(row)
    everyone = nominees.nominees_of(application)
    text = request.args.get("page", "1")
    pages = max(1, -(-len(everyone) // PAGE_LENGTH))
    page = min(int(text), pages) if re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII) else 1
    shown = everyone[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]
    todo = _todo(application)
    return render_template(
        "nominees/listing.html",
        application=application,
        application_title=checked.title_of(application),
        step=row,
        number=number,
        total=total,
        count=len(everyone),
        page=page,
        pages=pages,
        rows=[(listed, todo.get(listed.place, [])) for listed in shown],
        reason=reason,
        change=request.args.get("change", ""),
        grids=criteria.grids(
            application.answers, {listed.place: listed.id for listed in shown}, checked.review_of(application).findings
        ),
        saved=checked.what_was_saved(application),
    )


def _todo(application: Application) -> dict[int, list[Any]]:
    """Return the findings by the place of the nominee they concern."""
    found: dict[int, list[Any]] = {}
    for finding in checked.review_of(application).findings:
        section, _, rest = finding.where.partition(".")
        place = rest.partition(".")[0]
        if section == "nominees" and place.isdigit() and finding.severity != "note":
            found.setdefault(int(place), []).append(finding)
    return found


@bp.route("/new", methods=["GET", "POST"], defaults={"nominee_id": None}, endpoint="new")
@bp.route("/<nominee_id>", methods=["GET", "POST"], endpoint="person")
@shows_again
def person(application_id: UUID, nominee_id: str | None) -> ResponseReturnValue:
    """Ask who is nominated and for what; a new nominee's page carries an id, so that a double click adds one."""
    read_first()
    application = application_of(application_id)
    listed = nominees.find_nominee(application, nominee_id) if nominee_id else None
    row = get_step("nominees")
    assert row is not None  # noqa: S101 - it is in the table
    if listed is None and (reason := row.needs(application.answers)):
        return not_yet(application, row, reason)
    models = application.answers.models
    saved = listed.nominee if listed else Nominee(models=models if len(models) == 1 else ())
    page_form = PersonForm.about(saved, request.form if request.method == "POST" else None)
    page_form.offer(models)
    fresh_id = request.form.get("nominee_id", "") or nominees.new_id()
    context = {"fresh_id": None if listed else fresh_id, "remove": bool(listed)}
    if request.method != "POST" or unproven():
        return _show(application, listed, page_form, errors=page_error(SENTENCE) if unproven() else [], **context)
    if not (page_form.validate() and (listed or _named(page_form))):
        return _show(application, listed, page_form, errors=errors_of(page_form), **context), UNREADABLE
    if listed is None and not re.fullmatch(r"[2-9a-z]{8}", fresh_id, re.ASCII):
        raise NotFoundError("There is no such nominee; choose one from the roster.")
    target = listed.id if listed else fresh_id
    save = partial(nominees.add_nominee, now=now())
    if listed:
        save = partial(nominees.update_nominee, version=version_of_page(application), now=now())
    end_reading()
    try:
        without_waiting(db(), application, partial(save, db(), application, target, page_form.put_nominee(saved)))
    except ChangedSinceError as conflict:
        return _conflict(application, target, page_form, conflict, **context), 409
    except AnswersError as error:
        return _show(application, listed, page_form, errors=page_error(str(error)), **context), UNREADABLE
    commit()
    same_questions = listed is not None and set(listed.nominee.models) == set(page_form.models.data)
    return redirect(_onward(application_id, target, "nominees.listing" if same_questions else "nominees.questions"))


def _named(page_form: PersonForm) -> bool:
    """Say whether the page names a person; it says so itself where it does not."""
    if not page_form.full_name.data:
        page_form.full_name.errors = [NAME_FIRST]
    return not page_form.full_name.errors


@bp.route("/<nominee_id>/criteria", methods=["GET", "POST"])
@shows_again
def questions(application_id: UUID, nominee_id: str) -> ResponseReturnValue:
    """Ask for the criteria that count for the models of this nominee."""
    read_first()
    application = application_of(application_id)
    listed = nominees.find_nominee(application, nominee_id)
    page_form = CriteriaForm.about(listed.nominee, request.form if request.method == "POST" else None)
    page_form.ask_only(listed.nominee.models)
    context = {"cards": criteria.sources_by_field(listed.nominee.models), "criteria_page": True}
    if request.method != "POST" or unproven():
        return _show(application, listed, page_form, errors=page_error(SENTENCE) if unproven() else [], **context)
    if not page_form.validate():
        return _show(application, listed, page_form, errors=errors_of(page_form), **context), UNREADABLE
    save = partial(nominees.update_nominee, version=version_of_page(application), now=now())
    changed = page_form.put_nominee(listed.nominee)
    end_reading()
    try:
        without_waiting(db(), application, partial(save, db(), application, nominee_id, changed))
    except ChangedSinceError as conflict:
        return _conflict(application, nominee_id, page_form, conflict, **context), 409
    commit()
    return redirect(_onward(application_id, nominee_id, "nominees.listing"))


@bp.route("/<nominee_id>/remove", methods=["GET", "POST"])
@shows_again
def remove(application_id: UUID, nominee_id: str) -> ResponseReturnValue:
    """Ask once, then take a nominee out."""
    read_first()
    application = application_of(application_id)
    listed = nominees.find_nominee(application, nominee_id)
    errors = page_error(SENTENCE) if unproven() else []
    status = 200
    if request.method == "POST" and not unproven():
        take_out = partial(nominees.remove_nominee, version=version_of_page(application), now=now())
        end_reading()
        try:
            without_waiting(db(), application, partial(take_out, db(), application, nominee_id))
        except ChangedSinceError:
            errors, status = (
                page_error("Somebody else changed this nominee in between: look again before you remove."),
                409,
            )
        else:
            commit()
            return redirect(url_for("nominees.listing", application_id=application_id, change="removed"))
    return render_template(
        "nominees/remove.html", application=application, application_title=checked.title_of(application),
        listed=listed, errors=errors, version=application.version,
    ), status  # fmt: skip


def _onward(application_id: UUID, nominee_id: str, endpoint: str) -> str:
    go, back = request.form.get("go"), request.form.get("back", "")
    if go == "later":
        return url_for("nominees.listing", application_id=application_id, change="saved")
    if go == "another":
        return url_for("nominees.new", application_id=application_id)
    if endpoint == "nominees.listing":
        if back:
            return url_for("review.show", application_id=application_id, _anchor=f"row-nominee-{nominee_id}")
        return url_for("nominees.listing", application_id=application_id, change="saved")
    return url_for(endpoint, application_id=application_id, nominee_id=nominee_id, back=back or None)


def _show(application: Application, listed: nominees.Listed | None, page_form: NomineePage, **more: Any) -> str:
    context: dict[str, Any] = {
        "application": application,
        "application_title": checked.title_of(application),
        "listed": listed,
        "page_form": page_form,
        "version": application.version,
        "back": request.values.get("back", ""),
        "criteria_page": False,
        "cards": {},
        "remove": False,
        "fresh_id": None,
    }
    return render_template("nominees/nominee.html", **(context | more))


def _conflict(
    application: Application, nominee_id: str, page_form: NomineePage, conflict: ChangedSinceError, **more: Any
) -> str:
    listed = nominees.find_nominee(application, nominee_id)
    saved = type(page_form).about(conflict.answers.nominees[listed.place])
    theirs = {
        path: (field, value) for (path, field), value in zip(saved.questions(), saved.typed().values(), strict=False)
    }
    rows = [
        {"label": field.label.text, "saved": shown_answer(field, theirs[path][1]), "typed": shown_answer(field, value)}
        for (path, field), value in zip(page_form.questions(), page_form.typed().values(), strict=True)
        if path in theirs and theirs[path][1] != value
    ]
    return _show(application, listed, page_form, conflict=rows, **(more | {"fresh_id": None}))
