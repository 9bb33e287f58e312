"""Many nominees at once: paste or upload a roster, look at what was read, take the good rows over.

Between the pages the sheet waits sealed in the database (``services.rosters``); addresses carry its random id only.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for

from assistant.answers import MODELS
from assistant.errors import AnswersError, InputError, SpreadsheetError, StaleError
from assistant.roster import make_template
from assistant.services.application import rosters
from assistant.services.application.merging import merge_values
from assistant.spreadsheets import MAX_FILE
from assistant.web.kit.choices import SOMEONE_ELSE_SAVED, apply_choices, conflict_errors
from assistant.web.kit.context import application_of, begin_read_only, begin_write, commit, db, now
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.downloads import send_file_to_save
from assistant.web.kit.page_errors import PageError
from assistant.web.kit.page_forms import MODEL_NAMES
from assistant.web.kit.uploads import uploaded
from assistant.web.nominees.roster_merge import (
    chosen_columns,
    conflict_rows,
    read_columns,
    saved_columns,
    sent_columns,
    sign_columns,
)
from assistant.web.nominees.roster_rows import ANSWERS, columns_shown, rows_shown
from assistant.web.wizard import application_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.answers import Model
    from assistant.roster import Roster
    from assistant.storage.roster_tables import RosterDraft
    from assistant.storage.tables import Application
    from assistant.web.kit.choices import ConflictRow
    from assistant.web.kit.context import PageContext, UrlValues

bp = Blueprint("roster", __name__)

LARGEST_PASTE = 2_000_000  # bytes; 5,000 rows of 13 columns are about half of it
REMARKS_SHOWN, ROWS_SHOWN = 200, 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT = "/applications/<uuid:application_id>/nominees/roster/"


@bp.get("/nominee-roster.xlsx")
def template() -> ResponseReturnValue:
    """Send the empty roster."""
    return _workbook(make_template(), "nominee-roster.xlsx")


@bp.route(AT, methods=["GET", "POST"])
@reshow_on_csrf_failure
def give(application_id: UUID) -> ResponseReturnValue:
    """Ask for a roster, pasted or as a file, and keep it for a look."""
    begin_read_only()
    application = application_of(application_id)
    if request.method != "POST":
        return _ask(application)
    if csrf_failed():
        return _ask(application, [PageError(message=SENTENCE)])
    pasted = request.form.get("pasted", "")
    by_file = bool(request.files.get("sheet")) or not pasted.strip()
    box = "sheet" if by_file else "pasted"
    begin_write()
    try:
        draft = rosters.keep(db(), application, _sheet_bytes(pasted, by_file=by_file), now=now())
    except InputError as error:
        return _ask(application, [PageError(message=str(error), id=box)]), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    return redirect(url_for("roster.look", application_id=application_id, draft_id=draft.public_id))


def _sheet_bytes(pasted: str, *, by_file: bool) -> bytes:
    if by_file and pasted.strip():
        raise InputError("Choose a file or paste rows, but not both. This program cannot tell which one you want.")
    if by_file:
        return uploaded("sheet", what="a .csv or .xlsx file, or paste rows above", largest=MAX_FILE)
    # What is pasted from a spreadsheet has tabs between its cells, which the reader of CSV knows.
    return pasted.encode("utf-8", "replace")


def _ask(application: Application, errors: Sequence[PageError] = ()) -> str:
    return render_template(
        "nominees/roster/give.html",
        application=application,
        application_title=application_state.title_of(application),
        errors=errors,
        pasted=request.form.get("pasted", ""),
    )


@bp.route(f"{AT}<uuid:draft_id>/", methods=["GET", "POST"])
@reshow_on_csrf_failure
def look(application_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """Show what was read of a roster; read it again with other columns, take the good rows over, or let it go."""
    begin_read_only()
    application = application_of(application_id)
    posted = request.method == "POST" and not csrf_failed()
    draft = rosters.find(db(), application, draft_id)
    if posted:
        begin_write()
    if draft.added is not None:
        return redirect(url_for("people.grid", application_id=application_id, added=draft.added))
    if posted and request.form.get("go") == "drop":
        rosters.drop_draft(db(), draft)
        commit()
        return redirect(url_for("roster.give", application_id=application_id))
    roster = rosters.read(draft)
    if posted:
        return _save_columns(application, draft, roster)
    if request.method != "POST":
        return _show(application, draft, roster)
    errors = [PageError(message=SENTENCE)]
    return _show(
        application, draft, roster, errors=errors, conflict=conflict_rows(draft, roster), was=request.form.get("was")
    )


def _save_columns(application: Application, draft: RosterDraft, roster: Roster) -> ResponseReturnValue:
    """Take over the columns of the page, merged with what somebody else chose since; add the rows, if asked to."""
    rows = conflict_rows(draft, roster)
    if errors := conflict_errors(rows):
        return _show(
            application, draft, roster, errors=errors, conflict=rows, was=request.form.get("was")
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    saved = saved_columns(roster)
    columns_before = read_columns(draft, request.form["was"]) if "was" in request.form else saved
    merge = merge_values(columns_before, apply_choices(sent_columns(roster)), saved)
    if merge.conflicts:
        rows = conflict_rows(draft, roster, merge.conflicts)
        errors = [PageError(message=SOMEONE_ELSE_SAVED), *conflict_errors(rows)]
        return _show(application, draft, roster, errors=errors, conflict=rows, merged=merge.values), HTTPStatus.CONFLICT
    is_current = columns_before == saved
    try:
        if merge.values != saved:
            return _read_again(application, draft, roster, merge.values)
        if request.form.get("go") == "add" and is_current:
            return _add(application, draft, roster)
    except StaleError:
        is_current = False  # somebody else chose other columns this very moment
    again: UrlValues = {} if is_current else {"again": 1}
    address = url_for("roster.look", application_id=application.public_id, draft_id=draft.public_id, **again)
    return redirect(address)


def _add(application: Application, draft: RosterDraft, roster: Roster) -> ResponseReturnValue:
    try:
        added = rosters.take_over(
            db(), application, draft, models=_models(application), twins_too="twins" in request.form, now=now()
        )
    except AnswersError as error:
        return _show(
            application, draft, roster, errors=[PageError(message=str(error))]
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    return redirect(url_for("people.grid", application_id=application.public_id, added=added))


def _read_again(
    application: Application, draft: RosterDraft, roster: Roster, columns: Mapping[str, str]
) -> ResponseReturnValue:
    """Read with other columns and show that first: nobody may add rows that nobody has seen."""
    try:
        rosters.choose(db(), draft, chosen_columns(columns), now=now())
    except SpreadsheetError as error:
        first = next(column.index for column in roster.columns if not column.closed)
        errors = [PageError(message=str(error), id=f"column-{first}")]
        return _show(application, draft, roster, errors=errors, merged=columns), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    return redirect(url_for("roster.look", application_id=application.public_id, draft_id=draft.public_id, again=1))


def _models(application: Application) -> list[Model]:
    return [
        model for model in MODELS if model in application.answers.models and model in request.form.getlist("models")
    ]


def _show(
    application: Application,
    draft: RosterDraft,
    roster: Roster,
    *,
    errors: Sequence[PageError] = (),
    conflict: Sequence[ConflictRow] = (),
    merged: Mapping[str, str] | None = None,
    was: str | None = None,
) -> str:
    """Show a roster; ``merged`` are columns to show instead of those sent, ``was`` what the page was made from."""
    models = application.answers.models
    twins = rosters.twins(application, roster)
    context: PageContext = {
        "application": application,
        "application_title": application_state.title_of(application),
        "draft": draft,
        "errors": errors,
        "again": "again" in request.args,
        "columns": columns_shown(roster, request.form if merged is None else merged),
        "conflict": conflict,
        "was": sign_columns(draft, roster) if was is None else was,
        "offered": ANSWERS,
        "good": len(roster.ready),
        "wrong_rows": len({remark.row for remark in roster.errors}),
        "table": rows_shown(roster, limit=ROWS_SHOWN),
        "wrong": roster.errors[:REMARKS_SHOWN],
        "wrong_more": max(0, len(roster.errors) - REMARKS_SHOWN),
        "odd": roster.warnings[:REMARKS_SHOWN],
        "odd_more": max(0, len(roster.warnings) - REMARKS_SHOWN),
        "twins": twins[:REMARKS_SHOWN],
        "twin_count": len(twins),
        "without_model": sum(not person.nominee.models for person in roster.ready),
        "models": [(model, MODEL_NAMES[model]) for model in models],
        "ticked": request.form.getlist("models") or (list(models) if len(models) == 1 else []),
        "stored_until": draft.made_at + rosters.STORED_FOR,
    }
    return render_template("nominees/roster/look.html", **context)


@bp.get(f"{AT}<uuid:draft_id>/what-to-do.xlsx")
def marked(application_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """Send the roster back with what to do beside each row that needs it."""
    application = application_of(application_id)
    draft = rosters.find(db(), application, draft_id)
    if draft.added is not None:
        return redirect(url_for("people.grid", application_id=application_id))
    return _workbook(rosters.marked_copy(draft), "nominee-roster-what-to-do.xlsx")


def _workbook(data: bytes, name: str) -> Response:
    return send_file_to_save(data, name, XLSX)
