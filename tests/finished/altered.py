"""Printed pages with one thing changed, as somebody would who means to: drawn on the picture of the page.

A word, letter or figure put in is taken from elsewhere on the same page, so that font, size and print agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import ImageDraw, ImageFont

from tests.finished.scans import PRINTER

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence

    import pypdfium2
    from PIL import Image

Box = tuple[int, int, int, int]
PIXELS = PRINTER / 72
HEAD, FOOT = 150, 330
TYPED = "The County may end this Agreement at any time without notice."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Letters that stand together, one or a word, and their box in the printed picture."""

    text: str
    box: Box

    @property
    def width(self) -> int:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A printed page, with its letters and words, head and foot left out."""

    picture: Image.Image
    letters: tuple[Sign, ...]
    words: tuple[Sign, ...]


def printed_page(picture: Image.Image, page: pypdfium2.PdfPage) -> Printed:
    text = page.get_textpage()
    high = page.get_height()
    letters: list[Sign] = []
    words: list[list[Sign]] = [[]]
    for n in range(text.count_chars()):
        left, low, right, top = text.get_charbox(n, loose=True)
        box = (round(left * PIXELS), round((high - top) * PIXELS), round(right * PIXELS), round((high - low) * PIXELS))
        sign = Sign(text=text.get_text_range(n, 1), box=box)
        if not sign.text.strip() or (words[-1] and abs(words[-1][-1].box[1] - box[1]) > 25):
            words.append([])
        if sign.text.strip():
            words[-1].append(sign)
            letters.append(sign)
    text.close()
    whole = [
        Sign(
            text="".join(sign.text for sign in word),
            box=(word[0].box[0], min(s.box[1] for s in word), word[-1].box[2], max(s.box[3] for s in word)),
        )
        for word in words
        if word
    ]
    inside = [s for s in whole if HEAD < s.box[1] < picture.height - FOOT and s.width > 4 and s.text.strip("_")]
    body = [s for s in letters if HEAD < s.box[1] < picture.height - FOOT]
    return Printed(picture=picture, letters=tuple(body), words=tuple(inside))


def _put(picture: Image.Image, there: Sign, instead: Sign) -> None:
    source = picture.crop(instead.box)
    ImageDraw.Draw(picture).rectangle(there.box, fill=255)
    picture.paste(source, (there.box[0], there.box[3] - instead.height))


def _exchanged(page: Printed, signs: Sequence[Sign], chance: random.Random, apart: float) -> Image.Image | None:
    for _ in range(500):
        if len(signs) > 1:
            one, other = chance.sample(signs, 2)
            alike = abs(one.width - other.width) <= apart * one.width and abs(one.height - other.height) < 6
            if alike and one.text[:2].casefold() != other.text[:2].casefold():
                made = page.picture.copy()
                _put(made, one, other)
                return made
    return None


def _word(page: Printed, chance: random.Random) -> Image.Image | None:
    return _exchanged(page, [s for s in page.words if len(s.text) > 2 and s.text.isalpha()], chance, 0.15)


def _figure(page: Printed, chance: random.Random) -> Image.Image | None:
    return _exchanged(page, [s for s in page.letters if s.text.isdigit()], chance, 0.2)


def _letter(page: Printed, chance: random.Random) -> Image.Image | None:
    return _exchanged(page, [s for s in page.letters if s.text.isalpha() and s.text.islower()], chance, 0.15)


def _whited(page: Printed, boxes: Iterator[Box]) -> Image.Image:
    made = page.picture.copy()
    drawing = ImageDraw.Draw(made)
    for box in boxes:
        drawing.rectangle(box, fill=255)
    return made


def _word_out(page: Printed, chance: random.Random) -> Image.Image | None:
    short = [s for s in page.words if s.text.casefold() in {"not", "shall", "no", "only", "must", "may", "will", "any"}]
    return _whited(page, iter([chance.choice(short or page.words).box])) if page.words else None


def _lines_out(page: Printed, chance: random.Random, count: int) -> Image.Image | None:
    if not page.words:
        return None
    top = chance.choice(page.words).box[1]
    return _whited(page, (s.box for s in page.words if -10 < s.box[1] - top < 58 * count - 20))


def _sentence_out(page: Printed, chance: random.Random) -> Image.Image | None:
    return _lines_out(page, chance, 1)


def _paragraph_out(page: Printed, chance: random.Random) -> Image.Image | None:
    return _lines_out(page, chance, 4)


def _typed(page: Printed, chance: random.Random, text: str, size: int) -> Image.Image | None:
    """Type a text on an empty place: behind a line that ends early, or under the last one."""
    rows: dict[int, int] = {}
    for sign in page.words:
        rows[sign.box[3]] = max(rows.get(sign.box[3], 0), sign.box[2])
    font = ImageFont.load_default(size)
    long = round(font.getlength(text))
    right = page.picture.width - 320
    ends = [(end + 14, low - 48) for low, end in rows.items() if end + 14 + long < right]
    under = max(rows, default=400) + 40
    ends = [(320, min(under, page.picture.height - 420))] if len(text) > 20 or not ends else ends
    made = page.picture.copy()
    ImageDraw.Draw(made).text(chance.choice(ends), text, font=font, fill=0)
    return made


def _typed_line(page: Printed, chance: random.Random) -> Image.Image | None:
    return _typed(page, chance, TYPED, 44)


def _typed_word(page: Printed, chance: random.Random) -> Image.Image | None:
    return _typed(page, chance, chance.choice(("not", "only", "if funded")), 44)


KINDS: dict[str, Callable[[Printed, random.Random], Image.Image | None]] = {
    "paragraph whited out": _paragraph_out,
    "line typed in": _typed_line,
    "line whited out": _sentence_out,
    "word whited out": _word_out,
    "word typed in": _typed_word,
    "word changed": _word,
    "figure changed": _figure,
    "letter changed": _letter,
}
