"""What is a person in a roster, and what is a note, a total or a vacancy; notes about health are not kept."""

from __future__ import annotations

import json

import pytest

from assistant.roster import Roster, annotate, dump_sheet, open_roster, read_roster, read_sheet
from assistant.roster.people import without_health_notes

HEAD = "Name,Rank,Badge,Model"
PEOPLE = ("Lee Ash,Deputy,1,TFM", "Sam Oak,Deputy,2,TFM", "Kim Bay,Sergeant,3,WSO")


def read(*rows: str, head: str = HEAD) -> Roster:
    return read_roster("\n".join([head, *PEOPLE, *rows]).encode())


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Total,3,,", "total"),
        ("TOTAL: 3 deputies,,,", "total"),
        ("Total nominees: 3,,,", "total"),
        ("Grand Total,,,", "total"),
        ("Count: 3,,,", "total"),
        ("3 officers total,,,", "total"),
        ("End of report,,,", "total"),
        ("Vacant,Deputy,,", "nobody holds"),
        ("VACANT,Deputy,99,TFM", "nobody holds"),
        ("TBD,Deputy,,", "nobody holds"),
        ("Open position,Sergeant,,", "nobody holds"),
        ("To be hired,Deputy,,", "nobody holds"),
        ("Vacant - retirement,Deputy,,", "nobody holds"),
        ("Position frozen,,,", "nobody holds"),
        ("PATROL DIVISION,,,", "unit"),
        ("Jail,,,", "unit"),
        ("Night Shift,,,", "unit"),
        ("RESERVES,,,", "unit"),
        ("Prepared by HR,,,", "signature"),
        ("Prepared by: HR 1/15/2026,,,", "signature"),
        ("Submitted by Sheriff Kay Orr,,,", "signature"),
        ("Updated 1/5/2026,,,", "signature"),
        ("Signature: ________,,,", "signature"),
        ("As of 1/1/2026,,,", "signature"),
        ("See attached sheet for reserves,,,", "note"),
        ("Note: all deputies are POST certified,,,", "note"),
        ("* Subject to change,,,", "note"),
        ("Names in bold are alternates,,,", "note"),
        ("Page 1 of 60,,,", "page"),
        ("Name,Rank,Badge,Model", "repeats the headings"),
        ("NAME,RANK,BADGE,MODEL", "repeats the headings"),
    ],
)
def test_a_row_that_names_nobody_is_set_aside_with_a_reason(row: str, words: str) -> None:
    found = read(row)
    assert len(found.people) == 3
    (aside,) = found.set_aside
    assert (aside.row, aside.sheet_row) == (5, 5)
    assert words in aside.why
    assert aside.text == " ".join(cell for cell in row.split(",") if cell)
    assert found.to_document()["set_aside"] == [{"row": 5, "text": aside.text, "why": aside.why}]
    assert [warning.row for warning in found.warnings] == [5]
    assert not found.errors


@pytest.mark.parametrize(
    "row",
    [
        "Lee Page,Deputy,9,TFM",
        "Page Lee,Deputy,9,TFM",
        "Grant Division,Deputy,9,TFM",
        "Tot Alvarez,Deputy,9,TFM",
        "Vaca Nt,Deputy,9,TFM",
        "Open Lee Sky,Deputy,9,TFM",
        "Patrol Sgt. Kay Orr,,9,TFM",
        "Kay Orr,,,",
        "Cher,Deputy,9,TFM",
        "Court Lee,Deputy,9,TFM",
        "Signe Sture,Deputy,9,",
        "Note Berg,Deputy,9,TFM",
        "Frozen Ray,Deputy,9,TFM",
        "Sick Anna,Deputy,9,TFM",
        "Prepa Red,Deputy,9,TFM",
    ],
)
def test_a_name_that_resembles_a_note_is_a_person(row: str) -> None:
    found = read(row)
    assert (len(found.people), found.set_aside) == (4, ())


def test_a_row_set_aside_is_added_only_where_a_person_says_so() -> None:
    opened = open_roster("\n".join([HEAD, *PEOPLE, "Frozen,,,"]).encode())
    assert len(read_sheet(opened).people) == 3
    assert [person.nominee.full_name for person in read_sheet(opened, confirmed_rows={5}).people][3:] == ["Frozen"]


def test_page_rows_and_repeated_headings_of_a_long_print_are_one_remark_each() -> None:
    rows = [
        line for page in range(1, 61) for line in (f"Page {page} of 60,,,", HEAD, f"Jo Elm {page},Deputy,{page + 9},")
    ]
    found = read(*rows)
    assert len(found.people) == 63
    assert len(found.set_aside) == 120
    assert not found.errors
    whole = [warning.message for warning in found.warnings if warning.row is None]
    assert [message.startswith("60 rows") for message in whole] == [True, True, True], (
        "pages, headings, digits in names"
    )


HEALTH = (
    "* Deputy Cobb on FMLA until 3/1", "Ash out on medical leave", "light duty per doctor", "Oak: maternity leave",
    "*on workers comp", "Bay injured on duty, returns 4/1",
)  # fmt: skip
SECRETS = ("fmla", "medical", "doctor", "maternity", "workers", "injured")


@pytest.mark.parametrize(("note", "secret"), list(zip(HEALTH, SECRETS, strict=True)))
def test_a_note_about_health_is_set_aside_and_its_text_is_nowhere(note: str, secret: str) -> None:
    data = "\n".join([HEAD, *PEOPLE, f'"{note}",,,']).encode()
    found = read_roster(data)
    assert len(found.people) == 3
    (aside,) = found.set_aside
    assert (aside.text, "not kept" in aside.why) == ("", True)
    kept = dump_sheet(open_roster(data))
    for text in (json.dumps(found.to_document()), kept, repr(found)):
        assert secret not in text.lower()
    assert secret.encode() not in annotate(data, found)


def test_a_remark_about_health_beside_a_name_goes_and_the_person_stays() -> None:
    rows = (
        '"Cobb, Zoe (FMLA)",Deputy,9,TFM',
        "Yan Bird - on medical leave,Deputy,8,TFM",
        "Jo Elm,Deputy (light duty),7,",
    )
    found = read(*rows)
    assert [nominee.full_name for nominee in found.nominees][3:] == ["Zoe Cobb", "Yan Bird", "Jo Elm"]
    assert found.nominees[5].rank == "Deputy"
    assert not any(word in repr(found).lower() for word in ("fmla", "medical", "light"))
    assert "FMLA" not in dump_sheet(open_roster("\n".join([HEAD, *rows]).encode()))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Cobb, Zoe (FMLA until 3/1)", "Cobb, Zoe"),
        ("Zoe Cobb * surgery in May", "Zoe Cobb"),
        ("on sick leave", "(note removed)"),
        ("Zoe Cobb (FTO)", "Zoe Cobb (FTO)"),
        ("Health-Smith, Zoe", "(note removed)"),
        ("Injun Joe", "Injun Joe"),
    ],
)
def test_only_what_is_said_of_health_is_taken_out(before: str, after: str) -> None:
    assert without_health_notes([before, 7]) == [after, 7]


def test_a_row_with_only_a_number_in_it_is_passed_over_and_one_without_a_name_is_asked() -> None:
    found = read(",,,", ",Deputy,9,TFM")
    assert [row.row for row in found.set_aside] == []
    assert [person.row for person in found.people if person.questions] == [6]
    assert found.people[-1].nominee.rank == "Deputy"


def test_a_signature_in_another_column_is_set_aside() -> None:
    found = read(",,Approved:,Sheriff Orr", ",Deputy,9,")
    assert [row.row for row in found.set_aside] == [5]
    assert [person.row for person in found.people if person.questions] == [6]


def test_what_is_never_kept_is_not_repeated_of_a_row_set_aside() -> None:
    found = read_roster(b"Name,Rank,DOB\nLee Ash,Deputy,1/2/1980\nVacant,Deputy,3/4/1981\n")
    assert [row.text for row in found.set_aside] == ["Vacant Deputy"]
    assert not any(year in repr(found) for year in ("1980", "1981"))


def test_an_ssn_in_a_note_is_not_repeated() -> None:
    found = read("Note: see 123-45-6789,,,")
    assert "6789" not in repr(found)
