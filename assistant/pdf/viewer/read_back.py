"""Read back what stands in a PDF: field values, and the letters that are drawn, through an engine that is not ours.

A field's value says nothing about the paper: pdfium flattens each page, so that the text found in a box is the text
a reader sees there.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from math import atan2, degrees
from typing import TYPE_CHECKING, Self

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.errors import PdfError
from assistant.pdf.objects.syntax import BROKEN
from assistant.pdf.viewer.render import hold_pdf, inked, let_go
from assistant.text import drawn_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.geometry import Rect

UPSIDE_DOWN = 180
"""Degrees that a page is turned by."""
MAX_LETTERS_COUNTED = 200
"""So many letters tell which way a page is written."""


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """A letter as it is drawn: its box in points, and its font size."""

    text: str
    rect: Rect
    size: float
    number: int = -1
    """Which of the page's letters it is, in pdfium's order."""


class DrawnPages:
    """The drawn letters of a PDF's pages, each page flattened and read when it is first asked for."""

    def __init__(self, data: bytes) -> None:
        """Open the PDF.

        Raises:
            PdfError: pdfium cannot open it.
        """
        self._opened = hold_pdf(data)
        self._pages: dict[int, list[ReadLetter]] = {}
        self._texts: dict[int, pypdfium2.PdfTextPage] = {}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the PDF."""
        let_go(self._opened)

    def __len__(self) -> int:
        """Return the number of pages."""
        return len(self._opened)

    def letters(self, page: int) -> list[ReadLetter]:
        """Return the letters drawn on a page (from 0), spaces included, in the order pdfium reads them.

        Raises:
            PdfError: pdfium cannot read the page.
        """
        if page not in self._pages:
            self._pages[page] = _letters(self._text(page))
        return self._pages[page]

    def text(self, page: int) -> str:
        """Return the text of a page (from 0): the letters of ``letters``, joined.

        It asks pdfium for no place and no size, which takes a third of the time.

        Raises:
            PdfError: pdfium cannot read the page.
        """
        if page in self._pages:
            return joined(self._pages[page])
        text = self._text(page)
        raw, code_of = text.raw, pdfium.FPDFText_GetUnicode
        codes = [code_of(raw, n) for n in range(text.count_chars())]
        return "".join(chr(code) for code in codes if 0 < code <= sys.maxunicode)

    def _text(self, page: int) -> pypdfium2.PdfTextPage:
        if page not in self._texts:
            try:
                self._texts[page] = _text_of(self._opened, page)
            except pypdfium2.PdfiumError:
                raise PdfError(BROKEN) from None
        return self._texts[page]

    def direction(self, page: int) -> int:
        """Return the direction in which most letters of a page run on it, a multiple of 90 degrees.

        Raises:
            PdfError: pdfium cannot read the page.
        """
        return _direction(self._text(page))

    def ink_box(self, page: int, letter: ReadLetter) -> Rect:
        """Return the box around the ink of a letter on this page, without the room beside it."""
        self.letters(page)
        box: Rect = self._texts[page].get_charbox(letter.number)
        return box

    def inked(self, page: int, boxes: Sequence[Rect]) -> list[bool]:
        """Say of each box whether something is drawn there that tells itself from what is around it."""
        self.letters(page)
        return inked(self._texts[page].page, boxes)

    def text_in(self, page: int, rect: Rect, *, slack: float = 1.0) -> str:
        """Return the text whose letters have their middle inside a rectangle, read from left to right."""
        x0, y0, x1, y1 = rect
        inside = [
            letter
            for letter in self.letters(page)
            if x0 - slack <= (letter.rect[0] + letter.rect[2]) / 2 <= x1 + slack
            and y0 - slack <= (letter.rect[1] + letter.rect[3]) / 2 <= y1 + slack
        ]
        return "".join(letter.text for letter in inside)


def added_letters(before: Sequence[ReadLetter], after: Sequence[ReadLetter]) -> list[ReadLetter]:
    """Return the letters of a page that were not there before (the same letter at the same place is the same)."""
    counts: dict[tuple[str, int, int], int] = {}
    for letter in before:
        key = _key(letter)
        counts[key] = counts.get(key, 0) + 1
    added = []
    for letter in after:
        key = _key(letter)
        if counts.get(key, 0):
            counts[key] -= 1
        else:
            added.append(letter)
    return added


def in_lines(letters: Sequence[ReadLetter], turn: int) -> list[ReadLetter]:
    """Return letters in the order in which a person reads them, line by line; the lines are turned left by degrees."""
    along, up = {0: ((1, 0), (0, 1)), 90: ((0, 1), (-1, 0)), 180: ((-1, 0), (0, -1)), 270: ((0, -1), (1, 0))}[turn]

    def place(letter: ReadLetter, way: tuple[int, int]) -> float:
        x0, y0, x1, y1 = letter.rect
        return (x0 + x1) / 2 * way[0] + (y0 + y1) / 2 * way[1]

    lines: list[list[ReadLetter]] = []
    for letter in sorted(letters, key=lambda x: -place(x, up)):
        if lines and place(lines[-1][0], up) - place(letter, up) < 0.5 * letter.size:
            lines[-1].append(letter)
        else:
            lines.append([letter])
    return [letter for line in lines for letter in sorted(line, key=lambda x: place(x, along))]


def same_text(one: str, other: str) -> bool:
    """Say whether two texts are the same on paper: accents composed, ligatures apart, spaces left out."""
    return _bare(one) == _bare(other)


def joined(letters: Iterable[ReadLetter]) -> str:
    """Return letters as text."""
    return "".join(letter.text for letter in letters)


def _bare(text: str) -> str:
    return "".join(drawn_form(text).replace("\xa0", " ").split())


def _key(letter: ReadLetter) -> tuple[str, int, int]:
    return letter.text, round(letter.rect[0] * 4), round(letter.rect[1] * 4)


def _text_of(opened: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfTextPage:
    pdfium.FPDFPage_Flatten(opened[number], pdfium.FLAT_PRINT)
    page = opened[number]
    text = page.get_textpage()
    if page.get_rotation() == UPSIDE_DOWN and not _direction(text):
        # pdfium would read the words of a line from their last to their first.
        page.set_rotation(0)
        text = page.get_textpage()
    return text


def _direction(text: pypdfium2.PdfTextPage) -> int:
    counts: Counter[int] = Counter()
    matrix = pdfium.FS_MATRIX()
    for n in range(text.count_chars()):
        if chr(pdfium.FPDFText_GetUnicode(text, n) % 0x110000).isalnum() and pdfium.FPDFText_GetMatrix(text, n, matrix):
            counts[round(degrees(atan2(matrix.b, matrix.a)) / 90) * 90 % 360] += 1
            if counts.total() == MAX_LETTERS_COUNTED:
                break
    return counts.most_common(1)[0][0] if counts else 0


def _letters(text: pypdfium2.PdfTextPage) -> list[ReadLetter]:
    # pdfium is called for each of some thousand letters of a page, so not by way of the helpers around it.
    raw, rect = text.raw, pdfium.FS_RECTF()
    code_of, size_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetFontSize, pdfium.FPDFText_GetLooseCharBox
    letters = []
    for n in range(text.count_chars()):
        code = code_of(raw, n)
        if not code or code > sys.maxunicode:
            continue
        size = size_of(raw, n)
        if not box_of(raw, n, rect):
            message = "Failed to get the box of a letter."
            raise pypdfium2.PdfiumError(message)
        letters.append(ReadLetter(chr(code), (rect.left, rect.bottom, rect.right, rect.top), size, n))
    return letters
