"""What a page says, line by line, each line with its place: the text behind the picture of a page.

Some fonts do not say which letters their glyphs are: of those pdfium gives the numbers of the glyphs, and "Name" reads
"1DPH". Microsoft's fonts have their glyphs in the order of the Macintosh standard (OpenType, 'post' table, format 1):
from 3 on those of ASCII, from 98 on those of Mac OS Roman. A page is read by that order where the widths of the letters
bear it out, as those of Times or Helvetica; else such a letter reads "\ufffd".
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.errors import PdfError
from assistant.pdf.form.font import core_font
from assistant.pdf.objects.syntax import BROKEN
from assistant.pdf.viewer.drawn_letters import UNKNOWN, letters_of
from assistant.pdf.viewer.drawn_words import turner
from assistant.pdf.viewer.render import held_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assistant.pdf.viewer.drawn_letters import DrawnLetter

    Styled = tuple[DrawnLetter, float, float, str]
    Turn = Callable[[float, float], tuple[float, float]]

FIRST_ASCII, FIRST_ROMAN, LAST_ROMAN = 3, 98, 225
"""Numbers of glyphs in the Macintosh standard order: the space, the first and the last letter of Mac OS Roman."""
SYMBOL_BULLET = 120
"""The number of the glyph of a bullet in the Symbol font."""
FAMILIES = ("Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic", "Helvetica", "Helvetica-Bold")
LEAST_STRETCH, MOST_STRETCH = 0.88, 1.14
"""A letter's width over that of the same letter of a core font: lines are stretched a little to fill their width."""
LEAST_SHARE = 0.9
"""Of the letters of a font whose widths are known, the part that has to have the width of its letter."""
HYPHEN = "\x02"
"""How pdfium gives a hyphen at the end of a line."""
SAME_ROW_EM = 0.5
"""Lines whose baselines differ by less stand side by side."""
WORD_GAP_EM = 0.15
"""A gap narrower than this parts no words."""
COLUMN_GAP_EM = 1.5
"""A gap wider than this parts two lines side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """Text that stands side by side: its start on the baseline, its width and its size, in points.

    Places are from the upper left corner of the page as it is shown; ``turn`` are the degrees clockwise by which the
    line runs.
    """

    text: str
    x: float
    y: float
    width: float
    size: float
    turn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The lines of a page, in pdfium's order, and the size of the page as it is shown, in points."""

    width: float
    height: float
    lines: tuple[PlacedLine, ...]

    def sorted_by_place(self) -> PageText:
        """Return it with its lines from the top and the left: some forms draw their signature blocks in no order."""
        return replace(self, lines=tuple(_in_rows(self.lines, self.turn)))

    @property
    def text(self) -> str:
        """Return what the page says, line by line; what stands side by side is one line."""
        turn = self.turn
        parts: list[str] = []
        before: PlacedLine | None = None
        for line in self.lines:
            parts.append(_between(before, line, turn) + line.text)
            before = line
        return "".join(parts)

    @property
    def turn(self) -> int:
        """Return the degrees clockwise by which most of the text runs."""
        letters: Counter[int] = Counter()
        for line in self.lines:
            letters[line.turn] += len(line.text)
        return letters.most_common(1)[0][0] if letters else 0


def read_page_texts(data: bytes, pages: Iterable[int]) -> list[PageText]:
    """Return what pages (from 0) of a PDF say, the values of their fields included.

    Raises:
        PdfError: it cannot be opened, or has no such page.
    """
    with held_pdf(data) as opened:
        return [_read(opened, page) for page in pages]


def _read(opened: pypdfium2.PdfDocument, number: int) -> PageText:
    try:
        pdfium.FPDFPage_Flatten(opened[number], pdfium.FLAT_PRINT)
        page = opened[number]
        rotation, box = page.get_rotation(), page.get_cropbox()
        letters = letters_of(page)
    except (pypdfium2.PdfiumError, IndexError):
        raise PdfError(BROKEN) from None
    width, height = page.get_width(), page.get_height()
    decoded = _decoded(letters)
    return PageText(width=width, height=height, lines=tuple(_lines(decoded, turner(box, rotation), rotation, height)))


def _in_rows(lines: Iterable[PlacedLine], turn: int) -> list[PlacedLine]:
    """Return lines from the top of the page as its text runs, those that stand side by side from the left."""
    rows: list[list[PlacedLine]] = []
    for line in sorted(lines, key=lambda line: _place(line, turn)[1]):
        if rows and _place(line, turn)[1] - _place(rows[-1][0], turn)[1] < SAME_ROW_EM * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: _place(line, turn)[0])]


def _place(line: PlacedLine, turn: int) -> tuple[float, float]:
    """Return how far right and how far down a line starts on the page as its text runs."""
    right, down = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return line.x * right + line.y * down, line.y * right - line.x * down


def _between(before: PlacedLine | None, line: PlacedLine, turn: int) -> str:
    """Return what parts a line from the one before it: nothing within a word, spaces beside it, else a new line."""
    if before is None:
        return ""
    (x, y), (start, base) = _place(before, turn), _place(line, turn)
    if abs(base - y) >= SAME_ROW_EM * line.size or start <= x:
        return "\n"
    gap = start - x - before.width
    return "" if gap < WORD_GAP_EM * line.size else "  "


def _lines(letters: Sequence[Styled], turned: Turn, rotation: int, height: float) -> Iterator[PlacedLine]:
    line: list[Styled] = []
    last_letter: Styled | None = None
    for styled in letters:
        letter = styled[0]
        if letter.text in "\r\n":
            yield from _line(line, turned, rotation, height)
            line, last_letter = [], None
            continue
        if not letter.text.isprintable() or letter.hidden:
            continue
        if not letter.generated:
            if last_letter and _is_apart(last_letter, styled):
                yield from _line(line, turned, rotation, height)
                line = []
            last_letter = styled
        line.append(styled)
    yield from _line(line, turned, rotation, height)


def _is_apart(before: Styled, after: Styled) -> bool:
    """Say whether a letter stands on another line than the one before it, or far from it."""
    (one, size, angle, _), (other, other_size, other_angle, _) = before, after
    if abs(angle - other_angle) > 1:
        return True
    em = max(size, other_size, 1.0)
    # Asked for each letter, and most lines are level.
    along, up = (math.cos(math.radians(angle)), math.sin(math.radians(angle))) if angle else (1.0, 0.0)
    across = (other.x - one.x) * along + (other.y - one.y) * up
    off = (other.y - one.y) * along - (other.x - one.x) * up
    wide = max(one.x1 - one.x0, one.y1 - one.y0) if not one.text.isspace() else one.x1 - one.x0
    return abs(off) > 0.5 * em or not -em < across < wide + COLUMN_GAP_EM * em


def _line(letters: Sequence[Styled], turned: Turn, rotation: int, height: float) -> Iterator[PlacedLine]:
    while letters and letters[-1][0].text.isspace():
        letters = letters[:-1]
    while letters and letters[0][0].text.isspace():
        letters = letters[1:]
    if not letters:
        return
    first, size, angle, _ = letters[0]
    last = letters[-1][0]
    turn = round(rotation - angle) % 360
    along, down = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    x, y = turned(first.x, first.y)
    ends = [turned(a, b) for a in (last.x0, last.x1) for b in (last.y0, last.y1)]
    width = max((a - x) * along - (b - y) * down for a, b in ends)
    text = "".join(letter.text for letter, *_ in letters)
    yield PlacedLine(
        text=" ".join(text.split()), x=x, y=height - y, width=max(width, 0.1), size=max(size, 1.0), turn=turn
    )


def _decoded(letters: Sequence[Styled]) -> Sequence[Styled]:
    """Return letters, those of fonts that do not say what they are read by the order of their glyphs."""
    by_font: dict[str, list[Styled]] = defaultdict(list)
    for styled in letters:
        if styled[0].text == HYPHEN:
            styled[0].text = "-"
        elif styled[0].coded and not styled[0].generated:
            by_font[styled[3]].append(styled)
    for font, coded in by_font.items():
        if "symbol" in font.lower():
            for letter, *_ in coded:
                letter.text = "•" if ord(letter.text) == SYMBOL_BULLET else chr(UNKNOWN)
            continue
        read = [_letter_of(ord(letter.text)) for letter, *_ in coded]
        is_borne_out = _is_borne_out(coded, read)
        for (letter, *_), text in zip(coded, read, strict=True):
            letter.text = text if is_borne_out else chr(UNKNOWN)
    return letters


def _letter_of(glyph: int) -> str:
    """Return the letter of a glyph by its number in the Macintosh standard order."""
    if FIRST_ASCII <= glyph < FIRST_ROMAN:
        return chr(glyph + ord(" ") - FIRST_ASCII)
    if FIRST_ROMAN <= glyph <= LAST_ROMAN:
        return bytes([glyph + 128 - FIRST_ROMAN]).decode("mac_roman")
    return chr(UNKNOWN)


def _is_borne_out(coded: Sequence[Styled], read: Sequence[str]) -> bool:
    """Say whether letters are as wide as what they are read as is in a core font."""
    widths = {
        (text, round((letter.x1 - letter.x0) / size, 3))
        for (letter, size, angle, _), text in zip(coded, read, strict=True)
        if size and round(angle) % 180 == 0
    }
    for name in FAMILIES:
        font = core_font(name)
        ratios = [width / font.width(text) for text, width in widths if font.can_write(text)]
        if ratios and sum(LEAST_STRETCH <= ratio <= MOST_STRETCH for ratio in ratios) >= LEAST_SHARE * len(ratios):
            return True
    return False
