"""What people did to a roster that waits: cells they corrected, rows they call people, rows they left out.

It is sealed with the sheet, as typed cells name people. The sheet itself stays as it was given, so every correction can
be taken back.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.errors import SpreadsheetError
from assistant.roster import ALL_SHEETS, dump_sheet, load_sheet, open_roster, read_sheet
from assistant.roster.rows import NEVER_REPEATED
from assistant.spreadsheets import is_blank, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from assistant.roster import Roster, RosterSheet

FORMAT = "moa-roster/2"
"""How a waiting roster is stored; before it the sheet alone was."""
MOST_SHEETS = 12
"""Sheets of a file that are stored for a choice; each is read once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterWork:
    """What people did to a roster; rows count from 1 as in the stored sheet, columns from 0.

    ``corrections`` are typed in place of cells, "" to leave an answer open. ``confirmed_rows`` name nominees although
    they do not look so, ``left_out_rows`` are not to be added.
    """

    corrections: Mapping[tuple[int, int], str] = field(default_factory=dict)
    confirmed_rows: frozenset[int] = frozenset()
    left_out_rows: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingSheet:
    """A stored roster: the sheet that is read, as ``dump_sheet`` writes it, and what people did to it.

    Of a file with several sheets of people, ``choices`` has each of them, and all as one (``ALL_SHEETS``), by name;
    ``choice`` names the one that is read.
    """

    sheet: str
    work: RosterWork = RosterWork()
    choice: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)

    def with_choice(self, choice: str) -> WaitingSheet:
        """Return the roster with another sheet of its file, as nobody has changed it yet.

        Raises:
            KeyError: the file has no such sheet.
        """
        return WaitingSheet(sheet=self.choices[choice], choice=choice, choices=self.choices)

    @property
    def opened(self) -> RosterSheet:
        """Return the sheet."""
        return load_sheet(self.sheet)

    def dump(self) -> str:
        """Return the text to store."""
        return json.dumps(
            {
                "format": FORMAT,
                "sheet": self.sheet,
                "corrections": [[*place, text] for place, text in sorted(self.work.corrections.items())],
                "confirmed_rows": sorted(self.work.confirmed_rows),
                "left_out_rows": sorted(self.work.left_out_rows),
                "choice": self.choice,
                "choices": dict(self.choices),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )

    def read(self, choices: Mapping[int, str | None]) -> Roster:
        """Return what the sheet says with all that people did, rows they left out among it.

        Raises:
            SpreadsheetError: no column is taken for the name.
        """
        return read_sheet(
            self.opened, choices, corrections=self.work.corrections, confirmed_rows=self.work.confirmed_rows
        )


def open_waiting(data: bytes) -> WaitingSheet:
    """Return the roster in a CSV or XLSX file, with its other sheets of people, as it is stored.

    Raises:
        SpreadsheetError: the file cannot be read, or names no people.
    """
    opened = open_roster(data)
    sheet = dump_sheet(opened)
    if len(opened.offers) <= 1:
        return WaitingSheet(sheet=sheet)
    choice = next((offer.name for offer in opened.offers if offer.is_read), "")
    choices = {choice: sheet}
    for name in [offer.name for offer in opened.offers[:MOST_SHEETS]] + [ALL_SHEETS]:
        if name not in choices:
            with suppress(SpreadsheetError):
                choices[name] = dump_sheet(open_roster(data, (name,)))
    return WaitingSheet(sheet=sheet, choice=choice, choices=choices)


def load_waiting(text: str) -> WaitingSheet:
    """Return a roster that was stored, also by an earlier version of this program."""
    document = json.loads(text)
    if document.get("format") != FORMAT:
        return WaitingSheet(sheet=text)
    return WaitingSheet(
        sheet=document["sheet"],
        work=RosterWork(
            corrections={(row, column): text for row, column, text in document["corrections"]},
            confirmed_rows=frozenset(document["confirmed_rows"]),
            left_out_rows=frozenset(document["left_out_rows"]),
        ),
        choice=document["choice"],
        choices=document["choices"],
    )


def without_unread_results(waiting: WaitingSheet, roster: Roster) -> WaitingSheet:
    """Return a roster without what was typed about a check and cannot be read: it could be a result, never stored.

    ``roster`` is what the sheet says with what people did.
    """
    unread = {
        (person.row, cell.column)
        for person in roster.people
        for cell in person.questions
        if cell.field in NEVER_REPEATED
    }
    work = waiting.work
    corrections = {place: text for place, text in work.corrections.items() if place not in unread}
    return replace(waiting, work=replace(work, corrections=corrections))


def without_rows(roster: Roster, rows: Collection[int]) -> Roster:
    """Return a roster without the people of some rows, and without the remarks on these rows."""
    if not rows:
        return roster
    return replace(
        roster,
        people=tuple(person for person in roster.people if person.row not in rows),
        errors=tuple(remark for remark in roster.errors if remark.row not in rows),
        warnings=tuple(remark for remark in roster.warnings if remark.row not in rows),
    )


def keep_rows(waiting: WaitingSheet, rows: Collection[int]) -> WaitingSheet:
    """Return a roster with the cells of some rows alone, the others empty at their places, so that numbers stay."""
    document = json.loads(waiting.sheet)
    below = document["at"] + 1
    document["rows"] = [
        cells if place < below or place + 1 in rows else [] for place, cells in enumerate(document["rows"])
    ]
    work = waiting.work
    return WaitingSheet(
        sheet=json.dumps(document, ensure_ascii=False, separators=(",", ":")),
        work=RosterWork(
            corrections={place: text for place, text in work.corrections.items() if place[0] in rows},
            confirmed_rows=work.confirmed_rows & frozenset(rows),
        ),
    )


def cell_text(opened: RosterSheet, row: int, column: int) -> str:
    """Return what stands in a cell of the sheet as it was given, "" for an empty one; the row counts from 1."""
    rows = opened.sheet.rows
    cell = rows[row - 1][column] if 0 < row <= len(rows) and column < len(rows[row - 1]) else ""
    return "" if is_blank(cell) else text_of(cell)
