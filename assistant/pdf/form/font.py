"""The form's own fonts: which letters they can write, by which code, how wide.

A letter is written with the form's font only where its code is beyond doubt: printable ASCII, or a code named by
/Differences or by a /BaseEncoding. Anything else goes to the embedded font (``truetype``): readers disagree on the
codes of a font without base encoding, and an en dash comes out as ± in one of them.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assistant.pdf.objects.document import Document
    from assistant.pdf.objects.syntax import PdfDictionary

_BASES = ("StandardEncoding", "WinAnsiEncoding", "MacRomanEncoding")
_ALIASES = {
    "Arial": "Helvetica",
    "ArialMT": "Helvetica",
    "Arial,Bold": "Helvetica-Bold",
    "Arial-BoldMT": "Helvetica-Bold",
    "Helvetica-Oblique": "Helvetica",
    "Helvetica-BoldOblique": "Helvetica-Bold",
    "TimesNewRoman": "Times-Roman",
    "TimesNewRomanPSMT": "Times-Roman",
    "TimesNewRoman,Bold": "Times-Bold",
    "TimesNewRomanPS-BoldMT": "Times-Bold",
    "Courier-Bold": "Courier",
    "Courier-Oblique": "Courier",
    "Courier-BoldOblique": "Courier",
    "CourierNew": "Courier",
    "CourierNewPSMT": "Courier",
}


_SUBSET = re.compile(r"[A-Z]{6}\+")
"""What stands before the name of a font of which only some letters are embedded (9.9.2)."""
_PROGRAMS = frozenset({"FontFile", "FontFile2", "FontFile3"})


@dataclass(frozen=True, slots=True, eq=False)
class SimpleFont:
    """What a simple font can write: letter -> code (one byte), letter -> width in em."""

    codes: Any
    """The table of ``codecs.charmap_encode``."""
    widths: Mapping[str, float]
    width_of_code: Callable[[int], float]
    """The same widths by code: a third quicker, where the codes are known."""
    straight: bool
    """Whether every letter of ASCII is written by its own code."""

    def can_write(self, text: str) -> bool:
        """Say whether every letter has a code that all readers agree on."""
        return self.widths.keys() >= set(text)

    def width(self, text: str) -> float:
        """Return the width of a text at 1 pt."""
        return sum(map(self.widths.__getitem__, text))

    def encode(self, text: str) -> bytes:
        """Return the codes of a text."""
        return codecs.charmap_encode(text, "strict", self.codes)[0]

    def encode_and_measure(self, text: str) -> tuple[bytes, float] | None:
        """Return the codes of a text and its width at 1 pt, None where it cannot be written."""
        try:
            codes = codecs.charmap_encode(text, "strict", self.codes)[0]
        except UnicodeEncodeError:
            return None
        return codes, sum(map(self.width_of_code, codes))


@dataclass(frozen=True, slots=True)
class _Tables:
    letters: Mapping[str, str]
    codes: Mapping[str, Mapping[int, str]]
    widths: Mapping[str, Mapping[str, float]]


@cache
def _tables() -> _Tables:
    """Return the core fonts' data: glyph -> letter, encoding -> code -> glyph, font -> glyph -> width in em."""
    lines = Path(__file__).with_name("standard_fonts.tsv").read_text("utf-8").splitlines()
    heads = lines[1].split("\t")
    rows = [line.split("\t") for line in lines[2:]]
    codes: dict[str, dict[int, str]] = {}
    for column, base in enumerate(_BASES, start=2):
        codes[base] = {int(c): row[0] for row in rows if row[column] != "-" for c in row[column].split(",")}
    return _Tables(
        letters={row[0]: chr(int(row[1], 16)) for row in rows},
        codes=codes,
        widths={heads[n]: {row[0]: int(row[n]) / 1000 for row in rows} for n in range(5, len(heads))},
    )


@cache
def core_font(name: str = "Helvetica") -> SimpleFont:
    """Return a core font with WinAnsiEncoding, as this program adds it to flat pages."""
    tables = _tables()
    return _simple(tables.codes["WinAnsiEncoding"], tables.widths[name])


def read_font(document: Document, value: Any) -> SimpleFont | None:
    """Return what a font dictionary can write; None for a font this program cannot measure.

    Nor can it tell which letters are in a font program that is a subset: that has those of the form's own words.
    """
    font = document.dictionary(value)
    if document.get(font.get("Subtype")) not in {"Type1", "TrueType", "MMType1"}:
        return None
    tables = _tables()
    name = str(document.get(font.get("BaseFont")) or "")
    if _SUBSET.match(name) and _PROGRAMS & document.dictionary(font.get("FontDescriptor")).keys():
        return None
    base_font = name.rsplit("+", maxsplit=1)[-1]
    core = tables.widths.get(_ALIASES.get(base_font, base_font))
    encoding = document.get(font.get("Encoding"))
    base = encoding if isinstance(encoding, str) else document.get(document.dictionary(encoding).get("BaseEncoding"))
    sure: dict[int, str] = dict(tables.codes[base]) if base in tables.codes else {}
    if not sure:
        if core is None:
            return None
        standard = tables.codes["StandardEncoding"]
        sure = {code: standard[code] for code in range(32, 127) if code not in {39, 96}}
    code = 0
    for item in document.array(document.dictionary(encoding).get("Differences")):
        if isinstance(item, int):
            code = item
        else:
            sure[code] = str(document.get(item))
            code += 1
    own = _own_widths(document, font)
    if own:
        return _simple(sure, {}, own)
    return _simple(sure, core) if core else None


def _own_widths(document: Document, font: PdfDictionary) -> dict[int, float]:
    widths = document.array(font.get("Widths"))
    first = document.get(font.get("FirstChar")) or 0
    return {first + n: document.get(w) / 1000 for n, w in enumerate(widths) if isinstance(document.get(w), int | float)}


def _simple(
    codes: Mapping[int, str], widths: Mapping[str, float], own: Mapping[int, float] | None = None
) -> SimpleFont:
    letters = _tables().letters
    by_letter: dict[int, int] = {}
    width_of: dict[str, float] = {}
    for code in sorted(codes, reverse=True):
        letter = letters.get(codes[code])
        width = own.get(code) if own else widths.get(codes[code])
        if letter and width and 32 <= code < 256 and not 0x7F <= ord(letter) <= 0xA0:
            by_letter[ord(letter)] = code
            width_of[letter] = width
    table = ["\ufffe"] * 256
    by_code = [0.0] * 256
    for ordinal, code in by_letter.items():
        table[code] = chr(ordinal)
        by_code[code] = width_of[chr(ordinal)]
    straight = all(by_letter.get(code) == code for code in range(32, 127))
    return SimpleFont(codecs.charmap_build("".join(table)), width_of, by_code.__getitem__, straight)


def letters_in(text: str, *, multiline: bool) -> str:
    """Return what has to be written of a text: in a box of several lines, line ends are places and no letters.

    A space stands for each, so that what begins a line does not join the letter before it.
    """
    return " ".join(text.splitlines()) if multiline else text
