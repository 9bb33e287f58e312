"""Where on the pages of the documents the answers stand: each with the path that it comes from. Knows no requests.

Of a filled form the plan says where. Of the letter and the roster that this program makes, the text of the pages does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from assistant.documents.fonts import faces
from assistant.documents.wording import model_name
from assistant.editions.form_plan import flat_texts_of
from assistant.editions.formats import long_date, phone
from assistant.mapping.pictures import pixel_box

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.answers import Answers, Nominee
    from assistant.editions.form_plan import FormPlan, PlannedBlank
    from assistant.geometry import Rect
    from assistant.pdf.form.template import Template
    from assistant.pdf.page_text import PageText, PlacedLine

SAME_ROW_PT = 6.0
"""Points by which the upper edges of two boxes side by side may differ."""
ASCENT_EM, DESCENT_EM = 0.85, 0.25
"""How far a box around a text reaches over and under its baseline."""
MOST_DIGITS = 5
"""Of the number of a nominee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuePlace:
    """A text on a page (from 1); ``box`` is in points from the upper left corner of the page as it is shown."""

    page: int
    box: Rect
    path: str
    text: str
    label: str
    """What the blank is called on the form."""


def value_places(plan: FormPlan) -> tuple[ValuePlace, ...]:
    """Return where a filled form shows answers, as a person reads the pages; nothing where no form is available."""
    template = plan.form.template
    if template is None:
        return ()
    places = [
        ValuePlace(
            page=number + 1,
            box=_shown_box(template, number, rect),
            path=blank.path,
            text=blank.text,
            label=blank.entry.label,
        )
        for blank in plan.texts_to_write()
        if not (blank.clipped or blank.missing)
        for number, rect in _rects(template, blank)
    ]
    return _in_reading_order(places)


def _in_reading_order(places: Sequence[ValuePlace]) -> tuple[ValuePlace, ...]:
    return tuple(sorted(places, key=lambda place: (place.page, round(place.box[1] / SAME_ROW_PT), place.box[0])))


def _rects(template: Template, blank: PlannedBlank) -> Iterator[tuple[int, Rect]]:
    entry = blank.entry
    if entry.places:
        yield from ((flat.page, flat.rect) for flat in flat_texts_of(entry, blank.text))
        return
    widgets = template.fields[entry.blank].widgets
    for number in entry.widgets if entry.widgets is not None else range(len(widgets)):
        yield widgets[number].page, widgets[number].rect


def _shown_box(template: Template, number: int, rect: Rect) -> Rect:
    page = template.pages[number]
    width, height = page.box[2] - page.box[0], page.box[3] - page.box[1]
    if page.rotate in {90, 270}:
        width, height = height, width
    return pixel_box(page, rect, (round(width), round(height)))


def find_letter_values(answers: Answers, pages: Mapping[int, PageText]) -> tuple[ValuePlace, ...]:
    """Return where the agency's own letter shows answers, each once a page; ``pages`` are by their numbers from 1."""
    values = sorted(_letter_values(answers), key=lambda value: -len(value[1]))
    groups = [(text, [path for path, _ in same]) for text, same in groupby(values, key=lambda value: value[1])]
    places = [place for number, page in pages.items() for place in _find_on_page(number, page.lines, groups)]
    return _in_reading_order(places)


def _letter_values(answers: Answers) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of the answers that the letter prints, as they follow each other there."""
    agency, approvals = answers.agency, answers.approvals
    approved_on = approvals.governing_body_approved_on
    contacts = (
        ("program_contact", answers.program_contact),
        ("public_information_contact", answers.public_information_contact),
    )
    pairs: list[tuple[str, str | None]] = [
        ("agency.legal_name", agency.legal_name),
        ("agency.address.street", agency.address.one_line),
        ("agency.phone", agency.phone and phone(agency.phone)),
        ("agency.email", agency.email),
        ("agency.short_name", agency.short_name),
        *(("models", model_name(model)) for model in answers.models),
        ("agency.represents", agency.represents),
    ]
    if approved_on and not approvals.needs_no_body:
        pairs += [
            ("approvals.governing_body", approvals.governing_body),
            ("approvals.governing_body_approved_on", long_date(approved_on)),
        ]
    for section, contact in contacts:
        pairs += [
            (f"{section}.full_name", contact.full_name),
            (f"{section}.title", contact.title),
            (f"{section}.phone", contact.phone and phone(contact.phone)),
            (f"{section}.email", contact.email),
        ]
    pairs += [("signatory.full_name", answers.signatory.full_name), ("signatory.title", answers.signatory.title)]
    return ((path, text) for path, text in pairs if text)


def _find_on_page(
    number: int, lines: Sequence[PlacedLine], groups: Sequence[tuple[str, Sequence[str]]]
) -> Iterator[ValuePlace]:
    """Yield the first place of each value; the longer ones come first, and no letter belongs to two of them."""
    starts: list[int] = []
    joined = ""
    for line in lines:
        starts.append(len(joined))
        joined += f"{line.text} "
    is_free = [True] * len(joined)
    for text, paths in groups:
        free_starts = [at for at in _occurrences(joined, text) if all(is_free[at : at + len(text)])]
        for at in free_starts:
            is_free[at : at + len(text)] = [False] * len(text)
        # Two people of one name: the first place is that of the first one.
        for path, at in zip(paths, free_starts, strict=False):
            place = max(index for index, start in enumerate(starts) if start <= at)
            box = _box_in_line(lines[place], at - starts[place], len(text))
            yield ValuePlace(page=number, box=box, path=path, text=text, label="")


def _occurrences(joined: str, text: str) -> Iterator[int]:
    """Yield where a text stands between two words of a page."""
    at = joined.find(text)
    while at >= 0:
        before, after = joined[at - 1 : at], joined[at + len(text) : at + len(text) + 1]
        if not (before.isalnum() or after.isalnum()):
            yield at
        at = joined.find(text, at + 1)


def _box_in_line(line: PlacedLine, start: int, length: int) -> Rect:
    """Return the box of some letters of a line, as wide as the letters of this program's font say."""
    text, whole = _width(line.text[start : start + length]), _width(line.text) or 1
    width = min(text * line.size / 1000, line.width)
    if start and start + length == len(line.text):  # a gap before it may be wider than a space
        x = line.x + line.width - width
    else:
        x = line.x + line.width * _width(line.text[:start]) / whole
        width = line.width * text / whole
    return (x, line.y - ASCENT_EM * line.size, x + width, line.y + DESCENT_EM * line.size)


def _width(text: str) -> float:
    widths = faces().regular.widths
    return sum(widths.get(letter, widths["n"]) for letter in text)


def find_nominees(nominees: Sequence[Nominee], pages: Mapping[int, PageText]) -> tuple[ValuePlace, ...]:
    """Return where the roster shows the name of each nominee, beside the number; ``pages`` are by their numbers."""
    return tuple(
        ValuePlace(page=number, box=box, path=f"nominees.{place}", text=name, label=f"number {place + 1}")
        for number, page in pages.items()
        for place, line, start in _numbered_names(page.lines)
        if place < len(nominees)
        and (name := nominees[place].full_name)
        and (printed_part := _shared_start(name, line.text[start:]))
        and (box := _box_in_line(line, start, len(printed_part)))
    )


def _numbered_names(lines: Sequence[PlacedLine]) -> Iterator[tuple[int, PlacedLine, int]]:
    """Yield (number of the row from 0, line, where its name begins) of each row of a table of people.

    A number stands in a line of its own, or, where it has two digits and more, close enough to the name to be one line.
    """
    for cell, line in pairwise(lines):
        number, space, _ = cell.text.partition(" ")
        if number.isdecimal() and len(number) <= MOST_DIGITS and int(number):
            yield (int(number) - 1, cell, len(number) + 1) if space else (int(number) - 1, line, 0)


def _shared_start(name: str, text: str) -> str:
    """Return what of a name a line shows: all of it, or as much as fits beside the other columns; "" where none."""
    return name if text.startswith(name) else text if name.startswith(text) else ""
