"""The page from which the signed copies go to ICE: the message as a draft, as text, and everything in a ZIP."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, url_for

from assistant import program
from assistant.errors import BlockedError, NotFoundError
from assistant.services.after_export.sending import make_package, plan_sending
from assistant.web.kit.context import agency_id, application_of, db, today
from assistant.web.kit.downloads import send_file_to_save
from assistant.web.kit.error_pages import fault_page
from assistant.web.wizard import application_state

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.services.after_export.sending import SendingPackage

bp = Blueprint("sending", __name__, url_prefix="/applications/<uuid:application_id>/send")

NOTHING_YET = "No signed copy is ready to be sent. Add the scans, and look at every page of them first."


@bp.get("/")
def show(application_id: UUID) -> ResponseReturnValue:
    """Show what goes into the message, what is missing, and every way to send it."""
    application = application_of(application_id)
    return render_template(
        "after_export/sending/show.html",
        application=application,
        application_title=application_state.title_of(application),
        plan=plan_sending(db(), application),
        contact=program.program_contact(),
    )


@bp.get("/<name>.eml")
def message(application_id: UUID, name: str) -> ResponseReturnValue:
    """Send an e-mail draft with the signed copies attached."""
    package = _package(application_id)
    if isinstance(package, str):
        return _refuse(application_id, package)
    file_name = f"{name}.eml"
    if file_name not in package.messages:
        raise NotFoundError("There is no such message. Go to the list of what to send.")
    return send_file_to_save(package.messages[file_name], file_name, "message/rfc822")


@bp.get("/package.zip")
def package(application_id: UUID) -> ResponseReturnValue:
    """Send everything in one ZIP."""
    packed = _package(application_id)
    if isinstance(packed, str):
        return _refuse(application_id, packed)
    return send_file_to_save(packed.data, packed.name, "application/zip")


def _package(application_id: UUID) -> SendingPackage | str:
    """Return the package, or the sentence why there is none."""
    try:
        packed = make_package(db(), agency_id(), application_of(application_id), today=today())
    except BlockedError as error:
        return str(error)
    return packed or NOTHING_YET


def _refuse(application_id: UUID, sentence: str) -> ResponseReturnValue:
    back = url_for("sending.show", application_id=application_id)
    return fault_page(HTTPStatus.NOT_FOUND, sentence, back=back)
