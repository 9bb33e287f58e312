"""Names as agencies write them: ranks, suffixes, numbers and remarks wherever they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.roster import Roster, read_roster
from assistant.roster.names import holds_rank, read_name


def read(*lines: str) -> Roster:
    return read_roster("\n".join(lines).encode())


@pytest.mark.parametrize(
    ("text", "name", "rank"),
    [
        ("DOE, SGT. JAMES R. JR.", "JAMES R. DOE JR.", "SGT."),
        ("Doe, John III", "John Doe III", ""),
        ("Doe, Jr., John", "John Doe Jr.", ""),
        ("Doe Jr., John", "John Doe Jr.", ""),
        ("Doe, John A., Sr.", "John A. Doe Sr.", ""),
        ("Sgt. Doe, John", "John Doe", "Sgt."),
        ("Doe, John, Sgt", "John Doe", "Sgt"),
        ("Doe, John (Sgt)", "John Doe", "Sgt"),
        ("John Doe, Deputy", "John Doe", "Deputy"),
        ("Deputy Sheriff II John Doe", "John Doe", "Deputy Sheriff II"),
        ("Chief Deputy Kay Orr", "Kay Orr", "Chief Deputy"),
        ("Lt. Col. John Smith", "John Smith", "Lt. Col."),
        ("1. Lee Ash", "Lee Ash", ""),
        ("12) Ash, Lee", "Lee Ash", ""),
        ("• Lee Ash", "Lee Ash", ""),
        ("Marlo Griegner (016401)", "Marlo Griegner", ""),
        ("Doe, John #1412", "John Doe", ""),
        ("Ash, Lee <lee.ash@example.gov>", "Lee Ash", ""),
        ("Doe, John (K9)", "John Doe", ""),
        ("Ms. Ivy Hale", "Ivy Hale", ""),
        ("Ash, Ms. Lee", "Lee Ash", ""),
        ('Lane, Pat "PJ"', "Pat Lane", ""),
        # The nearest that is no rank, no suffix, no number: the name stays as it is.
        ("Sam O’Brien, Jr.", "Sam O’Brien, Jr.", ""),
        ("John Marshall", "John Marshall", ""),
        ("Ann Constable", "Ann Constable", ""),
        ("Hana Field", "Hana Field", ""),
        ("Field, Hana", "Hana Field", ""),
        ("Ofc. Field, Hana", "Hana Field", "Ofc."),
        ("Cpl. Deputy, Ann", "Ann Deputy", "Cpl."),
        ("Junior Ávila", "Junior Ávila", ""),
        ("Ávila, Junior", "Junior Ávila", ""),
        ("St. John, Deputy Junior", "Junior St. John", "Deputy"),
        ("von Trapp, Junior II", "Junior von Trapp II", ""),
        ("T. J. Dell", "T. J. Dell", ""),
        ("Ruiz y Mora, José", "José Ruiz y Mora", ""),
        ("Null", "Null", ""),
        ("Sgt. Doe", "Doe", "Sgt."),
        ("Malcolm X", "Malcolm X", ""),
        ("Henry V", "Henry V", ""),
        ("Ms. Hale", "Ms. Hale", ""),
        ("Miss Ash", "Miss Ash", ""),
    ],
)
def test_a_name_is_put_in_order_and_its_rank_comes_out(text: str, name: str, rank: str) -> None:
    reading = read_name(text)
    assert (reading.name, reading.rank, reading.question) == (name, rank, "")


@pytest.mark.parametrize(
    "text",
    [
        "John Doe / Jane Roe",
        "John Doe & Jane Roe",
        "John Doe and Jane Roe",
        "Two Feathers, Junior",
        "Sam Oak (retired 2/1)",
    ],
)
def test_what_two_people_could_be_or_two_orders_is_asked(text: str) -> None:
    assert read_name(text).question


def test_a_heading_that_says_last_name_first_asks_where_no_comma_is() -> None:
    found = read('"Name (Last, First)"', '"Ash, Lee"', "Ash Lee", "Cher")
    assert [nominee.full_name for nominee in found.nominees] == ["Lee Ash", None, "Cher"]
    assert [error.row for error in found.errors] == [3]


def test_a_rank_in_the_name_fills_an_empty_rank_and_never_replaces_one() -> None:
    found = read("Name,Rank", "Sgt. Lee Ash,", "Sgt. Sam Oak,Sgt", "Sgt. Kim Bay,Deputy", "Jo Elm,Deputy")
    assert [nominee.rank for nominee in found.nominees] == ["Sgt.", "Sgt", "Deputy", "Deputy"]
    assert ["differs" in person.cells[0].message for person in found.people[:3]] == [False, False, True]
    assert found.people[3].cells == ()


def test_a_row_shows_the_name_before_and_after() -> None:
    (person,) = read("Name", '"DOE, SGT. JAMES R. JR."').people
    (cell,) = person.cells
    assert (cell.text, cell.value, cell.is_question) == ("DOE, SGT. JAMES R. JR.", "JAMES R. DOE JR.", False)


def test_a_number_beside_the_name_fills_an_empty_badge_number() -> None:
    found = read("Worker,Badge", "Marlo Griegner (016401),", "Kit Bielowe (070430),77")
    assert [(nominee.full_name, nominee.badge_number) for nominee in found.nominees] == [
        ("Marlo Griegner", "016401"), ("Kit Bielowe", "77"),
    ]  # fmt: skip


def test_major_is_a_rank_or_a_first_name_as_the_rank_column_says() -> None:
    found = read("Name,Rank", "Major Lee Ash,Major", "Major Lee Oak,Deputy", "Major Lee Elm,", "Major Bay,")
    assert [(nominee.full_name, nominee.rank) for nominee in found.nominees] == [
        ("Lee Ash", "Major"), ("Major Lee Oak", "Deputy"), (None, None), ("Major Bay", None),
    ]  # fmt: skip
    assert [error.row for error in found.errors] == [4]


def test_separate_middle_names_and_suffixes_are_put_together() -> None:
    found = read(
        "Last Name,First Name,M,Suffix",
        "Quill,Dana,L,",
        "Orr-Baines,Robin,,Jr.",
        "Doe Jr.,John,NMN,",
        "Ash,Sgt. Lee,Q,",
    )
    assert [(nominee.full_name, nominee.rank) for nominee in found.nominees] == [
        ("Dana L Quill", None), ("Robin Orr-Baines Jr.", None), ("John Doe Jr.", None), ("Lee Q Ash", "Sgt."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "is_rank"),
    [
        ("Deputy", True),
        ("Detention Officer II", True),
        ("Police Officer First Class", True),
        ("Lee Ash", False),
        ("Sgt. Lee Ash", False),
        ("First Class", False),
        ("Patrol", False),
    ],
)
def test_a_rank_is_told_from_a_name(text: str, *, is_rank: bool) -> None:
    assert holds_rank(text) is is_rank


WORDS = st.text(st.characters(categories=["L"]), min_size=2, max_size=12).filter(lambda word: word.split() == [word])


@given(WORDS, WORDS, st.sampled_from(["{0} {1}", "{1}, {0}", "3. {0} {1}", "{0} {1} (4711)", "Sgt. {0} {1}"]))
def test_no_letter_of_a_name_is_lost(first: str, last: str, form: str) -> None:
    reading = read_name(form.format(first, last))
    letters = sorted((reading.name + reading.rank).replace("Sgt.", "").replace(" ", "").replace(",", ""))
    assert reading.question or letters == sorted(first + last)
