"""Mistakes of the labelled set that come from elsewhere: another agency's data, and words put into the form's text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.reading.tokens import lines_of, tokens_of
from tests.finished.made import Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TYPED = ("fields", "flat")
TFM = ("moa-tfm/2025-02-12", "moa-tfm/2025-03-07")
JAIL = ("moa-jem/2025-02-15", "moa-wso/2025-02-14")


def left_in() -> Iterator[tuple[str, str, Spec, tuple[str, ...]]]:
    """Yield name, code, how the agreement is made, and the editions; all are seen where the text is typed."""
    every = (*JAIL, *TFM)
    other = "other-agency-data"
    yield (
        "another county's sheriff",
        other,
        Spec(instead={"contact_vii": "Sheriff, Maple County Sheriff’s Office"}),
        JAIL,
    )
    yield "another county represented", other, Spec(instead={"represents": "Maple County, Georgia"}), TFM
    yield "another State", other, Spec(instead={"appendix_b": "Pine County Sheriff, OH"}), TFM
    yield "address in another State", other, Spec(changes={"agency.address.state": "FL"}), TFM
    yield "another State's ZIP Code", other, Spec(changes={"agency.address.zip": "90210"}), TFM
    mail = {"public_information_contact.email": "pio@polkcounty.example.gov"}
    yield "another county's mail", other, Spec(changes=mail), every
    yield "a word put in", "form-altered", Spec(last=put_in(2, "not")), every


def put_in(page: int, word: str) -> Callable[[pikepdf.Pdf, object], None]:
    """Return what puts a word into a page's text, between two words of the fullest line."""

    def change(pdf: pikepdf.Pdf, _: object) -> None:
        held, drawn = io.BytesIO(), io.BytesIO()
        pdf.save(held)
        x, base, size = _a_line(held.getvalue(), page)
        drawing = Canvas(drawn, pagesize=(612, 792))
        drawing.setFont("Times-Roman", size)
        drawing.drawString(x, base, word)
        drawing.save()
        with pikepdf.open(io.BytesIO(drawn.getvalue())) as over:
            pdf.pages[page].add_overlay(over.pages[0], pikepdf.Rectangle(0, 0, 612, 792))

    return change


def _a_line(data: bytes, page: int) -> tuple[float, float, float]:
    with ViewedPdf(data) as seen:
        line = max(lines_of(tokens_of(seen.pages[page])), key=len)
    middle = line[len(line) // 2]
    return middle.x1, middle.base, middle.size
