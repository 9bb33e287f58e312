"""Refuse a copy of a form that somebody wrote into; the sandbox runs this, so it knows no database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.editions.catalog import all_editions
from assistant.editions.recognition import LINE, filled_blanks
from assistant.errors import InputError
from assistant.pdf.viewer.read_back import DrawnPages, ReadLetter, same_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.editions.catalog import Edition
    from assistant.editions.library import FormLibrary
    from assistant.geometry import Rect
    from assistant.pdf.form.template import Template

FILLED = "This copy is filled in and may contain someone's data. Choose the blank form as published."


def refuse_filled(edition: Edition, template: Template, library: FormLibrary) -> None:
    """Refuse a copy that somebody wrote into: what stands there would stand on every agreement that is made with it.

    It opens a stranger's form, so it runs in the sandbox.

    ``edition`` is its map, or the draft of one. A copy without fields of a form that has them is a print of it: only
    beside the form itself shows whether it was filled in before.

    Raises:
        InputError: something stands in a blank, or it is unknown whether something does.
    """
    left = [blank.blank for blank in edition.left_blank if blank.side != "ice" and blank.line is None]
    entries = (name for name in left if template.fields[name].kind == "Tx" and template.fields[name].has_entry)
    same = [e for e in all_editions() if e.form_id == edition.form_id and e.revision == edition.revision]
    # A text written over a line hides the line: where the places are known, they are asked.
    flat = [e for e in same if e.recognise and not e.recognise.acroform and e != edition]
    editions = [edition] if template.fields else [edition, *flat]
    if any(filled_blanks(template, one) for one in editions) or any(entries):
        raise InputError(FILLED)
    if template.fields:
        return
    forms_with_fields = {form.edition.name: form.template for form in library.on_hand()}
    for other in same:
        if other.recognise and other.recognise.acroform:
            template_of_other = forms_with_fields.get(other.name)
            if template_of_other is None:
                raise InputError(
                    f"This copy has no fields, but {other.name} has. It is a printout of that form and may be "
                    "filled in. First add the form with fields, or use only that one."
                )
            if _written_into(template_of_other, template):
                raise InputError(FILLED)


def _written_into(blank_form: Template, copy: Template) -> bool:
    """Say whether a copy shows other words than the blank form where that has a field for text."""
    if len(blank_form.pages) != len(copy.pages):
        return True
    boxes: dict[int, list[Rect]] = {}
    for field in blank_form.fields.values():
        for widget in field.widgets if field.kind == "Tx" else ():
            boxes.setdefault(widget.page, []).append(widget.rect)
    with DrawnPages(blank_form.data) as blank, DrawnPages(copy.data) as pages:
        for page, rects in boxes.items():
            before, now = blank.letters(page), pages.letters(page)
            if any(not same_text(_words(before, rect), _words(now, rect)) for rect in rects):
                return True
    return False


def _words(letters: Sequence[ReadLetter], rect: Rect) -> str:
    """Return the letters well inside a box, without lines to write on."""
    x0, y0, x1, y1 = rect
    return "".join(
        letter.text
        for letter in letters
        if x0 + 1 <= (letter.rect[0] + letter.rect[2]) / 2 <= x1 - 1
        and y0 + 2 <= (letter.rect[1] + letter.rect[3]) / 2 <= y1 - 2
        and letter.text not in LINE
    )
