"""Fill a compiled form by an incremental update (7.5.6): the official bytes first, unchanged, then what is new.

Changed objects are only the fields and widgets written to (/V, /AP, the Print flag, the /DA of a fixed size that is
drawn smaller), a field split between the two sides, /NeedAppearances where it is true (readers would draw something
else), and on flat pages /Contents and /Resources. The same input gives the same bytes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assistant.errors import FillError
from assistant.pdf.filling.pages import FlatText, PageUpdate
from assistant.pdf.filling.subset import letters_of
from assistant.pdf.filling.update import EMBEDDED
from assistant.pdf.form import embedded_font
from assistant.pdf.form.clusters import MARK
from assistant.pdf.form.fields import END_OF_LOOK, MULTILINE, PRINT, TEXT_START, VALUE
from assistant.pdf.form.font import letters_in
from assistant.pdf.form.layout import fit, fit_line, placed, start_of
from assistant.pdf.objects.syntax import Ref, text_string, write_number, write_object, write_string
from assistant.text import drawn_form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from assistant.pdf.form.fields import Field, Widget
    from assistant.pdf.form.font import SimpleFont
    from assistant.pdf.form.template import Template

__all__ = ["SPLIT", "FlatText", "fill", "fill_parts", "fill_to_file", "split_names"]

WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
SPLIT = " (agency)"
"""What the agency's part of a shared field is called: its old name and this."""


def fill(
    template: Template,
    values: Mapping[str, str],
    *,
    agency_widgets: Mapping[str, tuple[int, ...]] | None = None,
    flat_texts: Sequence[FlatText] = (),
    mark: str = "",
) -> bytes:
    """Return the form with these texts in its fields, and drawn on its pages.

    ``agency_widgets`` names, for a field that stands on both sides, the widgets that get the text (by their order):
    they become fields of their own, the others stay as they are. ``mark`` is written at the head of every page.

    Raises:
        FillError: a text is cut, or has a letter that no font here can write (the blank is named), or the file's
            protection or a signature in it does not allow it.
        KeyError: there is no such field.
    """
    return b"".join(fill_parts(template, values, agency_widgets=agency_widgets, flat_texts=flat_texts, mark=mark))


def fill_parts(
    template: Template,
    values: Mapping[str, str],
    *,
    agency_widgets: Mapping[str, tuple[int, ...]] | None = None,
    flat_texts: Sequence[FlatText] = (),
    mark: str = "",
) -> tuple[bytes, bytes]:
    """Return what ``fill`` joins: the official bytes, and what is new."""
    return _Fill(template).run(values, agency_widgets or {}, flat_texts, mark)


def fill_to_file(
    template: Template,
    values: Mapping[str, str],
    path: Path,
    *,
    agency_widgets: Mapping[str, tuple[int, ...]] | None = None,
    flat_texts: Sequence[FlatText] = (),
    mark: str = "",
) -> None:
    """Write what ``fill`` returns to a file, without another copy of the official bytes in memory.

    Raises:
        FillError, KeyError: as ``fill``; the file is not touched then.
        OSError: it cannot be written; a part of it may be there.
    """
    official, new = fill_parts(template, values, agency_widgets=agency_widgets, flat_texts=flat_texts, mark=mark)
    # The system's own calls: a file object would ask about the file first.
    file = os.open(path, WRITE, 0o666)
    try:
        written_bytes = os.writev(file, (official, new)) if hasattr(os, "writev") else 0  # not on Windows
        whole = official + new if written_bytes < len(official) + len(new) else b""
        while written_bytes < len(whole):
            written_bytes += os.write(file, memoryview(whole)[written_bytes:])
    finally:
        os.close(file)


_Piece = tuple["SimpleFont | None", bytes, float]
"""A text as one font shows it: the font (none: the embedded one), the string of one line, and its width at 1 pt."""


def _piece(font: SimpleFont | None, letters: str, codes: bytes, string: bytes) -> _Piece | None:
    """Return a text in a font, None where it cannot write it.

    ``codes`` are the letters if all of them are printed ones of ASCII. ``string`` is the value as written: the same
    where the font writes ASCII by its own codes.
    """
    if font is None:
        return None
    if codes and font.straight:
        return font, string, sum(map(font.width_of_code, codes))
    codes_and_width = font.encode_and_measure(letters)
    return (font, write_string(codes_and_width[0]), codes_and_width[1]) if codes_and_width else None


class _Fill(PageUpdate):
    def run(
        self,
        values: Mapping[str, str],
        agency_widgets: Mapping[str, tuple[int, ...]],
        flat_texts: Sequence[FlatText],
        mark: str,
    ) -> tuple[bytes, bytes]:
        changes_form = bool(values) and self.template.redrawn
        self.template.limits.refuse(
            values, on_pages=bool(flat_texts), form=changes_form or bool(agency_widgets.keys() & values.keys())
        )
        self.added_fields: list[Ref] = []
        """The fields that a split adds to the form's list."""
        plan = []
        needing = self.texts_in_embedded_font(flat_texts)
        fields = self.template.fields
        for name, value in values.items():
            field = fields[name]
            widgets, fonts = field.widgets, field.fonts
            if name in agency_widgets:
                widgets = tuple(widget for n, widget in enumerate(widgets) if n in agency_widgets[name])
                fonts = frozenset(widget.font for widget in widgets)
            if value.isascii() and value.isprintable():
                text = letters = value
                codes = value.encode("ascii")
                string = write_string(codes)
            else:
                codes = b""
                text = drawn_form(value)
                letters = letters_in(text, multiline=True) if field.flags & MULTILINE else text
                string = write_string(text_string(value))
            pieces = {}
            for font in fonts:
                piece = _piece(font, letters, codes, string)
                if piece is None:
                    needing.append((name, letters))
                pieces[font] = piece
            plan.append((field, string, text, widgets, pieces))
        if needing:
            self.embed(_writable_letters(needing))
        for item in plan:
            self._write_field(*item)
        if self.added_fields or changes_form:
            self._change_form()
        if flat_texts or mark:
            self.write_pages(flat_texts, mark)
        return self.assemble()

    def _write_field(
        self,
        field: Field,
        string: bytes,
        text: str,
        widgets: Sequence[Widget],
        pieces: dict[SimpleFont | None, _Piece | None],
    ) -> None:
        """Add a field's objects; ``string`` is its value as written."""
        entry = b"/V " + string
        split = len(widgets) < len(field.widgets)
        names = iter(split_names(field, len(widgets))) if split else None
        objects = self.objects
        for widget in widgets:
            piece = pieces[widget.font]
            if piece is None:
                piece = pieces[widget.font] = self._embedded_piece(text)
            look = self.next
            self.next += 1
            size, objects[look] = self._draw_field_text(field, widget, text, piece, look)
            number = widget.number
            if names:
                head = _own_field(field, widget, next(names), size)
                objects[number] = b"%b%b/AP<</N %d 0 R>>>>\nendobj\n" % (head, entry, look)
                if not widget.merged:
                    self.added_fields.append(Ref(number))
            else:
                head = (
                    widget.object_prefix
                    if size is None
                    else _object_head(number, _sized(widget, widget.dictionary, size))
                )
                value = entry if widget.merged else b""
                objects[number] = b"%b%b/AP<</N %d 0 R>>>>\nendobj\n" % (head, value, look)
        if split and "Kids" in field.dictionary:
            removed = {widget.number for widget in widgets}
            kids = [k for k in self.document.array(field.dictionary["Kids"]) if k.number not in removed]
            self.add_object(field.number, write_object(field.dictionary | {"Kids": kids}))
        elif not split and not (widgets and widgets[0].merged):
            objects[field.number] = field.object_prefix + entry + b">>\nendobj\n"

    def _embedded_piece(self, text: str) -> _Piece:
        lines = letters_in(text, multiline=True)
        return None, self.show(lines, None), self.letters.width(lines)

    def _draw_field_text(
        self, field: Field, widget: Widget, text: str, piece: _Piece, number: int
    ) -> tuple[float | None, bytes]:
        """Return the size where a fixed one is drawn smaller, and the object of a widget's appearance."""
        box = widget.box
        font, operand, width = piece
        smaller = None
        if width <= box.easy and (font or not MARK.search(text)):
            places = widget.default_text_prefix + operand
        else:
            places, size = self._place_text(field, widget, text, piece)
            smaller = size if size < box.size else None
        if font:
            return smaller, widget.appearance_format % (number, widget.appearance_length + len(places), places)
        content = b"%s%s %s%s" % (widget.start, EMBEDDED, places, END_OF_LOOK)
        head = b"%s%s>>>>/Length " % (widget.appearance, self.embedded)
        return smaller, b"%d 0 obj\n%s%d>>\nstream\n%s\nendstream\nendobj\n" % (number, head, len(content), content)

    def _place_text(self, field: Field, widget: Widget, text: str, piece: _Piece) -> tuple[bytes, float]:
        """Return what sets a text into its box, up to the last string, and its size."""
        box = widget.box
        font, operand, width = piece
        if box.plain:
            fitted = fit_line(box, text, box.room / (width or 0.001))
            size = fitted.size
            x = start_of(box, width * size) if box.align else box.pad
            places = TEXT_START % (size, x, box.baseline(size)) + operand
        else:
            measured = font.width if font else self.letters.width
            fitted = fit(box, text, measured)
            size = fitted.size
            parts = []
            at_x = at_y = 0.0
            for x, y, part in placed(box, text, size, measured):
                parts.append(b"%.3f %.3f Td %s" % (x - at_x, y - at_y, self.show(part, font)))
                at_x, at_y = x, y
            places = b"%.3f Tf " % size + (b" Tj ".join(parts) or b"()")
        if fitted.clipped and text:
            raise FillError(field.name, "the text does not fit. Choose a shorter wording.")
        return places, size

    def _change_form(self) -> None:
        """Add the fields of a split to the form's list, and have its fields shown as they are drawn here."""
        form = self.template.acroform_dictionary
        changed = (
            form | {"Fields": [*self.document.array(form.get("Fields")), *self.added_fields]}
            if self.added_fields
            else form
        )
        if self.template.redrawn:
            changed = changed | {"NeedAppearances": False}
        if self.template.acroform:
            self.add_object(self.template.acroform.number, write_object(changed))
        else:
            root = self.document.trailer["Root"]
            self.add_object(root.number, write_object({**self.document.root, "AcroForm": changed}))


def split_names(field: Field, count: int) -> list[bytes]:
    """Return what the parts of a field are called that get the agency's text: no two fields may share a name."""
    name = field.dictionary.get("T", b"")
    return [name + (SPLIT if n == 1 else f"{SPLIT[:-1]} {n})").encode("ascii") for n in range(1, count + 1)]


def _object_head(number: int, node: Mapping[str, object]) -> bytes:
    return b"%d 0 obj\n" % number + write_object(dict(node))[:-2]


def _sized(widget: Widget, node: Mapping[str, object], size: float) -> dict[str, object]:
    """Return a widget's dictionary with /DA at the size drawn."""
    style = widget.colour + b" /%s %s Tf" % (widget.font_name, write_number(round(size, 3)))
    entries = {k: v for k, v in node.items() if k != "AP" and k not in VALUE}
    return {**entries, "F": widget.flags | PRINT, "DA": style}


def _own_field(field: Field, widget: Widget, name: bytes, size: float | None) -> bytes:
    """Return the head of a widget made a field of its own, with all that it had from the field it was part of.

    A widget that is a field already, one of several of one name, only gets a name of its own.
    """
    if widget.merged:
        node = {k: v for k, v in widget.dictionary.items() if k != "AP" and k not in VALUE} | {"T": name}
        fresh = {**node, "F": widget.flags | PRINT} if size is None else _sized(widget, node, size)
        return _object_head(widget.number, fresh)
    node = {k: v for k, v in widget.dictionary.items() if k not in {"Parent", "AP"}}
    left = {"Kids", "T", "Parent", *VALUE}
    inherited = {k: v for k, v in field.dictionary.items() if k not in left and k not in node}
    node = {**field.settings, **inherited, **node, "T": name, "F": widget.flags | PRINT}
    return _object_head(widget.number, node if size is None else _sized(widget, node, size))


def _writable_letters(texts: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the letters of some texts (blank, text), which the embedded font writes.

    Raises:
        FillError: one has a letter that no font here writes rightly.
    """
    letters = letters_of(text for _, text in texts)
    if missing := embedded_font.unwritable("".join(letters)):
        blank = next(blank for blank, text in texts if not set(missing).isdisjoint(text))
        advice = embedded_font.why_absent() or "Write it in Latin, Greek or Cyrillic letters."
        raise FillError(blank, f"it has a letter that cannot be printed here. {advice}")
    return letters
