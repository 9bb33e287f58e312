"""Fill a compiled form by an incremental update (7.5.6): the official bytes first, unchanged, then what is new.

Changed objects are only the fields and widgets written to (/V, /AP, the Print flag, the /DA of a fixed size that is
drawn smaller), a field split between the two sides, and on flat pages /Contents and /Resources. The same input
gives the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import FillError
from assistant.pdf import truetype
from assistant.pdf.font import core_font, drawn_form
from assistant.pdf.layout import PAD, Box, fit, placed
from assistant.pdf.syntax import Ref, text_string, write_number, write_object, write_stream, write_string

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.pdf.font import SimpleFont
    from assistant.pdf.template import Field, Page, Template, Widget

EMBEDDED = b"F287"
CORE = b"H287"
SPLIT = " (agency)"
"""What the agency's part of a shared field is called: its old name and this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatText:
    """A text for a line of a flat page: x0, baseline y, x1 in points; ``page`` counts from 0, ``size`` is the largest."""

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
    return _Update(template).run(values, own or {}, drawn, mark)


class _Update:
    def __init__(self, template: Template) -> None:
        self.template = template
        self.document = template.document
        size = self.document.trailer.get("Size")
        self.next = max(size if isinstance(size, int) else 0, max(self.document.offsets) + 1)
        self.objects: dict[int, bytes] = {}
        self.core = core_font()

    def run(self, values: Mapping[str, str], own: Mapping[str, tuple[int, ...]], drawn: Sequence[FlatText], mark: str) -> bytes:
        template = self.template
        texts = {name: drawn_form(text) for name, text in values.items()}
        letters = self._embedded_letters(texts, own, drawn)
        self.subset = truetype.subset_for(letters) if letters else None
        self.font_number = self._add_font() if self.subset else 0
        for name, text in values.items():
            self._write_field(template.fields[name], text, texts[name], own.get(name))
        if drawn or mark:
            self._write_pages(drawn, mark)
        return self._assemble()

    def _embedded_letters(self, texts: Mapping[str, str], own: Mapping[str, tuple[int, ...]], drawn: Iterable[FlatText]) -> str:
        needing: list[str] = []
        for name, text in texts.items():
            chosen = own.get(name)
            for n, widget in enumerate(self.template.fields[name].widgets):
                if (chosen is None or n in chosen) and not _writes(widget.font, text):
                    needing.append(text)
                    break
        needing += [drawn_form(item.text) for item in drawn if not self.core.can_write(drawn_form(item.text))]
        return truetype.letters_of(needing)

    def _new(self) -> int:
        self.next += 1
        return self.next - 1

    def _put(self, number: int, body: bytes) -> None:
        self.objects[number] = b"%d 0 obj\n%s\nendobj\n" % (number, body)

    def _write_field(self, field: Field, text: str, drawn: str, chosen: tuple[int, ...] | None) -> None:
        value = b"/V " + write_string(text_string(text))
        split = chosen is not None and len(chosen) < len(field.widgets)
        for n, widget in enumerate(field.widgets):
            if chosen is not None and n not in chosen:
                continue
            head, look = self._draw(field, widget, drawn)
            tail = b"/AP<</N %d 0 R>>>>\nendobj\n" % look
            if split:
                self.objects[widget.number] = self._own_field(field, widget) + value + tail
            elif widget.merged:
                self.objects[widget.number] = head + value + tail
            else:
                self.objects[widget.number] = head + tail
        if not split and not (field.widgets and field.widgets[0].merged):
            self.objects[field.number] = field.head + value + b">>\nendobj\n"

    def _own_field(self, field: Field, widget: Widget) -> bytes:
        """Return the head of a widget made a field of its own; the form's list of fields gets it too."""
        node = {k: v for k, v in widget.dictionary.items() if k not in {"Parent", "AP"}}
        inherited = {k: v for k, v in field.dictionary.items() if k not in {"Kids", "T", "V", "Parent"} and k not in node}
        name = self.document.get(field.dictionary.get("T"))
        node = {"FT": field.kind, **inherited, **node, "T": name + SPLIT.encode("ascii"), "F": widget.flags | 4}
        kids = [k for k in self.document.array(field.dictionary["Kids"]) if k != Ref(widget.number)]
        self._put(field.number, write_object(field.dictionary | {"Kids": kids}))
        form = self.template.acroform_dictionary
        fields = [*self.document.array(form.get("Fields")), Ref(widget.number)]
        changed = write_object(form | {"Fields": fields})
        if self.template.acroform:
            self._put(self.template.acroform.number, changed)
        else:
            root = self.document.trailer["Root"]
            self._put(root.number, write_object({**self.document.root, "AcroForm": form | {"Fields": fields}}))
        return b"%d 0 obj\n" % widget.number + write_object(node)[:-2]

    def _draw(self, field: Field, widget: Widget, text: str) -> tuple[bytes, int]:
        """Add a widget's appearance; return its object's head (its /DA at the size drawn) and the appearance's number."""
        box = widget.box
        font = widget.font if _writes(widget.font, text) else None
        width = font.width if font else self._width
        found = fit(box, text, width)
        if found.clipped:
            raise FillError(field.name, "the text does not fit; choose a shorter wording.")
        name, resource = (widget.font_name, widget.resource) if font else (EMBEDDED, b"/%s %d 0 R" % (EMBEDDED, self.font_number))
        parts = [widget.start, widget.colour, b" /", name, b" ", write_number(round(found.size, 3)), b" Tf"]
        at_x = at_y = 0.0
        for x, y, piece in placed(box, text, found.size, width):
            parts.append(b" %.3f %.3f Td %s Tj" % (x - at_x, y - at_y, self._show(piece, font)))
            at_x, at_y = x, y
        parts.append(b" ET Q EMC")
        content = b"".join(parts)
        number = self._new()
        self.objects[number] = b"%d 0 obj\n%s%s>>>>/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
            *(number, widget.appearance, resource),
            *(len(content), content),
        )
        if box.size and found.size < box.size:
            style = widget.colour + b" /%s %s Tf" % (widget.font_name, write_number(round(found.size, 3)))
            node = {k: v for k, v in widget.dictionary.items() if k not in {"V", "AP"}}
            changed = {**node, "F": widget.flags | 4, "DA": style}
            return b"%d 0 obj\n" % widget.number + write_object(changed)[:-2], number
        return widget.head, number

    def _width(self, text: str) -> float:
        return sum(map(self.subset.widths.__getitem__, text))  # type: ignore[union-attr] - made before anything is drawn

    def _show(self, text: str, font: SimpleFont | None) -> bytes:
        if font:
            return write_string(font.encode(text))
        return b"<" + text.translate(self.subset.codes).encode("latin-1").hex().upper().encode("ascii") + b">"  # type: ignore[union-attr]

    def _add_font(self) -> int:
        """Add the embedded font's five objects (9.7); return the number of the font."""
        subset, face = self.subset, truetype.fallback()
        assert subset is not None  # noqa: S101 - the caller has just made it
        tag = hashlib.sha256(repr(sorted(subset.codes)).encode("ascii")).digest()
        base = "".join(chr(65 + b % 26) for b in tag[:6]) + "+Arimo-Regular"
        program, cmap, descriptor, kid, number = (self._new() for _ in range(5))
        scale = 1000 / face.units
        self._put(program, write_stream({"Filter": "FlateDecode", "Length1": subset.length}, subset.program))
        self._put(cmap, write_stream({}, subset.to_unicode))
        described: dict[str, Any] = {
            **{"Type": "FontDescriptor", "FontName": base, "Flags": 32, "ItalicAngle": 0, "StemV": 80},
            "FontBBox": [round(n * scale) for n in face.box],
            "Ascent": round(face.ascent * scale),
            "Descent": round(face.descent * scale),
            "CapHeight": 716,
            "FontFile2": Ref(program),
        }
        self._put(descriptor, write_object(described))
        cid: dict[str, Any] = {
            **{"Type": "Font", "Subtype": "CIDFontType2", "BaseFont": base, "CIDToGIDMap": "Identity"},
            "CIDSystemInfo": {"Registry": b"Adobe", "Ordering": b"Identity", "Supplement": 0},
            "FontDescriptor": Ref(descriptor),
            "W": [0, list(subset.gid_widths)],
        }
        self._put(kid, write_object(cid))
        whole = {"Type": "Font", "Subtype": "Type0", "BaseFont": base, "Encoding": "Identity-H", "DescendantFonts": [Ref(kid)], "ToUnicode": Ref(cmap)}
        self._put(number, write_object(whole))
        return number

    def _write_pages(self, drawn: Sequence[FlatText], mark: str) -> None:
        core = self._new()
        font = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica", "Encoding": "WinAnsiEncoding"}
        self._put(core, write_object(font))
        by_page: dict[int, list[FlatText]] = {}
        for item in drawn:
            by_page.setdefault(item.page, []).append(item)
        for n, page in enumerate(self.template.pages):
            if n in by_page or mark:
                content = b"".join(self._flat(item) for item in by_page.get(n, ())) + (_mark(page, mark) if mark else b"")
                self._append(page, content, core)

    def _flat(self, item: FlatText) -> bytes:
        text = drawn_form(item.text)
        x0, y0 = item.rect[:2]
        box = item.box
        font = self.core if self.core.can_write(text) else None
        width = font.width if font else self._width
        found = fit(box, text, width)
        if found.clipped:
            raise FillError(item.blank, "the text does not fit; choose a shorter wording.")
        pieces = [
            b"1 0 0 1 %.3f %.3f Tm %s Tj" % (x0 + x, y0 + y, self._show(piece, font))
            for x, y, piece in placed(box, text, found.size, width)
        ]
        return b"BT 0 g /%s %s Tf %s ET\n" % (CORE if font else EMBEDDED, write_number(round(found.size, 3)), b" ".join(pieces))

    def _append(self, page: Page, content: bytes, core: int) -> None:
        stream = self._new()
        self._put(stream, write_stream({}, b"\nq\n" + content + b"Q\n"))
        fonts = dict(self.document.dictionary(page.resources.get("Font")))
        fonts[CORE.decode("ascii")] = Ref(core)
        if self.subset:
            fonts[EMBEDDED.decode("ascii")] = Ref(self.font_number)
        before = page.dictionary.get("Contents")
        contents = self.document.get(before)
        parts = list(contents) if isinstance(contents, list) else [before] if before is not None else []
        changed = {**page.dictionary, "Contents": [*parts, Ref(stream)], "Resources": {**page.resources, "Font": fonts}}
        self._put(page.ref.number, write_object(changed))

    def _assemble(self) -> bytes:
        data = self.template.data
        parts = [data] if data.endswith((b"\n", b"\r")) else [data, b"\n"]
        at = sum(map(len, parts))
        offsets: dict[int, int] = {}
        for number in sorted(self.objects):
            offsets[number] = at
            parts.append(self.objects[number])
            at += len(self.objects[number])
        trailer = {k: v for k, v in self.document.trailer.items() if k in {"Root", "Info"}}
        first = self.document.array(self.document.trailer.get("ID"))
        digest = hashlib.sha256(b"".join(parts[1:])).digest()[:16]
        trailer |= {"ID": [first[0] if first else digest, digest], "Prev": self.document.startxref}
        if self.document.has_xref_stream:
            parts.append(_xref_stream(offsets, at, self._new(), trailer))
        else:
            parts.append(_xref_table(offsets, self.next, trailer))
        parts.append(b"startxref\n%d\n%%%%EOF\n" % at)
        return b"".join(parts)


def _writes(font: SimpleFont | None, text: str) -> bool:
    return font is not None and font.can_write(text)


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return sorted numbers as (first, count) runs."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and sum(runs[-1]) == number:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs


def _xref_stream(offsets: dict[int, int], at: int, number: int, trailer: dict[str, Any]) -> bytes:
    offsets = {**offsets, number: at}
    rows = b"".join(b"\1" + offsets[n].to_bytes(4, "big") + b"\0" for n in sorted(offsets))
    index = [n for run in _runs(sorted(offsets)) for n in run]
    dictionary = {"Type": "XRef", "Size": max(offsets) + 1, "W": [1, 4, 1], "Index": index, **trailer}
    return b"%d 0 obj\n%s\nendobj\n" % (number, write_stream(dictionary, rows))


def _xref_table(offsets: dict[int, int], size: int, trailer: dict[str, Any]) -> bytes:
    parts = [b"xref\n"]
    for first, count in _runs(sorted(offsets)):
        parts.append(b"%d %d\n" % (first, count))
        parts += [b"%010d 00000 n \n" % offsets[n] for n in range(first, first + count)]
    return b"".join(parts) + b"trailer\n" + write_object({"Size": size, **trailer}) + b"\n"


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
