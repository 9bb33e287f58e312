"""Read one row of a roster into a nominee, or into what is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from assistant.answers import MODELS, Nominee
from assistant.program.states_and_counties import fold
from assistant.roster import values
from assistant.roster.columns import EXAMPLE
from assistant.roster.values import CellError
from assistant.spreadsheets import is_blank, text_of
from assistant.text import holds_social_security_number

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from assistant.roster.columns import Column
    from assistant.spreadsheets import Cell

NAME_PARTS = ("first_name", "middle_name", "last_name", "suffix")
SUFFIXES = re.compile(r"(?:jr|sr|ii|iii|iv|v|esq|phd|md|jd|ret)")
TRUTHS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "us_citizen": (values.CITIZEN, values.NOT_CITIZEN),
    "enforced_laws": (frozenset(), frozenset()),
    "facility_security_trained": (values.TRAINED, frozenset()),
    "enforced_inmate_rules": (frozenset(), frozenset()),
    "inmate_rules_authority": (frozenset(), frozenset()),
}

RowAnswers: TypeAlias = dict[str, Any]
"""What the cells of a row say, by fields of ``Nominee``; until the row is whole also ``ticked`` and parts of a name."""
ColumnRemarks = list[tuple[str | None, str]]
"""Pairs of (heading of the column, sentence)."""


class RowReader:
    """Reads the rows of one sheet, whose columns and way of counting days it knows."""

    def __init__(self, columns: Sequence[Column], *, date1904: bool, unsolved: Collection[tuple[int, int]]) -> None:
        """Take the columns, and the places of formulas whose result the file does not hold."""
        self.columns = [column for column in columns if column.answer]
        self.headings = {column.answer: column.heading for column in self.columns}
        self.date1904 = date1904
        self.unsolved = unsolved

    def read(self, number: int, row: Sequence[Cell]) -> tuple[Nominee | None, ColumnRemarks, ColumnRemarks]:
        """Return the nominee, None where something is wrong; what is wrong; and what is odd."""
        wrong: ColumnRemarks = []
        odd: ColumnRemarks = []
        answers: RowAnswers = {}
        for column in self.columns:
            cell = row[column.index] if column.index < len(row) else ""
            if (number, column.index) in self.unsolved:
                wrong.append((column.heading, "This is a formula without a result. Type the value itself."))
            elif is_blank(cell):
                continue
            elif self.is_ssn(cell):
                wrong.append(
                    (
                        column.heading,
                        "This looks like a Social Security number. Remove it; this program never stores one.",
                    )
                )
            else:
                try:
                    answers |= self._answer(column.answer or "", cell, answers)
                except CellError as error:
                    wrong.append((column.heading, str(error)))
        self._settle_name(answers, wrong, odd)
        if "background_completed_on" in answers and answers.setdefault("background_investigation", "completed") is None:
            wrong.append(
                (self.headings.get("background_completed_on"), "There is a date, but the check is not completed.")
            )
        elif "background_completed_on" in answers and answers["background_investigation"] == "pending":
            del answers["background_completed_on"]
            odd.append(
                (self.headings.get("background_completed_on"), "This was left out because the check is still pending.")
            )
        if wrong:
            return None, wrong, odd
        ticked = answers.pop("ticked", frozenset())
        answers["models"] = tuple(m for m in MODELS if m in ticked or m in answers.get("models", ()))
        return Nominee(**answers), wrong, odd

    @staticmethod
    def is_ssn(cell: Cell) -> bool:
        """Say whether a cell looks like a Social Security number."""
        return (
            isinstance(cell, str | float | int)
            and not isinstance(cell, bool)
            and holds_social_security_number(text_of(cell))
        )

    def _answer(self, answer: str, cell: Cell, answers: RowAnswers) -> RowAnswers:
        """Return what one cell adds to the answers found so far in its row."""
        if answer in TRUTHS:
            return {answer: values.truth(cell, *TRUTHS[answer])}
        if answer.startswith("model:"):
            ticked = answers.get("ticked", frozenset())
            return {"ticked": ticked | {answer.removeprefix("model:")}} if values.truth(cell) else {}
        if answer == "models":
            return {"models": values.models(cell)}
        if answer == "background_investigation":
            if not values.text_or_nothing(cell):
                return {}
            status, day = values.background(cell, date1904=self.date1904)
            return {"background_investigation": status} | ({"background_completed_on": day} if day else {})
        if answer == "background_completed_on":
            day = values.day(cell, date1904=self.date1904)
            return {"background_completed_on": day} if day else {}
        if answer in {"law_enforcement_since", "law_enforcement_years"}:
            since, years = values.service(cell, date1904=self.date1904)
            return {
                key: value
                for key, value in (("law_enforcement_since", since), ("law_enforcement_years", years))
                if value is not None
            }
        text = values.plain_text(cell, name=answer.endswith("name"))
        return {answer: text} if text else {}

    def _settle_name(self, answers: RowAnswers, wrong: ColumnRemarks, odd: ColumnRemarks) -> None:
        """Put a name together from its parts, or the right way round."""
        parts = [answers.pop(part, None) for part in NAME_PARTS]
        heading = self.headings.get("full_name") or self.headings.get("last_name")
        if "full_name" not in answers and any(parts):
            answers["full_name"] = " ".join(part for part in parts if part)
        name = answers.get("full_name")
        if not name:
            if not wrong:
                wrong.append((heading, "Write the nominee’s name, or clear the whole row."))
            return
        if len(name) > values.LONGEST_TEXT:
            wrong.append((heading, f"This is longer than {values.LONGEST_TEXT} characters. Shorten it."))
        if name.startswith(EXAMPLE):
            wrong.append((heading, "Write the nominee’s name over the example."))
        if not any(letter.isalpha() for letter in name):
            wrong.append((heading, "This has no letters. Write the nominee’s name."))
        elif any(letter.isdecimal() for letter in name):
            odd.append((heading, "This has digits. Check that it is a nominee’s name."))
        last, comma, first = name.partition(",")
        if comma and "," not in first and first.strip() and last.strip() and not SUFFIXES.fullmatch(fold(first)):
            answers["full_name"] = f"{first.strip()} {last.strip()}"
            odd.append((heading, "This was read as last name, comma, first name, and turned around. Check it."))
