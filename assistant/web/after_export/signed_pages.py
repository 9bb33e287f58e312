"""One page of a signed copy beside the page that was issued, with what differs, for a person to confirm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, url_for

from assistant.errors import NotFoundError
from assistant.services.after_export import copy_pictures, copy_store
from assistant.services.after_export.issued_documents import documents_of
from assistant.services.application.export_log import export_by_number
from assistant.web.after_export.verdict_words import VERDICTS
from assistant.web.kit.context import agency_id, application_of, db
from assistant.web.wizard import application_state

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.services.after_export.copy_store import StoredCopy
    from assistant.services.after_export.issued_documents import IssuedDocument
    from assistant.storage.after_export_tables import SignedCopyRow
    from assistant.storage.tables import Application
    from assistant.verifying.verdict import PageVerdictDocument

bp = Blueprint(
    "signed_pages", __name__, url_prefix="/applications/<uuid:application_id>/signed-copies/<uuid:copy_id>/pages"
)

FIGURES = {
    "issued": ("As issued", "Page {page} as it was issued"),
    "signed": ("As signed", "Page {signed} of the signed copy"),
    "difference": ("What differs", "Page {page}: what differs between the issued page and the signed copy"),
}
"""The caption and the alternative text of each picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCopy:
    """A copy with its bytes and the document that it is a copy of."""

    application: Application
    row: SignedCopyRow
    copy: StoredCopy
    document: IssuedDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFigure:
    """A picture of the page, with its caption and what it is for who cannot see it."""

    address: str
    caption: str
    alternative: str


@bp.get("/<int:number>/")
def page(application_id: UUID, copy_id: UUID, number: int) -> ResponseReturnValue:
    """Show a page as issued, as signed, and what differs."""
    opened = _open(application_id, copy_id)
    verdict = _verdict(opened.copy, number)
    numbers = opened.copy.pages_to_confirm
    if number not in numbers:
        raise NotFoundError("The copy has no such page. Go to the list of its pages.")
    place = numbers.index(number)
    return render_template(
        "after_export/signed_copies/page.html",
        application=opened.application,
        application_title=application_state.title_of(opened.application),
        copy=opened.copy,
        document=opened.document,
        number=number,
        last=numbers[-1],
        verdict=verdict,
        words=VERDICTS[verdict["verdict"]] if verdict else None,
        figures=_figures(opened, number, verdict),
        before=numbers[place - 1] if place else None,
        after=numbers[place + 1] if place + 1 < len(numbers) else None,
        missing=number in opened.copy.missing_pages,
    )


@bp.get("/<int:number>/<which>.png")
def picture(application_id: UUID, copy_id: UUID, number: int, which: str) -> ResponseReturnValue:
    """Send one of the three pictures of a page."""
    opened = _open(application_id, copy_id)
    verdict, issued = _verdict(opened.copy, number), opened.document.data
    signed_page = _signed_page(opened.copy, number, verdict)
    png = None
    if which == "issued" and issued is not None and number in opened.copy.pages_to_confirm:
        png = copy_pictures.draw_issued(issued, number)
    elif which == "signed" and signed_page is not None:
        png = copy_pictures.draw_signed(copy_store.data_of(opened.row), signed_page)
    elif which == "difference" and issued is not None and signed_page is not None and verdict:
        png = copy_pictures.draw_difference(copy_store.data_of(opened.row), signed_page, issued, number)
    if png is None:
        raise NotFoundError("There is no such picture of this page.")
    return Response(png, mimetype="image/png")


def _figures(opened: OpenedCopy, number: int, verdict: PageVerdictDocument | None) -> list[PageFigure]:
    """Return the pictures that there are of a page: three, or one where it is missing or was not compared."""
    signed_page = _signed_page(opened.copy, number, verdict)
    there = ["issued"] if opened.document.data is not None else []
    there += ["signed"] if signed_page is not None else []
    there += ["difference"] if len(there) == 2 else []  # noqa: PLR2004 - both pages are there
    return [
        PageFigure(
            address=url_for(
                "signed_pages.picture",
                application_id=opened.application.public_id,
                copy_id=opened.copy.public_id,
                number=number,
                which=which,
            ),
            caption=FIGURES[which][0],
            alternative=FIGURES[which][1].format(page=number, signed=signed_page),
        )
        for which in there
    ]


def _signed_page(copy: StoredCopy, number: int, verdict: PageVerdictDocument | None) -> int | None:
    """Return the page of the copy that shows an issued page; in one that was not compared it is the same."""
    if copy.result.get("is_compared", True) is False:
        return number if 1 <= number <= copy.pages else None
    return verdict["signed_page"] if verdict else None


def _verdict(copy: StoredCopy, number: int) -> PageVerdictDocument | None:
    return next((page for page in copy.result.get("pages", ()) if page["page"] == number), None)


def _open(application_id: UUID, copy_id: UUID) -> OpenedCopy:
    application = application_of(application_id)
    row = copy_store.find_copy(db(), agency_id(), application, copy_id)
    copy = copy_store.describe_copy(row)
    export = export_by_number(db(), application, copy.export_id) if copy.export_id else None
    documents = documents_of(export) if export else ()
    document = next((one for one in documents if one.name == copy.document), None)
    if document is None or copy.state != copy_store.CHECKED_STATE:
        raise NotFoundError("This copy is not compared with a document yet. Go to the list of signed copies.")
    return OpenedCopy(application=application, row=row, copy=copy, document=document)
