"""What the sandbox runs for the two files: look at each, and compare some pages of one with the other.

Everything goes in and out as bytes, paths and JSON.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from assistant.pdf.viewer.viewed_pdf import ViewedPdf
from assistant.reading import read_agreement
from assistant.reading.tokens import tokens_of
from assistant.reading.written_dates import read_date, read_misread_date, stamp_date
from assistant.verifying.compare import Comparing
from assistant.verifying.issued_page import Blanks, outside
from assistant.verifying.signing import ICE_SIDE
from assistant.verifying.texts import compare_reflowed, folded, remove_running_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.geometry import Rect
    from assistant.pdf.viewer.viewed_pdf import ViewedPage
    from assistant.reading import ReadAgreement
    from assistant.reading.tokens import Token
    from assistant.verifying.comparison import ComparedPage, DifferenceDocument

PEN = ("lea_signature", "lea_date", "lea_name", "lea_title", "lea_agency")
ICE = ("ice_signature", "ice_date", "ice_name", "ice_title", "ice_agency", "contact_vii_ice")
LABEL = 60.0
"""Points to the left of a blank in which its label stands."""
ABOVE, BELOW = 16.0, 8.0
"""Points over and under a blank that a pen's strokes reach."""
OVER = 6.0
LETTER_RULE, LETTER_ROOM = 250.0, 22.0
"""Points: how long the rule is on which our letter is signed, and how much room is over it."""
LEAST_BELOW, MOST_BELOW = 20.0, 60.0
"""Points by which the caption of its date is below that of its signature."""
HEADER, FOOTER = 40.0, 60.0
"""Points from the upper and the lower edge within which page numbers and names of the form stand."""
MOST_DIFFERENT = 0.3
"""Where more of the text differs it is another document."""
MOST_QUOTED = 12


class SigningBlanks(TypedDict):
    """``Blanks`` of one page as a JSON object: boxes in points."""

    slots: dict[str, Rect]
    left_out: list[Rect]


class IssuedLook(TypedDict):
    """What has to be known of an issued file; pages count from 1, ``blanks`` and ``places`` go by page and slot."""

    pages: int
    with_text: list[int]
    edition: str | None
    blanks: dict[str, SigningBlanks]
    filled: list[str]
    places: dict[str, str]


class SignedLook(TypedDict):
    """What reading tells of a signed copy; days are ISO, ``ice`` is the source of each text on ICE's side."""

    pages: int
    looked_at: int
    signed: bool | None
    electronic: bool
    date_source: str | None
    date_recognised: bool
    date: str | None
    stamped: str | None
    ice: dict[str, str]
    typed_name: bool


class ComparedTexts(TypedDict):
    """What differs in the texts of two files, by page of the issued one; each row is a ``PageDifference``."""

    comparable: bool
    pages: dict[str, list[DifferenceDocument]]


def look_at_issued(data: bytes) -> IssuedLook:
    """Return what has to be known of the issued file: pages, those with words to compare, and its signing block.

    Raises:
        PdfError: it cannot be opened.
    """
    document = read_agreement(data)
    blanks = _blanks(document)
    with ViewedPdf(data) as viewed:
        blanks = blanks or find_letter_blanks(viewed)
        pages_with_text = [n for n in range(1, len(document.pages) + 1) if viewed.page(n).words]
        count = viewed.page_count
    return {
        "pages": count,
        "with_text": pages_with_text,
        "edition": document.edition.name if document.edition and document.like_an_moa else None,
        "blanks": {str(page): {"slots": dict(b.slots), "left_out": list(b.left_out)} for page, b in blanks.items()},
        "filled": [slot for slot in ICE if (reading := document.get(slot)) and reading.read],
        "places": {slot: document.readings[slot].where for slot in (*PEN, *ICE) if slot in document.readings},
    }


def look_at_signed(data: bytes) -> SignedLook:
    """Return what reading tells of a signed copy: pages, signature, date, and what stands on ICE's side.

    Raises:
        PdfError: it cannot be opened.
    """
    document = read_agreement(data, only_signing=True)
    dated = document.get("lea_date")
    with ViewedPdf(data) as viewed:
        count = viewed.page_count
    day = None
    if dated and dated.read:
        day = read_misread_date(dated.text) if dated.source == "recognised" else read_date(dated.text)
    stamped = stamp_date(document.signing.signature_text)
    return {
        "pages": count,
        "looked_at": len(document.pages),
        "signed": document.signing.signed,
        "electronic": document.signing.electronic,
        "date_source": dated.source if dated else None,
        "date_recognised": bool(dated and dated.source == "recognised"),
        "date": day.isoformat() if day else None,
        "stamped": stamped.isoformat() if stamped else None,
        "ice": {slot: document.readings[slot].source for slot in ICE if slot in document.readings},
        "typed_name": _is_typed_name(document),
    }


def _is_typed_name(document: ReadAgreement) -> bool:
    signed = document.get("lea_signature")
    return bool(signed and signed.source in {"field", "note", "text"} and not document.signing.electronic)


def compare_pages(data: bytes, issued: str, blanks: str, numbers: str) -> list[ComparedPage]:
    """Return what is found of pages of a signed copy (``numbers`` as JSON), beside those of the file at a path.

    ``blanks`` is what ``look_at_issued`` returned for them, as JSON.

    Raises:
        PdfError: a file cannot be opened.
    """
    with ViewedPdf(Path(issued).read_bytes()) as one, ViewedPdf(data) as other:
        comparing = Comparing(one, blanks_from_document(json.loads(blanks)))
        return [comparison.to_document() for comparison in comparing.compare(other, json.loads(numbers))]


def compare_texts(data: bytes, issued: str, blanks: str) -> ComparedTexts:
    """Return what differs in the texts of a signed copy and of the file at a path, by page of that file.

    Not comparable is a copy with a page that is a picture, or whose letters the file does not say.

    Raises:
        PdfError: a file cannot be opened.
    """
    by_page = blanks_from_document(json.loads(blanks))
    with ViewedPdf(Path(issued).read_bytes()) as one, ViewedPdf(data) as other:
        if any(other.is_scan(n) for n in range(1, other.page_count + 1)):
            return {"comparable": False, "pages": {}}
        left_out = {n: by_page[n].left_out if n in by_page else () for n in range(1, one.page_count + 1)}
        pages = [_body_words(one.page(n), left_out[n]) for n in left_out]
        running = [_running_words(one.page(n)) for n in left_out]
        pen = blanks_by_page(data)
        signed = [
            word
            for n in range(1, other.page_count + 1)
            for word in remove_running_lines(
                _body_words(other.page(n), pen[n].left_out if n in pen else ()),
                running,
            )
        ]
        rows = compare_reflowed(pages, signed)
    total = sum(map(len, pages))
    different = sum(len(row.issued.split()) for page in rows for row in page)
    return {
        "comparable": bool(signed) and different < MOST_DIFFERENT * total,
        "pages": {str(n): [row.to_document() for row in page[:MOST_QUOTED]] for n, page in enumerate(rows, 1)},
    }


def _body_words(page: ViewedPage, left_out: Sequence[Rect]) -> list[str]:
    """Return the folded words of a page in reading order, without header and footer."""
    tokens = outside(tokens_of(page), left_out)
    return [word for t in tokens if FOOTER < t.base < page.height - HEADER for word in folded(t.text)]


def _running_words(page: ViewedPage) -> list[str]:
    """Return the folded words of a page's header and footer."""
    tokens = outside(tokens_of(page), ())
    return [word for t in tokens if not FOOTER < t.base < page.height - HEADER for word in folded(t.text)]


def blanks_by_page(data: bytes) -> dict[int, Blanks]:
    """Return the signing block of an issued file, by page.

    Raises:
        PdfError: it cannot be opened.
    """
    return _blanks(read_agreement(data))


def _blanks(document: ReadAgreement) -> dict[int, Blanks]:
    """Return by page where the blanks of the signing block are, and what a pen may touch there."""
    pages: dict[int, dict[str, Rect]] = {}
    for slot in (*PEN, *ICE):
        reading = document.get(slot)
        if reading and reading.box and reading.source != "unseen":
            pages.setdefault(reading.page, {})[slot] = reading.box
    return {page: _block(boxes) for page, boxes in pages.items()}


def find_letter_blanks(viewed: ViewedPdf) -> dict[int, Blanks]:
    """Return by page where this program's own letter is signed and dated: over its two captions, one under the other.

    Other papers have none: a caption "Signature" alone says nothing.
    """
    blanks = {}
    for number in range(1, viewed.page_count + 1):
        tokens = [token for token in tokens_of(viewed.page(number)) if token.source == "text"]
        captions = [token for token in tokens if token.text in {"Signature", "Date"}]
        for one in captions:
            for other in captions:
                is_below = abs(one.x0 - other.x0) < 1 and LEAST_BELOW < one.base - other.base < MOST_BELOW
                if (one.text, other.text) == ("Signature", "Date") and is_below and _is_date_caption(other, tokens):
                    blanks[number] = _block({"lea_signature": _over(one), "lea_date": _over(other)})
    return blanks


def _is_date_caption(date: Token, tokens: Sequence[Token]) -> bool:
    """Say whether "Date" begins the caption "Date signed (by hand)"."""
    line = [t.text for t in tokens if abs(t.base - date.base) < 1 and t.x0 >= date.x0]
    return line[:3] == ["Date", "signed", "(by"]


def _over(caption: Token) -> Rect:
    """Return the blank over a caption of our letter (``documents.setting``): a rule, and room to write on it."""
    rule = caption.base + 1.15 * caption.size
    return (caption.x0, rule, caption.x0 + LETTER_RULE, rule + LETTER_ROOM)


def _block(boxes: Mapping[str, Rect]) -> Blanks:
    """Return the blanks of one page: each slot's box, ICE's side as a whole, and what is left out of the comparison."""
    slots = {slot: (x0, y0 - 1, x1, y1 + OVER) for slot, (x0, y0, x1, y1) in boxes.items()}
    pen = [box for slot, box in boxes.items() if slot in PEN]
    ices = [box for slot, box in boxes.items() if slot in ICE and slot != "contact_vii_ice"]
    left_out = [slots[slot] for slot in ("contact_vii_ice",) if slot in slots]
    if pen:
        left_out.append(_around(pen))
    if ices:
        left, low, right, high = _around(ices)
        # The agency's strokes may end a little beyond their blank.
        slots[ICE_SIDE] = (max([left, *(box[2] + BELOW for box in pen)]), low, right, high)
        left_out.append(slots[ICE_SIDE])
    return Blanks(slots=slots, left_out=tuple(left_out))


def _around(boxes: list[Rect]) -> Rect:
    return (
        min(box[0] for box in boxes) - LABEL,
        min(box[1] for box in boxes) - BELOW,
        max(box[2] for box in boxes) + BELOW,
        max(box[3] for box in boxes) + ABOVE,
    )


def blanks_from_document(document: Mapping[str, Any]) -> dict[int, Blanks]:
    """Return the signing block by page, from what ``look_at_issued`` returned for it."""
    return {
        int(page): Blanks(
            slots={slot: tuple(box) for slot, box in row["slots"].items()},
            left_out=tuple(tuple(box) for box in row["left_out"]),
        )
        for page, row in document.items()
    }
