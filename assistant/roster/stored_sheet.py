"""Keep a sheet of nominees as text until a person has looked at it; what is never kept is taken out first.

The cells under a heading of what is never kept come back empty. In place of what looks like a Social Security number
stands ``NO_NUMBER``, so that the row is still reported as wrong and the number is gone.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypedDict, cast

from assistant.roster.results import SheetOffer
from assistant.roster.rows import RowReader
from assistant.roster.sheets import RosterSheet
from assistant.spreadsheets import SheetData

if TYPE_CHECKING:
    from assistant.spreadsheets import Cell

NO_NUMBER = "000-00-0000"


class StoredSheet(TypedDict):
    """A sheet as JSON; a cell that is no text, number or truth value is an object with its kind and its value."""

    name: str
    rows: list[list[object]]
    hidden_rows: list[int]
    unsolved: list[tuple[int, int]]
    date1904: bool
    at: int
    colored_rows: list[int]
    offers: list[tuple[str, int, bool]]
    origins: list[tuple[str, int]]


def dump_sheet(opened: RosterSheet) -> str:
    """Return the sheet as a text that ``load_sheet`` reads; links go, since nothing of a roster reads them."""
    sheet = opened.sheet
    emptied = {column.index for column in opened.columns() if column.closed}
    rows = [
        [_plain("" if index in emptied and place > opened.at else cell) for index, cell in enumerate(row)]
        for place, row in enumerate(sheet.rows)
    ]
    return json.dumps(
        {
            "name": sheet.name,
            "rows": rows,
            "hidden_rows": sorted(sheet.hidden_rows),
            "colored_rows": sorted(sheet.colored_rows),
            "unsolved": sorted(sheet.unsolved),
            "date1904": sheet.date1904,
            "at": opened.at,
            "offers": [(offer.name, offer.people, offer.is_read) for offer in opened.offers],
            "origins": opened.origins,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def load_sheet(text: str) -> RosterSheet:
    """Return the sheet that was kept."""
    document: StoredSheet = json.loads(text)
    sheet = SheetData(
        name=document["name"],
        rows=[[_cell(value) for value in row] for row in document["rows"]],
        hidden_rows=frozenset(document["hidden_rows"]),
        colored_rows=frozenset(document.get("colored_rows", [])),
        unsolved=frozenset((row, column) for row, column in document["unsolved"]),
        date1904=document["date1904"],
    )
    # A sheet stored by an earlier version has neither of these.
    offers = [
        SheetOffer(name=name, people=people, is_read=is_read) for name, people, is_read in document.get("offers", [])
    ]
    origins = tuple((name, row) for name, row in document.get("origins", []))
    return RosterSheet(sheet=sheet, at=document["at"], offers=tuple(offers), origins=origins)


def _plain(cell: Cell) -> object:
    if RowReader.is_ssn(cell):
        return NO_NUMBER
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    if isinstance(cell, timedelta):
        return {"seconds": cell.total_seconds()}
    return cell


def _cell(value: object) -> Cell:
    if not isinstance(value, dict):
        return cast("Cell", value)  # text, a number or a truth value, as JSON has them
    ((kind, content),) = value.items()
    if kind == "seconds":
        return timedelta(seconds=content)
    kinds: dict[str, type[date | time]] = {"moment": datetime, "day": date, "time": time}
    return kinds[kind].fromisoformat(content)
