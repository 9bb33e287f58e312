"""Fill a compiled form by an incremental update (7.5.6): the official bytes first, unchanged, then what is new.

Changed objects are only the fields and widgets written to (/V, /AP, the Print flag, the /DA of a fixed size that is
drawn smaller), a field split between the two sides, and on flat pages /Contents and /Resources. The same input
gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import FillError
from assistant.pdf import truetype
from assistant.pdf.fields import MULTILINE
from assistant.pdf.font import core_font, drawn_form, letters_in
from assistant.pdf.layout import PAD, Box, fit, placed
from assistant.pdf.subset import letters_of
from assistant.pdf.syntax import Ref, text_string, write_number, write_object, write_stream, write_string
from assistant.pdf.update import EMBEDDED, Update

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.pdf.fields import Field, Page, Widget
    from assistant.pdf.font import SimpleFont
    from assistant.pdf.template import Template

CORE = b"H287"
SPLIT = " (agency)"
"""What the agency's part of a shared field is called: its old name and this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatText:
    """A text for a line of a flat page: x0, baseline y, x1 (pt); ``page`` counts from 0, ``size`` is the largest."""

    blank: str
    page: int
    line: tuple[float, float, float]
    size: float
    text: str

    @property
    def box(self) -> Box:
        """Return the box to write in; its lower left corner lies a quarter of the size below the line's start."""
        x0, _, x1 = self.line
        return Box(x1 - x0 + 2 * PAD, 1.2 * self.size, cap=self.size, base=0.25 * self.size)

    @property
    def rect(self) -> tuple[float, float, float, float]:
        """Return the box on the page."""
        x0, y, x1 = self.line
        return x0 - PAD, y - 0.25 * self.size, x1 + PAD, y + 0.95 * self.size


def fill(
    template: Template,
    values: Mapping[str, str],
    *,
    own: Mapping[str, tuple[int, ...]] | None = None,
    drawn: Sequence[FlatText] = (),
    mark: str = "",
) -> bytes:
    """Return the form with these texts in its fields, and drawn on its pages.

    ``own`` names, for a field that stands on both sides, the widgets that get the text (by their order): they
    become a field of their own, the others stay as they are. ``mark`` is written at the head of every page.

    Raises:
        FillError: a text is cut, or has a letter that no font here can write; the blank is named.
        KeyError: there is no such field.
    """
    return b"".join(fill_parts(template, values, own=own, drawn=drawn, mark=mark))


def fill_parts(
    template: Template,
    values: Mapping[str, str],
    *,
    own: Mapping[str, tuple[int, ...]] | None = None,
    drawn: Sequence[FlatText] = (),
    mark: str = "",
) -> list[bytes]:
    """Return what ``fill`` joins: the official bytes, then what is new; a file takes them without another copy."""
    return _Fill(template).run(values, own or {}, drawn, mark)


class _Fill(Update):
    def __init__(self, template: Template) -> None:
        super().__init__(template)
        self.core = core_font()

    def run(
        self, values: Mapping[str, str], own: Mapping[str, tuple[int, ...]], drawn: Sequence[FlatText], mark: str
    ) -> list[bytes]:
        fields = self.template.fields
        self.template.limits.refuse(values, drawn=bool(drawn), split=bool(own.keys() & values.keys()))
        plan = []
        needing = [_writable(x.blank, drawn_form(x.text)) for x in drawn if not self.core.can_write(drawn_form(x.text))]
        for name, value in values.items():
            field, text = fields[name], drawn_form(value)
            letters = letters_in(text, multiline=bool(field.flags & MULTILINE))
            chosen = own.get(name)
            font, plain = None, False
            places = []
            for n, widget in enumerate(field.widgets):
                if chosen is None or n in chosen:
                    if widget.font is not font:
                        font = widget.font
                        plain = font is not None and font.can_write(letters)
                    places.append((widget, font if plain else None))
            if not all(font for _, font in places):
                needing.append(_writable(name, letters))
            plan.append((field, value, text, places, len(places) < len(field.widgets)))
        if needing:
            self.embed(letters_of(needing))
        for field, value, text, places, split in plan:
            self._write_field(field, value, text, places, split=split)
        if drawn or mark:
            self._write_pages(drawn, mark)
        return self.assemble()

    def _write_field(
        self, field: Field, value: str, text: str, places: Sequence[tuple[Widget, SimpleFont | None]], *, split: bool
    ) -> None:
        entry = b"/V " + write_string(text_string(value))
        for widget, font in places:
            head, look = self._draw(field, widget, text, font)
            tail = b"/AP<</N %d 0 R>>>>\nendobj\n" % look
            if split:
                self.objects[widget.number] = self._own_field(field, widget) + entry + tail
            elif widget.merged:
                self.objects[widget.number] = head + entry + tail
            else:
                self.objects[widget.number] = head + tail
        if not split and not (field.widgets and field.widgets[0].merged):
            self.objects[field.number] = field.head + entry + b">>\nendobj\n"

    def _own_field(self, field: Field, widget: Widget) -> bytes:
        """Return the head of a widget made a field of its own; the form's list of fields gets it too."""
        node = {k: v for k, v in widget.dictionary.items() if k not in {"Parent", "AP"}}
        inherited = {
            k: v for k, v in field.dictionary.items() if k not in {"Kids", "T", "V", "Parent"} and k not in node
        }
        name = self.document.get(field.dictionary.get("T"))
        node = {"FT": field.kind, **inherited, **node, "T": name + SPLIT.encode("ascii"), "F": widget.flags | 4}
        kids = [k for k in self.document.array(field.dictionary["Kids"]) if k != Ref(widget.number)]
        self.put(field.number, write_object(field.dictionary | {"Kids": kids}))
        form = self.template.acroform_dictionary
        fields = [*self.document.array(form.get("Fields")), Ref(widget.number)]
        changed = write_object(form | {"Fields": fields})
        if self.template.acroform:
            self.put(self.template.acroform.number, changed)
        else:
            root = self.document.trailer["Root"]
            self.put(root.number, write_object({**self.document.root, "AcroForm": form | {"Fields": fields}}))
        return b"%d 0 obj\n" % widget.number + write_object(node)[:-2]

    def _draw(self, field: Field, widget: Widget, text: str, font: SimpleFont | None) -> tuple[bytes, int]:
        """Add a widget's appearance; return its object's head (/DA at the size drawn) and the look's number."""
        box = widget.box
        width = font.width if font else self.letters.width
        found = fit(box, text, width)
        if found.clipped:
            raise FillError(field.name, "the text does not fit; choose a shorter wording.")
        size = found.size
        name, resource = (widget.font_name, widget.resource) if font else (EMBEDDED, self.embedded)
        shown = []
        at_x = at_y = 0.0
        for x, y, piece in placed(box, text, size, width):
            shown.append(b" %.3f %.3f Td %s Tj" % (x - at_x, y - at_y, self._show(piece, font)))
            at_x, at_y = x, y
        content = b"%s%s /%s %.3f Tf%s ET Q EMC" % (widget.start, widget.colour, name, size, b"".join(shown))
        number = self.new()
        self.objects[number] = b"%d 0 obj\n%s%s>>>>/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
            *(number, widget.appearance, resource),
            *(len(content), content),
        )
        if box.size and size < box.size:
            style = widget.colour + b" /%s %s Tf" % (widget.font_name, write_number(round(size, 3)))
            node = {k: v for k, v in widget.dictionary.items() if k not in {"V", "AP"}}
            changed = {**node, "F": widget.flags | 4, "DA": style}
            return b"%d 0 obj\n" % widget.number + write_object(changed)[:-2], number
        return widget.head, number

    def _show(self, text: str, font: SimpleFont | None) -> bytes:
        if font:
            return write_string(font.encode(text))
        return b"<%s>" % self.letters.encode(text).hex().encode("ascii")

    def _write_pages(self, drawn: Sequence[FlatText], mark: str) -> None:
        core = self.new()
        font = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica", "Encoding": "WinAnsiEncoding"}
        self.put(core, write_object(font))
        by_page: dict[int, list[FlatText]] = {}
        for item in drawn:
            by_page.setdefault(item.page, []).append(item)
        for n, page in enumerate(self.template.pages):
            if n in by_page or mark:
                content = b"".join(self._flat(item) for item in by_page.get(n, ())) + (
                    _mark(page, mark) if mark else b""
                )
                self._append(page, content, core)

    def _flat(self, item: FlatText) -> bytes:
        text = drawn_form(item.text)
        x0, y0 = item.rect[:2]
        box = item.box
        font = self.core if self.core.can_write(text) else None
        width = font.width if font else self.letters.width
        found = fit(box, text, width)
        if found.clipped:
            raise FillError(item.blank, "the text does not fit; choose a shorter wording.")
        pieces = [
            b"1 0 0 1 %.3f %.3f Tm %s Tj" % (x0 + x, y0 + y, self._show(piece, font))
            for x, y, piece in placed(box, text, found.size, width)
        ]
        return b"BT 0 g /%s %s Tf %s ET\n" % (
            CORE if font else EMBEDDED,
            write_number(round(found.size, 3)),
            b" ".join(pieces),
        )

    def _append(self, page: Page, content: bytes, core: int) -> None:
        stream = self.new()
        self.put(stream, write_stream({}, b"\nq\n" + content + b"Q\n"))
        fonts = dict(self.document.dictionary(page.resources.get("Font")))
        fonts[CORE.decode("ascii")] = Ref(core)
        if self.subset:
            fonts[EMBEDDED.decode("ascii")] = Ref(self.font_number)
        before = page.dictionary.get("Contents")
        contents = self.document.get(before)
        parts = list(contents) if isinstance(contents, list) else [before] if before is not None else []
        changed = {**page.dictionary, "Contents": [*parts, Ref(stream)], "Resources": {**page.resources, "Font": fonts}}
        self.put(page.ref.number, write_object(changed))


def _writable(blank: str, text: str) -> str:
    """Return a text that the embedded font can write.

    Raises:
        FillError: it has a letter that no font here writes rightly.
    """
    if truetype.fallback().missing(text):
        raise FillError(
            blank, "it has a letter that cannot be printed here; write it in Latin, Greek or Cyrillic letters."
        )
    return text


def _mark(page: Page, text: str) -> bytes:
    """Return the operators that write a mark at the head of a page as it is shown, whatever its turn."""
    x0, y0, x1, y1 = page.box
    across = y1 - y0 if page.rotate in {90, 270} else x1 - x0
    up = x1 - x0 if page.rotate in {90, 270} else y1 - y0
    matrix = {
        0: (1, 0, 0, 1, x0, y0),
        90: (0, 1, -1, 0, x1, y0),
        180: (-1, 0, 0, -1, x1, y1),
        270: (0, -1, 1, 0, x0, y1),
    }[page.rotate]
    font = core_font()
    left = (across - font.width(text) * 11) / 2
    cm = b" ".join(write_number(float(n)) for n in matrix)
    return b"/Artifact BMC q %s cm BT 0.7 0 0 rg /%s 11 Tf %.2f %.2f Td %s Tj ET Q EMC\n" % (
        *(cm, CORE, left, up - 22),
        write_string(font.encode(text)),
    )
