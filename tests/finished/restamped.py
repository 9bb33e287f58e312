"""Prints of a form that are not on hand, made from the one that is: another revision date at the foot of each page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.reading.tokens import find_phrase, tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from assistant.editions.catalog import Edition

SHOWN = ("Tj", "TJ", "'", '"')


def restamped(old: str, new: str) -> Callable[[pikepdf.Pdf, Edition], None]:
    """Return what prints another date behind "Revised", in its place, and takes the old one off the page."""

    def change(pdf: pikepdf.Pdf, _: Edition) -> None:
        held = io.BytesIO()
        pdf.save(held)
        with ViewedPdf(held.getvalue()) as seen:
            places = []
            for shown in seen.pages:
                tokens = tokens_of(shown)
                end = find_phrase(tokens, ("revised",))
                assert end is not None
                places.append((tokens[end - 1].x0, tokens[end - 1].base, tokens[end - 1].size))
        for page, (x, base, size) in zip(pdf.pages, places, strict=True):
            if _in_form(page, old.encode(), new.encode()):
                continue
            page.Contents = pdf.make_stream(_without(page, f"Revised{old}"))
            _draw(page, x, base, f"Revised {new}", size)

    return change


def labelled(page: int, names: Iterable[tuple[str, float, float]]) -> Callable[[pikepdf.Pdf], None]:
    """Return what prints labels on a page (from 0), each at its place in points."""

    def change(pdf: pikepdf.Pdf) -> None:
        for text, x, base in names:
            _draw(pdf.pages[page], x, base, text, 12)

    return change


def _in_form(page: pikepdf.Page, old: bytes, new: bytes) -> bool:
    """Change the date where the page draws its foot as a form of its own, which pages may share."""
    for item in page.Resources.get("/XObject", pikepdf.Dictionary()).values():
        if item.get("/Subtype") == pikepdf.Name.Form and (old in item.read_bytes() or new in item.read_bytes()):
            item.write(item.read_bytes().replace(old, new))
            return True
    return False


def _without(page: pikepdf.Page, words: str) -> bytes:
    """Return a page's content with the operators emptied that show these words; spaces make no difference."""
    steps = list(pikepdf.parse_content_stream(page))
    letters: list[tuple[str, int]] = []
    for n, step in enumerate(steps):
        if str(step.operator) in SHOWN:
            letters += [(c, n) for c in _shown(step.operands) if not c.isspace()]
    at = "".join(c for c, _ in letters).find(words)
    assert at >= 0, "the words are drawn in another way"
    emptied = {n for _, n in letters[at : at + len(words)]}
    kept = [step for n, step in enumerate(steps) if n not in emptied]
    return pikepdf.unparse_content_stream(kept)


def _shown(operands: Iterable[object]) -> str:
    text = ""
    for operand in operands:
        for part in operand if isinstance(operand, pikepdf.Array) else [operand]:
            text += bytes(part).decode("latin-1") if isinstance(part, pikepdf.String) else ""
    return text


def _draw(page: pikepdf.Page, x: float, base: float, text: str, size: float) -> None:
    file = io.BytesIO()
    drawing = Canvas(file, pagesize=(612, 792))
    drawing.setFont("Times-Roman", size)
    drawing.drawString(x, base, text)
    drawing.save()
    with pikepdf.open(io.BytesIO(file.getvalue())) as over:
        page.add_overlay(over.pages[0], pikepdf.Rectangle(0, 0, 612, 792))
