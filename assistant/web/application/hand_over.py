"""Hand a part of an application to a colleague as a sealed file, open such a file, and take the part back."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.bundle.file_names import slug
from assistant.errors import AnswersError, InputError, StaleError
from assistant.services.application import hand_over as service
from assistant.services.application.parts import PARTS, WHOLE
from assistant.storage.sealed_file import LARGEST_FILE, new_code, read_code
from assistant.web.application.part_rows import PartRow, change_words, label_of, person_here, value_here, value_words
from assistant.web.kit.context import agency_id, application_of, commit, db, now
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.downloads import send_file_to_save
from assistant.web.kit.page_errors import PageError, page_error
from assistant.web.kit.uploads import uploaded
from assistant.web.wizard import application_state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from assistant.services.application.changes import Change
    from assistant.services.application.part_merge import PartConflict
    from assistant.storage.tables import Application

bp = Blueprint("hand_over", __name__)

BACK = "back"
"""The choice to send a part back to where it came from."""
MOST_ROWS = 100
"""Answers that both sides changed, on one page; a form may have 500 parts."""
MOST_NAMED = 100
"""Changes that are named one by one."""
MINE, THEIRS = "mine", "theirs"
FILE_ENDING = "moapart"


@bp.route("/applications/<uuid:application_id>/hand-over/", methods=["GET", "POST"])
@reshow_on_csrf_failure
def show(application_id: UUID) -> ResponseReturnValue:
    """Ask which part to hand over, show a new code, and send the sealed file."""
    application = application_of(application_id)
    if request.method != "POST":
        return _show(application)
    if csrf_failed():
        return _show(application, page_error(SENTENCE))
    part, code = request.form.get("part", ""), request.form.get("code", "")
    is_back = part == BACK and service.received_part(application) is not None
    if not is_back and part not in service.offered_parts(application):
        errors = [PageError(message="Choose what to hand over.", id="part-1")]
        return _show(application, errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        if is_back:
            data = service.send_back(db(), application, code, now=now())
        else:
            data = service.hand_over(db(), application, part, code, now=now())
    except InputError as error:
        return _show(application, page_error(str(error))), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    name = f"{slug(application.title)}-{service.received_part(application) if is_back else part}"
    return send_file_to_save(data, f"{name}{'-back' if is_back else ''}.{FILE_ENDING}", "application/octet-stream")


@bp.route("/applications/from-colleague", methods=["GET", "POST"])
@reshow_on_csrf_failure
def open_file() -> ResponseReturnValue:
    """Open a colleague's file: start an application with the part, or take a part back."""
    if request.method != "POST":
        return render_template("application/hand-over/open.html")
    if csrf_failed():
        return render_template("application/hand-over/open.html", errors=page_error(SENTENCE))
    try:
        data = uploaded("file", what="the file that your colleague sent", largest=LARGEST_FILE)
    except InputError as error:
        return _refuse_file(str(error), "file")
    if read_code(request.form.get("code", "")) is None:
        return _refuse_file("Enter the code that your colleague told you: five groups of four.", "code")
    try:
        opened = service.open_file(db(), agency_id(), data, request.form["code"], now=now())
    except AnswersError as error:
        return _refuse_file(f"An answer in this file cannot be saved: {error}", "file")
    except InputError as error:
        return _refuse_file(str(error), "file")
    commit()
    if not isinstance(opened, service.TakenBack):
        return redirect(url_for("wizard.hub", application_id=opened.public_id))
    rows = [_row(number, one) for number, one in enumerate(opened.merge.conflicts[:MOST_ROWS], 1)]
    more = len(opened.merge.conflicts) - len(rows)
    return _taken_back(opened.application, opened.title, opened.changes, rows, more=more)


@bp.post("/applications/<uuid:application_id>/hand-over/choose")
@reshow_on_csrf_failure
def choose(application_id: UUID) -> ResponseReturnValue:
    """Save the answers of the part that were chosen where both sides had changed them."""
    application = application_of(application_id)
    title, version = request.form.get("title", ""), request.form.get("version", "")
    rows = _rows_sent(application)
    if csrf_failed():
        return _taken_back(application, title, (), rows, errors=page_error(SENTENCE))
    errors = [
        PageError(message=f"{row.label}: choose which answer to keep.", id=row.id) for row in rows if not row.choice
    ]
    if errors:
        return _taken_back(application, title, (), rows, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        chosen_values = {row.key: json.loads(row.value) for row in rows if row.choice == MINE}
        number = int(version) if version.isascii() and version.isdigit() else 0
        changes = service.settle(db(), application, chosen_values, version=number, now=now())
    except StaleError:
        message = "Someone else saved this application meanwhile. Open the file again to see what is different now."
        return _taken_back(application, title, (), [], errors=page_error(message)), HTTPStatus.CONFLICT
    except (AnswersError, ValueError, RecursionError):
        message = "An answer of the file cannot be saved. Open the file again."
        return _taken_back(application, title, (), rows, errors=page_error(message)), HTTPStatus.UNPROCESSABLE_ENTITY
    commit()
    return _taken_back(application, title, changes, [])


def register_template_helpers(app: Flask) -> None:
    """Let the task list say that an application is a colleague's part."""
    app.jinja_env.globals.update(part_title=_part_title)


def _part_title(application: Application) -> str:
    """Return what an application from a colleague's file is called; "" for any other."""
    part = service.received_part(application)
    return PARTS[part].title if part else ""


def _show(application: Application, errors: Sequence[PageError] = ()) -> str:
    code = request.form.get("code", "")
    parts = [(part, PARTS[part].title) for part in service.offered_parts(application)]
    parts.sort(key=lambda pair: pair[0] != WHOLE)
    if service.received_part(application) is not None:
        parts.insert(0, (BACK, "Send it back to the colleague who handed it to me"))
    return render_template(
        "application/hand-over/show.html",
        application=application,
        application_title=application_state.title_of(application),
        parts=parts,
        part=request.form.get("part", BACK if service.received_part(application) else ""),
        code=code if read_code(code) else new_code(),
        errors=errors,
    )


def _refuse_file(message: str, box: str) -> ResponseReturnValue:
    errors = [PageError(message=message, id=box)]
    return render_template("application/hand-over/open.html", errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY


def _row(number: int, conflict: PartConflict) -> PartRow:
    return PartRow(
        key=conflict.key,
        number=number,
        label=label_of(conflict.key, conflict.person),
        from_file=value_words(conflict.key, conflict.mine),
        here=value_words(conflict.key, conflict.theirs),
        value=json.dumps(conflict.mine, ensure_ascii=False),
    )


def _rows_sent(application: Application) -> list[PartRow]:
    """Return the rows of the page that was sent, with what is chosen; what is no JSON stays as it is."""
    rows = []
    for number in range(1, MOST_ROWS + 1):
        key, value = request.form.get(f"key-{number}"), request.form.get(f"value-{number}", "null")
        if key is None:
            continue
        choice = request.form.get(f"keep-{number}", "")
        person = person_here(application, key)
        try:
            mine = json.loads(value)
            words = value_words(key, mine)
            person = person or (str(mine.get("full_name") or "") if isinstance(mine, dict) else "")
        except (ValueError, RecursionError, KeyError, AttributeError):
            words = value
        rows.append(
            PartRow(
                key=key,
                number=number,
                label=label_of(key, person),
                from_file=words,
                here=value_words(key, value_here(application, key)),
                value=value,
                choice=choice if choice in {MINE, THEIRS} else "",
            )
        )
    return rows


def _taken_back(
    application: Application,
    title: str,
    changes: Sequence[Change],
    rows: Sequence[PartRow],
    *,
    more: int = 0,
    errors: Sequence[PageError] = (),
) -> str:
    lines = change_words(changes)
    return render_template(
        "application/hand-over/taken-back.html",
        application=application,
        application_title=application_state.title_of(application),
        title=title,
        lines=lines[:MOST_NAMED],
        more_lines=max(0, len(lines) - MOST_NAMED),
        rows=rows,
        more=more,
        errors=errors,
    )
