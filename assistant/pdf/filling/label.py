"""A copy of a form in which every field shows its own name, to see which is which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.pdf.filling.fill import FlatText, fill
from assistant.pdf.form import embedded_font
from assistant.pdf.form.font import core_font
from assistant.pdf.form.template import compile_anew
from assistant.text import drawn_form

if TYPE_CHECKING:
    from assistant.pdf.form.fields import Widget
    from assistant.pdf.form.template import Template

SIZE = 7.0
GAP = 3.0


def label_fields(template: Template) -> bytes:
    """Return the form with each field's name drawn at its widgets; a letter no font has comes out as "?"."""
    if template.drawable is not template.data:
        # Nothing can be appended to such a file; its labels go on a copy that is written from its objects.
        template = compile_anew(template.drawable)
    labels = []
    for field in template.fields.values():
        name = "".join("?" if embedded_font.unwritable(c) else c for c in drawn_form(field.name))
        for widget in field.widgets:
            x0, y0, _, y1 = widget.rect
            _, _, edge, _ = template.pages[widget.page].box
            right = min(
                [
                    edge,
                    *(
                        w.rect[0]
                        for w in _others(template, widget.page)
                        if w.rect[0] > x0 and w.rect[1] < y1 and w.rect[3] > y0
                    ),
                ]
            )
            line = (x0 + 1, (y0 + y1) / 2 - 2.5, max(right - GAP, x0 + 20))
            labels.append(
                FlatText(blank=field.name, page=widget.page, line=line, size=SIZE, text=_shortened(name, line))
            )
    return fill(template, {}, flat_texts=labels, mark="Every field shows its own name") if labels else template.data


def _others(template: Template, page: int) -> list[Widget]:
    return [w for field in template.fields.values() for w in field.widgets if w.page == page]


def _shortened(name: str, line: tuple[float, float, float]) -> str:
    """Return the name, or its beginning and "…" where it would be smaller than 4 pt."""
    font = core_font()
    room = (line[2] - line[0]) / 4.2
    width = font.width if font.can_write(name) else embedded_font.fallback().width
    while len(name) > 1 and width(name) > room:
        name = name.removesuffix("…")[:-1] + "…"
    return name
