"""What a document says, as plain values; ``setting`` decides how it looks on paper.

Kept apart so that the same words can stand on a web page. Knows neither answers nor PDF.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from assistant.geometry import Rect

State = Literal["done", "to do", "blocked", "to check", "to know"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperHeading:
    """A heading; level 1 is the document's title."""

    text: str
    level: Literal[1, 2, 3] = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; ``with_next`` keeps it on the page of what follows."""

    text: str
    bold: bool = False
    small: bool = False
    with_next: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Lines that stay lines: an address, a letterhead."""

    lines: tuple[str, ...]
    bold_first: bool = False
    letterhead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list, with bullets or numbers."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing to tick off; ``state`` stands there as a word beside the box.

    ``people`` are whom it concerns, each with a number; ``about_people`` says how many they are.
    """

    state: State
    text: str
    detail: str = ""
    source: str = ""
    about_people: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Things to tick off."""

    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A column of a table; ``share`` is its part of the width beside the others' shares."""

    title: str
    share: float
    header: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a header which is repeated on every page; ``totals`` is one more row, in bold."""

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...] = ()
    small: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """Rules to write on by hand, each over its caption; kept on one page with the text before and after."""

    before: tuple[str, ...] = ()
    captions: tuple[str, ...]
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureMark:
    """A box on a picture: its edges as parts of the picture's width and height, from the upper left corner."""

    part: Rect
    text: str
    ours: bool
    """Whether it asks the reader for something, or tells what to leave alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A grey picture with boxes drawn on it; ``alt`` says in words what it shows."""

    pixels: bytes
    """One byte a pixel, row by row from the top, deflated."""
    size: tuple[int, int]
    share: float
    """Of the text's width."""
    alt: str
    marks: tuple[StructureMark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureWithChecks:
    """A picture, and beside it a heading, lines, boxes to tick by hand, and a code to scan over its caption."""

    picture: Picture
    heading: str
    lines: tuple[str, ...]
    checks: tuple[str, ...]
    code: Picture
    caption: str


Block = PaperHeading | Paragraph | Lines | Items | Checks | Table | SignatureLine | Picture | PictureWithChecks


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDocument:
    """A whole document: its properties, what it says, what stands on every page."""

    title: str
    agency: str
    day: date
    blocks: tuple[Block, ...]
    banner: str = ""  # at the head of every page
    foot: str = ""  # at the foot of every page, beside the page number
    landscape: bool = False
    text_size: float = 10  # pt
    place: str = field(default="")  # named in an error about a letter: "01-letter-of-interest.pdf"
