"""What in a form misleads the person who fills it: reported before anything is filled."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.editions.catalog import Edition, Side, all_editions
from assistant.errors import PdfError
from assistant.pdf.form.fields import NOT_TICKED, PUSH_BUTTON, READ_ONLY, REQUIRED, Field, Widget
from assistant.pdf.form.measure import measure_in
from assistant.pdf.objects.syntax import Stream
from assistant.pdf.upright_page import MAX_PAGES, upright_pages
from assistant.pdf.viewer.read_back import DrawnPages, ReadLetter, joined
from assistant.pdf.viewer.render import only_pictures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.geometry import Rect
    from assistant.pdf.form.template import Template

NARROW_BOX_PT = 80.0
"""A fixed-size box narrower than this (pt) may be too small for an agency's full name."""
FULL_NAME = "Example County Sheriff’s Office"
"""A name of common length: a blank that cannot hold it is too small for many agencies."""
MAX_INDENT_PT = 20.0
"""Points by which a heading may stand further to the right than the blank below it."""
SAME_HEIGHT = 8.0
"""Points: headings whose heights differ by less are equally near to a blank."""
_HEADING = re.compile(r"For\s*(the\s*LEA|ICE|DHS)\s*:", re.IGNORECASE)
"""How the agreements head the agency's side and ICE's; some prints lose their spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """Something in a form that goes wrong easily; ``page`` counts from 1."""

    code: str
    message: str
    page: int | None = None
    field: str | None = None


def side_of(edition: Edition | None, name: str, widget: int) -> Side | None:
    """Return whose a field's widget is, the agency's or ICE's; None where no map says so."""
    sides = sides_of(edition, name, widget) if edition else []
    return sides[0] if len(sides) == 1 else None


def sides_of(edition: Edition, name: str, widget: int) -> list[Side]:
    """Return the side of each blank that claims a field's widget: one, in a map that is right."""
    return [b.side for b in edition.field_blanks if b.blank == name and (b.widgets is None or widget in b.widgets)]


def _picture_traps(template: Template) -> Iterator[Trap]:
    if template.fields or not template.pages or not only_pictures(template.data):
        return
    sizes = (
        (page.box[2] - page.box[0], page.box[3] - page.box[1], page.rotate in {90, 270}) for page in template.pages
    )
    wide = all((across > up) != turned for across, up, turned in sizes)
    what = "The pages are pictures without text, as a scanner makes them."
    if wide:
        what = "The sheets are pictures without text, wider than high: they may show two pages each."
    message = f"{what} Get the form as ICE publishes it, not a scan."
    yield Trap(code="only-pictures", message=message)


def find_traps(template: Template, edition: Edition | None, revision_text: str | None) -> Iterator[Trap]:
    """Yield the traps of a PDF; ``edition`` is what it was recognised as, ``revision_text`` the date on it."""
    if template.xfa:
        message = "The file is an XFA form, which this program cannot fill. Get the form as a plain PDF form."
        yield Trap(code="xfa", message=message)
    yield from _limit_traps(template)
    yield from _structure_traps(template)
    yield from _picture_traps(template)
    if edition is None and template.kind == "acroform" and revision_text:
        other = next(
            (
                e
                for e in all_editions()
                if e.revision_text == revision_text and e.recognise and not e.recognise.acroform
            ),
            None,
        )
        if other:
            yield Trap(
                code="new-print",
                message=f"It has the revision date of {other.name}, but its own fields. Map it first.",
            )
    for kind in sorted(template.active.kinds):
        yield Trap(code="active-content", message=f"The file has active content ({kind}). This program never runs it.")
    for number, page in enumerate(template.pages, start=1):
        if page.rotate:
            yield Trap(code="page-rotated", message=f"The page is turned by {page.rotate} degrees.", page=number)
    for twin in template.duplicate_fields:
        message = "Another field has the same name but a different kind or settings. "
        message += "This program never fills this one. Write in it by hand."
        yield Trap(code="same-name", message=message, page=_first_page(twin), field=twin.name)
    headings = _PartyHeadings(template)
    for field in template.fields.values():
        yield from _field_traps(template, edition, field, headings)


def _structure_traps(template: Template) -> Iterator[Trap]:
    """Yield what is wrong in how the file is put together: it is read all the same, and none of it passed over."""
    if reason := template.document.repaired:
        message = (
            f"{reason[0].upper()}{reason[1:]}. This program searched the whole file and could still read it, but "
            "cannot fill in anything. To fill it in, open it in a PDF reader, print it to a new PDF, and use "
            "that."
        )
        yield Trap(code="repaired", message=message)
    for name in sorted(template.unlisted):
        message = (
            "The field is on the page, but not in the form’s list of fields, as some programs save it. This "
            "program reads it, but never fills it. Use the form as its publisher offers it."
        )
        yield Trap(code="unlisted-field", message=message, page=_first_page(template.fields[name]), field=name)
    for page in sorted(set(template.nameless)):
        count = template.nameless.count(page)
        message = (
            f"{count} {'box' if count == 1 else 'boxes'} on the page look like fields but have no name or no "
            "kind, so nothing can be filled in there. Write it by hand."
        )
        if count == 1:
            message = message.replace("look like fields but have", "looks like a field but has")
        yield Trap(code="nameless-field", message=message, page=page + 1)
    for name, count in template.off_page:
        if not template.fields[name].widgets:
            continue  # "not-on-paper" says so of the whole field
        boxes = "1 box of the field is" if count == 1 else f"{count} boxes of the field are"
        message = (
            f"{boxes} not on any page, so no reader shows what is filled in there. The others are filled as usual."
        )
        yield Trap(code="widget-on-no-page", message=message, page=_first_page(template.fields[name]), field=name)


def _limit_traps(template: Template) -> Iterator[Trap]:
    if not template.whole:
        yield Trap(code="damaged", message="Part of the file is damaged. Download the form again.")
    limits = template.limits
    if template.document.encryption:
        how_encrypted = "it opens without a password, and what is filled in is encrypted the same way."
        yield Trap(code="encrypted", message=f"The file is encrypted; {limits.no_fields or how_encrypted}")
    for name in limits.signed:
        message = (
            "The file is signed. What is filled in is added at the end, and the signature stays valid for what it "
            "covers."
        )
        yield Trap(code="signed", message=message, page=_first_page(template.fields[name]), field=name)
    if limits.certified:
        yield Trap(code="certified", message=f"The file is certified; {limits.no_fields or limits.no_pages}")
    if limits.usage_rights:
        message = (
            "The file has special rights for Adobe Reader. They end when it is filled here. The file can be read as "
            "before."
        )
        yield Trap(code="usage-rights", message=message)


def _first_page(field: Field) -> int | None:
    return field.widgets[0].page + 1 if field.widgets else None


def _field_traps(template: Template, edition: Edition | None, field: Field, headings: _PartyHeadings) -> Iterator[Trap]:
    name = field.name
    page = _first_page(field)
    if len(field.widgets) > 1:
        sides = {
            side_of(edition, name, n) if edition else headings.find_side(widget)
            for n, widget in enumerate(field.widgets)
        }
        if {"agency", "ice"} <= sides:
            message = "One field stands on both the agency’s and ICE’s side. A value written in it appears under both."
            yield Trap(code="shared-across-sides", message=message, page=page, field=name)
        else:
            yield Trap(code="shared-field", message=_shared(field), page=page, field=name)
    if field.kind == "Sig":
        yield Trap(
            code="signature-field",
            message="This field takes an electronic signature. A copy that is printed to PDF loses it.",
            page=page,
            field=name,
        )
    if field.flags & READ_ONLY:
        yield Trap(code="read-only", message=_read_only(edition, field), page=page, field=name)
    if not field.widgets:
        message = "The field is not on any page. Nothing in it can be shown on paper, and this program never fills it."
        yield Trap(code="not-on-paper", message=message, field=name)
    ices = any(side_of(edition, name, n) == "ice" for n in range(len(field.widgets)))
    if field.flags & REQUIRED and ices:
        yield Trap(
            code="required-on-ice-side",
            message="The field is marked as required, but ICE fills it.",
            page=page,
            field=name,
        )
    if field.has_entry:
        yield Trap(code="prefilled", message=_ENTERED.get(field.kind, _ENTERED["Tx"]), page=page, field=name)
    elif field.value.strip() and not (field.kind == "Btn" and field.value == NOT_TICKED):
        message = _DEFAULT.get(field.kind, _DEFAULT["Tx"])
        if template.redrawn and field.kind in {"Tx", "Ch"} and not all(_draws(template, w) for w in field.widgets):
            message += " Once the form is filled here, it is no longer shown."
        yield Trap(code="default-value", message=message, page=page, field=name)
    for widget in field.widgets:
        yield from _widget_traps(template, field, widget)


def _draws(template: Template, widget: Widget) -> bool:
    """Say whether a widget's own appearance draws anything; a reader may draw its value in place of that.

    Readers do so where the form asks for it (/NeedAppearances), which it does no more once it is filled.
    """
    document = template.document
    look = document.get(document.dictionary(widget.dictionary.get("AP")).get("N"))
    try:
        return isinstance(look, Stream) and _DRAWS_LETTERS.search(document.decoded(look)) is not None
    except PdfError:
        return True  # stored in a way that only other readers undo


_DRAWS_LETTERS = re.compile(rb"(?<![^\s\])>])(?:Tj|TJ|Do|'|\")(?!\S)")
"""What draws letters, or another appearance, in the content of an appearance (ISO 32000-2, 9.4.3 and 8.8)."""
_ENTERED = {
    "Tx": "The field already holds a text.",
    "Ch": "A choice is already made in this field.",
    "Btn": "This box is already checked.",
}
_DEFAULT = {
    "Tx": "The form comes with text in this field. It is the publisher’s and does not count as filled in.",
    "Ch": "The form comes with a choice made in this field. It is the publisher’s and does not count as filled in.",
    "Btn": "The form comes with this box checked. That is the publisher’s mark and does not count as filled in.",
}


def _shared(field: Field) -> str:
    """Return what it means that a field has several places on one side, or on sides that nothing tells."""
    number = len(field.widgets)
    if field.kind != "Btn":
        return f"One field shows its value in {number} places."
    what = "buttons to click" if field.flags & PUSH_BUTTON else "boxes to check; this program checks none of them"
    return f"One field has {number} {what}."


def _read_only(edition: Edition | None, field: Field) -> str:
    """Return what comes of a field that the form lets nobody change."""
    nobody = "The field is read-only: no one can change it in a PDF reader, and"
    if field.kind != "Tx":
        return f"{nobody} this program never fills a field of this kind."
    if edition is None:
        return f"{nobody} this program fills it only where a map says so."
    if any(entry.blank == field.name for entry in edition.entries):
        return f"{nobody} this program still fills it, because the map says it is the agency’s."
    return f"{nobody} it stays as it is, because the map leaves it blank."


def _widget_traps(template: Template, field: Field, widget: Widget) -> Iterator[Trap]:
    page, name = widget.page + 1, field.name
    if field.kind != "Tx":
        return
    narrow = widget.box.size and widget.box.width < NARROW_BOX_PT
    if narrow and measure_in(widget.box, FULL_NAME, widget.font).clipped:
        message = (
            f"The blank is {widget.box.width:.0f} pt wide and its text size is fixed at {widget.box.size:g} pt. A "
            "long text, such as an agency’s full name, does not fit there."
        )
        yield Trap(code="fixed-small", message=message, page=page, field=name)
    if not widget.printed:
        message = "The Print flag is missing, so what is typed here shows on screen but not on paper."
        if not template.document.repaired and name not in template.unlisted:
            message += " This program sets the flag when it fills the blank."
        yield Trap(code="print-flag-missing", message=message, page=page, field=name)
    if template.pages[widget.page].rotate and not widget.turn:
        message = "The page is turned but its fields are not. Some programs squeeze what is written here."
        yield Trap(code="rotated-without-turn", message=message, page=page, field=name)


class _PartyHeadings:
    """The headings "For the LEA:" and "For ICE:" on a form without a map, read where they are asked for."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._pages: dict[int, list[tuple[Rect, Side]]] = {}

    def find_side(self, widget: Widget) -> Side | None:
        """Return whose heading is the nearest above a widget, or left of it; None where none is printed there."""
        x0, y0, *_ = upright_pages(self._template)[widget.page].as_read(widget.rect)
        candidates = [
            (round(max(low - y0, 0.0) / SAME_HEIGHT), -left, side)
            for (left, low, _, high), side in self._headings(widget.page)
            if (low + high) / 2 >= y0 and left <= x0 + MAX_INDENT_PT
        ]
        return min(candidates)[2] if candidates else None

    def _headings(self, page: int) -> list[tuple[Rect, Side]]:
        """Return the box of the first letter of each heading on a page (from 0), and whose side it heads."""
        if page not in self._pages:
            letters: Sequence[ReadLetter] = []
            if page < MAX_PAGES:
                with DrawnPages(self._template.data) as pages:
                    letters = pages.letters(page)
            as_seen = upright_pages(self._template)[page].as_read
            letters = [replace(letter, rect=as_seen(letter.rect)) for letter in letters]
            self._pages[page] = [
                (letters[match.start()].rect, "agency" if "lea" in match[1].casefold() else "ice")
                for match in _HEADING.finditer(joined(letters))
            ]
        return self._pages[page]
