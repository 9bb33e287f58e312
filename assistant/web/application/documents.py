"""Documents: preview of every page, download one by one, export of the bundle and what to do next."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for

from assistant import program
from assistant.answers import parse
from assistant.errors import AnswersError, BlockedError, FillError, NotFoundError
from assistant.pdf.viewer.render import page_count
from assistant.rules.invalid import invalid_answers
from assistant.services.application import applications, export_log
from assistant.services.application.export_log import StoredBundle
from assistant.services.application.make_bundle import make
from assistant.services.application.plan import find_missing_editions
from assistant.web.application.bundle_preview import bundle_of, file_of, files_of, page_picture, page_texts
from assistant.web.application.document_groups import document_groups, last_bundle
from assistant.web.kit.context import agency_id, application_of, begin_read_only, begin_write, commit, db, now
from assistant.web.kit.downloads import send_file_to_save
from assistant.web.kit.error_pages import fault_page
from assistant.web.kit.numbers import read_number
from assistant.web.wizard import application_state
from assistant.web.wizard.after_save import what_was_saved
from assistant.web.wizard.paper_places import PAGES_SHOWN, PaperValue, values_on_pages
from assistant.web.wizard.steps import known_step, place_of

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from assistant.pdf.page_text import PlacedLine
    from assistant.services.application.make_bundle import MadeBundle
    from assistant.storage.tables import Application, ExportRow
    from assistant.web.kit.context import PageContext

bp = Blueprint("documents", __name__, url_prefix="/applications/<uuid:application_id>")

PREVIEW_WIDTH = 1000  # pixels: sharp at the width of the page, under 100 kB a page of text
SMALL_WIDTH = 240
"""Pixels of the small picture of a document's first page, which a page shows half as wide: sharp on every screen."""
KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "eml": "message/rfc822",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
}
MAX_DIGITS = 5
PREVIEW_ENDINGS = frozenset({"pdf", "eml", "txt", "json"})


VIEWS = ("75", "100", "150", "200", "text")
"""How pages are shown: in percent of the width of a page, or as their text."""
SHARP_VIEWS = frozenset({"150", "200"})
SHARP_WIDTH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """A line of a page in the units of its picture's frame, points."""

    text: str
    x: str
    y: str
    width: str
    size: str
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageShown:
    """A page of a preview: its picture, its text behind it, and the values filled in on it; sizes in points."""

    number: int
    address: str
    width: int
    height: int
    picture_width: int
    picture_height: int
    text: str
    lines: tuple[LineShown, ...]
    values: tuple[PaperValue, ...]


@bp.get("/documents/")
def listing(application_id: UUID) -> ResponseReturnValue:
    """Show every document of the bundle, and the export."""
    application = application_of(application_id)
    row = known_step("documents")
    if reason := row.needs(application.answers):
        return render_template(
            "wizard/not-yet.html", step=row, reason=reason, application=application,
            application_title=application_state.title_of(application),
        )  # fmt: skip
    number, total = place_of(row)
    exports = export_log.exports_of(db(), application)
    last = last_bundle(application, exports)
    context: PageContext = {
        "application": application,
        "application_title": application_state.title_of(application),
        "number": number,
        "total": total,
        "review": application_state.review_of(application),
        "invalid": len(invalid_answers(application_state.review_of(application).findings)),
        "last": last,
        "earlier": exports[1:],
        "without_form": [],
        "groups": [],
        "shown": PREVIEW_ENDINGS,
        "fault": "",
        "missing": "",
        "contact": program.program_contact(),
        "longest_seconds": application_state.longest_seconds(application),
    }
    try:
        bundle = bundle_of(application)
    except FillError as error:
        context["fault"] = str(error)
    except BlockedError as error:
        context["missing"] = str(error)
    else:
        context["groups"] = document_groups(files_of(bundle.data), last.outdated if last else {})
        context["without_form"] = [program.get_model(m).name for m, form in bundle.forms.items() if form.data is None]
    return render_template("application/documents/listing.html", **context)


@bp.get("/documents/<name>/")
def preview(application_id: UUID, name: str) -> ResponseReturnValue:
    """Show a document as it would leave: pages as pictures with their text, or the text itself."""
    application = application_of(application_id)
    bundle = _ready(application)
    data = file_of(bundle.data, name)
    file = next(file for file in files_of(bundle.data) if file.name == name)
    if file.kind not in PREVIEW_ENDINGS:
        raise NotFoundError("This file has no preview. Download it instead.")
    view = request.args.get("view", "")
    view = view if view in VIEWS else "100"
    context: PageContext = {
        "application": application,
        "application_title": application_state.title_of(application),
        "saved": what_was_saved(application),
        "file": file,
        "draft": bundle.draft,
        "pages": [],
        "message": _message(data) if file.kind == "eml" else None,
        "text": data.decode("utf-8", "replace") if file.kind in {"txt", "json"} else "",
        "view": view,
        "zooms": VIEWS[:-1],
    }
    if file.kind == "pdf":
        count = page_count(data)
        first = _first_page(request.args.get("first", ""), count)
        context |= {
            "pages": _pages(application, name, data, first=first, count=count, view=view),
            "page_count": count,
            "first": first,
            "pages_shown": PAGES_SHOWN,
        }
    return render_template("application/documents/preview.html", **context)


def _first_page(text: str, count: int) -> int:
    """Return the first page to show: the one asked for, where a stretch of pages begins there."""
    number = read_number(text, MAX_DIGITS)
    number = number if number and number <= count else 1
    return (number - 1) // PAGES_SHOWN * PAGES_SHOWN + 1


def _ready(application: Application) -> MadeBundle:
    row = known_step("documents")
    if row.needs(application.answers):
        raise NotFoundError("There are no documents yet. Go to the task list.")
    return bundle_of(application)


def _pages(application: Application, name: str, data: bytes, *, first: int, count: int, view: str) -> list[PageShown]:
    last = min(count, first + PAGES_SHOWN - 1)
    texts = dict(enumerate(page_texts(data, name, first=first, last=last), first))
    values = values_on_pages(application, name, texts)
    sharp = "yes" if view in SHARP_VIEWS else None
    pages = []
    for number, page in texts.items():
        address = url_for("documents.page", application_id=application.public_id, name=name, number=number, sharp=sharp)
        pages.append(
            PageShown(
                number=number,
                address=address,
                width=round(page.width),
                height=round(page.height),
                picture_width=PREVIEW_WIDTH,
                picture_height=round(PREVIEW_WIDTH * page.height / max(page.width, 1)),
                text=page.text if view == "text" else "",
                lines=() if view == "text" else tuple(map(_line_shown, page.lines)),
                values=tuple(values.get(number, ())),
            )
        )
    return pages


def _line_shown(line: PlacedLine) -> LineShown:
    numbers = (line.x, line.y, line.width, line.size)
    x, y, width, size = (f"{number:.1f}".removesuffix(".0") for number in numbers)
    return LineShown(text=line.text, x=x, y=y, width=width, size=size, turn=line.turn)


def _message(data: bytes) -> dict[str, str]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain",))
    return {"to": str(message["To"]), "subject": str(message["Subject"]), "body": body.get_content() if body else ""}


@bp.get("/documents/<name>/page-<int:number>.png")
def page(application_id: UUID, name: str, number: int) -> ResponseReturnValue:
    """Send one page of a document as a picture."""
    width = SHARP_WIDTH if "sharp" in request.args else PREVIEW_WIDTH
    return _picture(application_id, name, number, width=width)


@bp.get("/documents/<name>/first-page.png")
def first_page(application_id: UUID, name: str) -> ResponseReturnValue:
    """Send the first page of a document as a small picture."""
    return _picture(application_id, name, 1, width=SMALL_WIDTH)


def _picture(application_id: UUID, name: str, number: int, *, width: int) -> Response:
    data = file_of(_ready(application_of(application_id)).data, name)
    if not name.endswith(".pdf") or not 1 <= number <= page_count(data):
        raise NotFoundError("The document has no such page.")
    return Response(page_picture(data, number - 1, width=width), mimetype="image/png")


@bp.get("/documents/<name>/file")
def download(application_id: UUID, name: str) -> ResponseReturnValue:
    """Send one document."""
    return _attachment(file_of(_ready(application_of(application_id)).data, name), name)


def _attachment(data: bytes, name: str) -> Response:
    """Return a file to be saved, never shown; ``name`` is one of ours and ASCII."""
    kind = KINDS.get(name.rpartition(".")[2], "application/octet-stream")
    return send_file_to_save(data, name, kind.partition(";")[0])


@bp.post("/exports/")
def export(application_id: UUID) -> ResponseReturnValue:
    """Record an export of the bundle as it stands; the same bundle twice is one export."""
    begin_read_only()
    application, forms = application_of(application_id), application_state.library()
    if find_missing_editions(application.answers):
        _ready(application)  # says why it is refused, before anything is pinned
    begin_write()
    applications.begin(db(), application, forms, now=now())
    commit()
    begin_read_only()
    bundle = _ready(application)
    begin_write()
    export_id = export_log.record_once(db(), application, bundle, now=now())
    commit()
    return redirect(url_for("documents.result", application_id=application_id, export_id=export_id))


@bp.get("/exports/<uuid:export_id>/")
def result(application_id: UUID, export_id: UUID) -> ResponseReturnValue:
    """Say what was exported, what to do next, and that nothing has been sent."""
    application, record = _export(application_id, export_id)
    stored = _bundle_of(record)
    return render_template(
        "application/documents/result.html",
        application=application,
        application_title=application_state.title_of(application),
        record=record,
        reference=export_log.reference_of(record.public_id),
        files=files_of(stored.data) if stored else [],
        name=stored.name if stored else "",
        contact=program.program_contact(),
    )


@bp.get("/exports/<uuid:export_id>/bundle.zip")
def bundle(application_id: UUID, export_id: UUID) -> ResponseReturnValue:
    """Send the bundle of an export, byte for byte as it was recorded."""
    _, record = _export(application_id, export_id)
    stored = _bundle_of(record)
    if stored is None:
        reason = (
            "The ZIP of this export was removed when its nominees’ data was erased."
            if record.purged_at
            else "The ZIP of this export was not stored, and the same ZIP cannot be made again. Export again."
        )
        back = url_for("documents.result", application_id=application_id, export_id=export_id)
        return fault_page(HTTPStatus.NOT_FOUND, reason, back=back)
    return send_file_to_save(stored.data, stored.name, "application/zip")


def _export(application_id: UUID, export_id: UUID) -> tuple[Application, ExportRow]:
    application = application_of(application_id)
    record = export_log.get_export(db(), agency_id(), export_id)
    if record.application_id != application.id:
        raise NotFoundError("There is no such export. Choose one from the list.")
    return application, record


def _bundle_of(record: ExportRow) -> StoredBundle | None:
    """Return the ZIP of an export: as stored, or made again where it was exported before ZIPs were stored.

    None where it was purged, and where what is made again is not the same to the byte.
    """
    if (stored := export_log.stored_bundle(record)) or record.purged_at:
        return stored
    day = record.made_at.astimezone().date()
    try:
        rebuilt = make(parse(record.answers, any_text=True), application_state.library(), today=day, draft=record.draft)
    except (AnswersError, BlockedError, FillError):
        return None
    return StoredBundle(name=rebuilt.name, data=rebuilt.data) if rebuilt.sha256 == record.sha256 else None
