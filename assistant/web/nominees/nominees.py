"""Nominees: the list, and one nominee on two pages: who it is, then the criteria that count."""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.answers import Nominee
from assistant.errors import AnswersError, NotFoundError
from assistant.rules.invalid import invalid_answers
from assistant.services.application import nominees, rosters
from assistant.services.application.changes import NOMINEES
from assistant.services.application.earlier import find_last_save, find_removal
from assistant.services.application.merging import ConflictError, Merge
from assistant.services.application.saving import ChangedSinceError, lock, save_optimistically
from assistant.web.kit.choices import (
    MINE,
    SOMEONE_ELSE_SAVED,
    THEIRS,
    apply_choices,
    chosen_for,
    conflict_errors,
    describe_save,
    read_asked,
)
from assistant.web.kit.context import application_of, begin_read_only, begin_write, commit, db, now
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.page_errors import errors_of, page_error
from assistant.web.nominees import criteria, nominee_table, several
from assistant.web.nominees.nominee_forms import CriteriaForm, NomineePage, PersonForm
from assistant.web.nominees.nominee_merge import REMOVED, changed_labels, merge_nominee, nominee_rows, removal_row
from assistant.web.wizard import application_state
from assistant.web.wizard.after_save import what_was_saved
from assistant.web.wizard.page_merge import show_merge
from assistant.web.wizard.question_help import help_beside
from assistant.web.wizard.steps import known_step, place_of
from assistant.web.wizard.wizard import leave_list, not_yet, version_of_page

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.rules import Finding
    from assistant.storage.tables import Application
    from assistant.web.kit.choices import ConflictRow
    from assistant.web.kit.context import PageContext

bp = Blueprint("nominees", __name__, url_prefix="/applications/<uuid:application_id>/nominees")

NAME_FIRST = "Enter the nominee’s full name."


@bp.route("/", methods=["GET", "POST"])
@reshow_on_csrf_failure
def listing(application_id: UUID) -> ResponseReturnValue:
    """Show the nominees with what is open for each, change several at once, or go on to the next step."""
    begin_read_only()
    application = application_of(application_id)
    row = known_step("nominees")
    if (reason := row.needs(application.answers)) and not application.answers.nominees:
        return not_yet(application, row, reason)
    go = request.form.get("go", "")
    stays = go in {"find", "set"} or go.startswith("page-")
    if request.method == "POST" and not csrf_failed() and not stays:
        return leave_list(application, row, saved="nominees")
    page = request.values.get("page", "1") if go in {"", "set"} else go.removeprefix("page-")
    return _show_list(application, reason, page=page)


def _show_list(application: Application, reason: str, *, page: str) -> ResponseReturnValue:
    """Show the page of the list that the filter of this request asks for, after a change of several nominees."""
    row = known_step("nominees")
    number, total = place_of(row)
    list_filter = nominee_table.read_filter(request.values, page)
    table = nominee_table.table_of(application, list_filter)
    context: PageContext = {}
    status = HTTPStatus.OK
    if csrf_failed():
        context["errors"] = page_error(SENTENCE)
    elif request.form.get("go") == "set":
        wish = several.read_change(request.form, table, application.answers.models)
        if wish.change is None:
            context = {"errors": wish.errors, "ticked": wish.ticked, "set_value": wish.value, "day": wish.day}
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            begin_write()
            changed = nominees.update_nominees(db(), application, wish.ids, wish.change, now=now())
            commit()
            context["several"] = {"words": wish.words, "changed": changed, "same": len(wish.ids) - changed}
            table = nominee_table.table_of(application, list_filter)
    return render_template(
        "nominees/listing.html",
        **{
            "application": application,
            "application_title": application_state.title_of(application),
            "step": row,
            "number": number,
            "total": total,
            "table": table,
            "filter": list_filter,
            "models": application.answers.models,
            "options": several.change_options(application.answers.models),
            "day": several.DayForm().day,
            "ticked": frozenset(request.form.getlist("nominee")) if csrf_failed() else frozenset(),
            "who": request.form.get("who", ""),
            "reason": reason,
            "change": request.args.get("change", ""),
            "saved": what_was_saved(application),
            "waiting": rosters.waiting_rosters(db(), application),
            **context,
        },
    ), status


@bp.route("/new", methods=["GET", "POST"], defaults={"nominee_id": None}, endpoint="new")
@bp.route("/<nominee_id>", methods=["GET", "POST"], endpoint="person")
@reshow_on_csrf_failure
def person(application_id: UUID, nominee_id: str | None) -> ResponseReturnValue:
    """Ask who is nominated and for what; a new nominee's page carries an id, so that a double click adds one."""
    begin_read_only()
    application = application_of(application_id)
    nominee_row = _find_listed(application, nominee_id) if nominee_id else None
    row = known_step("nominees")
    if nominee_row is None and (reason := row.needs(application.answers)):
        return not_yet(application, row, reason)
    models = application.answers.models
    saved = nominee_row.nominee if nominee_row else Nominee(models=models if len(models) == 1 else ())
    page_form = PersonForm.about(saved, request.form if request.method == "POST" else None)
    page_form.offer(models)
    fresh_id = request.form.get("nominee_id", "") or nominees.new_id()
    context: PageContext = {
        "fresh_id": None if nominee_row else fresh_id,
        "remove": _is_listed(application, nominee_row),
    }
    if request.method != "POST" or csrf_failed():
        return _show_first(application, nominee_row, page_form, **context)
    if nominee_row is not None:
        return _save(application, nominee_row, page_form, asks_criteria=False, **context)
    if not (page_form.validate() and _named(page_form)):
        return _show(
            application, nominee_row, page_form, errors=errors_of(page_form), **context
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    if not re.fullmatch(r"[2-9a-z]{8}", fresh_id, re.ASCII):
        raise NotFoundError("There is no such nominee. Choose one from the roster.")
    if fresh_id in application.nominee_ids:  # sent twice
        return _save(application, nominees.find_nominee(application, fresh_id), page_form, asks_criteria=True)
    return _add(application, page_form, fresh_id, remove=context["remove"])


def _add(application: Application, page_form: PersonForm, fresh_id: str, **context: Any) -> ResponseReturnValue:
    nominee = page_form.put_nominee(Nominee())
    save = partial(nominees.add_nominee, db(), application, fresh_id, nominee, now=now())
    begin_write()
    try:
        save_optimistically(db(), application, save)
    except ChangedSinceError:
        # Sent twice at the same moment: the other request has added the nominee.
        return _save(application, nominees.find_nominee(application, fresh_id), page_form, asks_criteria=True)
    except AnswersError as error:
        errors = page_error(str(error))
        return _show(
            application, None, page_form, errors=errors, fresh_id=fresh_id, **context
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    return redirect(_onward(application.public_id, fresh_id, "nominees.questions"))


def _named(page_form: PersonForm) -> bool:
    """Say whether the page names a person; it says so itself where it does not."""
    if not page_form.full_name.data:
        page_form.full_name.errors = [NAME_FIRST]
    return not page_form.full_name.errors


@bp.route("/<nominee_id>/criteria", methods=["GET", "POST"])
@reshow_on_csrf_failure
def questions(application_id: UUID, nominee_id: str) -> ResponseReturnValue:
    """Ask for the criteria that count for the models of this nominee."""
    begin_read_only()
    application = application_of(application_id)
    nominee_row = _find_listed(application, nominee_id)
    page_form = CriteriaForm.about(nominee_row.nominee, request.form if request.method == "POST" else None)
    page_form.ask_only(nominee_row.nominee.models)
    context: PageContext = {"cards": criteria.sources_by_field(nominee_row.nominee.models), "criteria_page": True}
    if request.method != "POST" or csrf_failed():
        return _show_first(application, nominee_row, page_form, **context)
    return _save(application, nominee_row, page_form, asks_criteria=False, **context)


def _find_listed(application: Application, nominee_id: str) -> nominees.NomineeRow:
    """Return a nominee; for a page that is sent also one whom somebody has removed since it was loaded.

    Raises:
        NotFoundError: there is none of that id.
    """
    if request.method == "POST" and (removal := find_removal(db(), application, nominee_id)):
        return nominees.NomineeRow(id=nominee_id, place=-1, version=0, nominee=removal.nominee)
    return nominees.find_nominee(application, nominee_id)


def _show_first(
    application: Application, nominee_row: nominees.NomineeRow | None, page_form: NomineePage, **context: Any
) -> str:
    """Show a page as it is loaded, or as it was sent without its token."""
    if request.method != "POST":
        return _show(application, nominee_row, page_form, **context)
    rows = _rows(application, nominee_row, page_form) if nominee_row else []
    version = version_of_page(application)
    return _show(
        application, nominee_row, page_form, version=version, errors=page_error(SENTENCE), conflict=rows, **context
    )


def _is_listed(application: Application, nominee_row: nominees.NomineeRow | None) -> bool:
    return nominee_row is not None and nominee_row.id in application.nominee_ids


def _save(
    application: Application,
    nominee_row: nominees.NomineeRow,
    page_form: NomineePage,
    *,
    asks_criteria: bool = False,
    **context: Any,
) -> ResponseReturnValue:
    """Save a page about a nominee, merged with what was saved since it was loaded; ask where both changed it."""
    version = version_of_page(application)
    again = partial(_show, application, nominee_row, page_form, version=version, **context)
    page_form.validate()
    rows = _rows(application, nominee_row, page_form)
    if errors := [*errors_of(page_form), *conflict_errors(rows)]:
        return again(errors=errors, conflict=rows), HTTPStatus.UNPROCESSABLE_ENTITY
    if chosen_for(REMOVED) == THEIRS and not _is_listed(application, nominee_row):
        return redirect(url_for("nominees.listing", application_id=application.public_id, change="removed"))
    mine = apply_choices(page_form.entries())
    begin_write()

    def save() -> None:
        lock(db(), application)
        removal = find_removal(db(), application, nominee_row.id)
        theirs = removal.nominee if removal else nominees.find_nominee(application, nominee_row.id).nominee
        merged = merge_nominee(application, nominee_row.id, theirs, page_form, mine, version=version)
        if removal is None:
            nominees.update_nominee(db(), application, nominee_row.id, merged, version=application.version, now=now())
        elif chosen_for(REMOVED) == MINE:
            nominees.add_nominee(db(), application, nominee_row.id, merged, now=now())
        else:
            raise ConflictError(Merge(values={}, conflicts=()))

    try:
        save_optimistically(db(), application, save)
    except ConflictError as conflict:
        return _ask(application, nominee_row.id, page_form, conflict, **context), HTTPStatus.CONFLICT
    except AnswersError as error:
        return again(errors=page_error(str(error))), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    models = nominees.find_nominee(application, nominee_row.id).nominee.models
    asks_criteria = asks_criteria or set(models) != set(nominee_row.nominee.models)
    endpoint = "nominees.questions" if asks_criteria else "nominees.listing"
    if request.form.get("go") != "later" and _invalid_findings(application, nominee_row.id, page_form):
        # What cannot be right shows on this page, not on top of the next one.
        here = "nominees.questions" if isinstance(page_form, CriteriaForm) else "nominees.person"
        back = request.form.get("back") or None
        at = application.public_id
        return redirect(url_for(here, application_id=at, nominee_id=nominee_row.id, saved="nominee", back=back))
    return redirect(_onward(application.public_id, nominee_row.id, endpoint))


def _findings(application: Application, nominee_id: str) -> dict[str, list[Finding]]:
    """Return what is wrong with the answers about a nominee or missing among them, by the name of the answer."""
    findings_by_field: dict[str, list[Finding]] = {}
    place = application.nominee_ids.index(nominee_id)
    for finding in nominee_table.findings_by_place(application_state.review_of(application).findings).get(place, []):
        findings_by_field.setdefault(finding.where.split(".")[-1], []).append(finding)
    return findings_by_field


def _invalid_findings(application: Application, nominee_id: str, page_form: NomineePage) -> list[Finding]:
    """Return the findings about answers of this page that cannot be right."""
    findings = _findings(application, nominee_id)
    return invalid_answers(finding for name, _ in page_form.questions() for finding in findings.get(name, ()))


def _rows(
    application: Application,
    nominee_row: nominees.NomineeRow,
    page_form: NomineePage,
    keys: tuple[str, ...] | None = None,
) -> list[ConflictRow]:
    """Return the rows that ask what to keep; ``keys`` None stands for those of the page that was sent."""
    rows = nominee_rows(application, nominee_row.id, nominee_row.nominee, page_form, keys)
    removal = find_removal(db(), application, nominee_row.id)
    if removal and (keys is not None or read_asked({REMOVED})):
        return [removal_row(removal, choice=chosen_for(REMOVED)), *rows]
    return rows


def _ask(
    application: Application, nominee_id: str, page_form: NomineePage, conflict: ConflictError, **context: Any
) -> str:
    nominee_row = _find_listed(application, nominee_id)
    rows = _rows(application, nominee_row, page_form, conflict.merge.conflicts)
    show_merge(page_form, conflict.merge)
    errors = [*page_error(SOMEONE_ELSE_SAVED), *conflict_errors(rows)]
    context |= {"fresh_id": None, "remove": False}
    return _show(application, nominee_row, page_form, errors=errors, conflict=rows, **context)


@bp.route("/<nominee_id>/remove", methods=["GET", "POST"])
@reshow_on_csrf_failure
def remove(application_id: UUID, nominee_id: str) -> ResponseReturnValue:
    """Ask once, then take a nominee out."""
    begin_read_only()
    application = application_of(application_id)
    removed = url_for("nominees.listing", application_id=application_id, change="removed")
    if request.method == "POST" and not csrf_failed() and find_removal(db(), application, nominee_id):
        return redirect(removed)  # somebody else was first
    nominee_row = nominees.find_nominee(application, nominee_id)
    errors = page_error(SENTENCE) if csrf_failed() else []
    status = 200
    version = version_of_page(application) if request.method == "POST" else application.version
    if request.method == "POST" and not csrf_failed():
        take_out = partial(nominees.remove_nominee, version=version, now=now())
        begin_write()
        try:
            save_optimistically(db(), application, partial(take_out, db(), application, nominee_id))
        except ChangedSinceError:
            errors, status = page_error(_changed_meanwhile(application, nominee_id, version)), HTTPStatus.CONFLICT
            nominee_row, version = nominees.find_nominee(application, nominee_id), application.version
        else:
            commit()
            return redirect(removed)
    return render_template(
        "nominees/remove.html", application=application, application_title=application_state.title_of(application),
        listed=nominee_row, errors=errors, version=version,
    ), status  # fmt: skip


def _changed_meanwhile(application: Application, nominee_id: str, version: int) -> str:
    """Return which answers about a nominee were changed since ``version``, by whom and when."""
    nominee = nominees.find_nominee(application, nominee_id).nominee
    labels = changed_labels(application, nominee_id, (PersonForm.about(nominee), CriteriaForm.about(nominee)), version)
    saved = find_last_save(db(), application, f"{NOMINEES}.{nominee_id}")
    description = describe_save(saved.at, saved.who) if saved else describe_save(None)
    what = f"Answers about this nominee were changed while you were on this page ({labels or 'all of them'})"
    return f"{what}, {description}. Look at the nominee before you remove anyone."


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


def _show(
    application: Application, nominee_row: nominees.NomineeRow | None, page_form: NomineePage, **more: Any
) -> str:
    context: PageContext = {
        "application": application,
        "application_title": application_state.title_of(application),
        "listed": nominee_row,
        "page_form": page_form,
        "version": application.version,
        "back": request.values.get("back", ""),
        "criteria_page": False,
        "cards": {},
        "remove": False,
        "help": help_beside(nominee=True),
        "fresh_id": None,
        "conflict": [],
        "invalid": [],
    }
    if request.method != "POST" and _is_listed(application, nominee_row) and nominee_row is not None:
        page_form.show_findings(_findings(application, nominee_row.id))
        if "saved" in request.args:
            context["invalid"] = [
                (finding.message, f"#{page_form.html_id(finding.where.split('.')[-1])}")
                for finding in _invalid_findings(application, nominee_row.id, page_form)
            ]
    return render_template("nominees/nominee.html", **(context | more))
