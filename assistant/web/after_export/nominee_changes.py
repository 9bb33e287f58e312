"""Changes of nominees after signing: who is added, who leaves, whose authority is revoked; a letter and a roster."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from assistant.documents.nominee_changes import (
    LETTER,
    ROSTER,
    SHEET,
    WORDS,
    NomineeChange,
    nominee_changes_letter,
    nominee_changes_roster,
    nominee_changes_sheet,
)
from assistant.errors import FillError, NotFoundError
from assistant.program.nominee_changes import CHANGE_KINDS
from assistant.program.states_and_counties import fold
from assistant.services.after_export.issued_documents import export_being_signed
from assistant.services.after_export.nominee_changes import changeable_people
from assistant.web.kit.context import application_of, begin_read_only, db, today
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.downloads import send_file_to_save
from assistant.web.kit.fields import Day
from assistant.web.kit.page_errors import PageError, page_error
from assistant.web.kit.page_forms import PageForm
from assistant.web.wizard import application_state
from assistant.web.wizard.steps import known_step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.services.after_export.nominee_changes import ChangeablePerson
    from assistant.storage.tables import Application

bp = Blueprint("nominee_changes", __name__, url_prefix="/applications/<uuid:application_id>/nominee-changes")

MOST_ROWS = 200
"""People on one page; a form may have 500 parts, and a longer list is searched by name."""
FIND = "find"
FIRST_ROW_ID = "change-1"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAKERS = {
    LETTER: (nominee_changes_letter, "application/pdf"),
    ROSTER: (nominee_changes_roster, "application/pdf"),
    SHEET: (nominee_changes_sheet, XLSX),
}
OPTIONS = [("", "No change"), *((kind, WORDS[kind]) for kind in CHANGE_KINDS)]


class EffectiveDayForm(PageForm):
    """The day from which the changes hold."""

    effective = Day(
        "From which day do the changes hold? (optional)",
        named="the day of the changes",
        hint="Leave it empty for today. For example: 3 26 2026",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeChangeRow:
    """A row of the page: a person, what tells this one from others, and what is chosen."""

    id: str
    name: str
    about: str
    choice: str
    proposal: str


@bp.route("/", methods=["GET", "POST"])
@reshow_on_csrf_failure
def show(application_id: UUID) -> ResponseReturnValue:
    """Ask what changes for whom, and send the letter or the roster."""
    begin_read_only()
    application = application_of(application_id)
    if known_step("documents").needs(application.answers):
        raise NotFoundError("There is no agreement yet. Go to the task list.")
    people = changeable_people(application, export_being_signed(db(), application))
    if request.method != "POST":
        return _show(application, people, EffectiveDayForm(formdata=None), {one.id: one.proposal for one in people})
    choices = {one.id: request.form.get(f"change-{one.id}", "") for one in people}
    form = EffectiveDayForm(formdata=request.form)
    if csrf_failed():
        return _show(application, people, form, choices, page_error(SENTENCE))
    if request.form.get("file") == FIND:
        return _show(application, people, form, choices)
    form.validate()
    changes = [
        NomineeChange(kind=kind, nominee=one.nominee)
        for one in people
        for kind in CHANGE_KINDS
        if choices[one.id] == kind
    ]
    errors = [PageError(message=str(form.effective.errors[0]), id=form.effective.id)] if form.effective.errors else []
    if not changes:
        errors.insert(0, PageError(message="Choose a change for at least one person.", id=FIRST_ROW_ID))
    if not errors:
        name = request.form.get("file", LETTER)
        name = name if name in MAKERS else LETTER
        make, kind_of_file = MAKERS[name]
        try:
            data = make(application.answers, changes, effective=form.effective.data or today(), today=today())
            return send_file_to_save(data, name, kind_of_file)
        except FillError as error:
            errors = page_error(str(error))
    return _show(application, people, form, choices, errors), HTTPStatus.UNPROCESSABLE_ENTITY


def _show(
    application: Application,
    people: Sequence[ChangeablePerson],
    form: EffectiveDayForm,
    choices: dict[str, str],
    errors: Sequence[PageError] = (),
) -> str:
    words = request.form.get("find", "").strip().replace("\x00", "")
    matching = [one for one in people if fold(words) in fold(one.nominee.full_name or "")] if words else list(people)
    page = matching[:MOST_ROWS]
    ids = {one.id for one in page}
    rows = [
        NomineeChangeRow(
            id=one.id,
            name=one.nominee.full_name or "Name not given",
            about=", ".join(part for part in (one.nominee.rank, one.nominee.badge_number, *one.nominee.models) if part),
            choice=choices.get(one.id, ""),
            proposal=one.proposal,
        )
        for one in page
    ]
    return render_template(
        "after_export/nominee-changes.html",
        application=application,
        application_title=application_state.title_of(application),
        rows=rows,
        total=len(people),
        hidden=len(people) - len(rows),
        others=[(one.id, choices[one.id]) for one in people if one.id not in ids and choices.get(one.id)][:MOST_ROWS],
        words=words,
        options=OPTIONS,
        form=form,
        errors=errors,
        files=(LETTER, ROSTER, SHEET),
    )
