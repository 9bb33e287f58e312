"""The two faces every document is set in, and which letters they have.

Arimo (OFL) has Latin with every accent, Vietnamese and Hawaiian letters, and is embedded as a subset. Where it is
not installed, Helvetica stands in for what it can write. A letter that cannot be drawn is refused by name: a box or
a question mark in the place of somebody's name is never printed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from assistant import config
from assistant.cache import cached_text
from assistant.errors import FillError, InputError
from assistant.pdf.form.embedded_font import why_absent
from assistant.text import drawn_form

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

HELVETICA = {"Regular": "Helvetica", "Bold": "Helvetica-Bold"}

# Written from right to left: drawn one after the other they would stand in the wrong order.
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

# reportlab reads glyphs through a position kept on the shared font: one document at a time.
EMBEDDING = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One weight: its registered name, and the width of every letter it has (1/1000 em)."""

    name: str
    widths: Mapping[str, float]
    font: TTFont | None  # None: one of the fonts every reader of PDF brings

    def width(self, text: str, size: float) -> float:
        """Return how wide the text is when set, pt."""
        return sum(map(self.widths.__getitem__, text)) * size / 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """The regular and the bold face, and the letters that can be printed in both."""

    regular: Face
    bold: Face
    letters: frozenset[str]

    def pick(self, *, bold: bool) -> Face:
        """Return one of the two."""
        return self.bold if bold else self.regular


@cache
def faces() -> Faces:
    """Return the faces to set documents in, registered on first use, once a process.

    A font that is installed later is used after a restart; everything remembered here depends on these faces.
    """
    regular, bold = _face("Regular"), _face("Bold")
    in_both = regular.widths.keys() & bold.widths.keys()
    letters = frozenset(letter for letter in in_both if unicodedata.bidirectional(letter) not in _RIGHT_TO_LEFT)
    return Faces(regular=regular, bold=bold, letters=letters)


def _face(style: Literal["Regular", "Bold"]) -> Face:
    try:
        return _arimo(style, str(config.font_path(style)))
    except InputError:
        return _helvetica(HELVETICA[style])


def _arimo(style: str, file: str) -> Face:
    # Readable ASCII: each ASCII letter keeps its own code, which ``paper`` relies on.
    font = TTFont(f"Arimo-{style}", file, asciiReadable=1)
    pdfmetrics.registerFont(font)
    widths = {chr(code): width for code, width in font.face.charWidths.items() if code in font.face.charToGlyph}
    return Face(name=font.fontName, widths=widths, font=font)


def _helvetica(name: str) -> Face:
    letters = [bytes([code]).decode("cp1252", "ignore") for code in range(32, 256)]
    font = pdfmetrics.getFont(name)
    widths = {letter: font.stringWidth(letter, 1000) for letter in letters if letter}
    return Face(name=name, widths=widths, font=None)


def missing_letters(text: str) -> tuple[str, ...]:
    """Return the letters of a text that no document can print, each once, in order."""
    return tuple(dict.fromkeys(letter for letter in _tidy(text) if not _printable(letter)))


def all_printable(text: str) -> bool:
    """Say whether no letter of a text is missing: one look at each letter, however long the text is."""
    letters = map(_plain, set(drawn_form(text)))
    return all(letter == "" or _printable(letter) for letter in letters)


def marked(text: str) -> str:
    """Return a draft's text: "?" stands for each letter that no document can print."""
    missing = missing_letters(text)
    return "".join("?" if letter in missing else letter for letter in text) if missing else text


def printable(text: str, where: str) -> str:
    """Return the text as it is drawn, as on the forms, with every kind of space a space and nothing invisible.

    Raises:
        FillError: a letter cannot be drawn; names it and the place, not the text.
    """
    # Both faces have all of ASCII, which ``paper`` relies on.
    return text if text.isascii() and text.isprintable() else _printable_text(text, where)


@cached_text(4096, personal=True)
def _printable_text(text: str, where: str) -> str:
    tidy = _tidy(text)
    if faces().letters.issuperset(tidy):
        return tidy
    for letter in tidy:
        if not _printable(letter):
            name = unicodedata.name(letter, "no name")
            advice = why_absent() or "Write it in Latin letters."
            raise FillError(
                where, f"This has a letter that cannot be printed here (U+{ord(letter):04X}, {name}). {advice}"
            )
    return tidy


def _tidy(text: str) -> str:
    text_as_drawn = drawn_form(text)
    if text_as_drawn.isascii() and text_as_drawn.isprintable():
        return text_as_drawn
    letters = (_plain(letter) for letter in text_as_drawn)
    return "".join(letters)


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in {"Zs", "Zl", "Zp", "Cc"}:
        return " "
    return "" if category == "Cf" else letter


@cached_text(4096)
def _printable(letter: str) -> bool:
    return letter in faces().letters
