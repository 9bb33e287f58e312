"""Many nominees at once: paste or upload a roster, look at what was read, correct it there, take the good rows over.

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
from assistant.services.application.roster_work import without_rows
from assistant.services.application.rosters import version_of
from assistant.spreadsheets import MAX_FILE
from assistant.web.kit.choices import SOMEONE_ELSE_SAVED, apply_choices, conflict_errors
from assistant.web.kit.context import application_of, begin_read_only, begin_write, commit, db, now
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.downloads import send_file_to_save
from assistant.web.kit.page_errors import PageError
from assistant.web.kit.page_forms import MODEL_NAMES
from assistant.web.kit.uploads import uploaded
from assistant.web.nominees.roster_cells import boxes_of
from assistant.web.nominees.roster_merge import VERSION, RosterPage, cell_errors, chosen_columns
from assistant.web.nominees.roster_rows import ANSWERS, columns_shown, remarks_beside, rows_shown, sheets_shown
from assistant.web.wizard import application_state
from assistant.web.wizard.steps import known_step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.answers import Model
    from assistant.storage.tables import Application
    from assistant.web.kit.choices import ConflictRow
    from assistant.web.kit.context import PageContext, UrlValues

bp = Blueprint("roster", __name__)

LARGEST_PASTE = 2_000_000  # bytes; 5,000 rows of 13 columns are about half of it
REMARKS_SHOWN, ROWS_SHOWN = 200, 25
OTHER_SHEET = (
    "Someone else chose another sheet of this file while you were looking at it. Choose a sheet, and make your "
    "corrections there."
)
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
    """Show what was read of a roster; correct it, take the good rows over, or let it go."""
    begin_read_only()
    application = application_of(application_id)
    posted = request.method == "POST" and not csrf_failed()
    draft = rosters.find(db(), application, draft_id)
    if posted:
        begin_write()
    if not draft.sheet:
        return redirect(url_for("people.grid", application_id=application_id, added=draft.added))
    if posted and request.form.get("go") == "drop":
        was_added = draft.added is not None
        rosters.drop_draft(db(), draft)
        commit()
        return redirect(url_for("nominees.listing" if was_added else "roster.give", application_id=application_id))
    roster, waiting = rosters.read_all(draft)
    page = RosterPage(draft=draft, roster=roster, waiting=waiting)
    if posted and page.is_of_other_sheet():
        return _show(application, page, errors=[PageError(message=OTHER_SHEET)]), HTTPStatus.CONFLICT
    if posted and request.form.get("sheet", waiting.choice) != waiting.choice:
        return _choose_sheet(application, page)
    if posted:
        return _save(application, page)
    if request.method != "POST":
        return _show(application, page)
    sent = page.sent(page.read_base())
    errors = [PageError(message=SENTENCE)]
    return _show(
        application, page, errors=errors, conflict=page.conflict_rows(sent), was=request.form.get("was"), entries=sent
    )


def _choose_sheet(application: Application, page: RosterPage) -> ResponseReturnValue:
    """Read another sheet of the file; what was corrected in the one before is let go of, as the page says."""
    rosters.choose_sheet(db(), page.draft, request.form.get("sheet", ""), now=now())
    commit()
    address = url_for("roster.look", application_id=application.public_id, draft_id=page.draft.public_id, again=1)
    return redirect(address)


def _save(application: Application, page: RosterPage) -> ResponseReturnValue:
    """Take over what the page says, merged with what somebody else did since; add the rows, if asked to."""
    base = page.read_base()
    sent = page.sent(base)
    rows = page.conflict_rows(sent)
    if errors := [*cell_errors(sent), *conflict_errors(rows)]:
        return _show(
            application, page, errors=errors, conflict=rows, was=request.form.get("was"), entries=sent
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    saved = page.saved(sent)
    merge = merge_values(base, apply_choices(sent), saved)
    if merge.conflicts:
        rows = page.conflict_rows(sent, merge.conflicts)
        errors = [PageError(message=SOMEONE_ELSE_SAVED), *conflict_errors(rows)]
        return _show(application, page, errors=errors, conflict=rows, entries=merge.values), HTTPStatus.CONFLICT
    is_current = base.get(VERSION) == version_of(page.draft)
    try:
        if merge.values != saved:
            return _read_again(application, page, merge.values, columns_changed=_columns_changed(merge.values, saved))
        if request.form.get("go") == "add" and is_current:
            return _add(application, page)
    except StaleError:
        is_current = False  # somebody else changed the roster this very moment
    if request.form.get("go") == "add" and not is_current and page.draft.added is not None:
        return redirect(url_for("people.grid", application_id=application.public_id, added=page.draft.added))
    again: UrlValues = {} if is_current else {"again": 1}
    address = url_for("roster.look", application_id=application.public_id, draft_id=page.draft.public_id, **again)
    return redirect(address)


def _columns_changed(values: Mapping[str, str], saved: Mapping[str, str]) -> bool:
    return any(values[key] != saved[key] for key in saved if key.startswith("column-"))


def _add(application: Application, page: RosterPage) -> ResponseReturnValue:
    try:
        added = rosters.take_over(
            db(), application, page.draft, models=_models(application), twins_too="twins" in request.form, now=now()
        )
    except AnswersError as error:
        return _show(application, page, errors=[PageError(message=str(error))]), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    return redirect(_after_adding(application, added))


def _after_adding(application: Application, added: int) -> str:
    """Return the page to show after rows were added: what they lack, or the review where nothing is open."""
    step, at = known_step("nominees"), application.public_id
    is_complete = application_state.status_of(application, step, exported="") == "Completed"
    if is_complete and not rosters.waiting_rosters(db(), application):
        return url_for("review.show", application_id=at, saved=step.slug, added=added)
    return url_for("people.grid", application_id=at, added=added)


def _read_again(
    application: Application, page: RosterPage, values: Mapping[str, str], *, columns_changed: bool
) -> ResponseReturnValue:
    """Read with what was changed and show that first: nobody may add rows that nobody has seen."""
    choices = chosen_columns(values) if columns_changed else rosters.column_choices(page.draft)
    try:
        rosters.choose(db(), page.draft, choices, page.work_with(values), now=now())
    except SpreadsheetError as error:
        first = next(column.index for column in page.roster.columns if not column.closed)
        errors = [PageError(message=str(error), id=f"column-{first}")]
        return _show(application, page, errors=errors, entries=values), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    address = url_for("roster.look", application_id=application.public_id, draft_id=page.draft.public_id, again=1)
    return redirect(address)


def _models(application: Application) -> list[Model]:
    return [
        model for model in MODELS if model in application.answers.models and model in request.form.getlist("models")
    ]


def _show(
    application: Application,
    page: RosterPage,
    *,
    errors: Sequence[PageError] = (),
    conflict: Sequence[ConflictRow] = (),
    entries: Mapping[str, str] | None = None,
    was: str | None = None,
) -> str:
    """Show a roster; ``entries`` are shown in its boxes instead of what is saved, ``was`` is as a page carried it."""
    draft, models, boxes_sent = page.draft, application.answers.models, entries or {}
    roster = without_rows(page.roster, page.waiting.work.left_out_rows)
    boxes = boxes_of(page.roster, page.waiting, boxes_sent, {error.id: error.message for error in errors})
    columns = columns_shown(roster, boxes_sent)
    twins = rosters.twins(application, roster)
    odd = remarks_beside(roster)
    sure = [column for column in columns if column.is_sure]
    context: PageContext = {
        "application": application,
        "application_title": application_state.title_of(application),
        "draft": draft,
        "errors": errors,
        "again": "again" in request.args,
        "opened": bool(errors),
        "boxes": boxes,
        "set_aside_count": len(roster.set_aside) + len(page.waiting.work.confirmed_rows),
        "sheets": sheets_shown(page.waiting, roster),
        "sheet_choice": page.waiting.choice,
        "sure_columns": sure,
        "unsure_columns": [column for column in columns if not column.is_sure],
        "sure_words": ", ".join(f"“{column.heading}”" for column in sure if column.heading),
        "conflict": conflict,
        "was": page.sign([*page.column_keys(), *boxes.keys()]) if was is None else was,
        "offered": ANSWERS,
        "good": len(roster.ready),
        "wrong_rows": len(roster.people) - len(roster.ready),
        "table": rows_shown(roster, limit=ROWS_SHOWN),
        "odd": odd[:REMARKS_SHOWN],
        "odd_more": max(0, len(odd) - REMARKS_SHOWN),
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
    if not draft.sheet:
        return redirect(url_for("people.grid", application_id=application_id))
    return _workbook(rosters.marked_copy(draft), "nominee-roster-what-to-do.xlsx")


def _workbook(data: bytes, name: str) -> Response:
    return send_file_to_save(data, name, XLSX)
