"""The shapes of rosters: no headings, pasted lists, several sheets, colors."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from assistant.errors import SpreadsheetError
from assistant.roster import (
    ALL_SHEETS,
    Roster,
    annotate,
    dump_sheet,
    load_sheet,
    open_roster,
    read_roster,
    read_sheet,
)


def read(text: str) -> Roster:
    return read_roster(text.encode())


def names(found: Roster) -> list[str | None]:
    return [nominee.full_name for nominee in found.nominees]


def book_of(**sheets: list[list[object]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    return book


def bytes_of(book: openpyxl.Workbook) -> bytes:
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "Lee Ash\nSam Oak\nKim Bay",
        "1. Lee Ash\n2. Sam Oak\n3. Kim Bay",
        "1) Lee Ash\n2) Sam Oak\n3) Kim Bay",
        "- Lee Ash\n- Sam Oak\n- Kim Bay",
        "• Lee Ash\n• Sam Oak\n• Kim Bay",
        "Ash, Lee\nOak, Sam\nBay, Kim",
        "1.\tLee Ash\n2.\tSam Oak\n3.\tKim Bay",
        "Lee Ash\n\nSam Oak\n\nKim Bay\n",
    ],
)
def test_a_list_of_names_is_read_and_the_column_is_asked(text: str) -> None:
    found = read(text)
    assert names(found) == ["Lee Ash", "Sam Oak", "Kim Bay"]
    assert found.headings_row == 0
    (column,) = [column for column in found.columns if column.answer]
    assert (column.answer, column.is_sure) == ("full_name", False)
    assert any("no row of column names" in warning.message for warning in found.warnings)
    assert not found.errors


def test_a_list_of_names_and_ranks_has_two_columns() -> None:
    found = read("Lee Ash, Deputy\nSam Oak, Sergeant\nKim Bay, Detention Officer")
    assert names(found) == ["Lee Ash", "Sam Oak", "Kim Bay"]
    assert [nominee.rank for nominee in found.nominees] == ["Deputy", "Sergeant", "Detention Officer"]


def test_columns_without_headings_are_shown_and_a_person_chooses() -> None:
    opened = open_roster(b"Lee Ash,1412,6/1/2018\nSam Oak,1413,5/1/2015\n")
    found = read_sheet(opened)
    assert [(column.heading, column.answer, column.alternatives) for column in found.columns] == [
        ("Column A", "full_name", ()), ("Column B", None, ("badge_number",)),
        ("Column C", None, ("law_enforcement_since",)),
    ]  # fmt: skip
    chosen = read_sheet(load_sheet(dump_sheet(opened)), {1: "badge_number", 2: "law_enforcement_since"})
    assert [nominee.badge_number for nominee in chosen.nominees] == ["1412", "1413"]
    assert str(chosen.nominees[0].law_enforcement_since) == "2018-06-01"


@pytest.mark.parametrize("text", ["just words", "a,b\n1,2", "Rank,Badge\nDeputy,1", "1\n2\n3", "yes\nno\nyes"])
def test_what_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(SpreadsheetError):
        read(text)


def test_a_markdown_table_keeps_its_lines() -> None:
    found = read("| Name | Rank | Badge |\n|:---|---|---:|\n| Lee Ash | Deputy | 1 |\n| **Sam Oak** | Sgt | 2 |\n")
    assert names(found) == ["Lee Ash", "Sam Oak"]
    assert found.rows == (3, 4)
    assert [nominee.badge_number for nominee in found.nominees] == ["1", "2"]


def test_columns_aligned_by_blanks_are_cut_where_they_begin() -> None:
    found = read(
        "Name            Rank       Badge\n"
        "Lee Ash         Deputy     1412\n"
        "Sam Oak                    1413\n"
        "De La Cruz, Jo  Sgt        1414\n"
    )
    assert names(found) == ["Lee Ash", "Sam Oak", "Jo De La Cruz"]
    assert [nominee.rank for nominee in found.nominees] == ["Deputy", None, "Sgt"]
    assert [nominee.badge_number for nominee in found.nominees] == ["1412", "1413", "1414"]


def test_names_with_a_comma_and_no_quotes_are_put_together() -> None:
    found = read("Name,Rank,Badge\nAsh, Lee,Deputy,1\nOak, Sam,Sgt,2\n")
    assert [(nominee.full_name, nominee.rank, nominee.badge_number) for nominee in found.nominees] == [
        ("Lee Ash", "Deputy", "1"), ("Sam Oak", "Sgt", "2"),
    ]  # fmt: skip
    same = read('Name,Rank,Badge\n"Ash, Lee",Deputy,1\nOak Sam,Sgt,2\n')
    assert names(same) == ["Lee Ash", "Oak Sam"], "a quoted name is left as the file says"


def test_a_blank_between_two_words_is_no_column() -> None:
    assert names(read("Name\nLee  Ash\nSam Oak\n")) == ["Lee Ash", "Sam Oak"]


SHEETS: dict[str, list[list[object]]] = {
    "Instructions": [["Please complete the tabs Patrol and Jail and return to Capt. Boss"]],
    "Patrol": [["Name", "Rank", "Badge"], ["Tia Vale", "Deputy", 401], ["Uri Wade", "Deputy", 402]],
    "Jail": [["Badge", "Officer Name", "Rank"], [501, "Val York", "Officer"], [502, "York, Wes", "Officer"],
             [503, "Xan Able", "x"]],
}  # fmt: skip


def test_of_several_sheets_one_is_read_and_the_others_are_said_with_their_people() -> None:
    found = read_roster(bytes_of(book_of(**SHEETS)))
    assert names(found) == ["Tia Vale", "Uri Wade"]
    assert [(offer.name, offer.people, offer.is_read) for offer in found.sheets] == [
        ("Patrol", 2, True),
        ("Jail", 3, False),
    ]
    assert any("“Jail” was not read. It lists 3 people" in warning.message for warning in found.warnings)


def test_another_sheet_can_be_chosen_and_a_wrong_name_is_refused() -> None:
    data = bytes_of(book_of(**SHEETS))
    assert names(read_roster(data, ["Jail"])) == ["Val York", "Wes York", "Xan Able"]
    with pytest.raises(SpreadsheetError, match="no sheet of that name"):
        read_roster(data, ["Instructions"])


def test_all_sheets_become_one_list_with_the_places_of_the_file() -> None:
    data = bytes_of(book_of(**SHEETS))
    opened = open_roster(data, [ALL_SHEETS])
    found = read_sheet(opened)
    assert names(found) == ["Tia Vale", "Uri Wade", "Val York", "Wes York", "Xan Able"]
    assert [nominee.badge_number for nominee in found.nominees] == ["401", "402", "501", "502", "503"]
    assert [(person.sheet, person.sheet_row) for person in found.people] == [
        ("Patrol", 2), ("Patrol", 3), ("Jail", 2), ("Jail", 3), ("Jail", 4),
    ]  # fmt: skip
    assert len(set(found.rows)) == 5
    assert read_sheet(load_sheet(dump_sheet(opened))) == found
    assert annotate(data, found).startswith(b"PK")


def test_a_color_that_may_mean_something_is_said_and_stripes_are_not() -> None:
    rows: list[list[object]] = [["Name", "Badge"], *([f"Lee Ash {'ABCDEFGH'[n]}", n] for n in range(8))]
    book = book_of(Patrol=rows)
    assert not any("color" in warning.message for warning in read_roster(bytes_of(book)).warnings)
    yellow = PatternFill("solid", fgColor="FFFF00")
    book.worksheets[0]["A4"].fill = yellow
    book.worksheets[0]["A1"].fill = yellow
    (remark,) = [w.message for w in read_roster(bytes_of(book)).warnings if "color" in w.message]
    assert remark.startswith("One row has a color (row 4). Colors are not read.")
    for row in (2, 6, 8):
        book.worksheets[0][f"A{row}"].fill = yellow
    assert not any("color" in warning.message for warning in read_roster(bytes_of(book)).warnings), "every second row"
    book.worksheets[0]["A3"].fill = PatternFill("solid", fgColor="FFFFFF")
    assert not any("color" in warning.message for warning in read_roster(bytes_of(book)).warnings), "white is no color"
    book.worksheets[0]["A3"].fill = yellow
    assert any("5 rows have a color" in warning.message for warning in read_roster(bytes_of(book)).warnings)
