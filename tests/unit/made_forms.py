"""PDFs made for a test: an empty page, a form with text fields added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    Rule = tuple[float, float, float, float]


def with_fields(file: Path, out: Path, boxes: Sequence[tuple[str, int, Sequence[float]]]) -> bytes:
    """Return a PDF with text fields added: (name, page from 1, box)."""
    with pikepdf.open(file) as pdf:
        fields = []
        for name, page, box in boxes:
            widget = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T=name,
                Rect=pikepdf.Array([*box]),
                F=4,
                DA="/Helv 0 Tf 0 g",
            )
            made = pdf.make_indirect(widget)
            fields.append(made)
            annotations = pdf.pages[page - 1].obj.get("/Annots", pikepdf.Array())
            pdf.pages[page - 1].obj.Annots = pikepdf.Array([*annotations, made])
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        pdf.Root.AcroForm = pikepdf.Dictionary(
            Fields=fields, DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=font)), DA="/Helv 0 Tf 0 g"
        )
        pdf.save(out, static_id=True)
    return out.read_bytes()


def blank_paper(out: Path) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(612, 792))
        pdf.save(out)
    return out


def printed(
    out: Path, lines: Sequence[tuple[float, float, str]], *, pages: int = 1, rules: Sequence[Rule] = ()
) -> Path:
    """Write a PDF whose first page bears texts at (x, baseline), and rules or boxes: (x0, y0, x1, y1) in points."""
    paper = Canvas(str(out), pagesize=(612, 792), invariant=True)
    for number in range(pages):
        for x, y, text in lines if number == 0 else [(72, 720, f"Page {number + 1}")]:
            paper.drawString(x, y, text)
        for x0, y0, x1, y1 in rules if number == 0 else ():
            paper.line(x0, y0, x1, y1) if y0 == y1 else paper.rect(x0, y0, x1 - x0, y1 - y0)
        paper.showPage()
    paper.save()
    return out


def pictured(out: Path, *, pages: int = 1) -> Path:
    """Write a PDF whose pages are pictures, as a scanner makes it."""
    paper = Canvas(str(out), pagesize=(612, 792), invariant=True)
    for _ in range(pages):
        paper.drawImage(ImageReader(Image.new("L", (61, 79), 200)), 0, 0, 612, 792)
        paper.showPage()
    paper.save()
    return out
