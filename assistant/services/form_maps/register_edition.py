"""Take an unknown form in: its map among the known editions and its blank copy among the kept forms, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.editions.catalog import all_editions, own_dir
from assistant.editions.recognition import LINE, filled_blanks
from assistant.errors import EditionError, FillError, InputError
from assistant.pdf.viewer.read_back import DrawnPages, ReadLetter, same_text
from assistant.services.form_maps.edition_drafts import MAP, register

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from assistant.editions.catalog import Edition
    from assistant.editions.library import FormLibrary
    from assistant.geometry import Rect
    from assistant.pdf.form.template import Template

FILLED = "This copy is filled in and may contain someone's data. Choose the blank form as published."


def register_form(
    session: Session, folder: Path, data: bytes, *, now: datetime, before_keeping: Callable[[], None] | None = None
) -> Edition:
    """Return the edition whose draft lies in a folder, taken in among the known ones; ``data``, its form, is kept.

    The form is read first, and only then ``before_keeping`` is called, which may begin to write.

    Raises:
        InputError: the draft cannot be used, or the form is none, is known already, is filled in, or cannot be filled
            in a trial.
    """
    # The sandbox's child loads this module for ``refuse_filled`` alone; the database would double its start.
    from assistant.services.form_maps import forms  # noqa: PLC0415 - as above
    from assistant.services.installation.undo import undo_unless_committed  # noqa: PLC0415 - as above

    try:
        edition = register(folder, data, forms.library(session))
    except (EditionError, FillError) as error:
        # It names the file where it lies now; who gave the folder knows where that is.
        raise InputError(str(error).replace(f"{folder.resolve()}/", "")) from error
    try:
        _refuse_future(edition, now.date())
        if before_keeping is not None:
            before_keeping()
        # Here, not before: the reading ends with a commit of its own.
        undo_unless_committed(session, lambda: _remove_map(edition))
        forms.keep(session, data, now=now)
    except BaseException:
        _remove_map(edition)
        raise
    return edition


def _remove_map(edition: Edition) -> None:
    (own_dir() / edition.form_id / edition.edition_id / MAP).unlink(missing_ok=True)


def _refuse_future(edition: Edition, today: date) -> None:
    if edition.stamp is None and edition.revision > today.isoformat():
        raise InputError(f"{MAP}: its folder is named for a future day. Use the day it was published.")


def refuse_filled(edition: Edition, template: Template, library: FormLibrary) -> None:
    """Refuse a copy that somebody wrote into: what stands there would stand on every agreement that is made with it.

    It opens a stranger's form, so it runs in the sandbox.

    ``edition`` is its map, or the draft of one. A copy without fields of a form that has them is a print of it: only
    beside the form itself can be told whether it was filled in before.

    Raises:
        InputError: something stands in a blank, or that cannot be told.
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
