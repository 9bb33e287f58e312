"""What a reader sees in any PDF, through pdfium: words where they stand, fields, notes, pictures, signatures.

Built for finished documents from anywhere: encrypted with an empty password, flattened, scanned, turned. Lengths are
points from the lower left corner of the page as it is read: a page whose text runs sideways is turned upright here,
and ``sideways`` says by how much.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

import pypdfium2.raw as pdfium

from assistant.errors import PdfError
from assistant.pdf.objects.encryption import NEEDS_PASSWORD
from assistant.pdf.objects.readable import readable_pdf
from assistant.pdf.viewer import marks
from assistant.pdf.viewer.drawn_letters import letters_of
from assistant.pdf.viewer.drawn_words import Word, direction, levelled, rect_turned, skew_of, turner, words_of
from assistant.pdf.viewer.paint_order import read_paint_order
from assistant.pdf.viewer.render import bounded_scale, hold_pdf, let_go

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

    from assistant.geometry import Rect
    from assistant.pdf.viewer.drawn_letters import DrawnLetter
    from assistant.pdf.viewer.marks import PageMark

ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
"""What an archive begins with: one that holds a PDF is none itself, though pdfium finds it there."""
MAX_PAGES = 60
"""Pages that are looked at; an agreement has at most 14, and what is behind them is an attachment."""
PICTURE_PAGE = 0.5
"""A page covered with pictures to this part is a scan; what text it has was recognised by a program."""
FEW, UNDER = 20, 0.8
"""Where so many words of a page do not show, to this part of them, its text was recognised too."""
SCALE = 100 / 72
LETTER, LEAST_SHEET, MOST_SHEET = 792.0, 720.0, 900.0
"""Points: the long side of a letter page, and what the long side of a page of its size may be (A4 has 842)."""
MAX_SECONDS = 8.0
"""Of the processor's time, so that a busy machine changes nothing: after so long no further page is drawn, and what
then cannot be looked at is called unseen."""

MAX_RECOGNIZING_SECONDS = 40.0
"""The same for pages that are drawn to be recognized."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewedPage:
    """A page as it is read. ``number`` counts from 1; ``turn`` is the page's own /Rotate, in degrees."""

    number: int
    width: float
    height: float
    turn: int
    sideways: int
    """By how many degrees its text, as shown, is turned to the left; 0 where it reads upright or none is there."""
    covered: float
    """The part of the page that pictures cover, 0 to 1."""
    skew: float
    """The angle in radians by which its lines rise; words are set level again."""
    words: tuple[Word, ...]
    marks: tuple[PageMark, ...]
    pictures: tuple[Rect, ...] = ()
    """The boxes of its pictures."""
    corner: tuple[float, float] = (0.0, 0.0)
    """Its lower left corner in its own coordinates, where it is upright; a page need not begin at 0, 0."""

    @property
    def scanned(self) -> bool:
        """Say whether the page is a picture, so that its text was recognised and may be wrong."""
        return self.covered >= PICTURE_PAGE


def _open_document(data: bytes) -> pypdfium2.PdfDocument:
    if data.startswith(ARCHIVES):
        raise PdfError("The file is not a PDF. Choose the PDF file.")
    data = readable_pdf(data)
    try:
        return hold_pdf(data)
    except PdfError:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD:
            raise PdfError(NEEDS_PASSWORD) from None
        raise


class ViewedPdf:
    """A PDF opened for reading; use it in a ``with`` statement."""

    def __init__(self, data: bytes) -> None:
        """Open the PDF.

        Raises:
            PdfError: pdfium cannot open it.
        """
        self._opened_at = time.process_time()
        self._opened = _open_document(data)
        self._pictures: dict[int, Image] = {}
        self._pages: dict[int, ViewedPage] = {}
        self.page_count = len(self._opened)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the PDF."""
        let_go(self._opened)

    @property
    def encrypted(self) -> bool:
        """Say whether the file is encrypted (pdfium opens it where no password is asked for)."""
        return int(pdfium.FPDF_GetSecurityHandlerRevision(self._opened)) > 0

    @cached_property
    def info(self) -> dict[str, str]:
        """Return the document's properties: Title, Author, Subject, Keywords, Producer …, those that are set."""
        return {key: value for key, value in self._opened.get_metadata_dict().items() if value}

    @cached_property
    def signatures(self) -> int:
        """Return how many signature fields hold a signature."""
        count = pdfium.FPDF_GetSignatureCount(self._opened)
        signature_count = 0
        for n in range(max(0, min(count, 50))):
            signature = pdfium.FPDF_GetSignatureObject(self._opened, n)
            signature_count += bool(signature) and pdfium.FPDFSignatureObj_GetContents(signature, None, 0) > 0
        return signature_count

    @cached_property
    def pages(self) -> tuple[ViewedPage, ...]:
        """Return the pages, in the order of the file."""
        return tuple(self.page(n) for n in range(1, min(self.page_count, MAX_PAGES) + 1))

    def page(self, number: int) -> ViewedPage:
        """Return one page, by its number from 1, without looking at the others."""
        if number not in self._pages:
            self._pages[number] = self._page(number - 1)
        return self._pages[number]

    def draw_page(self, number: int, dpi: int, *, finer: int = 2) -> Image:
        """Return a page (from 1) as it is shown, in grey, fields drawn, at so many pixels to an inch of its paper.

        What is no sheet of common size is drawn as high as a letter page: a scanner need not know its own scale.
        ``finer``: the page is drawn so many times as fine and reduced; 1 is enough for a picture.
        """
        page = self._opened[number - 1]
        wide, high = page.get_width(), page.get_height()
        longest = max(wide, high, 1.0)
        scale = dpi / 72 * (1.0 if LEAST_SHEET <= longest <= MOST_SHEET else LETTER / longest)
        # Twice as fine, then halved: letters drawn small are moved to whole pixels, and no paper does that.
        fine = bounded_scale(wide, high, finer * scale)
        image: Image = page.render(scale=fine, grayscale=True, may_draw_forms=True).to_pil()
        return image.convert("L").reduce(finer) if finer > 1 else image.convert("L")

    def is_scan(self, number: int) -> bool:
        """Say whether a page (from 1) is a picture, as ``ViewedPage.scanned`` does, without reading it where it is."""
        return marks.covered(self._opened[number - 1])[0] >= PICTURE_PAGE or self.page(number).scanned

    def is_black_and_white(self, number: int) -> bool:
        """Say whether a page (from 1) is a scan whose pictures have one bit a pixel, so that pale ink is lost."""
        depths = [
            item.get_metadata().bits_per_pixel
            for item in self._opened[number - 1].get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4)
        ]
        return bool(depths) and max(depths) == 1

    def measure_scan_dpi(self, number: int) -> float:
        """Return how many pixels to an inch the finest picture on a page (from 1) has; 0 where there is none."""
        pictures = self._opened[number - 1].get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4)
        return max((float(item.get_metadata().horizontal_dpi) for item in pictures), default=0.0)

    def read_printed_letters(self, number: int) -> tuple[list[tuple[DrawnLetter, float, str]], int]:
        """Return the letters of a page (from 1) as it prints, those in fields too: each with its size and its font.

        Places are those of the page as it is read, in points from its lower left corner; with them comes by how many
        degrees the page's text, as shown, is turned (``ViewedPage.sideways``). The page is flattened for it, and has
        no fields any longer.
        """
        pdfium.FPDFPage_Flatten(self._opened[number - 1], pdfium.FLAT_PRINT)
        sheet = self._opened[number - 1]
        all_letters = letters_of(sheet)
        own_turn = sheet.get_rotation()
        sideways = (direction(all_letters) - own_turn) % 360 if all_letters else 0
        turn = (own_turn + sideways) % 360
        turned = turner(sheet.get_cropbox(fallback_ok=True), turn)
        letters = []
        for letter, size, angle, font in all_letters:
            if round((angle - turn) / 90) % 4 == 0 and not letter.generated:
                if turn or turned(0.0, 0.0) != (0.0, 0.0):
                    x0, y0, x1, y1 = rect_turned((letter.x0, letter.y0, letter.x1, letter.y1), turned)
                    x, y = turned(letter.x, letter.y)
                    letter = replace(letter, x0=x0, y0=y0, x1=x1, y1=y1, x=x, y=y)  # noqa: PLW2901 - the same letter
                letters.append((letter, size, font))
        return letters, sideways

    def draw_plain_page(self, number: int, dpi: int) -> Image | None:
        """Return a page (from 1) as it is shown, in grey, fields drawn, at so many dots to an inch of a letter page.

        What is no sheet of common size is drawn as high as a letter page, as in ``draw_page``. None where that would
        take more time than there is.
        """
        if time.process_time() - self._opened_at > MAX_RECOGNIZING_SECONDS:
            return None
        page = self._opened[number - 1]
        wide, high = page.get_width(), page.get_height()
        longest = max(wide, high, 1.0)
        scale = dpi / 72 * (1.0 if LEAST_SHEET <= longest <= MOST_SHEET else LETTER / longest)
        image: Image = page.render(scale=bounded_scale(wide, high, scale), grayscale=True, may_draw_forms=True).to_pil()
        return image.convert("L")

    def picture(self, page: ViewedPage) -> Image | None:
        """Return the page as a grey picture at ``SCALE`` pixels a point, upright and level.

        None where that would take more time than there is: a scan may hold pictures that take seconds to unpack.
        """
        if page.number not in self._pictures:
            if time.process_time() - self._opened_at > MAX_SECONDS:
                return None
            sheet = self._opened[page.number - 1]
            if bounded_scale(sheet.get_width(), sheet.get_height(), SCALE) < SCALE:
                return None  # larger than any paper: places on a picture of another scale would be wrong
            image = sheet.render(scale=SCALE, grayscale=True, may_draw_forms=True).to_pil().convert("L")
            if page.sideways:
                image = image.rotate(-page.sideways, expand=True, fillcolor=255)
            if page.skew:
                # Turned about the lower left corner, as the words were.
                image = image.rotate(-math.degrees(page.skew), center=(0, image.height), fillcolor=255)
            self._pictures[page.number] = image
        return self._pictures[page.number]

    def _page(self, number: int) -> ViewedPage:
        page = self._opened[number]
        box = page.get_cropbox(fallback_ok=True)
        turn = page.get_rotation()
        page_marks = marks.read_marks(self._opened, page)
        letters = letters_of(page, read_paint_order(page))
        sideways = (direction(letters) - turn) % 360 if letters else 0
        turned = turner(box, (turn + sideways) % 360)
        words = tuple(words_of(letters, turned, turn + sideways, upright=not (turn or sideways)))
        covered, pictures = marks.covered(page)
        page_marks = marks.with_drawn_values(self._opened, number, page_marks, [letter for letter, *_ in letters])
        signed = [
            n
            for n, mark in enumerate(page_marks)
            if mark.kind == "Sig" and (mark.signed or (mark.has_appearance and self.signatures))
        ]
        if signed:
            page_marks = marks.with_drawn_text(self._opened, number, page_marks, signed)
        level = 0.0
        if covered < PICTURE_PAGE and len(words) >= FEW and sum(word.hidden for word in words) > UNDER * len(words):
            # A picture that was cut into pieces, with the words that a program read of it beneath.
            covered = PICTURE_PAGE
        if covered >= PICTURE_PAGE:
            level = skew_of(words)
            words = tuple(levelled(words, level))
        across = (turn + sideways) % 180 == 90  # degrees
        size = (box[3] - box[1], box[2] - box[0]) if across else (box[2] - box[0], box[3] - box[1])
        return ViewedPage(
            number=number + 1,
            width=size[0],
            height=size[1],
            turn=turn,
            sideways=sideways,
            covered=covered,
            skew=level,
            words=words,
            pictures=tuple(rect_turned(rect, turned) for rect in pictures),
            corner=(0.0, 0.0) if turn or sideways else (box[0], box[1]),
            marks=tuple(replace(mark, rect=rect_turned(mark.rect, turned)) for mark in page_marks),
        )
