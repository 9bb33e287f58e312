"""A form's fields and their widgets, worked out as far as they can be before a text is known (12.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.pdf.form.border import Border
from assistant.pdf.form.layout import TextBox
from assistant.pdf.objects.syntax import Lexer, PdfDictionary, Ref, write_name, write_object

if TYPE_CHECKING:
    from assistant.geometry import Rect
    from assistant.pdf.form.font import SimpleFont
    from assistant.pdf.objects.document import Document


READ_ONLY, REQUIRED = 1, 2
PUSH_BUTTON = 1 << 16
NOT_TICKED = "Off"
"""The value of a box to tick that is not ticked (12.7.5.2.3)."""
MULTILINE, PASSWORD, COMB = 1 << 12, 1 << 13, 1 << 24
PRINT = 4
VALUE = frozenset({"V", "RV", "I"})
"""What a field says of its value: as text, as rich text, as a place in its list. A fill writes the first alone."""
TEXT_START = b"%.3f Tf %.3f %.3f Td "
"""What stands before a line: its size and where it starts."""
END_OF_LOOK = b" Tj ET Q EMC"
_FONT = re.compile(rb"/([^\s/<>\[\]()]+)\s+([+-]?(?:\d+\.?\d*|\.\d+))\s+Tf")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: where it is, its visible box, its turn, and what it inherits."""

    ref: Ref
    box: Rect
    rotate: int
    dictionary: PdfDictionary
    resources: PdfDictionary
    """With fonts and procedures inherited from above, references kept."""


@dataclass(frozen=True, slots=True)
class Widget:
    """A field's place on a page: everything a fill needs, but for the text."""

    number: int
    page: int
    """From 0."""
    rect: Rect
    box: TextBox
    dictionary: PdfDictionary
    object_prefix: bytes
    """Its object up to where /V and /AP go, Print flag set."""
    font: SimpleFont | None
    appearance: bytes
    """The appearance stream's dictionary but for its length and fonts."""
    start: bytes
    """The appearance stream up to the font's name: background, clipping, colour."""
    appearance_format: bytes
    """Its appearance in the form's own font as a format: number, length, and what is to be drawn."""
    appearance_length: int
    """The length of that stream without what is to be drawn."""
    default_text_prefix: bytes
    """What stands before a text that is drawn from the left in the largest size."""
    font_name: bytes
    colour: bytes
    turn: int
    flags: int
    printed: bool
    """Whether the Print flag was set in the file."""
    merged: bool
    """Whether field and widget are one object."""


@dataclass(frozen=True, slots=True)
class Field:
    """An AcroForm field that ends a branch: its full name and its widgets."""

    name: str
    number: int
    kind: str
    """Tx, Sig, Btn or Ch."""
    flags: int
    value: str
    dictionary: PdfDictionary
    settings: PdfDictionary
    """What it has, itself or from above, that its widgets go by: /FT, /Ff, /DA, /Q, /MaxLen."""
    widgets: tuple[Widget, ...]
    fonts: frozenset[SimpleFont | None]
    """The fonts of its widgets."""
    object_prefix: bytes
    """Its object up to where /V goes (a field with widgets of its own)."""
    default: str = ""
    """What the form sets the field to when it is reset (/DV): the publisher's, and nobody's answer."""

    @property
    def has_entry(self) -> bool:
        """Say whether somebody entered something: a text, a choice or a tick that is not the form's own default."""
        if self.kind == "Btn" and self.value == NOT_TICKED:
            return False
        return bool(self.value.strip()) and self.value != self.default


def joined(one: Field, other: Field) -> Field | None:
    """Return two fields of one full name as the one field that they are (12.7.4.2); None where a fill could not be.

    They hold one value. A fill writes it to a field, and again to every widget that is a field as well.
    """
    alike = one.kind == other.kind and one.flags == other.flags and one.kind != "Sig"
    if not alike or not other.widgets or not all(widget.merged for widget in other.widgets):
        return None
    return replace(
        one,
        value=one.value or other.value,
        default=one.default or other.default,
        widgets=(*one.widgets, *other.widgets),
        fonts=one.fonts | other.fonts,
    )


@dataclass(frozen=True, slots=True)
class Style:
    """What a /DA string says: the font's resource name, its size (pt; 0: auto-sized), and the colour operators."""

    font: str
    size: float
    colour: bytes

    @classmethod
    def of(cls, value: object) -> Style:
        """Return the style of a /DA; without one, Helvetica, auto-sized and black."""
        match = _FONT.search(value) if isinstance(value, bytes) else None
        if match is None or not isinstance(value, bytes):
            return cls("Helv", 0.0, b"0 g")
        name = Lexer(match.group()).next_object()
        return cls(name, abs(float(match[2])), _FONT.sub(b"", value).strip())


def read_rect(document: Document, value: Any) -> Rect | None:
    """Return a rectangle with its lower left corner first, or None where there is none."""
    numbers = [document.get(n) for n in document.array(value)]
    if len(numbers) != 4 or not all(isinstance(n, int | float) for n in numbers):  # a rectangle
        return None
    x0, y0, x1, y1 = map(float, numbers)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def make_widget(
    document: Document,
    number: int,
    rect: Rect,
    *,
    page: int,
    settings: PdfDictionary,
    style: Style,
    merged: bool,
    font: SimpleFont | None,
    font_ref: Any,
) -> Widget:
    """Return a widget; ``settings`` are its field's and its own, ``page`` counts from 0."""
    node = document.dictionary(Ref(number))
    look = document.dictionary(node.get("MK"))
    turn = int(document.get(look.get("R")) or 0) % 360
    width, height = rect[2] - rect[0], rect[3] - rect[1]
    across, up = (height, width) if turn in {90, 270} else (width, height)
    field_flags = int(settings.get("Ff") or 0)
    limit = int(settings.get("MaxLen") or 0)
    flags = int(document.get(node.get("F")) or 0)
    dropped = {"AP", "AS", *VALUE} if merged else {"AP"}
    fresh = {k: v for k, v in node.items() if k not in dropped} | {"F": flags | PRINT}
    comb = limit if field_flags & COMB and not field_flags & (MULTILINE | PASSWORD) else 0
    border = Border.of(document, node, look)
    background = border.operators(across, up, comb)
    name = write_name(style.font)[1:]
    appearance = _appearance_head(across, up, turn)
    clipped = background + b"/Tx BMC q %.4g %.4g %.2f %.2f re W n BT " % border.inner(across, up)
    start = b"%s%s /" % (clipped, style.colour)
    box = TextBox(
        across,
        up,
        size=style.size,
        align=int(settings.get("Q") or 0),
        multiline=bool(field_flags & MULTILINE),
        comb=comb,
        limit=limit,
        edge=max(1.0, border.edge),
        frame=border.edge,
    )
    start_own = b"%s%s " % (start, name)
    head_own = b"%s/%s %s>>>>/Length " % (appearance, name, write_object(font_ref))
    return Widget(
        number=number,
        page=page,
        rect=rect,
        box=box,
        dictionary=node,
        object_prefix=b"%d 0 obj\n" % number + write_object(fresh)[:-2],
        font=font,
        appearance=appearance,
        start=start,
        appearance_format=b"%%d 0 obj\n%b%%d>>\nstream\n%b%%b%b\nendstream\nendobj\n"
        % (_literal(head_own), _literal(start_own), END_OF_LOOK),
        appearance_length=len(start_own) + len(END_OF_LOOK),
        default_text_prefix=TEXT_START % (box.largest, box.pad, box.baseline(box.largest)),
        font_name=name,
        colour=style.colour,
        turn=turn,
        flags=flags,
        printed=bool(flags & PRINT),
        merged=merged,
    )


def _literal(data: bytes) -> bytes:
    """Return a part of a format that stands for itself."""
    return data.replace(b"%", b"%%")


def _appearance_head(width: float, height: float, turn: int) -> bytes:
    matrix = {
        90: b"/Matrix[0 1 -1 0 %.4f 0]" % height,
        180: b"/Matrix[-1 0 0 -1 %.4f %.4f]" % (width, height),
        270: b"/Matrix[0 -1 1 0 0 %.4f]" % width,
    }
    return b"<</Type/XObject/Subtype/Form/BBox[0 0 %.4f %.4f]%s/Resources<</Font<<" % (
        width,
        height,
        matrix.get(turn, b""),
    )
