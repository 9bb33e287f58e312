"""Agreements to read, by a seed: a blank form typed full, printed and scanned, with what was typed in each blank.

Prints, fonts, sizes, light and dotted ink, scanners, skew, text layers and pages that were typed anew come from the
seed alone. Entries are typed over the blank form at the places of its map, so that fonts and sizes are the office's
own and not this program's. Every agency is made up.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
import pypdfium2
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from assistant.editions.catalog import Entry, get_edition
from assistant.editions.recognition import recognise
from assistant.pdf.form.template import compile_template
from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.reading.own_recognition import slots_on
from assistant.reading.tokens import lines_of, tokens_of
from assistant.scans.page_geometry import printed_pages
from tests.finished.generate_scans import join_pages, scan_page
from tests.finished.made import MISREAD
from tests.finished.scans import PRINTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from assistant.reading.tokens import Token

FONTS = ("Helvetica", "Helvetica", "Times-Roman", "Courier", "Helvetica-Bold")
LIGHT_FONT = "Helvetica"
SCANNERS = ("gray 300", "gray 200", "gray 200", "gray 150", "color 200", "jpeg 100", "bw 300", "bw 200", "bw 200")
PHONES = ("phone", "keystone", "shadow", "skewed", "fax")
TINY = 6.0
"""Points: smaller print is counted apart."""
LEAST = 4.6
"""Points: nothing is typed smaller."""
SIGNED = ("lea_signature", "ice_signature")

_PLACES = (
    "Alder", "Birchfield", "Cypress Bend", "Elkhorn Valley", "Fulton Ridge", "Glenville", "Harbor Point", "Ivy",
    "Juniper", "Kettle Creek", "Larkspur", "Maple Hill", "Nolan", "Opal Springs", "Quail Hollow", "Redfield",
    "St. Brendan", "Tern Key", "Upland", "Willow Springs",
)  # fmt: skip
_STATES = (
    ("TX", "Texas"), ("WI", "Wisconsin"), ("FL", "Florida"), ("TN", "Tennessee"), ("OK", "Oklahoma"),
    ("IN", "Indiana"), ("NH", "New Hampshire"), ("SC", "South Carolina"), ("GA", "Georgia"), ("LA", "Louisiana"),
)  # fmt: skip
_FIRST = ("Arthur", "Casey", "Dana", "Ida", "Lee", "Marta", "Wes", "William", "Lillian", "Felix", "Jill", "Quentin")
_LAST = ("Merrill", "Brill", "O’Neil", "Farrell", "Ostrander", "Quill", "Trumbull", "Iverson", "McCall", "Fitzwilliam")
_TITLES = ("Captain", "Lt. Colonel", "Lieutenant, Unit II", "Major", "Chief Deputy", "Public Information Officer")
_STREETS = ("Main Street", "Old Mill Road", "N. Fillmore Ave.", "County Road 114", "W. 1st Street, Suite 210")
_OPLA = ("Atlanta", "Miami, FL", "Houston", "333 South Miami Avenue, Miami", "New Orleans, LA", "Dallas", "Chicago, IL")
_DATES = ("03/28/2025", "3/28/25", "March 28, 2025", "03-28-2025", "28 March 2025")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedBlank:
    """What was typed in a blank, line by line; ``size`` is that of its smallest line, in points."""

    slot: str
    page: int
    lines: tuple[str, ...]
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingCase:
    """One agreement to read. ``kind`` is "text", "recognised", "picture", "phone" or "retyped"."""

    number: int
    edition: str
    kind: str
    ink: str
    """"dark", "light" or "dotted"."""
    scanner: str
    blanks: tuple[TypedBlank, ...]
    pdf: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line to type on a page: baseline and start in points from the upper left corner."""

    text: str
    x: float
    base: float
    size: float


@lru_cache(maxsize=2)
def blank_files(folder: Path) -> Mapping[str, bytes]:
    """Return the blank forms of a folder whose printed positions are known, by the edition's name."""
    files: dict[str, bytes] = {}
    for file in sorted(folder.glob("*.pdf")):
        data = file.read_bytes()
        edition = recognise(compile_template(data))
        with pikepdf.open(io.BytesIO(data)) as pdf:
            turned = any(int(page.obj.get("/Rotate", 0)) for page in pdf.pages)
        if edition is not None and edition.name in printed_pages() and not turned:
            files.setdefault(edition.name, data)
    return files


def generate_readings(folder: Path, seed: int, count: int, kind: str = "") -> Iterator[ReadingCase]:
    """Yield ``count`` agreements made by a seed; ``kind``: of this kind alone."""
    files = blank_files(folder)
    kinds = ("text", "recognised", "recognised", "picture", "picture", "picture", "phone", "retyped")
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")  # noqa: S311 - the same agreement every time
        edition = chance.choice(sorted(files))
        chosen = kind or chance.choice(kinds)
        ink = chance.choice(("dark", "dark", "dark", "light", "dotted")) if chosen in {"picture", "recognised"} else ""
        scanner = chance.choice(PHONES if chosen == "phone" else SCANNERS)
        if ink in {"light", "dotted"}:
            scanner = chance.choice(("gray 300", "gray 200", "color 200", "bw 300" if ink == "dotted" else "gray 200"))
        blanks, by_page = _typed(edition, chance)
        font = chance.choice(FONTS)
        gray = chance.uniform(0.5, 0.72) if ink == "light" else 0.45 if ink == "dotted" else 0.0
        typed = _overlaid(files[edition], by_page, font, gray)
        if chosen == "retyped":
            typed = _retyped(typed, {blank.page for blank in blanks}, chance)
        pdf = typed
        if chosen != "text":
            pictures = _pictures(typed, dotted=by_page if ink == "dotted" else {})
            pdf = join_pages([scan_page(picture, scanner, "", chance) for picture in pictures])
            if chosen == "recognised" or (chosen == "retyped" and chance.random() < 0.5):
                pdf = _with_layer(pdf, typed, chance)
        yield ReadingCase(
            number=number,
            edition=edition,
            kind=chosen,
            ink=ink or "dark",
            scanner=scanner if chosen != "text" else "",
            blanks=tuple(blanks),
            pdf=pdf,
        )


def _texts(chance: random.Random) -> dict[str, str]:
    """Return what an agency answers, by the path of the answer, and by the slot of what no path asks for."""
    place, (code, state) = chance.choice(_PLACES), chance.choice(_STATES)
    county = chance.random() < 0.6
    name = f"{place} County Sheriff’s Office" if county else f"{place} Police Department"
    short = "".join(word[0] for word in name.replace(".", "").split())
    host = f"{place.lower().replace(' ', '').replace('.', '')}.example.gov"
    people = [f"{chance.choice(_FIRST)} {chance.choice(_LAST)}" for _ in range(3)]
    title = "Sheriff" if county else chance.choice(("Chief of Police", "Acting Chief of Police"))
    texts = {
        "agency.legal_name": f"{name} ({short})" if chance.random() < 0.4 else name,
        "agency.short_name": short,
        "agency.represents": chance.choice((f"{place} County", f"{place} County, {state}", f"City of {place}")),
        "ice.opla_location": chance.choice(_OPLA),
        "signatory.full_name": people[0],
        "signatory.title": title,
        "title-and-agency": f"{title}, {name}",
        "agency.address.one_line": (
            f"{chance.randint(1, 9999)} {chance.choice(_STREETS)}, {place}, {code} {chance.randint(10000, 99998)}"
        ),
        "lea_date": chance.choice(_DATES),
        "represents": f"{place} County",
    }
    for section, person in (("program_contact", people[1]), ("public_information_contact", people[2])):
        first, last = person.replace("’", "").lower().split()
        texts |= {
            f"{section}.full_name": person,
            f"{section}.title": chance.choice(_TITLES),
            f"{section}.phone": _phone(chance),
            f"{section}.email": f"{chance.choice((first[0] + last, f'{first}.{last}'))}@{host}".replace(
                "’", ""
            ).lower(),
        }
    return texts


def _phone(chance: random.Random) -> str:
    area, line = chance.randint(201, 989), f"01{chance.randint(10, 99)}"
    extension = chance.choice(("", "", "", " ext. 11", " x204"))
    return chance.choice((f"({area}) 555-{line}", f"{area}-555-{line}", f"{area}.555.{line}")) + extension


def _typed(edition: str, chance: random.Random) -> tuple[list[TypedBlank], dict[int, list[_Line]]]:
    """Return what is typed in each blank of an edition, and the lines to type by page."""
    texts = _texts(chance)
    entries: dict[tuple[str, str], Entry] = {
        (entry.blank, "ice" if entry.side == "ice" else "agency"): entry for entry in get_edition(edition).entries
    }
    wanted = chance.choice((8.0, 9.0, 10.0, 11.0, 12.0, 12.0))
    small = chance.random() < 0.3
    blanks: list[TypedBlank] = []
    by_page: dict[int, list[_Line]] = {}
    for page in printed_pages()[edition]:
        for slot, boxes in slots_on(page).items():
            if slot in SIGNED or slot.startswith("ice_") or slot in {"footer", "contact_vii_ice"}:
                continue
            lines = []
            for box in boxes:
                entry = entries.get((box.key, box.side))
                text = texts.get(slot, "")
                if entry is not None:
                    text = texts.get(entry.format) or texts.get(entry.path, "")
                if text:
                    lines.append(_fitted(text, box.box, wanted, small=small))
            if lines:
                size = min(line.size for line in lines)
                texts_typed = tuple(line.text for line in lines)
                blanks.append(TypedBlank(slot=slot, page=page.number, lines=texts_typed, size=size))
                by_page.setdefault(page.number, []).extend(lines)
    return blanks, by_page


def _fitted(text: str, box: Sequence[float], wanted: float, *, small: bool) -> _Line:
    """Return a text at the size at which it fits its blank, as a program that makes letters smaller would type it."""
    x0, top, x1, bottom = box
    room = x1 - x0 - 3
    size = min(wanted, 0.8 * (bottom - top), room / stringWidth(text, LIGHT_FONT, 1))
    size = max(size * (0.8 if small else 1.0), LEAST)
    return _Line(text, x0 + 2, bottom - 0.5 * (bottom - top) + 0.33 * size, size)


def _overlaid(blank: bytes, by_page: Mapping[int, Sequence[_Line]], font: str, gray: float) -> bytes:
    with pikepdf.open(io.BytesIO(blank)) as pdf:
        for number, lines in by_page.items():
            page = pdf.pages[number - 1]
            box = [float(n) for n in page.mediabox]
            wide, high = box[2] - box[0], box[3] - box[1]
            file = io.BytesIO()
            drawing = Canvas(file, pagesize=(wide, high))
            for line in lines:
                # Wider letters are typed narrower, so that the text keeps to its blank.
                wider = stringWidth(line.text, font, 1) / stringWidth(line.text, LIGHT_FONT, 1)
                text = drawing.beginText(line.x, high - line.base)
                text.setFont(font, line.size)
                text.setHorizScale(100 / max(wider, 1.0))
                text.setFillGray(gray)
                text.textOut(line.text)
                drawing.drawText(text)
            drawing.showPage()
            drawing.save()
            with pikepdf.open(file) as over:
                page.add_overlay(over.pages[0], pikepdf.Rectangle(*box))
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def _pictures(data: bytes, dotted: Mapping[int, Sequence[_Line]]) -> Iterator[np.ndarray]:
    """Yield the pages as a printer prints them; what was typed on ``dotted`` lines is made of small dots."""
    pdf = pypdfium2.PdfDocument(data)
    pdf.init_forms()
    for n, page in enumerate(pdf, start=1):
        gray = np.array(page.render(scale=PRINTER / 72, grayscale=True, may_draw_forms=True).to_pil().convert("L"))
        scale = PRINTER / 72
        for line in dotted.get(n, ()):
            top, bottom = round((line.base - line.size) * scale), round((line.base + 0.3 * line.size) * scale)
            part = gray[top:bottom, round(line.x * scale) : round((line.x + 400) * scale)]
            y, x = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
            # A printer's screen of 75 dots to an inch.
            screen = 127 + 120 * np.cos(2 * np.pi * (x + y) / 5.6) * np.cos(2 * np.pi * (x - y) / 5.6)
            middle = (part > 60) & (part < 235)
            part[middle] = np.where(part[middle] > screen[middle], 255, 40)
        yield gray
    pdf.close()


def _with_layer(pdf: bytes, typed: bytes, chance: random.Random) -> bytes:
    """Return a scan with an invisible layer of the words typed, some letters misread, near where they stand."""
    noise = chance.choice((0.002, 0.01, 0.03))
    off = chance.uniform(-2, 2), chance.uniform(-2, 2)
    file = io.BytesIO()
    drawing = Canvas(file)
    with ViewedPdf(typed) as viewed:
        for page in viewed.pages:
            drawing.setPageSize((page.width, page.height))
            for token in tokens_of(page):
                size = min(max(token.size, 4.0), 14.0)
                text = drawing.beginText(token.x0 + off[0], token.base + off[1])
                text.setTextRenderMode(3)
                text.setFont("Helvetica", size)
                read = "".join(MISREAD.get(c, c) if chance.random() < noise else c for c in token.text)
                read = read.encode("latin-1", "replace").decode("latin-1")
                text.setHorizScale(100 * (token.x1 - token.x0) / (stringWidth(read, "Helvetica", size) or 1))
                text.textOut(read)
                drawing.drawText(text)
            drawing.showPage()
    drawing.save()
    with pikepdf.open(io.BytesIO(pdf)) as scan, pikepdf.open(file) as layer:
        for sheet, over in zip(scan.pages, layer.pages, strict=True):
            sheet.add_overlay(over, pikepdf.Rectangle(*(float(n) for n in sheet.mediabox)))
        out = io.BytesIO()
        scan.save(out)
        return out.getvalue()


def _retyped(typed: bytes, pages: set[int], chance: random.Random) -> bytes:
    """Return the agreement with the pages that have blanks typed anew: running text with other line ends."""
    size, wide = chance.choice((11.0, 11.5, 12.0)), chance.uniform(430, 490)
    with ViewedPdf(typed) as viewed, pikepdf.open(io.BytesIO(typed)) as pdf:
        for number in sorted(pages):
            page = viewed.pages[number - 1]
            file = io.BytesIO()
            drawing = Canvas(file, pagesize=(612, 792))
            text = drawing.beginText(66, 792 - 60)
            for paragraph in _paragraphs(lines_of(tokens_of(page))):
                for line in _wrapped(paragraph, "Times-Roman", size, wide):
                    if text.getY() < 40:
                        break
                    text.setFont("Times-Roman", size)
                    text.textLine(line)
                text.textLine("")
            drawing.drawText(text)
            drawing.showPage()
            drawing.save()
            with pikepdf.open(file) as new:
                pdf.pages[number - 1] = new.pages[0]
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def _paragraphs(lines: Sequence[Sequence[Token]]) -> Iterator[str]:
    """Yield the texts that go on from line to line; a line that ends early ends its paragraph."""
    rows: list[str] = []
    for line in lines:
        rows.append(" ".join(token.text for token in line).replace("_", ""))
        if line[-1].x1 < 440 or len(line) <= 2:
            yield " ".join(rows)
            rows = []
    if rows:
        yield " ".join(rows)


def _wrapped(text: str, font: str, size: float, wide: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and stringWidth(longer, font, size) > wide:
            yield line
            longer = word
        line = longer
    yield line
