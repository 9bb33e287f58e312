"""Everything that can be read on a page as one row of tokens: printed words, field values, notes.

A field's value and a typewritten word then stand side by side where a person sees them, so that the rest of this
package asks only where something stands, never how it came there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from rapidfuzz import fuzz

from assistant.pdf.form.font import core_font
from assistant.pdf.form.layout import TextBox, fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.pdf.viewer.marks import PageMark
    from assistant.pdf.viewer.viewed_pdf import ViewedPage

TokenSource = Literal["field", "note", "text", "recognised", "hidden", "coded"]
"""hidden: in the file, and not seen on the page; coded: drawn in a font that does not say which letters these are."""

SHIFT = 29
"""Labels in a font without ToUnicode extract as glyph numbers: 29 less than the letters' codes."""
LAST_SHIFTED = chr(127 - SHIFT)
"""The last letter that stands for one of ASCII."""
SHIFTED_WORDS = frozenset(
    {"name", "title", "agency", "date", "signature", "for", "the", "lea", "ice", "dhs", "revised"}
)
LINES = re.compile(r"_+|[_.\-–—=~\s]{3,}|[_B]{3,}")
B_LINES = re.compile(r"B{3,}|^B{2}$")
"""How a line to write on extracts where the font has no ToUnicode; no English word has three of them."""
RUNS = re.compile(r"_{2,}|(?<!\w)_|_(?!\w)")
"""Underscores to write on; one within a word is a letter of an address."""
RUN_TOGETHER = {
    one + other: (one, other)
    for one, other in (
        *(("of", "the"), ("chief", "counsel"), ("office", "of"), ("the", "office"), ("at", "the"), ("for", "the")),
        *(("between", "ice"), ("and", "the"), ("in", "the"), ("location", "at"), ("field", "location")),
    )
}
"""Words that stand before or behind a blank, as programs put them together."""
CODED_LINE = re.compile(r"B+")
UNKNOWN = "\ufffd"
WIDEST = 1.35
"""A word is at most so many times as wide as in Helvetica of its size."""
LEAST_SIZE = 4.0
"""Points: a recognised word that claims to be smaller says nothing about its width."""
CLOSE, HALF = 78, 55
MAX_BASE_OFFSET_PT = 5.0
_TAKEN_FOR = frozenset({"1l", "il", "li", "ft", "lt", "ce", "ec", "oe", "eo", "oa", "ao", "0o", "bh", "lf", "tf", "1i"})
"""Pairs of letters: what a program read, and what is printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Something readable: its text, edges and baseline in points, and where it comes from."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    source: TokenSource
    mark: PageMark | None = None
    font: str = ""
    last: tuple[float, float] = (0.0, 0.0)
    doubtful: bool = False
    """Whether a field's value is not what it draws, or holds what is no letter."""
    key: str = field(init=False, repr=False, compare=False)
    """Its letters and digits, small: asked for many times."""

    def __post_init__(self) -> None:
        """Work out the key."""
        object.__setattr__(self, "key", bare(self.text))

    @property
    def middle(self) -> float:
        """Return the middle between its edges."""
        return (self.x0 + self.x1) / 2


def tokens_of(page: ViewedPage, *, shifted: bool = False) -> list[Token]:
    """Return the tokens of a page in the order in which a person reads: lines from the top, each from the left.

    ``shifted``: every printed word is in letters whose codes are ``SHIFT`` too low, not the labels alone.
    """
    tokens = [*_printed(page, shifted=shifted), *_typed_tokens(page)]
    return in_reading_order(tokens)


def in_reading_order(tokens: Iterable[Token]) -> list[Token]:
    """Return tokens sorted by line, then from the left."""
    return [token for line in lines_of(tokens) for token in line]


def lines_of(tokens: Iterable[Token]) -> list[list[Token]]:
    """Return tokens by line, from the top: within 5 pt of the line's first baseline, less where the print is small."""
    lines: list[list[Token]] = []
    for token in sorted(tokens, key=lambda t: -t.base):
        if lines and lines[-1][0].base - token.base <= min(
            MAX_BASE_OFFSET_PT, 0.6 * max(token.size, lines[-1][0].size)
        ):
            lines[-1].append(token)
        else:
            lines.append([token])
    return [sorted(line, key=lambda t: t.x0) for line in lines]


def bare(text: str) -> str:
    """Return the letters and digits of a text, small."""
    folded = text.casefold()
    return folded if folded.isalnum() else "".join(c for c in folded if c.isalnum())


def like(text: str, word: str) -> bool:
    """Say whether a token's key is a word, as printed or as a program may have misread it."""
    if text == word:
        return True
    if len(word) == len(text) == 3:  # "fhe", "1ea": one letter misread, and one that looks like it
        return sum(one != other for one, other in zip(text, word, strict=True)) == 1 and _looks(text, word)
    return len(word) > 3 and len(text) > 2 and _near(text, word, 74 if len(word) < 6 else CLOSE)


def _near(text: str, word: str, least: int) -> bool:
    """Say whether two words are alike; two of very different lengths cannot be, and most are."""
    one, other = len(text), len(word)
    return 200 * min(one, other) >= least * (one + other) and fuzz.ratio(text, word) >= least


def _looks(text: str, word: str) -> bool:
    return next(one + other in _TAKEN_FOR for one, other in zip(text, word, strict=True) if one != other)


def text_of_tokens(tokens: Sequence[Token], *, ends: bool = True) -> str:
    """Return the text of tokens, lines to write on left out; ``ends``: without the comma at its end."""
    text = " ".join(token.text for token in tokens)
    text = " ".join(RUNS.sub(" ", text).split()).lstrip(" ,;|~")
    return text.rstrip(" ,;|~_" if ends else " |~_")


def find_phrase(tokens: Sequence[Token], words: Sequence[str], start: int = 0) -> int | None:
    """Return the place after a phrase, given by the keys of its words; two words in five may be misread or lost."""
    least = len(words) - 2 * len(words) // 5
    for at in range(start, len(tokens)):
        # The first word may be the one that was misread.
        for first in range(min(2, 1 + len(words) - least)):
            if like(tokens[at].key, words[first]):
                place = _after_phrase(tokens, at + 1, words[first + 1 :], least - 1)
                if place is not None:
                    return place
    return None


def _after_phrase(tokens: Sequence[Token], place: int, words: Sequence[str], least: int) -> int | None:
    hits = 0
    unmatched: list[str] = []
    for word in words:
        ahead = tokens[place : place + 2 + len(unmatched)]
        step = next((n for n, token in enumerate(ahead) if like(token.key, word)), None)
        if step is None:
            unmatched.append(word)
        else:
            place, hits = place + step + 1, hits + 1
            unmatched.clear()
    if hits < least:
        return None
    # Words at the end that were misread, or run together ("ofthe"), are still words of the phrase.
    if unmatched and place < len(tokens) and fuzz.ratio(tokens[place].key, "".join(unmatched)) >= CLOSE:
        return place + 1
    while unmatched and place < len(tokens) and fuzz.ratio(tokens[place].key, unmatched[0]) >= HALF:
        place += 1
        del unmatched[0]
    return place


def _printed(page: ViewedPage, *, shifted: bool = False) -> Iterator[Token]:
    for word in page.words:
        text = B_LINES.sub("", word.text)
        text = _shifted(text) if shifted else _decoded(text)
        if not text or LINES.fullmatch(text) or (word.coded and CODED_LINE.fullmatch(text)):
            continue
        source: TokenSource = "recognised" if page.scanned else "hidden" if word.hidden else "text"
        if source == "text" and shifted:
            # Figures and signs are lost in such a font: what is left need not be all that stands there.
            source = "recognised"
        elif source == "text" and word.coded and text == word.text:
            source = "coded"
        token = Token(
            text=text,
            x0=word.x0,
            x1=word.x1,
            base=word.base,
            size=word.size,
            source=source,
            font=word.font,
            last=word.last,
        )
        yield from (part for word in _set_apart(token) for part in _parted(_without_line(word)))


def _decoded(text: str) -> str:
    """Return a label that lost its letters ("1DPH"), read; else the text."""
    if max(text, default="") > LAST_SHIFTED:
        return text
    plain = "".join(chr(ord(c) + SHIFT) for c in text.rstrip(":B"))
    return plain + ":" if bare(plain) in SHIFTED_WORDS and plain.isascii() else text


def _shifted(text: str) -> str:
    """Return a word whose letters' codes are ``SHIFT`` too low; a sign that stands for no letter of ASCII stays."""
    return "".join(chr(ord(c) + SHIFT) if c <= LAST_SHIFTED else c for c in text)


def _without_line(token: Token) -> Token:
    """Return a label without the line to write on, which a program may have recognised as a part of its word.

    What is written on the line would else stand on the label.
    """
    if token.source != "recognised" or token.key not in SHIFTED_WORDS or token.size < LEAST_SIZE:
        return token
    font = core_font()
    width = font.width(token.text) * token.size if font.can_write(token.text) else token.size * len(token.text)
    return replace(token, x1=min(token.x1, token.x0 + WIDEST * width))


def _set_apart(token: Token) -> Iterator[Token]:
    """Yield the words of a token in which a program put two printed words together: "ofthe", "ChiefCounsel"."""
    pair = RUN_TOGETHER.get(token.key) if token.source == "recognised" else None
    if pair is None or len(token.text) != len(token.key):
        yield token
        return
    at = token.x0 + (token.x1 - token.x0) * len(pair[0]) / len(token.key)
    yield replace(token, text=token.text[: len(pair[0])], x1=at)
    yield replace(token, text=token.text[len(pair[0]) :], x0=at)


def _parted(token: Token) -> Iterator[Token]:
    """Yield a label and what stands close behind it ("Date:2/26/2025") as two tokens."""
    head, colon, rest = token.text.partition(":")
    if not (colon and rest.strip("_:.") and bare(head) in SHIFTED_WORDS):
        yield token
        return
    at = token.x0 + (token.x1 - token.x0) * (len(head) + 1) / len(token.text)
    yield replace(token, text=head + ":", x1=at)
    yield replace(token, text=rest.strip("_"), x0=at)


def _typed_tokens(page: ViewedPage) -> Iterator[Token]:
    for mark in page.marks:
        if mark.kind not in {"Tx", "Ch", "FreeText"}:
            continue
        value, odd = _plain(mark.text)
        drawn_text = value if mark.drawn_text is None or _shows(mark.drawn_text, value) else mark.drawn_text
        if drawn_text.strip():
            doubtful = odd or (mark.drawn_text is not None and bare(mark.drawn_text) != bare(value))
            yield from _lines(mark, drawn_text, "field" if mark.is_field else "note", doubtful=doubtful)
        if value.strip() and drawn_text != value:
            yield from _lines(mark, value, "hidden", doubtful=True)


def _lines(mark: PageMark, text: str, source: TokenSource, *, doubtful: bool) -> Iterator[Token]:
    x0, y0, x1, y1 = mark.rect
    lines = [line for line in text.split("\n") if line.strip()]
    size = mark.size or mark.fixed
    one = len(lines) == 1 and mark.is_field
    size = size or (drawn_size(mark) if one else 0.0)
    step = (y1 - y0) / max(len(lines), 1)
    for n, line in enumerate(lines):
        # In a tall box the text is centred, above the line that its label stands on.
        base = min(y0 + (y1 - y0) / 2 - 0.371 * size, y0 + 6) if one else y1 - (n + 0.75) * step
        yield Token(
            text=" ".join(line.split()),
            x0=x0,
            x1=x1,
            source=source,
            mark=mark,
            base=base,
            size=size,
            doubtful=doubtful,
        )


def _plain(text: str) -> tuple[str, bool]:
    """Return a value with its lines parted by line feeds, and whether it held what is no letter, now a space."""
    value = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    plain = "".join(c if c == "\n" or (c.isprintable() and c != UNKNOWN) or c == "\xa0" else " " for c in value)
    return plain, plain != value


def _shows(drawn_text: str, value: str) -> bool:
    """Say whether a field draws its value, or as much of it as its box holds."""
    drawn_letters, whole = bare(drawn_text), bare(value)
    return drawn_letters == whole or (bool(drawn_letters) and whole.startswith(drawn_letters))


def drawn_size(mark: PageMark) -> float:
    """Return the size at which Acrobat draws a field's value, when the file does not say."""
    box = TextBox(mark.rect[2] - mark.rect[0], mark.rect[3] - mark.rect[1], size=mark.fixed)
    font = core_font()
    text = mark.text if font.can_write(mark.text) else "".join(c if font.can_write(c) else "n" for c in mark.text)
    return fit(box, text, font.width).size
