"""What two people do to one roster: columns, cells and rows, merged key by key or asked.

Every box of the page has a name: "column-3", "cell-6-1", "open-6-1" (leave it open), "out-6" (leave the row out),
"person-9" (a row that was set aside is a nominee). A box with a tick counts as "yes", one without as "".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request

from assistant.roster.people import is_health_note
from assistant.services.application.roster_work import RosterWork
from assistant.services.application.rosters import changed_at, version_of
from assistant.text import find_forbidden_character, holds_social_security_number
from assistant.web.kit.choices import ConflictRow, chosen_for, describe_save, hidden_fields, read_asked
from assistant.web.kit.page_errors import PageError
from assistant.web.kit.signed_values import read_shown, sign_shown
from assistant.web.nominees.roster_cells import LONGEST_CELL, TICKED, open_key, shown_text
from assistant.web.nominees.roster_rows import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from assistant.roster import Roster
    from assistant.services.application.roster_work import WaitingSheet
    from assistant.storage.roster_tables import RosterDraft

BOX = re.compile(r"(column|cell|open|out|person)-(\d{1,7})(?:-(\d{1,5}))?")
VERSION = "version"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPage:
    """A roster as it is saved, to be merged with what a page sends; ``roster`` has the rows that were left out too."""

    draft: RosterDraft
    roster: Roster
    waiting: WaitingSheet

    def saved(self, keys: Iterable[str]) -> dict[str, str]:
        """Return what is saved for these boxes; one whose row or column is not there any more is left out."""
        work, opened = self.waiting.work, self.waiting.opened
        columns = {column.index: column.answer or "" for column in self.roster.columns if not column.closed}
        rows = {person.row for person in self.roster.people}
        not_people = {row.row for row in self.roster.set_aside}
        values: dict[str, str] = {}
        for key in keys:
            kind, first, second = _parts(key)
            if kind == "column" and first in columns:
                values[key] = columns[first]
            elif kind in {"cell", "open"} and first in rows and columns.get(second):
                correction = work.corrections.get((first, second))
                if kind == "open":
                    values[key] = TICKED if correction == "" else ""
                else:
                    values[key] = correction or shown_text(opened, first, second, columns[second])
            elif kind == "out" and first in rows:
                values[key] = TICKED if first in work.left_out_rows else ""
            elif kind == "person" and (first in not_people or first in work.confirmed_rows):
                values[key] = TICKED if first in work.confirmed_rows else ""
        return values

    def column_keys(self) -> list[str]:
        """Return the names of the boxes for columns."""
        return [f"column-{column.index}" for column in self.roster.columns if not column.closed]

    def sent(self, base: Mapping[str, object]) -> dict[str, str]:
        """Return what the page that was sent has in its boxes; ``base`` names the boxes that the page had."""
        values: dict[str, str] = {}
        names = [name for name in dict.fromkeys([*request.form, *base]) if BOX.fullmatch(name)]
        for name in self.saved(names):
            kind = _parts(name)[0]
            if kind in {"column", "cell"} and name in request.form:
                text = " ".join(request.form[name].split())
                values[name] = (text if text in ANSWERS else "") if kind == "column" else text
            elif kind in {"open", "out", "person"}:
                values[name] = TICKED if name in request.form else ""
        return values

    def work_with(self, values: Mapping[str, str]) -> RosterWork:
        """Return what people did with these values in the boxes; boxes that are not among them stay as they are."""
        work = self.waiting.work
        corrections = dict(work.corrections)
        answers = {column.index: column.answer or "" for column in self.roster.columns}
        for key, text in values.items():
            kind, row, column = _parts(key)
            if kind != "cell":
                continue
            original = shown_text(self.waiting.opened, row, column, answers.get(column, ""))
            is_open = values.get(open_key(row, column), "") == TICKED
            corrections.pop((row, column), None)
            if is_open or (not text and original):
                corrections[row, column] = ""
            elif text != original:
                corrections[row, column] = text
        return RosterWork(
            corrections=corrections,
            confirmed_rows=_ticked(work.confirmed_rows, values, "person"),
            left_out_rows=_ticked(work.left_out_rows, values, "out"),
        )

    def sign(self, keys: Iterable[str]) -> str:
        """Return what is saved for the boxes of a page, as the page carries it along."""
        return sign_shown(self._place, {**self.saved(keys), VERSION: version_of(self.draft)})

    def read_base(self) -> dict[str, object]:
        """Return what the page that was sent showed; what is saved where it does not say, nothing where it lies."""
        if "was" not in request.form:
            return {**self.saved([*self.column_keys(), *request.form]), VERSION: version_of(self.draft)}
        return read_shown(self._place, request.form["was"])

    @property
    def _place(self) -> str:
        return f"{self.draft.public_id}/roster"

    def is_of_other_sheet(self) -> bool:
        """Say whether the page that was sent is of another sheet of the file than the one that is read now."""
        return request.form.get("sheet_read", self.waiting.choice) != self.waiting.choice

    def conflict_rows(self, sent: Mapping[str, str], keys: Collection[str] | None = None) -> list[ConflictRow]:
        """Return the rows that ask what to keep; ``keys`` None stands for those of the page that was sent."""
        keys_asked = read_asked(sent) if keys is None else keys
        saved = self.saved(sent)
        return [
            ConflictRow(
                key=name,
                label=self._label(name),
                mine=_words(name, sent[name]),
                theirs=_words(name, saved[name]),
                saved=describe_save(changed_at(self.draft)),
                hidden=hidden_fields(name),
                choice=chosen_for(name) if keys is None else "",
            )
            for name in sent
            if name in keys_asked
        ]

    def _label(self, key: str) -> str:
        kind, first, second = _parts(key)
        headings = {column.index: column.heading for column in self.roster.columns}
        if kind == "column":
            return f"Column “{headings[first]}”"
        if kind in {"cell", "open"}:
            return f"Row {first}, column “{headings.get(second, '')}”{': leave it open' if kind == 'open' else ''}"
        return f"Row {first}: {'leave it out' if kind == 'out' else 'it is a nominee'}"


def chosen_columns(values: Mapping[str, str]) -> dict[int, str | None]:
    """Return the columns among the values of a page, as a roster is read with them."""
    return {_parts(name)[1]: answer or None for name, answer in values.items() if name.startswith("column-")}


def cell_errors(sent: Mapping[str, str]) -> list[PageError]:
    """Return what is wrong with cells as they were typed: what no answer may hold is never stored."""
    errors = []
    for key, text in sent.items():
        kind, row, _ = _parts(key)
        if kind != "cell":
            continue
        if len(text) > LONGEST_CELL:
            errors.append(PageError(message=f"Row {row}: shorten this to {LONGEST_CELL} characters.", id=key))
        elif holds_social_security_number(text):
            message = f"Row {row}: delete what looks like a Social Security number. This program never stores one."
            errors.append(PageError(message=message, id=key))
        elif is_health_note(text):
            message = f"Row {row}: delete the note about someone’s health. This program never stores one."
            errors.append(PageError(message=message, id=key))
        elif character := find_forbidden_character(text):
            message = f"Row {row}: delete {character}, because no document can hold it."
            errors.append(PageError(message=message, id=key))
    return errors


def _parts(key: str) -> tuple[str, int, int]:
    """Return what a box is, its row or column, and the column of a cell, -1 where there is none."""
    match = BOX.fullmatch(key)
    return (match[1], int(match[2]), int(match[3] or -1)) if match else ("", -1, -1)


def _ticked(rows: frozenset[int], values: Mapping[str, str], kind: str) -> frozenset[int]:
    """Return rows as the boxes of a page have them, the others as they were."""
    answers = {_parts(key)[1]: text == TICKED for key, text in values.items() if _parts(key)[0] == kind}
    return frozenset(row for row in rows | answers.keys() if answers.get(row, row in rows))


def _words(key: str, value: str) -> str:
    if key.startswith("column-"):
        return ANSWERS.get(value, "leave this column out")
    if key.startswith("cell-"):
        return value
    return "Yes" if value == TICKED else "No"
