"""What the map of this very edition tells of a file: whose side is which, where a blank stands, which line is for what.

Asked only where the revision printed on the file is the edition's own; on any other print a place tells nothing.
Labels come first, since what is printed on the paper is there; where the map surely has another place, it is followed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.reading.map_spots import ABOVE, BELOW, SIDE_SLACK_PT, blanks_of, line_of, spots_by_fields, spots_by_lines
from assistant.reading.slots import CONTACTS, ROWS, entries_of, slot_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.editions.catalog import Edition, Entry
    from assistant.editions.edition_files import FlatLine
    from assistant.geometry import Rect
    from assistant.reading.agreement import ReadLine, SlotReading
    from assistant.reading.label_spots import LabelSpot
    from assistant.reading.map_spots import PageBlanks

MAX_COLUMN_OFFSET_PT = 6.0
"""Points: so far from the start of its line the first of a contact's texts may begin."""
OTHER = {"lea": "ice", "ice": "lea"}


def spots_by_map(edition: Edition, sheets: Sequence[PageBlanks], spots: Sequence[LabelSpot]) -> list[LabelSpot]:
    """Return the spots of a file of this very edition: those found by labels, and what its map adds or knows better."""
    spots_by_slot = {spot.slot: spot for spot in _sided(edition, spots)}
    lines, sure = spots_by_lines(edition, sheets)
    for mapped, knows in ((spots_by_fields(edition, sheets), True), (lines, sure)):
        for slot, spot in mapped.items():
            if slot not in spots_by_slot or (knows and _elsewhere(spots_by_slot[slot], spot)):
                spots_by_slot[slot] = spot
    return list(spots_by_slot.values())


def _sided(edition: Edition, spots: Sequence[LabelSpot]) -> Iterator[LabelSpot]:
    """Yield spots with the two columns of the signature block on the sides where the map has them."""
    ours, theirs = (_starts(edition, side) for side in OTHER)
    here, there = ([b[0] for s in spots if s.slot in _block(side) for b in s.boxes] for side in OTHER)
    turned = False
    if ours and theirs and here and there and (max(ours) < min(theirs) or max(theirs) < min(ours)):
        turned = (ours < theirs) != (min(here) < min(there))
    for spot in spots:
        side, _, row = spot.slot.partition("_")
        yield replace(spot, slot=f"{OTHER[side]}_{row}") if turned and side in OTHER and row in ROWS else spot


def _starts(edition: Edition, side: str) -> list[float]:
    return [line[0] for blank in blanks_of(edition) if slot_of(blank) in _block(side) for line in line_of(blank)]


def _block(side: str) -> set[str]:
    return {f"{side}_{row}" for row in ROWS}


def _elsewhere(spot: LabelSpot, mapped: LabelSpot) -> bool:
    """Say whether a spot that was found by its label is another place than the map's."""
    if spot.page != mapped.page:
        return True
    if {id(token) for token in spot.tokens} & {id(token) for token in mapped.tokens}:
        return False
    return not any(_meet(box, other) for box in spot.boxes for other in mapped.boxes)


def _meet(box: Rect, other: Rect) -> bool:
    middle = (other[0] + other[2]) / 2
    return (
        box[0] - SIDE_SLACK_PT <= middle <= box[2] + SIDE_SLACK_PT
        and box[1] - SIDE_SLACK_PT < other[3]
        and other[1] < box[3] + SIDE_SLACK_PT
    )


def with_paths(reading: SlotReading, edition: Edition) -> SlotReading:
    """Return a contact with the answer that the map asks for at each of its lines."""
    entries = entries_of(reading.slot, edition) if reading.slot in CONTACTS else ()
    if not entries or not reading.lines:
        return reading
    paths = [_path_of(line, entries, placed=_is_in_place(reading.lines, entries)) for line in reading.lines]
    if not all(paths) and len(reading.lines) <= len(entries):
        # A page printed smaller may have lines where the map has others.
        paths = [_path_of(line, entries, placed=False) for line in reading.lines]
    if not any(paths) and len(reading.lines) == len(entries):
        # Fields that became text are where they were: as many lines as blanks, from the top.
        paths = [entry.path for entry in entries]
    lines = tuple(replace(line, path=path) for line, path in zip(reading.lines, paths, strict=True))
    return replace(reading, lines=lines)


def _path_of(line: ReadLine, entries: Sequence[Entry], *, placed: bool) -> str:
    for entry in entries:
        if line.mark and line.mark.name and line.mark.name == entry.blank:
            return entry.path
        if placed and not line.mark and any(_stands_at(line, place) for place in entry.places):
            return entry.path
    return ""


def _stands_at(line: ReadLine, place: FlatLine) -> bool:
    return place.line[1] - BELOW <= line.base <= place.line[1] + ABOVE


def _is_in_place(lines: Sequence[ReadLine], entries: Sequence[Entry]) -> bool:
    """Say whether the lines of a contact begin where the map's do: on a page that was printed smaller none does."""
    places = [place for entry in entries for place in entry.places]
    off = [line.start - place.line[0] for line in lines for place in places if _stands_at(line, place)]
    return bool(off) and abs(min(off, key=abs)) <= MAX_COLUMN_OFFSET_PT
