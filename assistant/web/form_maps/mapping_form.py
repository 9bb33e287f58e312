"""What was typed on a mapping page, read into lines of the map, or reported as errors beside their boxes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.mapping.lines import DECIDED, NOT_DECIDED
from assistant.text import find_forbidden_character
from assistant.web.form_maps.mapping_words import (
    EMPTY,
    FITS,
    FORMATS,
    OTHER,
    OUT,
    OWN_FORMAT,
    SIDES,
    AskedLine,
    asked_of,
    choices_for,
)
from assistant.web.kit.page_errors import PageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.editions.catalog import LineSpan, Side
    from assistant.geometry import Rect
    from assistant.mapping.lines import MapLine

MAX_LABEL_LETTERS = 300
SHORTEST_LINE = 10.0
"""Points: a shorter line holds no word."""
SIZES = (6.0, 14.0)
_NUMBER = re.compile(r"-?\d{1,5}(?:\.\d{1,4})?")
PARTS = {
    "left": "where the line begins",
    "base": "how high it is",
    "right": "where it ends",
    "size": "its largest size",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """A page of a map as it was typed; ``lines`` are None for what is taken out."""

    lines_sent: tuple[AskedLine, ...]
    lines: Mapping[int, MapLine | None]
    errors: tuple[PageError, ...]


def read_page(lines: Sequence[MapLine], form: Mapping[str, str], box: Rect, *, fields: bool) -> TypedLine:
    """Return what a page says of its lines; ``box`` is the page's, in points; ``fields``: the form has some."""
    lines_sent = tuple(_line_as_sent(line, form) for line in lines)
    read: dict[int, MapLine | None] = {}
    errors: list[PageError] = []
    for one in lines_sent:
        line, wrong = _read(one, box, fields=fields)
        read[one.line.number] = line
        errors += wrong
    return TypedLine(lines_sent=lines_sent, lines=read, errors=tuple(errors))


def read_line(
    texts: Mapping[str, str], box: Rect, *, start: str, ending: str
) -> tuple[LineSpan | None, list[PageError]]:
    """Return a line typed as numbers of points; ``start`` begins each error, ``ending`` ends the ids of the boxes."""
    numbers: dict[str, float] = {}
    errors = []
    for part in ("left", "base", "right"):
        text = texts[part].strip().replace(",", ".")
        low, high = (box[1], box[3]) if part == "base" else (box[0], box[2])
        if not _NUMBER.fullmatch(text) or not low <= float(text) <= high:
            message = f"{start}enter {PARTS[part]} in points, from {low:g} to {high:g}."
            errors.append(PageError(message=message, id=f"{part}-{ending}"))
        else:
            numbers[part] = float(text)
    if not errors and numbers["right"] - numbers["left"] < SHORTEST_LINE:
        errors.append(
            PageError(
                message=f"{start}the line must end at least 10 points to the right of its start.", id=f"right-{ending}"
            )
        )
    return (None if errors else (numbers["left"], numbers["base"], numbers["right"])), errors


def _line_as_sent(line: MapLine, form: Mapping[str, str]) -> AskedLine:
    stored, number = asked_of(line), line.number

    def sent_text(name: str, instead: str) -> str:
        return form.get(f"{name}-{number}", instead).replace("\x00", "\ufffd").strip()[:MAX_LABEL_LETTERS]

    if f"meaning-{number}" not in form:
        return stored  # the line was not on the page that was sent
    meaning, format_name = sent_text("meaning", stored.meaning), sent_text("format", stored.format)
    if meaning != stored.meaning and format_name == stored.format:
        # Another answer, and nobody has said how it is written: a telephone number as one.
        format_name = next((name for end, name in OWN_FORMAT.items() if meaning.endswith(end)), "text")
    return AskedLine(
        line=line,
        meaning=meaning,
        format=format_name,
        side=sent_text("side", stored.side),
        optional=form.get(f"optional-{number}") == "yes",
        reason=sent_text("reason", stored.reason),
        label=sent_text("label", stored.label),
        left=sent_text("left", stored.left),
        base=sent_text("base", stored.base),
        right=sent_text("right", stored.right),
        size=sent_text("size", stored.size),
    )


def _read(sent: AskedLine, box: Rect, *, fields: bool) -> tuple[MapLine | None, list[PageError]]:
    line, number = sent.line, sent.line.number
    start = f"Blank {number}: "
    offered = {choice for _, choices in choices_for(line, fields=fields) for choice, _ in choices}
    if sent.meaning == OUT and OUT in offered:
        return None, []
    errors = []
    if sent.meaning not in offered | {""}:
        errors.append(PageError(message=f"{start}choose what goes in.", id=f"meaning-{number}"))
    if sent.format not in FORMATS or sent.side not in SIDES:
        errors.append(
            PageError(message=f"{start}choose how it is written, and whose side it is on.", id=f"format-{number}")
        )
    elif sent.filled:
        errors += _misfits(sent)
    if sent.meaning == OTHER and not sent.reason:
        errors.append(PageError(message=f"{start}enter why it stays empty.", id=f"reason-{number}"))
    if sent.meaning == OTHER and sent.side == "unknown":
        errors.append(PageError(message=f"{start}choose whose side it is on.", id=f"side-{number}"))
    if not sent.label:
        errors.append(PageError(message=f"{start}enter what it is called.", id=f"label-{number}"))
    errors += _unreadable(sent)
    moved, wrong = _moved(sent, box) if line.places else (line, [])
    errors += wrong
    return (line, errors) if errors else (_decided(sent, moved), [])


def _unreadable(sent: AskedLine) -> Iterator[PageError]:
    for name, text in (("label", sent.label), ("reason", sent.reason)):
        if character := find_forbidden_character(text):
            message = f"Blank {sent.line.number}: delete {character} and write it on one line."
            yield PageError(message=message, id=f"{name}-{sent.line.number}")


def _misfits(sent: AskedLine) -> list[PageError]:
    number = sent.line.number
    start = f"Blank {number}: "
    if sent.side == "ice":
        message = f"{start}nothing is written on ICE’s side. Leave it empty, or say that it is the agency’s side."
        return [PageError(message=message, id=f"side-{number}")]
    if not FITS[sent.format](sent.meaning):
        message = f"{start}this answer cannot be written that way. Choose another way."
        return [PageError(message=message, id=f"format-{number}")]
    return []


def _moved(sent: AskedLine, box: Rect) -> tuple[MapLine, list[PageError]]:
    line, number = sent.line, sent.line.number
    start = f"Blank {number}: "
    texts = {"left": sent.left, "base": sent.base, "right": sent.right}
    place, errors = read_line(texts, box, start=start, ending=str(number))
    text = sent.size.replace(",", ".")
    if not _NUMBER.fullmatch(text) or not SIZES[0] <= float(text) <= SIZES[1]:
        errors.append(PageError(message=f"{start}enter its largest size, from 6 to 14 points.", id=f"size-{number}"))
    if errors or place is None:
        return line, errors
    first = line.places[0]
    return (line if (place, float(text)) == (first.line, first.size) else line.moved(place, float(text))), []


def _decided(sent: AskedLine, line: MapLine) -> MapLine:
    """Return the line as the page says it, and whether a person has decided it."""
    result = _as_said(sent, replace(line, label=sent.label))
    if result.declared_content() == sent.line.declared_content():
        return result
    if result.decided:
        return replace(result, sureness="decided", why=DECIDED)
    return replace(result, sureness="unknown", why=result.reason or NOT_DECIDED)


def _as_said(sent: AskedLine, line: MapLine) -> MapLine:
    """Return the line as the page says it; wordings to fall back on stay only with the answer they belong to."""
    if sent.filled:
        same = sent.meaning == line.path
        return replace(
            line,
            path=sent.meaning,
            format=sent.format,
            side="agency",
            optional=sent.optional,
            alternatives=line.alternatives if same else (),
            reason="",
        )
    empty = replace(line, path="", format="text", alternatives=(), optional=False)
    if not sent.meaning:
        return replace(empty, side=_side(sent.side), reason=line.reason if not line.decided else "")
    if sent.meaning == "ice":
        return replace(empty, side="ice", reason=EMPTY["ice"])
    # Who writes by hand, signs or ticks on a side that nobody names is the agency.
    side = _side(sent.side) if sent.side != "unknown" else "agency"
    return replace(empty, side=side, reason=EMPTY.get(sent.meaning, sent.reason))


def _side(text: str) -> Side:
    return "ice" if text == "ice" else "unknown" if text == "unknown" else "agency"
