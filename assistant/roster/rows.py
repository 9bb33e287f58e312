"""Read one row of a roster into a nominee, or into what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from assistant.answers import MODELS, Nominee
from assistant.program.states_and_counties import fold
from assistant.roster import values
from assistant.roster.cell_words import CITIZEN, NOT_CITIZEN, CellError, text_or_nothing, training, truth
from assistant.roster.days import PARTIAL, WHOLE
from assistant.roster.headings import EXAMPLE
from assistant.roster.names import RANK_OR_NAME, read_name
from assistant.roster.people import HEALTH_REMOVED
from assistant.roster.results import CellReading
from assistant.spreadsheets import is_blank, text_of
from assistant.text import holds_social_security_number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assistant.roster.columns import Column
    from assistant.spreadsheets import Cell

NAME_PARTS = ("first_name", "middle_name", "last_name", "suffix")
TRUTHS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "us_citizen": (CITIZEN, NOT_CITIZEN),
    "enforced_laws": (frozenset(), frozenset()),
    "enforced_inmate_rules": (frozenset(), frozenset()),
    "inmate_rules_authority": (frozenset(), frozenset()),
}
NEVER_REPEATED = frozenset({"background_investigation", "background_completed_on"})
"""Answers whose cells may hold a result, which is never kept: what stood there is not repeated."""

RowAnswers: TypeAlias = dict[str, Any]
"""What the cells of a row say, by fields of ``Nominee``; until the row is whole also ``ticked``, parts of a name, and
``notes``: by field, by which rule it was read."""
DAY_LIKE = re.compile(r"\d[-/]\d|\b(?:19|20)\d{2}\b")
NAME_CHANGED = "The name was put in order. Check it."
HEALTH_CELL = "This was a note about someone’s health, which is never kept. Type the answer, or leave it empty."
NO_MIDDLE_NAME = frozenset({"nmn", "nmi", "no middle name", "none", "na", "n a", "no middle"})
YEARS_HELP = "Write the years as a number, for example 7.5, or the date service began."
SSN_DIGITS = 9
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
            if cell == HEALTH_REMOVED:
                cells.append(_question(column, "", HEALTH_CELL))
                continue
            try:
                note = self._read_cell(column.answer or "", cell, answers)
            except CellError as error:
                cells.append(_question(column, text_of(cell), str(error)))
            else:
                if note:
                    cells.append(_note(column, text_of(cell), _words_of_value(column.answer or "", answers), note))
        self._settle_name(answers, row, cells)
        self._settle_background(answers, row, cells)
        ticked = answers.pop("ticked", frozenset())
        answers["models"] = tuple(m for m in MODELS if m in ticked or m in answers.get("models", ()))
        return Nominee(**answers), cells

    def _settle_background(self, answers: RowAnswers, row: Sequence[Cell], cells: list[CellReading]) -> None:
        """Bring the state of a background investigation and its day together; contradictions are asked."""
        says_no = answers.pop("background_says_no", False)
        if "background_completed_on" not in answers:
            return
        if says_no:
            del answers["background_completed_on"]
            message = "There is a date, but the check is not completed."
            cells.append(self._of_answer("background_completed_on", row, message, is_question=True))
        elif answers.setdefault("background_investigation", "completed") == "pending":
            del answers["background_completed_on"]
            message = "This was left out because the check is still pending."
            cells.append(self._of_answer("background_completed_on", row, message))

    def _of_answer(
        self,
        answer: str,
        row: Sequence[Cell],
        message: str,
        *,
        value: str = "",
        before: str = "",
        is_question: bool = False,
    ) -> CellReading:
        """Return a cell to look at: that of the column with an answer, if there is one."""
        column = self.by_answer.get(answer)
        cell = row[column.index] if column and column.index < len(row) else ""
        return CellReading(
            column=column.index if column else None,
            heading=column.heading if column else None,
            field=answer,
            text="" if answer in NEVER_REPEATED or self.is_ssn(cell) else before or text_of(cell),
            value=value,
            message=message,
            is_question=is_question,
        )

    @staticmethod
    def is_ssn(cell: Cell) -> bool:
        """Say whether a cell looks like a Social Security number."""
        if isinstance(cell, str) and len(cell) < SSN_DIGITS:
            return False
        return (
            isinstance(cell, str | float | int)
            and not isinstance(cell, bool)
            and holds_social_security_number(text_of(cell))
        )

    def _read_cell(self, answer: str, cell: Cell, answers: RowAnswers) -> str:
        """Add to the answers of a row what one cell says; return by which rule it was read, "" where that is plain."""
        if answer in TRUTHS:
            answers[answer] = truth(cell, *TRUTHS[answer])
        elif answer == "facility_security_trained":
            answers[answer] = training(cell)
        elif answer.startswith("model:"):
            if truth(cell):
                answers["ticked"] = answers.get("ticked", frozenset()) | {answer.removeprefix("model:")}
        elif answer == "models":
            answers[answer] = values.models(cell)
        elif answer in {"background_investigation", "background_completed_on"}:
            return self._read_background(answer, cell, answers)
        elif answer in {"law_enforcement_since", "law_enforcement_years"}:
            try:
                reading = values.service(cell, date1904=self.date1904)
            except CellError as error:
                message = str(error)
                if answer == "law_enforcement_years" and not DAY_LIKE.search(text_of(cell)):
                    message = YEARS_HELP
                raise CellError(message) from None
            if reading.since is not None and (
                answer == "law_enforcement_since" or "law_enforcement_since" not in answers
            ):
                answers["law_enforcement_since"] = reading.since
            if reading.years is not None and (
                answer == "law_enforcement_years" or "law_enforcement_years" not in answers
            ):
                answers["law_enforcement_years"] = reading.years
            return reading.note
        else:
            is_name = answer in {"full_name", "first_name", "last_name"}
            text = values.plain_text(cell, name=is_name)
            if text and not (answer == "middle_name" and fold(text) in NO_MIDDLE_NAME):
                answers[answer] = text
        return ""

    def _read_background(self, answer: str, cell: Cell, answers: RowAnswers) -> str:
        is_day_column = answer == "background_completed_on"
        if is_day_column and isinstance(cell, str) and PARTIAL.fullmatch(text_of(cell)):
            raise CellError(WHOLE)
        reading = values.background(cell, date1904=self.date1904)
        if reading.day:
            answers["background_completed_on"] = reading.day
            if is_day_column:
                return reading.note
        if reading.status and not (is_day_column and reading.day):
            before = answers.get("background_investigation")
            if before and before != reading.status:
                raise CellError("This does not fit the other column about the background check. Check both.")
            answers["background_investigation"] = reading.status
        elif text_or_nothing(cell) and reading.status is None and not is_day_column:
            answers["background_says_no"] = True
        return reading.note

    def _settle_name(self, answers: RowAnswers, row: Sequence[Cell], cells: list[CellReading]) -> None:
        """Put a name in order, from its parts or from one cell; a rank or a number in it fills what is empty."""
        first, middle, last, suffix = (answers.pop(part, None) for part in NAME_PARTS)
        heading = self.by_answer["full_name"].heading if "full_name" in answers else ""
        answer = next((name for name in ("full_name", "last_name") if name in self.by_answer), "full_name")
        typed_name = answers.pop("full_name", None)
        if typed_name is None:
            given_names = " ".join(part for part in (first, middle) if part)
            typed_name = ", ".join(part for part in (last, given_names) if part) or None
            plain = " ".join(part for part in (first, middle, last) if part)
        else:
            plain, suffix = typed_name, None
        if not typed_name:
            if not any(cell.is_question and cell.field in (*NAME_PARTS, "full_name") for cell in cells):
                message = "Write the nominee’s name, or clear the whole row."
                cells.append(self._of_answer(answer, row, message, is_question=True))
            return
        reading = read_name(typed_name, heading) if not typed_name.startswith(EXAMPLE) else None
        name = f"{reading.name} {suffix}" if reading and suffix else reading.name if reading else typed_name
        if reading and reading.doubtful_rank:
            # "Major Lee Ash" under "Rank: Deputy" is a first name; without another rank nobody can tell.
            in_column = fold(answers.get("rank") or "")
            if in_column and in_column != fold(reading.doubtful_rank):
                name = " ".join(part for part in (reading.doubtful_rank, name) if part)
                reading = replace(reading, rank="", name=name)
            elif not in_column:
                reading = replace(reading, question=RANK_OR_NAME)
        wrong = reading.question if reading else "Write the nominee’s name over the example."
        if len(name) > values.LONGEST_TEXT:
            wrong = f"This is longer than {values.LONGEST_TEXT} characters. Shorten it."
        elif not any(letter.isalpha() for letter in name):
            wrong = "This has no letters. Write the nominee’s name."
        if wrong:
            cells.append(self._of_answer(answer, row, wrong, is_question=True))
            words = reading.rank.split() if reading else []
            rank = " ".join(word for word in words if reading and word != reading.doubtful_rank)
            if rank:
                answers.setdefault("rank", rank)
            return
        answers["full_name"] = name
        notes = [NAME_CHANGED] if name != " ".join(part for part in (plain, suffix) if part) else []
        if reading and reading.rank:
            before = answers.setdefault("rank", reading.rank)
            if fold(before) != fold(reading.rank):
                notes.append("The rank in the name differs from the rank column, which was kept.")
        if reading and reading.dropped:
            notes.append("What is in brackets or quotation marks was left out.")
        if reading and reading.number and answers.setdefault("badge_number", reading.number) == reading.number:
            notes.append("The number beside the name was taken as the badge number.")
        if any(letter.isdecimal() for letter in name):
            notes.append("This has digits. Check that it is a nominee’s name.")
        if notes:
            cells.append(self._of_answer(answer, row, " ".join(notes), value=name, before=plain))


def _question(column: Column, text: str, message: str) -> CellReading:
    answer = column.answer or ""
    return CellReading(
        column=column.index, heading=column.heading, field=answer, text="" if answer in NEVER_REPEATED else text,
        value="", message=message, is_question=True,
    )  # fmt: skip


def _note(column: Column, text: str, value: str, message: str) -> CellReading:
    answer = column.answer or ""
    return CellReading(
        column=column.index, heading=column.heading, field=answer, text=text, value=value, message=message,
        is_question=False,
    )  # fmt: skip


def _words_of_value(answer: str, answers: RowAnswers) -> str:
    """Return in words what a cell with a note was read as."""
    names = ("law_enforcement_since", "law_enforcement_years") if answer.startswith("law_enf") else (answer,)
    value = next((answers[name] for name in names if answers.get(name) is not None), None)
    value = answers.get("background_investigation") if value is None and answer == "background_completed_on" else value
    return "" if value is None else str(value)
