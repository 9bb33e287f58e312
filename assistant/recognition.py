"""Tell which edition a PDF is, and what in it trips up whoever fills it.

A PDF is an edition only where everything agrees: pages, fields (all of them, no other), the revision stamp and the
title printed on it, and the scripts it carries. Anything else is unknown, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from assistant.editions import Edition, Side, Stamp, all_editions, own_stamp
from assistant.errors import EditionError
from assistant.pdf.fields import READ_ONLY, REQUIRED, Field, Widget
from assistant.pdf.read import DrawnPages, joined
from assistant.pdf.template import Template, compile_template

if TYPE_CHECKING:
    from collections.abc import Iterator

_STAMP = re.compile(r"Rev(?:ised|\.)?:?(\d{1,2}/\d{1,2}/\d{2,4})", re.IGNORECASE)
NARROW = 80.0
"""A fixed-size box narrower than this (pt) holds no agency's full name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """Something in a form that goes wrong easily; ``page`` counts from 1."""

    code: str
    message: str
    page: int | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a PDF is."""

    template: Template
    edition: Edition | None
    stamp: str | None
    traps: tuple[Trap, ...]

    def to_document(self) -> dict[str, Any]:
        """Return it as ``moa forms inspect --json`` prints it."""
        template, edition = self.template, self.edition
        return {
            "edition": edition.name if edition else None,
            "model": edition.model if edition else None,
            "revision": iso_date(self.stamp),
            "pages": len(template.pages),
            "bytes": len(template.data),
            "sha256": template.sha256,
            "kind": template.kind,
            "encrypted": template.document.encryption is not None,
            "fields": [
                {
                    "name": field.name,
                    "page": widget.page + 1,
                    "rect": [round(n, 2) for n in widget.rect],
                    "type": field.kind,
                    "value": field.value,
                    "side": side_of(edition, field.name, n),
                }
                for field in template.fields.values()
                for n, widget in enumerate(field.widgets)
            ],
            "traps": [{"code": t.code, "message": t.message, "page": t.page, "field": t.field} for t in self.traps],
        }


def inspect(data: bytes) -> Inspection:
    """Return what a PDF is: its edition or None, its fields, its traps.

    Raises:
        PdfError: it cannot be read.
    """
    template = compile_template(data)
    edition = recognise(template)
    stamp = edition.stamp if edition else printed_stamp(template)
    return Inspection(template=template, edition=edition, stamp=stamp, traps=tuple(_traps(template, edition, stamp)))


def recognise(template: Template) -> Edition | None:
    """Return the edition this PDF is a copy of, or None."""
    return _recognise(template, own_stamp())


@lru_cache(maxsize=32)
def _recognise(template: Template, _: Stamp) -> Edition | None:
    """Look once for each state of the user's own editions."""
    for edition in all_editions():
        known = edition.recognise
        if known is None or known.pages != len(template.pages) or template.xfa:
            continue
        if known.acroform != (template.kind == "acroform") or (
            known.acroform and known.fields != template.fields.keys()
        ):
            continue
        text = page_text(template, 0)
        printed = known.stamp in _STAMP.findall(text) and all(_bare(word) in text for word in known.words)
        if printed and template.active.sha256 == known.active_sha256:
            check_map(edition, template)
            return edition
    return None


def check_map(edition: Edition, template: Template) -> None:
    """Hold a field map against the form it was written for.

    Raises:
        EditionError: a blank is in one of them only, on another page, or a widget is on no side or on both.
    """
    if edition.recognise is None or not edition.recognise.acroform:
        _check_places(edition, template)
        return
    mapped = {blank.blank for blank in edition.field_blanks}
    for name in sorted(mapped ^ template.fields.keys()):
        where = "the form has no such field" if name in mapped else "the map does not name it"
        raise EditionError(f"{edition.name}: {name}: {where}.")
    for blank in edition.field_blanks:
        widgets = template.fields[blank.blank].widgets
        if blank.page not in {widgets[n].page + 1 for n in blank.widgets or range(len(widgets))}:
            raise EditionError(f"{edition.name}: {blank.blank} is not on page {blank.page}.")
    for name, field in template.fields.items():
        sides = [_sides(edition, name, n) for n in range(len(field.widgets))]
        if any(len(found) != 1 for found in sides):
            raise EditionError(
                f"{edition.name}: {name}: each of its widgets belongs to one entry or to one blank left empty."
            )


def _check_places(edition: Edition, template: Template) -> None:
    for entry in edition.entries:
        if edition.recognise and not entry.places:
            raise EditionError(f"{edition.name}: {entry.blank} has no place on the flat form.")
        if any(place.page > len(template.pages) for place in entry.places):
            raise EditionError(f"{edition.name}: {entry.blank} is on a page that the form does not have.")


def side_of(edition: Edition | None, name: str, widget: int) -> Side | None:
    """Return whose a field's widget is, the agency's or ICE's; None where no map says so."""
    found = _sides(edition, name, widget) if edition else []
    return found[0] if len(found) == 1 else None


def _sides(edition: Edition, name: str, widget: int) -> list[Side]:
    return [b.side for b in edition.field_blanks if b.blank == name and (b.widgets is None or widget in b.widgets)]


@lru_cache(maxsize=64)
def page_text(template: Template, page: int) -> str:
    """Return the letters drawn on a page (from 0), without spaces."""
    with DrawnPages(template.data) as drawn:
        return _bare(joined(drawn.letters(page)))


def printed_stamp(template: Template) -> str | None:
    """Return the revision date printed on the first page ("03/07/2025"), or None."""
    match = _STAMP.search(page_text(template, 0)) if template.pages else None
    return match[1] if match else None


def iso_date(stamp: str | None) -> str | None:
    """Return "2025-03-07" for "03/07/2025" or "3/7/25"."""
    if not stamp:
        return None
    month, day, year = stamp.split("/")
    return f"{int(year) + (2000 if len(year) == 2 else 0):04d}-{int(month):02d}-{int(day):02d}"  # noqa: PLR2004 - two digits


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _traps(template: Template, edition: Edition | None, stamp: str | None) -> Iterator[Trap]:
    if template.xfa:
        yield Trap(
            code="xfa", message="The form is an XFA form, which only Adobe Reader shows; get the plain PDF form."
        )
    yield from _limit_traps(template)
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
    for field in template.fields.values():
        yield from _field_traps(template, edition, field)


def _limit_traps(template: Template) -> Iterator[Trap]:
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
        yield Trap(code="read-only", message="The field is read-only.", page=page, field=name)
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


def inspect_document(data: bytes) -> dict[str, Any]:
    """Return what a PDF is, as a JSON document: what ``guard`` runs in a child process for a stranger's file.

    Raises:
        PdfError: as ``inspect``.
    """
    return inspect(data).to_document()
