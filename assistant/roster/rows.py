"""Read one row of a roster into a nominee, or into what is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from assistant.answers import MODELS, Nominee
from assistant.program.states_and_counties import fold
from assistant.roster import values
from assistant.roster.columns import EXAMPLE
from assistant.roster.results import CellReading
from assistant.roster.values import CellError
from assistant.spreadsheets import is_blank, text_of
from assistant.text import holds_social_security_number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

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
SSN = "This looks like a Social Security number. Remove it; this program never stores one."


class RowReader:
    """Reads the rows of one sheet, whose columns and way of counting days it knows."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        date1904: bool,
        unsolved: Collection[tuple[int, int]],
        corrections: Mapping[tuple[int, int], str],
    ) -> None:
        """Take the columns, the places of formulas whose result the file does not hold, and what a person typed."""
        self.columns = [column for column in columns if column.answer]
        self.by_answer = {column.answer: column for column in reversed(self.columns)}
        self.date1904 = date1904
        self.unsolved = unsolved
        self.corrections = corrections
        self.corrected_rows = {row for row, _ in corrections}

    def read(self, number: int, row: Sequence[Cell]) -> tuple[Nominee, list[CellReading]]:
        """Return the nominee, without the answers that cannot be read, and the cells to look at."""
        cells: list[CellReading] = []
        answers: RowAnswers = {}
        for column in self.columns:
            place = (number, column.index)
            cell = row[column.index] if column.index < len(row) else ""
            if number in self.corrected_rows and place in self.corrections:
                cell = self.corrections[place]
            elif place in self.unsolved:
                cells.append(_question(column, "", "This is a formula without a result. Type the value itself."))
                continue
            if is_blank(cell):
                continue
            if self.is_ssn(cell):
                cells.append(_question(column, "", SSN))
                continue
            try:
                answers |= self._answer(column.answer or "", cell, answers)
            except CellError as error:
                cells.append(_question(column, text_of(cell), str(error)))
        self._settle_name(answers, row, cells)
        if "background_completed_on" in answers and answers.setdefault("background_investigation", "completed") is None:
            del answers["background_completed_on"]
            message = "There is a date, but the check is not completed."
            cells.append(self._of_answer("background_completed_on", row, message, is_question=True))
        elif "background_completed_on" in answers and answers["background_investigation"] == "pending":
            del answers["background_completed_on"]
            message = "This was left out because the check is still pending."
            cells.append(self._of_answer("background_completed_on", row, message))
        ticked = answers.pop("ticked", frozenset())
        answers["models"] = tuple(m for m in MODELS if m in ticked or m in answers.get("models", ()))
        return Nominee(**answers), cells

    def _of_answer(
        self, answer: str, row: Sequence[Cell], message: str, *, value: str = "", is_question: bool = False
    ) -> CellReading:
        """Return a cell to look at: that of the column with an answer, if there is one."""
        column = self.by_answer.get(answer)
        cell = row[column.index] if column and column.index < len(row) else ""
        return CellReading(
            column=column.index if column else None,
            heading=column.heading if column else None,
            field=answer,
            text="" if self.is_ssn(cell) else text_of(cell),
            value=value,
            message=message,
            is_question=is_question,
        )

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

    def _settle_name(self, answers: RowAnswers, row: Sequence[Cell], cells: list[CellReading]) -> None:
        """Put a name together from its parts, or the right way round."""
        parts = [answers.pop(part, None) for part in NAME_PARTS]
        answer = next((name for name in ("full_name", "last_name") if name in self.by_answer), "full_name")
        if "full_name" not in answers and any(parts):
            answers["full_name"] = " ".join(part for part in parts if part)
        name = answers.get("full_name")
        if not name:
            if not cells:
                message = "Write the nominee’s name, or clear the whole row."
                cells.append(self._of_answer(answer, row, message, is_question=True))
            return
        wrong = ""
        if len(name) > values.LONGEST_TEXT:
            wrong = f"This is longer than {values.LONGEST_TEXT} characters. Shorten it."
        elif name.startswith(EXAMPLE):
            wrong = "Write the nominee’s name over the example."
        elif not any(letter.isalpha() for letter in name):
            wrong = "This has no letters. Write the nominee’s name."
        elif any(letter.isdecimal() for letter in name):
            message = "This has digits. Check that it is a nominee’s name."
            cells.append(self._of_answer(answer, row, message, value=name))
        if wrong:
            del answers["full_name"]
            cells.append(self._of_answer(answer, row, wrong, is_question=True))
            return
        last, comma, first = name.partition(",")
        if comma and "," not in first and first.strip() and last.strip() and not SUFFIXES.fullmatch(fold(first)):
            answers["full_name"] = f"{first.strip()} {last.strip()}"
            message = "This was read as last name, comma, first name, and turned around. Check it."
            cells.append(self._of_answer(answer, row, message, value=answers["full_name"]))


def _question(column: Column, text: str, message: str) -> CellReading:
    return CellReading(
        column=column.index,
        heading=column.heading,
        field=column.answer or "",
        text=text,
        value="",
        message=message,
        is_question=True,
    )
