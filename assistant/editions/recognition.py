"""Tell which edition a PDF is.

A PDF is an edition only where everything agrees: pages, fields (all of them, no other), the revision stamp and the
title printed on it, and the scripts it carries. Anything else is unknown, never guessed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from assistant.cache import IdentityCache
from assistant.editions.catalog import (
    NOT_ON_PAPER,
    Edition,
    LeftBlank,
    RecognitionCriteria,
    all_editions,
    editions_fingerprint,
    former_prints,
    is_built_in,
)
from assistant.editions.edition_files import iso_date
from assistant.editions.traps import Trap, find_traps, side_of, sides_of
from assistant.errors import EditionError
from assistant.pdf.form.limits import CERTIFIED, UNLISTED
from assistant.pdf.form.template import Template, compile_template
from assistant.pdf.sandbox import Task, define_task, run_in_sandbox
from assistant.pdf.upright_page import at_edges
from assistant.pdf.viewer.read_back import DrawnPages, ReadLetter, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.answers import Model
    from assistant.geometry import Rect

_STAMP = re.compile(r"Rev(?:ised|\.)?:?(\d{1,2}/\d{1,2}/(?:(?:19|20)\d{2}|\d{2}))", re.IGNORECASE)
"""Without spaces: a page number may follow the year at once ("Rev2/14/251" is page 1 of the form of 2/14/25)."""
FOOTER_TOP_PT = 70.0
"""A revision stamp stands within so many points of the edge of its page."""
ALTERED = "The text on this copy, or its position, differs from the known form. Use the form as ICE publishes it."
FORMER = "This is the {}, which ICE no longer offers. Download the current form from ICE's 287(g) page."
INSPECT: Task[InspectedForm] = define_task("assistant.editions.recognition", "inspect_document", seconds_per_page=1)
LINE = frozenset("_B \x03\r\n\ufffd")
"""What a line to write on reads as: underscores, in some files undecoded."""


class InspectedField(TypedDict):
    """A box of a PDF field: its page from 1, and its rectangle in points."""

    name: str
    page: int
    rect: list[float]
    type: str
    value: str
    side: str | None


class InspectedTrap(TypedDict):
    """A trap of a form."""

    code: str
    message: str
    page: int | None
    field: str | None


class InspectedForm(TypedDict):
    """What a PDF is, as ``moa forms inspect --json`` prints it."""

    edition: str | None
    model: Model | None
    revision: str | None
    pages: int
    bytes: int
    sha256: str
    kind: str
    encrypted: bool
    repaired: str
    fields: list[InspectedField]
    filled: list[str]
    unfit: str
    traps: list[InspectedTrap]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a PDF is."""

    template: Template
    edition: Edition | None
    revision_text: str | None
    traps: tuple[Trap, ...]

    def to_document(self) -> InspectedForm:
        """Return it as ``moa forms inspect --json`` prints it."""
        template, edition = self.template, self.edition
        return {
            "edition": edition.name if edition else None,
            "model": edition.model if edition else None,
            "revision": iso_date(self.revision_text),
            "pages": len(template.pages),
            "bytes": len(template.data),
            "sha256": template.sha256,
            "kind": template.kind,
            "encrypted": template.document.encryption is not None,
            "repaired": template.document.repaired,
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
            "filled": list(filled_in(template, edition)) if edition else [],
            "unfit": unfit(template, edition) if edition else "",
            "traps": [{"code": t.code, "message": t.message, "page": t.page, "field": t.field} for t in self.traps],
        }


def inspect(data: bytes) -> Inspection:
    """Return what a PDF is: its edition or None, its fields, its traps.

    Raises:
        PdfError: it cannot be read.
    """
    template = compile_template(data)
    edition = recognise(template)
    revision_text = edition.revision_text if edition else printed_revision(template)
    return Inspection(
        template=template,
        edition=edition,
        revision_text=revision_text,
        traps=tuple(find_traps(template, edition, revision_text)),
    )


def inspect_guarded(data: bytes) -> InspectedForm:
    """Return what a PDF is, as a JSON document: a file that ICE did not publish is read in the sandbox.

    Raises:
        PdfError: as ``inspect``, or it takes too much time or memory.
    """
    if is_published(data):
        return inspect_document(data)
    return run_in_sandbox(INSPECT, data)


def is_published(data: bytes) -> bool:
    """Say whether a file is a print that comes with the program by its hash; an edition registered here is none."""
    sha256 = hashlib.sha256(data).hexdigest()
    return any(
        edition.recognise is not None and sha256 in edition.recognise.prints and is_built_in(edition.name)
        for edition in (*all_editions(), *former_prints())
    )


def recognise(template: Template) -> Edition | None:
    """Return the edition this PDF is a copy of, or None."""
    return _recognized.get_or_make(template, editions_fingerprint(), lambda: _recognise(template))


_recognized: IdentityCache[Edition | None] = IdentityCache(2)
"""By the editions that are known: a PDF may become known, or another edition, when one comes or goes."""
_filled: IdentityCache[tuple[str, ...]] = IdentityCache(4)
_printed: IdentityCache[str] = IdentityCache(64, max_bytes=1_000_000, size_of=len)


def _recognise(template: Template) -> Edition | None:
    for edition in (*all_editions(), *former_prints()):
        criteria = edition.recognise
        if criteria is None or criteria.pages != len(template.pages) or template.xfa:
            continue
        if criteria.acroform != (template.kind == "acroform") or (
            criteria.acroform and criteria.fields != template.fields.keys()
        ):
            continue
        if _is_printed(criteria, template) and template.active.sha256 == criteria.active_sha256 and template.whole:
            check_map(edition, template)
            return edition
    return None


def _is_printed(criteria: RecognitionCriteria, template: Template) -> bool:
    """Say whether title and date stand on the first page; a form without a date is known by all its words."""
    text = page_text(template, 0)
    if not all(bare(word) in text for word in criteria.words):
        return False
    if criteria.revision_words:
        return bare(criteria.revision_words) in text
    if criteria.revision_text:
        return criteria.revision_text in printed_revisions(template)
    return template.sha256 in criteria.prints or text_digest(template) == criteria.text_sha256


def filled_in(template: Template, edition: Edition) -> tuple[str, ...]:
    """Return what ``filled_blanks`` finds in a copy of a known edition; what a known print comes with is its own."""
    criteria = edition.recognise
    if criteria is not None and template.sha256 in criteria.prints:
        return ()
    return filled_blanks(template, edition)


def filled_blanks(template: Template, edition: Edition) -> tuple[str, ...]:
    """Return the agency's blanks that hold something already: a filled form is no blank one.

    ICE writes into optional blanks itself (the OPLA location); those do not count, and neither does a default value
    that the form comes with. On a flat form the blanks of the first page and of the signature's are looked at.
    """
    return _filled.get_or_make(template, edition.fingerprint, lambda: _filled_blanks(template, edition))


def _filled_blanks(template: Template, edition: Edition) -> tuple[str, ...]:
    required = [entry for entry in edition.entries if not entry.optional]
    if template.fields:
        return tuple(entry.blank for entry in required if template.fields[entry.blank].has_entry)
    filled = []
    with DrawnPages(template.drawable) as pages:
        for entry in required:
            place = entry.places[0]
            if place.page in {1, edition.signing_page}:
                x0, y, x1 = place.line
                letters = pages.text_in(place.page - 1, (x0 + 2, y - 2, x1 - 2, y + 0.9 * place.size), slack=0)
                if not set(letters) <= LINE:
                    filled.append(entry.blank)
    return tuple(filled)


def check_map(edition: Edition, template: Template) -> None:
    """Hold a field map against the form it was written for.

    Raises:
        EditionError: a blank is in one of them only, on another page, or a widget is on no side or on both; or a text
            is to go into a check box or a signature.
    """
    if edition.recognise is None or not edition.recognise.acroform:
        _check_places(edition, template)
        return
    mapped = {blank.blank for blank in edition.field_blanks}
    for name in sorted(mapped ^ template.fields.keys()):
        where = "the form has no such field" if name in mapped else "the map does not name it"
        raise EditionError(f"{edition.name}: {name}: {where}.")
    for entry in edition.entries:
        if template.fields[entry.blank].kind in {"Btn", "Sig"}:
            order = "leave it empty in the map, to check or sign by hand"
            raise EditionError(f"{edition.name}: {entry.blank} cannot hold text; {order}.")
    _check_pages(edition, template)
    for name, field in template.fields.items():
        sides = [sides_of(edition, name, n) for n in range(len(field.widgets))]
        if any(len(matches) != 1 for matches in sides):
            raise EditionError(
                f"{edition.name}: {name}: each of its widgets belongs to one entry or to one blank left empty."
            )


def _check_pages(edition: Edition, template: Template) -> None:
    for blank in edition.field_blanks:
        widgets = template.fields[blank.blank].widgets
        if not widgets and isinstance(blank, LeftBlank):
            continue
        if not widgets:
            raise EditionError(f"{edition.name}: {blank.blank} {NOT_ON_PAPER}; leave it empty in the map.")
        if blank.page not in {widgets[n].page + 1 for n in blank.widgets or range(len(widgets))}:
            raise EditionError(f"{edition.name}: {blank.blank} is not on page {blank.page}.")


def _check_places(edition: Edition, template: Template) -> None:
    if edition.former:
        return
    for entry in edition.entries:
        if edition.recognise and not entry.places:
            raise EditionError(f"{edition.name}: {entry.blank} has no place on the flat form.")
        if any(place.page > len(template.pages) for place in entry.places):
            raise EditionError(f"{edition.name}: {entry.blank} is on a page that the form does not have.")


def page_text(template: Template, page: int) -> str:
    """Return the letters drawn on a page (from 0), without spaces."""
    return _printed.get_or_make(template, ("page", page), lambda: _page_text(template, page))


def _page_text(template: Template, page: int) -> str:
    with DrawnPages(template.drawable) as pages:
        return bare(pages.text(page))


def text_digest(template: Template) -> str:
    """Return the SHA-256 of the words printed on all pages; what stands in a field, and lines, do not count."""
    return _printed.get_or_make(template, "words", lambda: _digest(template, joined))


def place_digest(template: Template) -> str:
    """Return the SHA-256 of the letters printed on all pages by their places, however the pages are turned."""

    def by_place(letters: Sequence[ReadLetter]) -> str:
        return joined(sorted(letters, key=lambda x: (round(x.rect[1]), round(x.rect[0]), x.text)))

    return _printed.get_or_make(template, "places", lambda: _digest(template, by_place))


def altered(template: Template, edition: Edition) -> bool:
    """Say whether other words are printed on a form than on its edition as known."""
    criteria = edition.recognise
    if criteria is None or not criteria.places_sha256 or template.sha256 in criteria.prints:
        return False
    return place_digest(template) != criteria.places_sha256


def unfit(template: Template, edition: Edition) -> str:
    """Return why a blank copy of an edition must not or cannot be filled, "" where it can."""
    if edition.former:
        return FORMER.format(edition.former)
    if altered(template, edition):
        return ALTERED
    limits = template.limits
    why = limits.no_fields if template.fields else limits.no_pages
    split = (template.redrawn or any(entry.widgets for entry in edition.entries)) and limits.certified
    if not why and (split or any(entry.blank in limits.locked for entry in edition.entries)):
        why = CERTIFIED
    unlisted = next((entry.blank for entry in edition.entries if entry.blank in limits.unlisted), None)
    if not why and unlisted:
        why = f"{unlisted}: {UNLISTED}"
    return f"This copy cannot be filled: {why}" if why else ""


def rank(data: bytes, edition: Edition) -> tuple[bool, int, str]:
    """Return what sorts the copies of an edition: known prints first, then those with fewer turned pages."""
    template = compile_template(data)
    is_known_print = edition.recognise is not None and template.sha256 in edition.recognise.prints
    return not is_known_print, sum(page.rotate != 0 for page in template.pages), template.sha256


def _digest(template: Template, in_order: Callable[[Sequence[ReadLetter]], str]) -> str:
    boxes = [(widget.page, widget.rect) for field in template.fields.values() for widget in field.widgets]
    digest = hashlib.sha256()
    with DrawnPages(template.drawable) as pages:
        for number in range(len(template.pages)):
            mine = [rect for page, rect in boxes if page == number]
            letters = [letter for letter in pages.letters(number) if not any(_inside(letter, rect) for rect in mine)]
            digest.update("".join(c for c in bare(in_order(letters)) if c not in LINE).encode())
            digest.update(b"\f")
    return digest.hexdigest()


def _inside(letter: ReadLetter, rect: Rect) -> bool:
    x, y = (letter.rect[0] + letter.rect[2]) / 2, (letter.rect[1] + letter.rect[3]) / 2
    return rect[0] <= x <= rect[2] and rect[1] <= y <= rect[3]


def printed_revisions(template: Template) -> list[str]:
    """Return the revision dates on the first page as printed ("03/07/2025")."""
    return _STAMP.findall(page_text(template, 0))


def printed_revision(template: Template) -> str | None:
    """Return the revision date printed at the foot or head of the first page as it is read ("03/07/2025"), or None."""
    if not template.pages:
        return None
    match = _STAMP.search(bare(at_edges(template, 0, FOOTER_TOP_PT)))
    return match[1] if match else None


def bare(text: str) -> str:
    """Return a text composed and without white space, as printed words are compared."""
    return "".join(unicodedata.normalize("NFC", text).split())


def inspect_document(data: bytes) -> InspectedForm:
    """Return what a PDF is, as a JSON document: what runs in the sandbox, in a child process for a stranger's file.

    Raises:
        PdfError: as ``inspect``.
    """
    return inspect(data).to_document()
