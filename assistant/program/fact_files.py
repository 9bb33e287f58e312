"""Reads files of facts row by row: laws, field offices, their counties, and single facts of the program.

Each is a CSV file with headings. A file is taken whole or not at all, so one bad row is enough to leave it out.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.program import stored
from assistant.program.fact_register import all_facts, day_named, facts_by_id
from assistant.program.facts import TERM
from assistant.program.offices import with_sources
from assistant.program.printed_counts import COUNT
from assistant.program.single_facts import why_unfit
from assistant.program.states_and_counties import counties, fold_county, state_code, states

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assistant.program.imported_facts import FactKind, FactRow

MAX_BYTES = 5_000_000
LONGEST_CELL = 4_000
NAMES: dict[str, FactKind] = {
    "state_laws.csv": "state_laws",
    "field_offices.csv": "field_offices",
    "field_office_counties.csv": "field_office_counties",
    "field_offices_split_counties.csv": "field_office_counties",
    "program_facts.csv": "program_facts",
}
COLUMNS: dict[FactKind, tuple[str, ...]] = {
    "state_laws": ("state", "effect", "authority", "summary", "source", "as_of", "confidence"),
    "field_offices": ("state", "field_office", "opla_area", "opla_office", "opla_address", "source"),
    "field_office_counties": ("state", "county", "field_office"),
    "program_facts": ("fact", "text", "source", "checked_on"),
}
OFFICE_COLUMNS = (
    "state", "field_office", "opla_area", "opla_location", "opla_address", "field_office_confidence", "opla_confidence",
    "note",
)  # fmt: skip
OFFICE_DAYS = ("field_office_checked_on", "opla_checked_on")
OTHER_HEADINGS = {"opla_location": "opla_office", "note": "notes"}
"""Headings of one meaning, so that the files of ``data`` can be read too."""
CONFIDENCES = ("high", "medium", "low")
SEVERAL_STATES = re.compile(r"\s+/\s+")
SPLIT_OFFICE = re.compile(r"(.+?) \((.+) or (.+), (by .+)\)")
"""Two OPLA locations in one row, as in "Washington, D.C. (Annandale or Sterling, by immigration court)"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Why a row cannot be taken; ``line`` is that of the file, from 1 for the headings, 0 for the whole file."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFile:
    """A file of facts as it was read. It can be taken where ``problems`` is empty."""

    kind: FactKind
    name: str
    rows: tuple[FactRow, ...]
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: dict[str, str]


class _BadRowError(Exception):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


def read_fact_file(name: str, data: bytes, *, today: date) -> FactFile | None:
    """Return what a CSV file holds, None where neither its name nor its headings are those of a file of facts."""
    is_too_large = len(data) > MAX_BYTES
    text = None if is_too_large else _decode(data)
    headings = [] if text is None else _read_headings(text)
    kind = NAMES.get(name.lower()) or _kind_of(set(headings))
    if kind is None:
        return None
    if text is None:
        why = "The file is larger than 5 MB." if is_too_large else "The file is no text. Save it as CSV (UTF-8)."
        return FactFile(kind=kind, name=name, rows=(), problems=(RowProblem(line=0, column="", message=why),))
    missing = [column for column in COLUMNS[kind] if column not in headings]
    if missing:
        problems = [
            RowProblem(line=1, column=column, message=f"There is no column {column}. Add it.") for column in missing
        ]
        return FactFile(kind=kind, name=name, rows=(), problems=tuple(problems))
    return _read_rows(kind, name, text, headings, today)


def _read_rows(kind: FactKind, name: str, text: str, headings: list[str], today: date) -> FactFile:
    rows: list[FactRow] = []
    problems: list[RowProblem] = []
    lines_by_key: dict[tuple[str, ...], int] = {}
    for line in _lines(text, headings, problems):
        try:
            for row, key in READERS[kind](line.cells, today):
                _refuse_twice(lines_by_key.setdefault(key, line.number), line.number)
                rows.append(row)
        except _BadRowError as bad:
            problems.append(RowProblem(line=line.number, column=bad.column, message=bad.message))
    if not rows and not problems:
        problems.append(RowProblem(line=0, column="", message="There is no row below the headings."))
    if kind == "field_offices" and not problems:
        problems += _states_left_out(rows)
    return FactFile(kind=kind, name=name, rows=tuple(rows), problems=tuple(problems))


def _refuse_twice(first: int, line: int) -> None:
    if first != line:
        raise _BadRowError("", f"This is the same fact as in line {first}. Keep one of them.")


def _lines(text: str, headings: list[str], problems: list[RowProblem]) -> Iterator[_Line]:
    """Yield the rows below the headings with the line in which each begins; empty rows are skipped."""
    reader = csv.reader(io.StringIO(text, newline=""))
    next(reader)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:  # a cell beyond the limit of the reader itself, which reads no further
            why = f"A cell is longer than {LONGEST_CELL:,} characters, or a quote is not closed. Correct it."
            problems.append(RowProblem(line=number, column="", message=why))
            return
        if cells is None:
            return
        texts = [" ".join(cell.split()) for cell in cells]
        if not any(texts):
            continue
        if len(cells) != len(headings):
            why = f"This row has {len(cells)} cells, and there are {len(headings)} headings. Put quotes around commas."
        elif long := next((at for at, cell in enumerate(texts) if len(cell) > LONGEST_CELL), None):
            why = f"The cell under {headings[long]} is longer than {LONGEST_CELL:,} characters. Shorten it."
        elif not all(cell.isprintable() for cell in texts):
            why = "A cell holds a character that cannot be printed. Type the text again."
        else:
            yield _Line(number, dict(zip(headings, texts, strict=True)))
            continue
        problems.append(RowProblem(line=number, column="", message=why))


def _law(cells: FactRow, today: date) -> Iterator[tuple[FactRow, tuple[str, ...]]]:
    for column in ("effect", "authority", "summary", "source"):
        _need(cells, column)
    _check_confidence(cells["confidence"], "confidence")
    day = day_named(cells["as_of"])
    if day is None or day > today:
        raise _BadRowError("as_of", "Write when this was last checked, for example 2026-05-21. It cannot be later.")
    for name in SEVERAL_STATES.split(cells["state"]):
        row = {column: cells[column] for column in COLUMNS["state_laws"]} | {"state": _state(name)}
        yield row, (row["state"], row["authority"])


def _office(cells: FactRow, today: date) -> Iterator[tuple[FactRow, tuple[str, ...]]]:
    for column in ("field_office", "opla_office", "opla_address"):
        _need(cells, column)
    field_office, opla = _confidences(cells)
    places = [(cells["opla_office"], cells["opla_area"], cells["opla_address"])]
    if match := SPLIT_OFFICE.fullmatch(cells["opla_office"]):
        addresses = cells["opla_address"].split(" / ")
        if len(addresses) != len(places) + 1:
            raise _BadRowError("opla_address", "Two OPLA offices need two addresses, with “ / ” between them.")
        places = [
            (f"{match[1]} ({match[at]})", match[4], address) for at, address in zip((2, 3), addresses, strict=True)
        ]
    sources = _office_sources(cells, today)
    for location, area, address in places:
        if not re.search(r"\d", address):
            raise _BadRowError("opla_address", "Write the whole address, with its number and ZIP code.")
        row = {
            "state": _state(cells["state"]),
            "field_office": cells["field_office"],
            "opla_area": area,
            "opla_location": location,
            "opla_address": address,
            "field_office_confidence": field_office,
            "opla_confidence": opla,
            "note": cells.get("notes", ""),
            **sources,
        }
        yield row, (row["state"], row["field_office"], location)


def _office_sources(cells: FactRow, today: date) -> FactRow:
    """Return source and day of the field office and of the OPLA location: "AOR: … | OPLA: …", or one for both."""
    _need(cells, "source")
    first, _, second = cells["source"].partition(" | OPLA: ")
    field_office, opla = first.removeprefix("AOR: "), second or first.removeprefix("AOR: ")
    for column in ("checked_on", *OFFICE_DAYS):
        if cells.get(column) and _iso_day(cells[column], today) is None:
            raise _BadRowError(column, "Write the day as 2026-05-21. It cannot be later than today.")
    shared_day = cells.get("checked_on", "")
    days = [
        cells.get(column, "") or shared_day or _day_in(text, today)
        for column, text in zip(OFFICE_DAYS, (field_office, opla), strict=True)
    ]
    if not days[0]:
        raise _BadRowError("source", "Write when this was last checked: a day in the source, or a column checked_on.")
    return {
        "field_office_source": field_office,
        "field_office_checked_on": days[0],
        "opla_source": opla,
        "opla_checked_on": days[1],
    }


def _confidences(cells: FactRow) -> tuple[str, str]:
    """Return how sure the field office and the OPLA location are: two columns, or "AOR high / OPLA medium (why)"."""
    if "confidence" in cells:
        match = re.fullmatch(r"AOR (\w+)(?: \(.*\))? / OPLA (\w+)(?: \(.*\))?", cells["confidence"])
        if match is None:
            raise _BadRowError("confidence", "Write it as “AOR high / OPLA medium”.")
        words = match[1], match[2]
    else:
        words = cells.get("field_office_confidence", ""), cells.get("opla_confidence", "")
    for word in words:
        _check_confidence(word, "confidence")
    return words


def _county(cells: FactRow, _today: date) -> Iterator[tuple[FactRow, tuple[str, ...]]]:
    state = _state(cells["state"])
    _need(cells, "county")
    _need(cells, "field_office")
    county = fold_county(cells["county"])
    if county not in counties().get(state, frozenset({county})):
        raise _BadRowError("county", f"{states()[state]} has no county with this name. Correct the spelling.")
    yield {"state": state, "county": cells["county"], "field_office": cells["field_office"]}, (state, county)


def _single(cells: FactRow, today: date) -> Iterator[tuple[FactRow, tuple[str, ...]]]:
    row = {column: cells[column] for column in COLUMNS["program_facts"]}
    fact, text = row["fact"], row["text"]
    was = facts_by_id().get(fact)
    is_single = was is not None and was.kind == "program_facts"
    if not is_single and not (fact.startswith(TERM) and fact != TERM):
        raise _BadRowError("fact", "There is no fact with this id. `moa program facts --json` shows the ids.")
    _need(cells, "text")
    _need(cells, "source")
    if fact.startswith(COUNT):
        row["text"] = text.replace(",", "")
    if was is not None and (was.text, was.source, was.check_words) == (text, row["source"], row["checked_on"]):
        yield row, (fact,)
        return
    if _iso_day(row["checked_on"], today) is None:
        raise _BadRowError("checked_on", "Write the day on which this was last checked as 2026-05-21, not a later one.")
    if why := why_unfit(fact, text):
        raise _BadRowError("text", why)
    yield row, (fact,)


READERS: dict[FactKind, Callable[[FactRow, date], Iterator[tuple[FactRow, tuple[str, ...]]]]] = {
    "state_laws": _law,
    "field_offices": _office,
    "field_office_counties": _county,
    "program_facts": _single,
}


def _states_left_out(rows: list[FactRow]) -> Iterator[RowProblem]:
    missing = states().keys() - {row["state"] for row in rows}
    for code in sorted(missing):
        yield RowProblem(line=0, column="state", message=f"There is no row for {states()[code]}. Add one.")


def _need(cells: FactRow, column: str) -> None:
    if not cells[column]:
        raise _BadRowError(column, f"The cell under {column} is empty. Fill it in.")


def _state(name: str) -> str:
    plain = re.sub(r"^(?:commonwealth|state|territory) of (?:the )?", "", name, flags=re.IGNORECASE)
    code = state_code(name) or state_code(re.sub(r"^united states ", "U.S. ", plain, flags=re.IGNORECASE))
    if code is None:
        raise _BadRowError("state", "There is no such state. Write its name or its two-letter code.")
    return code


def _check_confidence(words: str, column: str) -> None:
    if not words.startswith(CONFIDENCES):
        raise _BadRowError(column, "Begin the confidence with high, medium or low.")


def _iso_day(text: str, today: date) -> date | None:
    """Return a day written as 2026-05-21 that is not later than today, else None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day <= today and day.isoformat() == text else None


def _day_in(text: str, today: date) -> str:
    """Return the first whole day that a text names, ISO, "" for none."""
    days = (_iso_day(word, today) for word in re.findall(r"\b\d{4}-\d\d-\d\d\b", text))
    return next((day.isoformat() for day in days if day), "")


def _read_headings(text: str) -> list[str]:
    """Return the headings of a CSV file, none where its first row cannot be read."""
    try:
        return [_heading(cell) for cell in next(csv.reader(io.StringIO(text, newline="")), [])]
    except csv.Error:
        return []


def _heading(cell: str) -> str:
    name = re.sub(r"[\s-]+", "_", cell.strip().lower())
    return OTHER_HEADINGS.get(name, name)


def _kind_of(headings: set[str]) -> FactKind | None:
    return next((kind for kind, columns in COLUMNS.items() if headings.issuperset(columns)), None)


def _decode(data: bytes) -> str | None:
    """Return the text of a CSV file in UTF-8, or in the code page in which Excel saves one; None for no text."""
    if b"\0" in data:
        return None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def files_in_force() -> dict[str, bytes]:
    """Return the facts in force as files by their names; imported again, they change nothing."""
    offices = [
        full | {"source": f"AOR: {full['field_office_source']} | OPLA: {full['opla_source']}"}
        for full in map(with_sources, stored.rows("field_offices"))
    ]
    singles = [
        {"fact": fact.id, "text": fact.text, "source": fact.source, "checked_on": fact.check_words}
        for fact in all_facts()
        if fact.kind == "program_facts" and not fact.id.startswith("hours.")
    ]
    return {
        "state_laws.csv": _write(COLUMNS["state_laws"], stored.rows("state_laws")),
        "field_offices.csv": _write((*OFFICE_COLUMNS, "source", *OFFICE_DAYS), offices),
        "field_office_counties.csv": _write(COLUMNS["field_office_counties"], stored.rows("field_office_counties")),
        "program_facts.csv": _write(COLUMNS["program_facts"], singles),
    }


def _write(columns: Sequence[str], rows: Iterable[FactRow]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    # With a mark at the beginning Excel reads UTF-8.
    return out.getvalue().encode("utf-8-sig")
