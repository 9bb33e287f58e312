"""What the map of this very edition tells of a page: which line is for what, and where a blank stands without a label.

Asked only where the revision printed on the file is the edition's own; on any other print a place tells nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.editions import LeftBlank
from assistant.reading.places import Spot
from assistant.reading.slots import CONTACTS, entries_of, slot_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from assistant.editions import Edition, Entry
    from assistant.editions import Line as Place
    from assistant.pdf.seen import SeenPage
    from assistant.reading.finished import Found, Line
    from assistant.reading.tokens import Token

BELOW, ABOVE = 3.0, 9.0
"""Points: so far under or over its line the baseline of what was written on it may lie."""
HEIGHT = 10.0
ASIDE = 4.0
LETTER_PAGE = (612.0, 792.0)
SAME_SIZE = 2.0


def spots_by_map(
    edition: Edition, known: int, page: SeenPage, tokens: Sequence[Token], taken: Container[str]
) -> Iterator[Spot]:
    """Yield the spots of a page (``known`` of the form) whose slots are not taken, where the map has their lines.

    The labels of some prints are letters that no program can tell; the lines stand where they stand.
    """
    if any(abs(have - want) > SAME_SIZE for have, want in zip((page.width, page.height), LETTER_PAGE, strict=True)):
        return
    places: dict[str, list[Place]] = {}
    blanks: list[Entry | LeftBlank] = [*edition.entries, *edition.left_blank]
    for blank in blanks:
        slot = slot_of(blank)
        if slot and slot != "footer" and slot not in taken:
            places.setdefault(slot, []).extend(_lines_of(blank, known))
    for slot, lines in places.items():
        if lines:
            held = [t for t in tokens if any(_stands_on(t, line) for line in lines)]
            boxes = tuple((x0, y + 2, x1, y + HEIGHT) for x0, y, x1 in lines)
            yield Spot(slot=slot, page=page.number, tokens=tuple(held), boxes=boxes)


def _lines_of(blank: Entry | LeftBlank, page: int) -> list[Place]:
    if isinstance(blank, LeftBlank):
        return [blank.line] if blank.line and blank.page == page else []
    return [place.line for place in blank.places if place.page == page]


def _stands_on(token: Token, line: Place) -> bool:
    x0, y, x1 = line
    return x0 - ASIDE <= token.middle <= x1 + ASIDE and y - BELOW <= token.base <= y + ABOVE


def with_paths(found: Found, edition: Edition) -> Found:
    """Return a contact with the answer that the map asks for at each of its lines."""
    entries = entries_of(found.slot, edition) if found.slot in CONTACTS else ()
    if not entries or not found.lines:
        return found
    paths = [_path_of(line, entries) for line in found.lines]
    if not any(paths) and len(found.lines) == len(entries):
        # Fields that became text are where they were: as many lines as blanks, from the top.
        paths = [entry.path for entry in entries]
    lines = tuple(replace(line, path=path) for line, path in zip(found.lines, paths, strict=True))
    return replace(found, lines=lines)


def _path_of(line: Line, entries: Sequence[Entry]) -> str:
    for entry in entries:
        if line.mark and line.mark.name and line.mark.name == entry.blank:
            return entry.path
        if not line.mark and any(place.line[1] - BELOW <= line.base <= place.line[1] + ABOVE for place in entry.places):
            return entry.path
    return ""
