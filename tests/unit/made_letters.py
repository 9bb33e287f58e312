"""A made-up official Letter of Interest, since ICE's own could not be had: with fields, and flat with underscores.

The words are invented; none of them is ICE's.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO

import pikepdf
from reportlab.pdfgen.canvas import Canvas

TITLE = "Letter of Interest in the 287(g) Program"
# (x, y, text before the blank, its width, name of the field or of the kind)
_LINES: tuple[tuple[float, float, str, float, str], ...] = (
    (72, 690, "Date:", 120, "date"),
    (72, 665, "To:", 330, "to"),
    (72, 640, "Name of Law Enforcement Agency:", 280, "agency"),
    (72, 615, "Mailing address:", 350, "address"),
    (72, 575, "The agency represents", 260, "represents"),
    (72, 550, "and asks for an agreement under the following model(s):", 190, "models"),
    (72, 460, "Name:", 170, "contact name"),
    (310, 460, "Title:", 190, "contact title"),
    (72, 435, "Phone:", 170, "contact phone"),
    (310, 435, "E-mail:", 190, "contact mail"),
    (72, 350, "Signature:", 230, "signature"),
    (72, 320, "Printed name:", 220, "name"),
    (72, 295, "Title:", 255, "title"),
)
_BOXES = ((72, "Jail Enforcement Model"), (240, "Task Force Model"), (390, "Warrant Service Officer"))
_PROSE = (
    (740, "U.S. Immigration and Customs Enforcement"),
    (722, "287(g) Letter of Interest"),
    (690, "____________________"),
    (679, "(Date)"),
    (625, "The ______________________________ (name of agency), which represents ____________________,"),
    (607, "is interested in participating in the 287(g) Program under the ______________________ model(s)."),
    (580, "Our point of contact is ________________________ (name), ______________________ (title), who can be"),
    (562, "reached at ____________________ (telephone) or ____________________________ (e-mail address)."),
    (535, "We understand that a Memorandum of Agreement has to be signed."),
    (500, "Sincerely,"),
    (460, "________________________________"),
    (448, "Signature"),
    (420, "________________________________"),
    (408, "Printed name"),
    (380, "________________________________"),
    (368, "Title"),
    (300, "For ICE use only"),
    (280, "Name: ____________________ Date: ____________________"),
    (30, "Made-up form (Rev. 01/05/2026)"),
)
_TEXTS = (
    (72, 485, "Point of contact for the program"),
    (72, 385, "Sincerely,"),
    (72, 225, "Received by ICE: nothing is written below this line by the agency."),
)


@cache
def letter_pdf(*, fields: bool, revised: str = "01/05/2026", title: str = TITLE) -> bytes:
    """Return the blank letter; ``fields``: an AcroForm with check boxes and a signature field, else underscores."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    canvas.setTitle(title)
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(72, 735, title)
    canvas.setFont("Helvetica", 10)
    for left, base, text in _TEXTS:
        canvas.drawString(left, base, text)
    placed = []
    for x, y, text, width, name in _LINES:
        canvas.drawString(x, y, text)
        start = x + canvas.stringWidth(text, "Helvetica", 10) + 6
        placed.append((name, start, y, width))
        if not fields:
            canvas.drawString(start, y, "_" * int(width / canvas.stringWidth("_", "Helvetica", 10)))
    for left, text in _BOXES:
        canvas.drawString(left + 16, 520, text)
        canvas.rect(left, 518, 11, 11)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(430, 30, f"Made-up form (Rev. {revised})")
    canvas.save()
    return _with_fields(out.getvalue(), placed) if fields else out.getvalue()


def _with_fields(data: bytes, placed: list[tuple[str, float, float, float]]) -> bytes:
    name = pikepdf.Name
    with pikepdf.open(BytesIO(data)) as pdf:
        page = pdf.pages[0]
        font = pikepdf.Dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name.Helvetica)
        made = []
        for text, x, y, width in placed:
            kind = {"FT": name.Sig} if text == "signature" else {"FT": name.Tx, "DA": "/Helv 0 Tf 0 g"}
            box = [x, y - 4, x + width, y + 12]
            made.append(pikepdf.Dictionary(Type=name.Annot, Subtype=name.Widget, T=text, Rect=box, F=4, **kind))
        states = pikepdf.Dictionary(
            Off=pdf.make_stream(b"", Type=name.XObject, Subtype=name.Form, BBox=[0, 0, 11, 11]),
            Yes=pdf.make_stream(b"0 0 m 11 11 l S", Type=name.XObject, Subtype=name.Form, BBox=[0, 0, 11, 11]),
        )
        for n, (x, _) in enumerate(_BOXES):
            made.append(
                pikepdf.Dictionary(
                    Type=name.Annot, Subtype=name.Widget, FT=name.Btn, T=f"box {n}", Rect=[x, 518, x + 11, 529], F=4,
                    AS=name.Off, V=name.Off, AP=pikepdf.Dictionary(N=states),
                )
            )  # fmt: skip
        page.obj.Annots = pikepdf.Array([pdf.make_indirect(item) for item in made])
        pdf.Root.AcroForm = pikepdf.Dictionary(
            Fields=page.obj.Annots,
            DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=pdf.make_indirect(font))),
            DA="/Helv 0 Tf 0 g",
        )
        out = BytesIO()
        pdf.save(out, static_id=True)
    return out.getvalue()


def letter_in_prose() -> bytes:
    """Return a flat letter in whole sentences, its labels behind and under the lines, with a part for ICE."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    canvas.setFont("Helvetica", 10)
    for y, text in _PROSE:
        canvas.drawString(72, y, text)
    canvas.save()
    return out.getvalue()
