"""An application with an export, and scans of its documents as they come back from the signatory: all made up."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from reportlab.pdfgen import canvas

from assistant.editions.catalog import get_edition
from assistant.editions.library import FormLibrary
from assistant.services.application import export_log
from assistant.services.application.applications import get
from assistant.services.application.make_bundle import make
from assistant.services.application.signing_day import signing_day_of
from tests.finished import made
from tests.finished.scans import Scan, printed, scan
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from PIL import Image

    from assistant.editions.catalog import Edition
    from assistant.geometry import Rect
    from assistant.web.kit.context import Parts

LETTER, TFM, WSO = "01-letter-of-interest.pdf", "02-moa-tfm.pdf", "02-moa-wso.pdf"
EDITIONS = {TFM: "moa-tfm/2025-03-07", WSO: "moa-wso/2025-02-15"}
LETTER_LINE = (64.0, 205.0, 300.0, 220.0)
"""Where the letter is signed, in points."""
SIGNED_ON = "01/25/2026"
TO_ICE = 252.0
"""Points from a blank of the agency to ICE's beside it, on the WSO form."""


def add_export(parts: Parts, official_forms: Path) -> UUID:
    """Add an application of two models whose bundle was exported, with the official forms; return its id."""
    application_id = add_application(parts, parts.agency_id)
    export_again(parts, application_id, official_forms)
    return application_id


def export_again(parts: Parts, application_id: UUID, official_forms: Path) -> None:
    """Record an export of the application as it stands."""
    with parts.writer() as session:
        application = get(session, parts.agency_id, application_id)
        bundle = make(application.answers, forms(official_forms), today=NOW.date(), draft=False)
        export_log.record_export(session, application, bundle, now=NOW)
        session.commit()


@lru_cache(maxsize=2)
def forms(folder: Path) -> FormLibrary:
    return FormLibrary.from_directory(folder)


@lru_cache(maxsize=2)
def issued(folder: Path) -> dict[str, bytes]:
    """Return the documents of that export, by name."""
    bundle = make(complete_answers(), forms(folder), today=NOW.date(), draft=False)
    with zipfile.ZipFile(io.BytesIO(bundle.data)) as packed:
        return {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}


@lru_cache(maxsize=16)
def signed(folder: Path, name: str, *, unsigned: bool = False) -> bytes:
    """Return a document as it was signed and dated, not yet scanned."""
    data = issued(folder)[name]
    return data if unsigned else sign(data, name)


def sign(data: bytes, name: str, *, by_ice: bool = False) -> bytes:
    """Return a document signed and dated by the agency, and on ICE's side as well where ``by_ice``."""
    if name == LETTER:
        file = io.BytesIO()
        drawing = canvas.Canvas(file, pagesize=(612, 792))
        made.strokes(drawing, LETTER_LINE, seed=5)
        drawing.drawString(LETTER_LINE[0] + 8, LETTER_LINE[1] - 34, SIGNED_ON)
        drawing.showPage()
        drawing.save()
        return made.overlaid(data, 0, file.getvalue())
    return made._signed(
        data, get_edition(EDITIONS[name]), made.Spec(dated=SIGNED_ON, draw=_sign_for_ice if by_ice else None)
    )


def _sign_for_ice(drawing: canvas.Canvas, _edition: Edition, boxes: dict[str, Rect]) -> None:
    """Sign, date and name ICE's side, which stands to the right of the agency's."""
    drawing.setFont("Helvetica", 11)
    for place, text in (("lea_date", "02/10/2026"), ("lea_name", "Pat Official"), ("lea_title", "Deputy Director")):
        x0, y0, _, _ = boxes[place]
        drawing.drawString(x0 + TO_ICE, y0 + 3, text)
    x0, y0, x1, y1 = boxes["lea_signature"]
    made.strokes(drawing, (x0 + TO_ICE, y0, x1 + TO_ICE, y1), seed=23)


@lru_cache(maxsize=8)
def pictures(folder: Path, name: str, *, unsigned: bool = False) -> list[Image.Image]:
    """Return the scanned pages of a signed document."""
    return scan_pages(signed(folder, name, unsigned=unsigned))


def signing_sheet(folder: Path, reference: str) -> bytes:
    """Return the signing-day sheet of that export."""
    bundle = make(complete_answers(), forms(folder), today=NOW.date(), draft=False)
    return signing_day_of(bundle.data, reference=reference)


def other_model(folder: Path) -> bytes:
    """Return the agreement of a model that was not exported, signed by nobody."""
    return (folder / "moa-jem-rev2025-02-15-flat.pdf").read_bytes()


@lru_cache(maxsize=1)
def other_agency(folder: Path) -> bytes:
    """Return the signed WSO agreement of another agency, as the same form has it."""
    answers = complete_answers()
    agency = replace(
        answers.agency, legal_name="Harlan Valley Sheriff’s Office", short_name="HVSO", phone="(727) 555-0177"
    )
    signatory = replace(answers.signatory, full_name="Robin Achterberg", phone="(727) 555-0178")
    changed = replace(answers, agency=agency, signatory=signatory)
    bundle = make(changed, forms(folder), today=NOW.date(), draft=False)
    with zipfile.ZipFile(io.BytesIO(bundle.data)) as packed:
        name = next(name for name in packed.namelist() if name.endswith(WSO))
        return sign(packed.read(name), WSO)


def scan_pages(data: bytes) -> list[Image.Image]:
    """Return the pages of a document, printed and scanned."""
    pages = printed(data)
    return [
        scan(page, Scan(angle=0.4 * (-1) ** n, shift=(0.05, -0.03), dpi=200, seed=n)) for n, page in enumerate(pages)
    ]


def as_pdf(pages: list[Image.Image]) -> bytes:
    """Return scanned pages as the PDF of an office scanner."""
    file = io.BytesIO()
    pages[0].save(file, "PDF", resolution=200, save_all=True, append_images=pages[1:], quality=50)
    return file.getvalue()


def as_jpeg(page: Image.Image) -> bytes:
    """Return a scanned page as a picture."""
    file = io.BytesIO()
    page.save(file, "JPEG", quality=60)
    return file.getvalue()


def scanned(folder: Path, name: str, *, unsigned: bool = False) -> bytes:
    """Return the scan of a signed document as one PDF."""
    return as_pdf(pictures(folder, name, unsigned=unsigned))
