"""Papers for the people around an application: who signs, who decides, and what comes after both sides have signed."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from assistant.documents.board_packet import PLACE as BOARD
from assistant.documents.board_packet import board_packet
from assistant.documents.calendar_file import calendar_file
from assistant.documents.cost_sheet import PLACE as COST
from assistant.documents.cost_sheet import cost_sheet
from assistant.documents.cost_workbook import PLACE as COST_WORKBOOK
from assistant.documents.cost_workbook import cost_workbook
from assistant.documents.signatory_brief import PLACE as BRIEF
from assistant.documents.signatory_brief import signatory_brief
from assistant.documents.signing_day import PLACE as SIGNING_DAY
from assistant.documents.wording import agency_name, models_in_order
from assistant.errors import NotFoundError
from assistant.program.calendar_entries import calendar_entries
from assistant.services.application import export_log
from assistant.services.application.signing_day import signing_day_of
from assistant.web.kit.context import agency_id, application_of, db, today
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

    from assistant.storage.tables import Application

bp = Blueprint("papers", __name__, url_prefix="/applications/<uuid:application_id>/papers")

CALENDAR = "287g-calendar.ics"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SigningDayForm(PageForm):
    """The day from which the calendar counts."""

    signed_on = Day(
        "When had both sides signed?",
        named="the day both sides had signed",
        hint="The later of the two dates on the signature page, usually ICE’s. For example: 3 26 2025",
    )


@bp.get("/")
def show(application_id: UUID) -> ResponseReturnValue:
    """Show the papers, and ask for the day from which the calendar counts."""
    return _show(_application(application_id), SigningDayForm(formdata=None))


@bp.get(f"/{BRIEF}")
def brief(application_id: UUID) -> Response:
    """Send the signatory's brief."""
    application = _application(application_id)
    plan = application_state.plan_of(application)
    editions = {model: agreement.form.edition for model, agreement in plan.agreements.items()}
    review = application_state.review_of(application)
    return send_file_to_save(
        signatory_brief(application.answers, editions, review, today=today()), BRIEF, "application/pdf"
    )


@bp.get(f"/{BOARD}")
def board(application_id: UUID) -> Response:
    """Send the packet for the governing body."""
    application = _application(application_id)
    return send_file_to_save(board_packet(application.answers, today=today()), BOARD, "application/pdf")


@bp.get(f"/{COST}")
def cost(application_id: UUID) -> Response:
    """Send the cost sheet."""
    application = _application(application_id)
    return send_file_to_save(cost_sheet(application.answers, today=today()), COST, "application/pdf")


@bp.get(f"/{COST_WORKBOOK}")
def cost_spreadsheet(application_id: UUID) -> Response:
    """Send the cost sheet as a workbook with formulas."""
    application = _application(application_id)
    return send_file_to_save(cost_workbook(application.answers, today=today()), COST_WORKBOOK, XLSX)


@bp.get(f"/{SIGNING_DAY}")
def signing_day(application_id: UUID) -> Response:
    """Send the signing-day sheet of the last export that is no draft."""
    application = _application(application_id)
    latest = export_log.latest_final(export_log.exports_of(db(), application))
    record = export_log.get_export(db(), agency_id(), latest.public_id) if latest else None
    stored = export_log.stored_bundle(record) if record else None
    if latest is None or stored is None:
        raise NotFoundError("There is no exported bundle to sign yet. Export the bundle first.")
    data = signing_day_of(stored.data, reference=export_log.reference_of(latest.public_id))
    return send_file_to_save(data, SIGNING_DAY, "application/pdf")


@bp.post("/calendar")
@reshow_on_csrf_failure
def calendar(application_id: UUID) -> ResponseReturnValue:
    """Send the calendar that counts from the day entered."""
    application, form = _application(application_id), SigningDayForm(formdata=request.form)
    if csrf_failed():
        return _show(application, form, page_error(SENTENCE))
    form.validate()
    day = form.signed_on.data
    if day is None:
        message = next(iter(form.signed_on.errors), "Enter the day both sides had signed.")
        form.signed_on.errors = [message]
        errors = [PageError(message=str(message), id=form.signed_on.id)]
        return _show(application, form, errors), HTTPStatus.UNPROCESSABLE_ENTITY
    entries = calendar_entries(models_in_order(application.answers.models), day)
    data = calendar_file(agency_name(application.answers), entries, signed_on=day)
    return send_file_to_save(data, CALENDAR, "text/calendar")


def _application(application_id: UUID) -> Application:
    application = application_of(application_id)
    if known_step("documents").needs(application.answers):
        raise NotFoundError("There are no documents yet. Go to the task list.")
    return application


def _show(application: Application, form: SigningDayForm, errors: Sequence[PageError] = ()) -> str:
    final = export_log.latest_final(export_log.exports_of(db(), application))
    return render_template(
        "application/documents/papers.html",
        final=final,
        reference=export_log.reference_of(final.public_id) if final else "",
        changed=final is not None and final.version != application.version,
        signing_day=SIGNING_DAY,
        application=application,
        application_title=application_state.title_of(application),
        form=form,
        errors=errors,
        brief=BRIEF,
        board=BOARD,
        cost=COST,
        cost_workbook=COST_WORKBOOK,
    )
