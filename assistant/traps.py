"""What in a form trips up whoever fills it: told before anything is filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.editions import Edition, Side, all_editions
from assistant.pdf.fields import READ_ONLY, REQUIRED, Field, Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.pdf.template import Template

NARROW = 80.0
"""A fixed-size box narrower than this (pt) holds no agency's full name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """Something in a form that goes wrong easily; ``page`` counts from 1."""

    code: str
    message: str
    page: int | None = None
    field: str | None = None


def side_of(edition: Edition | None, name: str, widget: int) -> Side | None:
    """Return whose a field's widget is, the agency's or ICE's; None where no map says so."""
    found = sides_of(edition, name, widget) if edition else []
    return found[0] if len(found) == 1 else None


def sides_of(edition: Edition, name: str, widget: int) -> list[Side]:
    """Return the side of each blank that claims a field's widget: one, in a map that is right."""
    return [b.side for b in edition.field_blanks if b.blank == name and (b.widgets is None or widget in b.widgets)]


def find_traps(template: Template, edition: Edition | None, stamp: str | None) -> Iterator[Trap]:
    """Yield the traps of a PDF; ``edition`` is what it was recognised as, ``stamp`` the revision printed on it."""
    if template.xfa:
        yield Trap(
            code="xfa", message="The form is an XFA form, which only Adobe Reader shows; get the plain PDF form."
        )
    yield from _limit_traps(template)
    yield from _structure_traps(template)
    if edition is None and template.kind == "acroform" and stamp:
        known = next((e for e in all_editions() if e.stamp == stamp and e.recognise and not e.recognise.acroform), None)
        if known:
            yield Trap(
                code="new-print",
                message=f"The stamp is that of {known.name}, but this print has fields of its own: map it first.",
            )
    for kind in sorted(template.active.kinds):
        yield Trap(code="active-content", message=f"The file carries active content ({kind}); it is never run here.")
    for number, page in enumerate(template.pages, start=1):
        if page.rotate:
            yield Trap(code="page-rotated", message=f"The page is turned by {page.rotate} degrees.", page=number)
    for twin in template.twins:
        message = "Another field has this name and is of another make: nothing can be filled in here, write it by hand."
        yield Trap(code="same-name", message=message, page=_first_page(twin), field=twin.name)
    for field in template.fields.values():
        yield from _field_traps(template, edition, field)


def _structure_traps(template: Template) -> Iterator[Trap]:
    """Yield what is wrong in how the file is put together: it is read all the same, and none of it passed over."""
    if reason := template.document.repaired:
        message = (
            f"{reason[0].upper()}{reason[1:]}. The file was read all the same, by looking through all of it, but "
            "nothing can be filled in. To fill it in, open it in a PDF reader, print it to a new PDF, and use that."
        )
        yield Trap(code="repaired", message=message)
    for name in sorted(template.unlisted):
        message = (
            "The field is on the page, but not in the form’s list of fields, as some programs save it: it is read, but "
            "never filled. Use the form as its publisher offers it."
        )
        yield Trap(code="unlisted-field", message=message, page=_first_page(template.fields[name]), field=name)
    for page in sorted(set(template.nameless)):
        count = template.nameless.count(page)
        message = (
            f"{count} {'box' if count == 1 else 'boxes'} on the page look like fields but have no name or no kind: "
            "nothing can be filled in there, write it by hand."
        )
        if count == 1:
            message = message.replace("look like fields but have", "looks like a field but has")
        yield Trap(code="nameless-field", message=message, page=page + 1)
    for name, count in template.off_page:
        if not template.fields[name].widgets:
            continue  # "not-on-paper" says so of the whole field
        boxes = "1 box of the field is" if count == 1 else f"{count} boxes of the field are"
        message = f"{boxes} on no page: no reader shows what is filled in there. The others are filled as usual."
        yield Trap(code="widget-on-no-page", message=message, page=_first_page(template.fields[name]), field=name)


def _limit_traps(template: Template) -> Iterator[Trap]:
    if not template.whole:
        yield Trap(code="damaged", message="A part of the file is damaged; download the form anew.")
    limits = template.limits
    if template.document.encryption:
        kept = "it opens without a password, and what is filled in is encrypted in the same way."
        yield Trap(code="encrypted", message=f"The file is encrypted; {limits.no_fields or kept}")
    for name in limits.signed:
        message = "The file is signed: a fill is appended, and the signature stays valid for what it covers."
        yield Trap(code="signed", message=message, page=_first_page(template.fields[name]), field=name)
    if limits.certified:
        yield Trap(code="certified", message=f"The file is certified; {limits.no_fields or limits.no_pages}")
    if limits.usage_rights:
        message = "The file carries rights for Adobe Reader, which end when it is filled here; it reads as before."
        yield Trap(code="usage-rights", message=message)


def _first_page(field: Field) -> int | None:
    return field.widgets[0].page + 1 if field.widgets else None


def _field_traps(template: Template, edition: Edition | None, field: Field) -> Iterator[Trap]:
    name = field.name
    page = _first_page(field)
    if len(field.widgets) > 1:
        sides = {side_of(edition, name, n) for n in range(len(field.widgets))}
        if len(sides) > 1 or (edition is None and _across(template, field)):
            message = "One field stands on both the agency’s and ICE’s side: a value written to it shows under both."
            yield Trap(code="shared-across-sides", message=message, page=page, field=name)
        else:
            yield Trap(
                code="shared-field",
                message=f"One field shows its value in {len(field.widgets)} places.",
                page=page,
                field=name,
            )
    if field.kind == "Sig":
        yield Trap(
            code="signature-field",
            message="A real signature field; printing or rewriting the file loses it.",
            page=page,
            field=name,
        )
    if field.flags & READ_ONLY:
        yield Trap(code="read-only", message=_read_only(edition, name), page=page, field=name)
    if not field.widgets:
        message = "The field has no place on any page: nothing in it can be shown on paper, and it is never filled."
        yield Trap(code="not-on-paper", message=message, field=name)
    ices = any(side_of(edition, name, n) == "ice" for n in range(len(field.widgets)))
    if field.flags & REQUIRED and ices:
        yield Trap(
            code="required-on-ice-side",
            message="The field is marked as required, but it is ICE’s to fill.",
            page=page,
            field=name,
        )
    if field.value:
        yield Trap(code="prefilled", message="The field already holds a text.", page=page, field=name)
    for widget in field.widgets:
        yield from _widget_traps(template, field, widget)


def _read_only(edition: Edition | None, name: str) -> str:
    """Return what comes of a field that the form lets nobody type into."""
    nobody = "The field is read-only: nobody can type into it, and"
    if edition is None:
        return f"{nobody} this program fills it only where a map says so."
    if any(entry.blank == name for entry in edition.entries):
        return f"{nobody} this program fills it all the same, for the map names it as the agency’s."
    return f"{nobody} it stays as it is, for the map leaves it blank."


def _widget_traps(template: Template, field: Field, widget: Widget) -> Iterator[Trap]:
    page, name = widget.page + 1, field.name
    if field.kind != "Tx":
        return
    if widget.box.size and widget.box.width < NARROW:
        message = (
            f"The blank is {widget.box.width:.0f} pt wide at a fixed {widget.box.size:g} pt: a full name is cut there."
        )
        yield Trap(code="fixed-small", message=message, page=page, field=name)
    if not widget.printed:
        message = (
            "The Print flag is missing: what is filled in shows on screen and vanishes on paper. "
            "It is set when the form is filled."
        )
        yield Trap(code="print-flag-missing", message=message, page=page, field=name)
    if template.pages[widget.page].rotate and not widget.turn:
        message = "The page is turned but its fields are not: some programs squash what is written here."
        yield Trap(code="rotated-without-turn", message=message, page=page, field=name)


def _across(template: Template, field: Field) -> bool:
    """Say whether a field has widgets side by side on one page, in its left and its right half."""
    halves: dict[int, set[bool]] = {}
    for widget in field.widgets:
        x0, _, x1, _ = template.pages[widget.page].box
        halves.setdefault(widget.page, set()).add((widget.rect[0] + widget.rect[2]) / 2 > (x0 + x1) / 2)
    return any(len(found) > 1 for found in halves.values())
