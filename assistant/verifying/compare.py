"""Which page of the issued file a page of the signed copy is, and what differs: pages of both, one at a time.

What is found is plain numbers and words, to be judged by ``verdict``; nothing is called the same or altered here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.cache import LruCache
from assistant.reading.known_pages import MIN_WORDS
from assistant.reading.tokens import tokens_of
from assistant.scans.alignment import align_page
from assistant.scans.matching import MATCH_DPI, find_points, match_page
from assistant.scans.paper import InkPicture, find_ink_share, measure_darkness
from assistant.verifying.comparison import PageComparison, PageDifference
from assistant.verifying.issued_page import NO_BLANKS, IssuedPage, draw_issued_page
from assistant.verifying.judge_page import AlignedPage, judge_page
from assistant.verifying.page_model import model_page
from assistant.verifying.quick_match import match_expected
from assistant.verifying.signs import GlyphAtlas
from assistant.verifying.texts import differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.pdf.viewer.viewed_pdf import ViewedPdf
    from assistant.scans.matching import PagePoints, PictureMatch
    from assistant.verifying.issued_page import Blanks
    from assistant.verifying.page_model import PageModel

SCAN_DPI = 200
FINEST_DPI = 300
FINER_SCAN = 1.2 * SCAN_DPI
"""A scan with more pixels to an inch is drawn again, finer, where something on it has to be read."""
SMALL_SCALE = 0.8
"""A page drawn smaller than this, as two on a sheet are, is drawn again at a higher resolution."""
EMPTY = 0.0004
"""A page with a smaller part of ink is empty."""
NARROWEST = 1.0
"""Inches: what is narrower is no paper."""
SAME_PAGE = 0.5
"""From this likeness of its words on it is the page that a few points make it."""
CANDIDATES = 3
MOST_PAGES_IN_MEMORY = 2
"""Issued pages held in memory at once; each takes 10 MB."""
MOST_QUOTED = 12
MOST_WORDS = 5
"""Words of each text that are quoted; what the picture shows is reported as well."""
PALEST_INK = 0.4
"""Darkness below which a page that is none of the file has no ink: the grain of paper reads as letters."""
SURE_WORD = 70
"""From 0 to 100: how sure Tesseract is of a word that is read."""
LEAST_LETTERS = 3
LEAST_WORDS, LEAST_PART = 4, 0.3
"""A page that is none of the file is legible with so many sure words, in such a part of those read."""


class Comparing:
    """The issued file, with its pages drawn as they are asked for."""

    def __init__(self, issued: ViewedPdf, blanks: Mapping[int, Blanks]) -> None:
        """Keep the file, and the blanks by page."""
        self._issued, self._blanks = issued, blanks
        self._pages: LruCache[int, IssuedPage] = LruCache(MOST_PAGES_IN_MEMORY)
        self._points: dict[int, PagePoints] = {}
        self._atlas = GlyphAtlas()
        self._with_text = False

    @property
    def pages(self) -> range:
        """Return the numbers of its pages."""
        return range(1, self._issued.page_count + 1)

    def issued_page(self, number: int) -> IssuedPage:
        """Return one of its pages."""
        blanks = self._blanks.get(number, NO_BLANKS)
        return self._pages.get_or_make(
            number, lambda: draw_issued_page(self._issued, number, blanks, with_text=self._with_text)
        )

    def points(self, number: int) -> PagePoints:
        """Return the telling points of one of its pages."""
        if number not in self._points:
            self._points[number] = self.issued_page(number).points
        return self._points[number]

    def compare(self, signed: ViewedPdf, numbers: Sequence[int]) -> Iterator[PageComparison]:
        """Yield what is found of pages of a signed copy, twice of a sheet that shows two pages."""
        ahead = 0
        for number in numbers:
            for comparison in self.compare_sheet(signed, number, expected=number + ahead):
                ahead = comparison.page - number if comparison.page else ahead
                yield comparison

    def compare_sheet(self, signed: ViewedPdf, number: int, *, expected: int) -> Iterator[PageComparison]:
        """Yield what is found of one sheet, whose page is likely the issued file's page ``expected``."""
        picture = self._draw(signed, number, SCAN_DPI)
        if find_ink_share(picture.darkness) < EMPTY:
            yield PageComparison(number=number, empty=True)
            return
        if min(picture.size) < NARROWEST:
            yield PageComparison(number=number, legible=False)
            return
        self._with_text = self._with_text or not signed.is_scan(number)
        quick = match_expected(self.issued_page(expected), picture) if expected in self.pages else None
        if quick:
            yield self._compare(signed, number, self._lay(picture, quick))
            return
        points = find_points(picture.reduced(MATCH_DPI).darkness)
        aligned = self._find(points, picture, expected)
        if not aligned:
            yield PageComparison(number=number, legible=_is_legible(signed, number))
            return
        yield self._compare(signed, number, aligned)
        if aligned.match.scale < SMALL_SCALE:
            second = self._find(points.without(aligned.match.used), picture, aligned.match.page + 1)
            if second and second.match.page != aligned.match.page:
                yield self._compare(signed, number, second)

    def model_of_page(self, signed: ViewedPdf, number: int, page: int) -> PageModel | None:
        """Return a page of the signed copy laid over page ``page`` of the issued file; None where that cannot be."""
        picture = self._draw(signed, number, SCAN_DPI)
        match = match_expected(self.issued_page(page), picture)
        if match is None:
            match = match_page(find_points(picture.reduced(MATCH_DPI).darkness), self.points(page), page)
        return self._lay(picture, match).model if match else None

    def _draw(self, signed: ViewedPdf, number: int, dpi: int) -> InkPicture:
        # Letters that pdfium draws small are set to whole pixels; those of a picture are not.
        finer = 1 if signed.is_scan(number) else 2
        gray = np.asarray(signed.draw_page(number, dpi, finer=finer))
        return InkPicture(darkness=measure_darkness(gray, dpi), dpi=dpi)

    def _find(self, points: PagePoints, picture: InkPicture, expected: int) -> AlignedPage | None:
        """Return the page that a picture shows, with the picture aligned to it."""
        matches = []
        for number in dict.fromkeys([expected, *self.pages]):
            match = match_page(points, self.points(number), number) if number in self.pages else None
            if match:
                matches.append(match)
                if match.is_sure:
                    return self._lay(picture, match)
        likeliest = sorted(matches, key=lambda match: -match.inliers)[:CANDIDATES]
        best = max(
            (self._lay(picture, match) for match in likeliest), key=lambda aligned: aligned.likeness, default=None
        )
        return best if best and best.likeness >= SAME_PAGE else None

    def _lay(self, picture: InkPicture, match: PictureMatch) -> AlignedPage:
        issued = self.issued_page(match.page)
        alignment = align_page(issued.dark, issued.segments, picture, match)
        model = model_page(issued, alignment.page_map.lay_over(picture))
        return AlignedPage(issued=issued, match=match, alignment=alignment, model=model, picture=picture)

    def _compare(self, signed: ViewedPdf, number: int, aligned: AlignedPage) -> PageComparison:
        if aligned.match.scale < SMALL_SCALE:
            aligned = self._lay(self._draw(signed, number, FINEST_DPI), aligned.match)
        issued, model = aligned.issued, aligned.model
        self._atlas.learn(issued.dark, issued.words)

        def draw_fine() -> InkPicture:
            is_finer = signed.measure_scan_dpi(number) > FINER_SCAN
            return self._draw(signed, number, FINEST_DPI) if is_finer else aligned.picture

        judged = judge_page(aligned, self._atlas, draw_fine)
        text = self._compare_text(signed, number, issued)
        likes = np.clip(model.likeness, 0, 1)
        return PageComparison(
            number=number,
            page=aligned.match.page,
            likeness=round(aligned.likeness, 3),
            similarity=round(float(likes.mean()) if len(likes) else 1.0, 3),
            turn=(aligned.match.turn + issued.sideways) % 360,
            scale=round(aligned.match.scale, 2),
            unreadable=judged.unreadable,
            differences=(*text, *judged.differences)[:MOST_QUOTED],
            notes=judged.notes,
            ink=judged.ink,
            black_and_white=signed.is_black_and_white(number),
        )

    def _compare_text(self, signed: ViewedPdf, number: int, issued: IssuedPage) -> Iterator[PageDifference]:
        """Yield words that only one of two pages with real text has."""
        if signed.is_scan(number):
            return
        tokens = tokens_of(signed.page(number))
        if len(tokens) < MIN_WORDS or len(issued.tokens) < MIN_WORDS:
            return
        if any(token.source == "coded" for token in tokens):
            return
        missing_words, added_words = differences(issued.tokens, tokens, issued.blanks.left_out)
        for word in missing_words[:MOST_WORDS]:
            yield PageDifference(kind="text", issued=word)
        for word in added_words[:MOST_WORDS]:
            yield PageDifference(kind="text", read=word)


def _is_legible(signed: ViewedPdf, number: int) -> bool:
    """Say whether a page that is none of the issued file can be read at all."""
    from assistant.verifying.quoting import read_line  # noqa: PLC0415 - Tesseract is loaded where it is needed

    if signed.page(number).words:
        return True
    dark = measure_darkness(np.asarray(signed.draw_page(number, FINEST_DPI, finer=1)), FINEST_DPI)
    words = read_line(np.where(dark < PALEST_INK, 0, dark), 1.0, many_lines=True)
    long = [word for word in words if len(word.text) >= LEAST_LETTERS]
    sure = [word for word in long if word.confidence > SURE_WORD]
    return len(sure) >= max(LEAST_WORDS, LEAST_PART * len(long))
