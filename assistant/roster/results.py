"""What a roster says: the people, the cells to look at, the rows set aside, the columns and the sheets of the file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict

from assistant.answers import Answers, Nominee, to_document

if TYPE_CHECKING:
    from assistant.roster.columns import Column


class RemarkDocument(TypedDict):
    """``Remark`` as a JSON object."""

    row: int | None
    column: str | None
    message: str


class SetAsideDocument(TypedDict):
    """``RowSetAside`` as a JSON object."""

    row: int
    text: str
    why: str


class CellDocument(TypedDict):
    """``CellReading`` as a JSON object, for values that were read by a rule: what stood there, and what was read."""

    row: int
    column: str | None
    text: str
    value: str
    message: str


class ColumnDocument(TypedDict):
    """``Column`` as a JSON object; ``taken_for`` is a field of a nominee, or None where the column is left out."""

    heading: str
    taken_for: str | None
    sure: bool
    sureness: float
    could_be: list[str]


class SheetDocument(TypedDict):
    """``SheetOffer`` as a JSON object."""

    name: str
    people: int
    read: bool


class RosterDocument(TypedDict):
    """``Roster`` as a JSON object: the nominees as in an answers file."""

    nominees: list[dict[str, object]]
    errors: list[RemarkDocument]
    warnings: list[RemarkDocument]
    set_aside: list[SetAsideDocument]
    columns: list[ColumnDocument]
    read_by_rule: list[CellDocument]
    sheets: list[SheetDocument]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A remark on a row and a column of the sheet; None where it is the whole row, or the whole sheet."""

    row: int | None
    column: str | None
    message: str

    def to_document(self) -> RemarkDocument:
        """Return the remark as JSON."""
        return {"row": self.row, "column": self.column, "message": self.message}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReading:
    """A cell of a person's row that a person should look at.

    ``column`` is its place in the row, counted from 0, None where no column holds the answer; ``field`` the answer it
    gives (as ``Column.answer``). ``text`` is what was in it, "" for what is never kept, and ``value`` what was read of
    it, in words ("" for nothing). With ``is_question`` the answer is missing until somebody gives it, and ``message``
    says what to do; otherwise ``message`` says by which rule the value was read.
    """

    column: int | None
    heading: str | None
    field: str
    text: str
    value: str
    message: str
    is_question: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPerson:
    """A row that names a nominee: where it is, who it names, and the cells to look at.

    ``row`` counts as the stored sheet does, from 1, and is unique; ``sheet_row`` and ``sheet`` are the place in the
    file. ``nominee`` lacks the answers of cells that are questions.
    """

    row: int
    sheet: str
    sheet_row: int
    nominee: Nominee
    cells: tuple[CellReading, ...] = ()

    @property
    def questions(self) -> tuple[CellReading, ...]:
        """Return the cells without which the row waits."""
        return tuple(cell for cell in self.cells if cell.is_question)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSetAside:
    """A row that names no nominee, with the reason in a sentence; ``text`` is "" where it is never kept."""

    row: int
    sheet: str
    sheet_row: int
    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOffer:
    """A sheet of the file that lists people; ``is_read`` where this roster holds it."""

    name: str
    people: int
    is_read: bool


@dataclass(frozen=True, kw_only=True)
class Roster:
    """What a spreadsheet says of nominees. Rows count from 1; ``headings_row`` is 0 where the sheet has no headings."""

    people: tuple[RosterPerson, ...]
    set_aside: tuple[RowSetAside, ...]
    errors: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    sheet: str
    headings_row: int
    columns: tuple[Column, ...]
    sheets: tuple[SheetOffer, ...] = ()

    @cached_property
    def nominees(self) -> tuple[Nominee, ...]:
        """Return everyone the sheet names, those with a question among them."""
        return tuple(person.nominee for person in self.people)

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """Return the row of each nominee."""
        return tuple(person.row for person in self.people)

    @cached_property
    def ready(self) -> tuple[RosterPerson, ...]:
        """Return the people without a question."""
        return tuple(person for person in self.people if not person.questions)

    def to_document(self) -> RosterDocument:
        """Return the roster as JSON; the nominees are those of an answers file."""
        return {
            "nominees": to_document(Answers(nominees=self.nominees))["nominees"],
            "errors": [error.to_document() for error in self.errors],
            "warnings": [warning.to_document() for warning in self.warnings],
            "set_aside": [{"row": row.sheet_row, "text": row.text, "why": row.why} for row in self.set_aside],
            "columns": [
                {
                    "heading": column.heading,
                    "taken_for": column.answer,
                    "sure": column.is_sure,
                    "sureness": column.sureness,
                    "could_be": list(column.alternatives),
                }
                for column in self.columns
            ],
            "read_by_rule": [
                {
                    "row": person.sheet_row,
                    "column": cell.heading,
                    "text": cell.text,
                    "value": cell.value,
                    "message": cell.message,
                }
                for person in self.people
                for cell in person.cells
                if not cell.is_question
            ],
            "sheets": [{"name": offer.name, "people": offer.people, "read": offer.is_read} for offer in self.sheets],
        }
