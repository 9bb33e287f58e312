"""A sheet kept until somebody has looked at it, and columns that a person chose."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SpreadsheetError
from assistant.roster import (
    RosterSheet,
    SheetOffer,
    annotate,
    annotate_sheet,
    dump_sheet,
    load_sheet,
    open_roster,
    read_sheet,
)
from assistant.roster.rows import RowReader
from assistant.spreadsheets import Cell, SheetData, is_blank

MIXED = (
    b"Roster of 123-45-6789\n\nName,Badge,DOB,Unit,Hired\n"
    b"Alex Sample,1412,4/1/1990,Jail,2018-06-01\nSam,123-45-6789,5/5/1985,Patrol,x\nTotal,,,,\n,7,,,\n"
)
CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20), st.booleans(), st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(timedelta(0), timedelta(days=9)),
)  # fmt: skip


def test_what_is_read_from_a_kept_sheet_is_what_was_read_before() -> None:
    opened = open_roster(MIXED)
    kept = load_sheet(dump_sheet(opened))
    assert read_sheet(kept) == read_sheet(opened)
    assert annotate_sheet(kept.sheet, read_sheet(kept))
    assert annotate(MIXED, read_sheet(opened))


def test_what_is_never_kept_is_not_in_the_kept_text() -> None:
    text = dump_sheet(open_roster(MIXED))
    for held in ("123-45-6789", "1990", "1985"):
        assert held not in text
    assert "1412" in text


@given(st.lists(st.lists(CELLS, max_size=4), max_size=4))
def test_every_kind_of_cell_comes_back(
    rows: list[list[Cell]],
) -> None:
    opened = RosterSheet(
        sheet=SheetData(name="S", rows=[["Name"], *rows], unsolved=frozenset({(2, 1)}), date1904=True),
        at=0,
        offers=(SheetOffer(name="T", people=3, is_read=False),),
    )
    kept = load_sheet(dump_sheet(opened))
    assert (kept.at, kept.offers, kept.sheet.unsolved, kept.sheet.date1904) == (
        0,
        opened.offers,
        frozenset({(2, 1)}),
        True,
    )
    for before, after in zip(opened.sheet.rows, kept.sheet.rows, strict=True):
        for old, new in zip(before, after, strict=True):
            assert new == ("000-00-0000" if RowReader.is_ssn(old) else old) or is_blank(new)
            assert type(new) is type(old) or RowReader.is_ssn(old)


def test_a_chosen_column_wins_over_its_heading() -> None:
    opened = open_roster(b"Name,Badge,Star code,Hired\nAlex,1,77,2018-06-01\n")
    assert read_sheet(opened).nominees[0].badge_number == "1"
    found = read_sheet(opened, {1: None, 2: "badge_number"})
    assert found.nominees[0].badge_number == "77"
    assert found.nominees[0].law_enforcement_since == date(2018, 6, 1)
    assert read_sheet(opened, {2: "badge_number"}).nominees[0].badge_number == "77", "the heading gives way"
    assert "so it was chosen" in {column.why for column in found.columns}
    both = read_sheet(opened, {1: "badge_number", 2: "badge_number"})
    assert both.nominees[0].badge_number == "1", "of two the first has it"


def test_what_is_never_kept_cannot_be_chosen() -> None:
    opened = open_roster(b"Name,Badge,DOB\nAlex,1,4/1/1990\n")
    found = read_sheet(opened, {2: "badge_number", 1: None})
    assert found.nominees[0].badge_number is None


def test_what_a_person_typed_stands_in_place_of_a_cell_and_a_total_can_be_a_person() -> None:
    opened = open_roster(MIXED)
    found = read_sheet(opened, corrections={(5, 1): "77", (5, 4): "2018-06-01", (7, 0): "Lee Ash"})
    assert [(person.row, bool(person.questions)) for person in found.people] == [(4, False), (5, False), (7, False)]
    assert [person.nominee.badge_number for person in found.people] == ["1412", "77", "7"]
    assert [row.row for row in found.set_aside] == [6]
    assert [row.row for row in read_sheet(opened).set_aside] == [6, 7], "a number without a name is no person"
    assert [person.row for person in read_sheet(opened, confirmed_rows={6}).people] == [4, 5, 6]
    emptied = read_sheet(opened, corrections={(5, 1): "", (5, 4): "never"})
    assert [cell.text for cell in emptied.people[1].questions] == ["never"]


def test_without_a_column_for_the_name_nothing_is_read() -> None:
    with pytest.raises(SpreadsheetError, match="with the names"):
        read_sheet(open_roster(b"Name,Badge\nAlex,1\n"), {0: None})
