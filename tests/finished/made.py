"""Made-up finished agreements: the official forms filled, signed and sent on in the ways that agencies do it.

Everything here is made when it is asked for; nothing of a form is kept.
"""

from __future__ import annotations

import hashlib
import io
import math
import random
from dataclasses import dataclass, field, replace
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from assistant.answers import Answers, parse, with_path
from assistant.editions.catalog import Edition, Entry, LeftBlank, get_edition
from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormLibrary, FormOnHand
from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.reading.slots import slot_of
from assistant.reading.tokens import tokens_of
from tests.finished.recognised import recognised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from assistant.geometry import Rect

EDITIONS = ("moa-jem/2025-02-15", "moa-tfm/2025-02-12", "moa-tfm/2025-03-07", "moa-wso/2025-02-14")
OTHER_PRINTS = (*("moa-tfm/2025-02-14", "moa-tfm/2025-02-14.flat", "moa-wso/2025-02-14.flat", "moa-wso/2025-02-15"),)
"""Prints of the same models, on which agreements are clean as well; the mistakes are made on the four above."""
SCAN_DPI = 150
SPECKS = [255 - max(0, min(255, round(NormalDist(0, 44).inv_cdf((n + 0.5) / 256)))) for n in range(256)]
"""How much of a page's dot stays under noise, for each value of a random byte: half of them are spared."""
SIGNED_ON = "03/28/2025"

ANSWERS = """{
  "format": "moa-application/1",
  "agency": {"legal_name": "Pine County Sheriff’s Office", "short_name": "PCSO", "kind": "county",
    "represents": "Pine County, Georgia", "state": "GA", "county": "Pine",
    "address": {"street": "100 Main Street", "city": "Example City", "state": "GA", "zip": "30301"},
    "phone": "(404) 555-0100", "email": "office@pcso.example.gov"},
  "models": ["JEM", "TFM", "WSO"],
  "signatory": {"full_name": "Jordan Tester", "title": "Sheriff"},
  "program_contact": {"full_name": "Sam Sample", "title": "Captain, Patrol", "phone": "(404) 555-0102",
    "email": "sam@pcso.example.gov"},
  "public_information_contact": {"full_name": "Dana Example", "title": "Public Information Officer",
    "phone": "(404) 555-0103", "email": "pio@pcso.example.gov"},
  "ice": {"opla_location": "Atlanta"}
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """How one agreement differs from a clean one."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)
    dated: str | None = SIGNED_ON
    signed: bool = True
    draw: Callable[[canvas.Canvas, Edition, dict[str, Rect]], None] | None = None
    """Draw on the signing page; the boxes of the agency's blanks there are given."""
    first: Callable[[pikepdf.Pdf, Edition], None] | None = None
    """Change the filled file before it is signed and sent on."""
    last: Callable[[pikepdf.Pdf, Edition], None] | None = None
    """Change the finished file."""
    encrypted: bool = False


@lru_cache(maxsize=2)
def library(folder: Path) -> FormLibrary:
    return FormLibrary.from_directory(folder)


@lru_cache(maxsize=8)
def blank(folder: Path, name: str) -> bytes:
    form = library(folder).choose(get_edition(name).model or "TFM", name.partition("/")[2])
    assert form.data is not None
    return form.data


def make(folder: Path, name: str, spec: Spec, way: str) -> bytes:
    """Return an agreement made by a specification, sent on in one way: "fields", "flat", "scan", "picture" or "ocr"."""
    data = _filled(folder, name, spec)
    if spec.first:
        data = _changed(data, get_edition(name), spec.first)
    data = _signed(data, get_edition(name), spec)
    if way != "fields":
        data = flattened(data)
    if way in {"scan", "picture"}:
        data = scanned(data, text=way == "scan")
    if way == "ocr":
        data = recognised(data, lambda page, n, dpi: _picture(page, n, dpi)[0])
    return finish(data, name, spec)


def finish(data: bytes, name: str, spec: Spec) -> bytes:
    """Return a file with what is done to it last: the change that a specification asks for, and protection."""
    if spec.last:
        data = _changed(data, get_edition(name), spec.last)
    if spec.encrypted:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            out = io.BytesIO()
            pdf.save(out, encryption=pikepdf.Encryption(owner="made-up", user="", R=6))
            data = out.getvalue()
    return data


def _filled(folder: Path, name: str, spec: Spec) -> bytes:
    answers: Answers = parse(ANSWERS)
    for path, value in spec.changes.items():
        answers = with_path(answers, path, value)
    edition = get_edition(name)
    entries = []
    for entry in edition.entries:
        slot = slot_of(entry)
        if slot in spec.instead:
            # Any path that holds plain text serves; nothing else uses this one on a form.
            answers = with_path(answers, "approvals.governing_body", spec.instead[slot])
            entries.append(replace(entry, path="approvals.governing_body", format="text", alternatives=()))
        elif slot not in spec.without:
            entries.append(entry)
    form = FormOnHand(edition=replace(edition, entries=tuple(entries)), data=blank(folder, name))
    return fill_form(form, answers).data


def boxes(data: bytes, edition: Edition) -> dict[str, Rect]:
    """Return where the agency's blanks of the signing page stand, by slot."""
    found: dict[str, Rect] = {}
    for entry in edition.entries:
        for place in entry.places:
            if place.page == edition.signing_page:
                found[slot_of(entry)] = (place.line[0], place.line[1], place.line[2], place.line[1] + 12)
    for left in edition.left_blank:
        if left.line and left.page == edition.signing_page:
            found[slot_of(left)] = (left.line[0], left.line[1], left.line[2], left.line[1] + 12)
    named: dict[str, Entry | LeftBlank] = {entry.blank: entry for entry in edition.entries}
    named |= {left.blank: left for left in edition.left_blank}
    with ViewedPdf(data) as seen:
        for mark in seen.pages[(edition.signing_page or 1) - 1].marks:
            blank_ = named.get(mark.name.removesuffix(" (agency)"))
            if blank_ and mark.rect[0] < 300:
                found[slot_of(blank_) if blank_.blank != "Title" else "lea_title"] = mark.rect
    return found


def _signed(data: bytes, edition: Edition, spec: Spec) -> bytes:
    places = boxes(data, edition)
    file = io.BytesIO()
    drawing = canvas.Canvas(file, pagesize=(612, 792))
    if spec.signed:
        strokes(drawing, places["lea_signature"], seed=7)
    if spec.dated:
        x0, y0, _, _ = places["lea_date"]
        drawing.setFont("Helvetica", 11)
        drawing.drawString(x0 + 8, y0 + 3, spec.dated)
    if spec.draw:
        spec.draw(drawing, edition, places)
    drawing.showPage()
    drawing.save()
    return overlaid(data, (edition.signing_page or 1) - 1, file.getvalue())


def overlaid(data: bytes, page: int, drawing: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.open(io.BytesIO(drawing)) as over:
        pdf.pages[page].add_overlay(over.pages[0], pikepdf.Rectangle(0, 0, 612, 792))
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def strokes(drawing: canvas.Canvas, box: Rect, *, seed: int, grey: float = 0.1) -> None:
    """Draw what a pen leaves: a few joined curves, as long as two thirds of the box."""
    x0, y0, x1, _ = box
    chance = random.Random(seed)  # noqa: S311 - the same strokes every time
    drawing.setStrokeGray(grey)
    drawing.setLineWidth(1.1)
    path = drawing.beginPath()
    x, end = x0 + 6, x0 + 6 + (x1 - x0) * 0.66
    path.moveTo(x, y0 + 4)
    while x < end:
        step = chance.uniform(5, 11)
        path.curveTo(
            x + step * 0.2, y0 + chance.uniform(10, 15), x + step * 0.8, y0 + chance.uniform(-2, 3), x + step, y0 + 4
        )
        x += step
    drawing.drawPath(path)


def _changed(data: bytes, edition: Edition, change: Callable[[pikepdf.Pdf, Edition], None]) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf, edition)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def flattened(data: bytes) -> bytes:
    """Return the file as a program flattens it: what fields show becomes part of the page."""
    pdf = pypdfium2.PdfDocument(data)
    pdf.init_forms()
    for n in range(len(pdf)):
        page = pdf[n]
        pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
        page.close()
    out = io.BytesIO()
    pdf.save(out)
    pdf.close()
    return out.getvalue()


_pictures: dict[tuple[str, int, int], tuple[bytes, float]] = {}


def scanned(data: bytes, *, text: bool) -> bytes:
    """Return the file printed and scanned: each page a skewed, noisy picture, with or without recognised text."""
    pdf = pypdfium2.PdfDocument(data)
    out = io.BytesIO()
    made = canvas.Canvas(out)
    with ViewedPdf(data) as seen:
        for n, page in enumerate(seen.pages):
            sheet = pdf[n]
            width, height = sheet.get_size()
            jpeg, angle = _picture(sheet, n)
            made.setPageSize((width, height))
            made.drawImage(ImageReader(io.BytesIO(jpeg)), 0, 0, width, height)
            if text:
                _recognised(
                    made, [(t.text, t.x0, t.x1, t.base, t.size) for t in tokens_of(page)], angle, (width, height), n
                )
            made.showPage()
    made.save()
    pdf.close()
    return out.getvalue()


def _picture(sheet: pypdfium2.PdfPage, n: int, dpi: int = SCAN_DPI) -> tuple[bytes, float]:
    small = sheet.render(scale=0.7, grayscale=True).to_pil()
    key = hashlib.sha256(small.tobytes()).hexdigest(), n, dpi
    if key not in _pictures:
        chance = random.Random(n)  # noqa: S311 - the same scan every time
        angle = chance.uniform(-0.8, 0.8)
        picture = sheet.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
        picture = picture.rotate(angle, resample=Image.Resampling.BILINEAR, fillcolor=250)
        noise = Image.frombytes("L", picture.size, chance.randbytes(picture.width * picture.height))
        picture = Image.composite(picture, Image.new("L", picture.size, 205), noise.point(SPECKS))
        picture = picture.filter(ImageFilter.GaussianBlur(0.6))
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=60)
        _pictures[key] = file.getvalue(), angle
    return _pictures[key]


MISREAD = {"o": "0", "l": "1", "e": "c", "i": "l", "n": "u", "a": "o", "h": "b", "S": "5", "/": "1", "t": "f"}


def _recognised(
    made: canvas.Canvas,
    words: Iterable[tuple[str, float, float, float, float]],
    angle: float,
    size: tuple[float, float],
    n: int,
) -> None:
    """Write an invisible layer of text, three letters in a hundred misread, where the skewed words stand."""
    chance = random.Random(n + 100)  # noqa: S311 - the same slips every time
    turn = math.radians(angle)
    cx, cy = size[0] / 2, size[1] / 2
    for text, x0, x1, base, height in words:
        for word, share in shares_of_words(text):
            left = x0 + share[0] * (x1 - x0)
            read = "".join(MISREAD.get(c, c) if chance.random() < 0.03 else c for c in word)
            read = read.encode("latin-1", "replace").decode("latin-1")
            x = cx + (left - cx) * math.cos(turn) - (base - cy) * math.sin(turn)
            y = cy + (left - cx) * math.sin(turn) + (base - cy) * math.cos(turn)
            written = made.beginText(x, y)
            written.setTextRenderMode(3)
            written.setFont("Helvetica", max(height, 4))
            wide = made.stringWidth(read, "Helvetica", max(height, 4)) or 1
            written.setHorizScale(100 * (share[1] - share[0]) * (x1 - x0) / wide)
            written.textOut(read)
            made.drawText(written)


def shares_of_words(text: str) -> list[tuple[str, tuple[float, float]]]:
    """Return the words of a text with the part of its width that each has."""
    at, found = 0, []
    for word in text.split(" "):
        found.append((word, (at / max(len(text), 1), (at + len(word)) / max(len(text), 1))))
        at += len(word) + 1
    return [item for item in found if item[0]]
