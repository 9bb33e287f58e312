"""Papers for the people around an application: who signs, who decides, who pays, and what comes after signing.

Each is a page that prints, and the same blocks as a PDF.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup

from assistant.documents.board_packet import PLACE as BOARD
from assistant.documents.board_packet import compose_board_packet
from assistant.documents.calendar_file import calendar_file
from assistant.documents.cost_sheet import PLACE as COST
from assistant.documents.cost_sheet import compose_cost_sheet
from assistant.documents.cost_workbook import PLACE as COST_WORKBOOK
from assistant.documents.cost_workbook import cost_workbook
from assistant.documents.html_page import to_markup
from assistant.documents.setting import to_pdf
from assistant.documents.signatory_brief import PLACE as BRIEF
from assistant.documents.signatory_brief import compose_brief
from assistant.documents.signing_day import PLACE as SIGNING_DAY
from assistant.documents.wording import agency_name, models_in_order
from assistant.errors import NotFoundError
from assistant.program.calendar_entries import calendar_entries
from assistant.services.after_export.issued_documents import export_being_signed
from assistant.services.application import export_log
from assistant.services.application.signing_day import signing_day_of
from assistant.web.kit.context import application_of, db, today
from assistant.web.kit.csrf import SENTENCE, csrf_failed, reshow_on_csrf_failure
from assistant.web.kit.downloads import send_file_to_save
from assistant.web.kit.fields import Day
from assistant.web.kit.page_errors import PageError, page_error
from assistant.web.kit.page_forms import PageForm
from assistant.web.wizard import application_state
from assistant.web.wizard.steps import known_step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.documents.blocks import PaperDocument
    from assistant.storage.tables import Application

bp = Blueprint("papers", __name__, url_prefix="/applications/<uuid:application_id>/papers")

CALENDAR = "287g-calendar.ics"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """One paper of the page: for whom it is, what is in it, its address as a page, and its file as a PDF."""

    slug: str
    audience: str
    about: str
    file_name: str
    compose: Callable[[Application], PaperDocument]


class SigningDayForm(PageForm):
    """The day from which the calendar counts."""

    signed_on = Day(
        "When had both sides signed?",
        named="the day both sides had signed",
        hint="The later of the two dates on the signature page, usually ICE’s. For example: 3 26 2025",
    )


def _compose_brief(application: Application) -> PaperDocument:
    plan = application_state.plan_of(application)
    editions = {model: agreement.form.edition for model, agreement in plan.agreements.items()}
    review = application_state.review_of(application)
    return compose_brief(application.answers, editions, review, today=today())


PAPERS = (
    PaperRow(
        slug="signatory-brief",
        audience="For the person who signs",
        about="what is signed, duties, costs, what is still open, how it ends",
        file_name=BRIEF,
        compose=_compose_brief,
    ),
    PaperRow(
        slug="board-packet",
        audience="For the governing body",
        about="agenda item, facts with sources, questions that boards asked, a draft resolution for counsel",
        file_name=BOARD,
        compose=lambda application: compose_board_packet(application.answers, today=today()),
    ),
    PaperRow(
        slug="cost-sheet",
        audience="For the budget",
        about="officers, training days, who pays what, with blanks for your sums",
        file_name=COST,
        compose=lambda application: compose_cost_sheet(application.answers, today=today()),
    ),
)
BY_SLUG = {row.slug: row for row in PAPERS}
BY_FILE_NAME = {row.file_name: row for row in PAPERS}


@bp.get("/")
def show(application_id: UUID) -> ResponseReturnValue:
    """Show the papers, and ask for the day from which the calendar counts."""
    return _show(_application(application_id), SigningDayForm(formdata=None))


@bp.get("/<paper>/")
def page(application_id: UUID, paper: str) -> str:
    """Show a paper as a page that prints."""
    row = BY_SLUG.get(paper)
    application = _application(application_id)
    if row is None:
        raise NotFoundError("There is no such paper. Choose one from the list.")
    document = row.compose(application)
    return render_template(
        "application/documents/paper.html",
        application=application,
        application_title=application_state.title_of(application),
        title=document.title,
        file_address=url_for("papers.file", application_id=application_id, name=row.file_name),
        markup=Markup(to_markup(document)),  # noqa: S704 - every text in it is escaped where it is marked up
    )


@bp.get("/<name>")
def file(application_id: UUID, name: str) -> Response:
    """Send a paper as a file."""
    application = _application(application_id)
    if (row := BY_FILE_NAME.get(name)) is not None:
        return send_file_to_save(to_pdf(row.compose(application)), name, "application/pdf")
    if name == COST_WORKBOOK:
        return send_file_to_save(cost_workbook(application.answers, today=today()), name, XLSX)
    if name == SIGNING_DAY:
        return send_file_to_save(_signing_day(application), name, "application/pdf")
    raise NotFoundError("There is no such paper. Choose one from the list.")


def _signing_day(application: Application) -> bytes:
    """Return the signing-day sheet of the export that is being signed."""
    export = export_being_signed(db(), application)
    stored = export_log.stored_bundle(export) if export else None
    if export is None or stored is None:
        raise NotFoundError("There is no exported bundle to sign yet. Export the bundle first.")
    return signing_day_of(stored.data, reference=export_log.reference_of(export.public_id))


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
    export = export_being_signed(db(), application)
    final = export if export is not None and export.purged_at is None else None
    return render_template(
        "application/documents/papers.html",
        application=application,
        application_title=application_state.title_of(application),
        form=form,
        errors=errors,
        papers=PAPERS,
        cost_sheet=COST,
        cost_workbook=COST_WORKBOOK,
        final=final,
        reference=export_log.reference_of(final.public_id) if final else "",
        changed=final is not None and final.version != application.version,
        signing_day=SIGNING_DAY,
    )
