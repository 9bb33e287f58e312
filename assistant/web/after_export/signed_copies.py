"""Signed copies: drop the scans, see how each document stands, and look at every page beside the issued one."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.errors import BusyError, InputError, NotFoundError
from assistant.services.after_export import copy_store
from assistant.services.after_export.copy_checks import NOT_COMPARED, SIDES
from assistant.services.after_export.copy_files import MOST_FILES, DroppedFile, plain_name, read_files
from assistant.services.after_export.copy_status import copies_status
from assistant.services.jobs.kinds import CHECK_COPIES
from assistant.web.after_export.copy_words import describe_matching, describe_problems, rows_of, summary_of
from assistant.web.after_export.verdict_words import VERDICTS
from assistant.web.kit.context import (
    agency_id,
    application_of,
    begin_read_only,
    begin_write,
    commit,
    db,
    now,
    order_job,
    parts,
)
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.downloads import send_file_to_save
from assistant.web.kit.page_errors import PageError, busy_error, page_error
from assistant.web.wizard import application_state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.services.after_export.copy_checks import SigningSide
    from assistant.services.after_export.copy_status import CopiesStatus
    from assistant.services.after_export.copy_store import StoredCopy
    from assistant.storage.tables import Application

bp = Blueprint("signed_copies", __name__, url_prefix="/applications/<uuid:application_id>/signed-copies")

UPLOADS_AT_ONCE = 6
"""Times the largest upload: what all files of one drop may weigh together."""
BOX = "copies"
RESUME = "resume"
"""What the button sends that goes on with a comparison."""


@bp.url_value_preprocessor
def allow_many_files(endpoint: str | None, _: dict[str, object] | None) -> None:
    """Let all scans come at once, before anything reads the form."""
    if endpoint == "signed_copies.show" and request.method == "POST":
        request.max_content_length = UPLOADS_AT_ONCE * parts().config.upload_max_bytes + 1_000_000


@bp.route("/", methods=["GET", "POST"])
@reshow_on_csrf_failure
def show(application_id: UUID) -> ResponseReturnValue:
    """Show how the copy of each document stands, or take files that were dropped."""
    if request.method == "POST" and not csrf_failed():
        begin_read_only()
    application = application_of(application_id)
    if request.method != "POST":
        return _show(application)
    if csrf_failed():
        return _show(application, page_error(f"{SENTENCE} Choose the files again."))
    if request.form.get("go") == RESUME:
        # A server that was stopped meanwhile has forgotten what it was doing.
        begin_write()
        order_job(CHECK_COPIES.name, application_id)
        commit()
        return redirect(url_for("signed_copies.show", application_id=application_id))
    try:
        files = _dropped_files()
        scanned, problems = read_files(files)
    except InputError as error:
        return _show(application, [PageError(message=str(error), id=BOX)]), HTTPStatus.UNPROCESSABLE_ENTITY
    except BusyError as error:
        return _show(application, busy_error(error, BOX)), HTTPStatus.SERVICE_UNAVAILABLE
    if scanned:
        begin_write()
        application = application_of(application_id)
        side = request.form.get("side", "agency")
        copy_store.add_copies(db(), application, scanned, side=cast("SigningSide", side), now=now())
        order_job(CHECK_COPIES.name, application_id)
        commit()
    if problems:
        errors = [PageError(message=message, id=BOX) for message in describe_problems(problems, len(scanned))]
        return _show(application, errors), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("signed_copies.show", application_id=application_id))


def _dropped_files() -> list[DroppedFile]:
    """Return the files of the form.

    Raises:
        InputError: there are none, too many, an empty or a large one, or no such side.
    """
    if request.form.get("side", "agency") not in SIDES:
        raise InputError("Choose who has signed these copies.")
    uploads = [upload for upload in request.files.getlist(BOX) if upload.filename]
    if not uploads:
        raise InputError("Choose the scans of what was signed: PDF files or pictures.")
    if len(uploads) > MOST_FILES:
        raise InputError(f"Choose at most {MOST_FILES} files at a time.")
    most = parts().config.upload_max_bytes
    files = []
    for upload in uploads:
        data = upload.read(most + 1)
        upload.close()
        if len(data) > most:
            name = plain_name(upload.filename or "")
            raise InputError(
                f"{name} is larger than {most // 1_000_000} MB. Scan it in black and white at 300 dpi, or save the "
                "picture smaller."
            )
        files.append(DroppedFile(name=upload.filename or "", data=data))
    return files


def _show(application: Application, errors: Sequence[PageError] = ()) -> str:
    status = copies_status(db(), application)
    jobs = parts().jobs
    state = jobs.state_of(db(), CHECK_COPIES.name, application.public_id) if status.is_checking else None
    return render_template(
        "after_export/signed_copies/show.html",
        application=application,
        application_title=application_state.title_of(application),
        status=status,
        rows=rows_of(status.documents, jobs, state),
        ice_rows=rows_of([row for row in status.countersigned if row.copy or row.waiting], jobs, state),
        matching=[(copy, describe_matching(jobs.progress_of(copy.public_id), state)) for copy in status.matching],
        summary=summary_of(status),
        is_stopped=status.is_checking and state is None,
        errors=errors,
        box=BOX,
        largest=parts().config.upload_max_bytes // 1_000_000,
    )


@bp.get("/<uuid:copy_id>/")
def copy(application_id: UUID, copy_id: UUID) -> ResponseReturnValue:
    """Show what the comparison of a copy says, page by page."""
    application, stored = _copy(application_id, copy_id)
    return _show_copy(application, stored)


def _show_copy(application: Application, stored: StoredCopy, errors: Sequence[PageError] = ()) -> str:
    status = copies_status(db(), application)
    return render_template(
        "after_export/signed_copies/copy.html",
        application=application,
        application_title=application_state.title_of(application),
        copy=stored,
        title=_title(status, stored),
        documents=status.export.documents if status.export else (),
        not_compared=NOT_COMPARED,
        verdicts=VERDICTS,
        errors=errors,
    )


def _title(status: CopiesStatus, stored: StoredCopy) -> str:
    document = status.export.document(stored.document) if status.export else None
    return document.title if document else stored.file_name


@bp.post("/<uuid:copy_id>/confirm")
def confirm(application_id: UUID, copy_id: UUID) -> ResponseReturnValue:
    """Note that a person found pages right: one, or all that are like the issued ones; or take that back."""
    application = application_of(application_id)
    row = copy_store.find_copy(db(), agency_id(), application, copy_id)
    stored = copy_store.describe_copy(row)
    number = _page_number(request.form.get("page", ""))
    try:
        if request.form.get("go") == "same":
            rows = stored.result.get("pages", ())
            same = [page["page"] for page in rows if page["verdict"] == "same" and page["page"] is not None]
            copy_store.confirm_pages(db(), application, row, same, now=now())
        elif request.form.get("go") == "withdraw":
            copy_store.withdraw_confirmation(db(), application, row, number, now=now())
        else:
            copy_store.confirm_pages(db(), application, row, [number], now=now())
    except InputError as error:
        return _show_copy(application, stored, page_error(str(error))), HTTPStatus.UNPROCESSABLE_ENTITY
    onward = copy_store.describe_copy(row).pages_to_look_at
    commit()
    following = next((page for page in onward if page > number), None)
    if request.form.get("go") == "page" and following:
        return redirect(url_for("signed_pages.page", application_id=application_id, copy_id=copy_id, number=following))
    return redirect(url_for("signed_copies.copy", application_id=application_id, copy_id=copy_id))


def _page_number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else 0


@bp.post("/<uuid:copy_id>/document")
def assign(application_id: UUID, copy_id: UUID) -> ResponseReturnValue:
    """Note which document a person says a copy is of."""
    application = application_of(application_id)
    row = copy_store.find_copy(db(), agency_id(), application, copy_id)
    status = copies_status(db(), application)
    document = status.export.document(request.form.get("document", "")) if status.export else None
    if document is None or status.export is None:
        errors = [PageError(message="Choose the document that this is a copy of.", id="document")]
        return _show_copy(application, copy_store.describe_copy(row), errors), HTTPStatus.UNPROCESSABLE_ENTITY
    copy_store.assign_document(
        db(), application, row, export_id=status.export.row.id, document=document.name, now=now()
    )
    order_job(CHECK_COPIES.name, application_id)
    commit()
    return redirect(url_for("signed_copies.show", application_id=application_id))


@bp.route("/<uuid:copy_id>/remove", methods=["GET", "POST"])
@reshow_on_csrf_failure
def remove(application_id: UUID, copy_id: UUID) -> ResponseReturnValue:
    """Ask once, then remove a copy."""
    application = application_of(application_id)
    row = copy_store.find_copy(db(), agency_id(), application, copy_id)
    if request.method != "POST" or csrf_failed():
        stored = copy_store.describe_copy(row)
        return render_template(
            "after_export/signed_copies/remove.html",
            application=application,
            application_title=application_state.title_of(application),
            copy=stored,
            title=_title(copies_status(db(), application), stored),
            errors=page_error(SENTENCE) if csrf_failed() else [],
        )
    copy_store.remove_copy(db(), application, row, now=now())
    commit()
    return redirect(url_for("signed_copies.show", application_id=application_id))


@bp.get("/<uuid:copy_id>/file")
def file(application_id: UUID, copy_id: UUID) -> ResponseReturnValue:
    """Send the file of a copy."""
    application = application_of(application_id)
    row = copy_store.find_copy(db(), agency_id(), application, copy_id)
    stored = copy_store.describe_copy(row)
    status = copies_status(db(), application)
    document = status.export.document(stored.document) if status.export else None
    name = document.signed_name if document else "scan.pdf"
    return send_file_to_save(copy_store.data_of(row), name, "application/pdf")


def _copy(application_id: UUID, copy_id: UUID) -> tuple[Application, StoredCopy]:
    application = application_of(application_id)
    row = copy_store.find_copy(db(), agency_id(), application, copy_id)
    if row.replaced_at is not None:
        raise NotFoundError("Another copy has taken the place of this one. Go to the list.")
    return application, copy_store.describe_copy(row)
