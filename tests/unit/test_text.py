"""What any text of an answer may hold: one definition for pages, answers files and rosters."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import answers
from assistant.answers import FORMAT
from assistant.errors import AnswersError
from assistant.roster import read_roster
from assistant.text import find_forbidden_character, holds_social_security_number, replace_characters_not_in_xml

SEPARATORS = ["-", " ", ".", "\u2013", "\u2014", "\u2011", "\u2212", "/", " - ", "\u00a0", "\u2009", "", "_", "\u00ad-"]


@given(
    st.tuples(st.integers(1, 665), st.integers(1, 99), st.integers(1, 9999)), st.sampled_from(SEPARATORS),
    st.sampled_from(["", "Deputy ", "SSN: ", "(", "# "]), st.sampled_from(["", ".", ")", " is mine", ", Sheriff"]),
)  # fmt: skip
def test_nine_digits_in_three_groups_are_found_in_every_spelling(
    parts: tuple[int, int, int], separator: str, before: str, after: str
) -> None:
    area, group, serial = parts
    number = separator.join((f"{area:03}", f"{group:02}", f"{serial:04}"))
    assert holds_social_security_number(f"{before}{number}{after}")


@given(
    st.tuples(st.integers(1, 665), st.integers(1, 99), st.integers(1, 9999)), st.sampled_from(SEPARATORS),
    st.sampled_from(["", "Deputy ", "SSN: ", "("]), st.sampled_from(["", ".", ")", " is mine", ", Sheriff"]),
)  # fmt: skip
def test_nine_digits_one_by_one_are_found_and_eight_or_ten_are_not(
    parts: tuple[int, int, int], separator: str, before: str, after: str
) -> None:
    number = "{:03}{:02}{:04}".format(*parts)
    assert holds_social_security_number(f"{before}{separator.join(number)}{after}")
    if separator:
        for other in (number[:8], f"{number}0", f"0{number}"):
            assert not holds_social_security_number(f"{before}{separator.join(other)}{after}")


@given(
    st.tuples(st.integers(1, 665), st.integers(1, 99), st.integers(1, 9999)),
    st.sampled_from([sign for sign in SEPARATORS if sign.strip() and sign != "/"]),
    st.sampled_from(["", "Badge ", "# "]),
)
def test_the_area_alone_apart_is_found_and_a_zip_code_an_employer_or_a_case_number_is_not(
    parts: tuple[int, int, int], separator: str, before: str
) -> None:
    number = "{:03}{:02}{:04}".format(*parts)
    assert holds_social_security_number(f"{before}{number[:3]}{separator}{number[3:]}")
    for first in (2, 4, 5, 7, 8):
        assert not holds_social_security_number(f"{before}{number[:first]}{separator}{number[first:]}")


FULL_WIDTH = "123-45-6789".translate({ord(sign): ord(sign) + 0xFEE0 for sign in "-0123456789"})


@pytest.mark.parametrize("text", [FULL_WIDTH, "١٢٣-٤٥-٦٧٨٩", "123\u200b45\u200b6789", "123-\u200b45-6789"])
def test_other_digits_and_hidden_characters_do_not_hide_the_number(text: str) -> None:
    assert holds_social_security_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "(727) 555-0100", "727.555.0100", "7275550100", "+1 727 555 0100", "34652-1234", "2026-11-30", "11/30/2026",
        "100 Main Street, Suite 1200", "Badge 12345678", "Badge 1234567890", "A123456789", "GS-1234-56-789",
        "0.123456789", "000123456", "666123456", "912345678", "123004567", "123450000", "1-800-555-0100 ext. 12",
        "Case 2025-123-45", "12 345 6789", "7 2 7 5 5 5 0 1 0 0", "Precincts 1 2 3 4 5 6 7 8 9 10",
        "12 3 4 5 6 7 8 9 1", "Districts 1, 2, 3, 4, 5, 6, 7, 8, 9", "Room 123 456789", "123-4567890", "123-456-789",
        "12-3456789", "2025-123456", "A123-456789", "123-456789-01", "727-5550100", "666-456789", "9 0 0 1 2 3 4 5 6",
    ],
)  # fmt: skip
def test_other_numbers_are_no_social_security_numbers(text: str) -> None:
    assert not holds_social_security_number(text)


@given(st.text())
def test_a_text_without_nine_digits_is_never_one(text: str) -> None:
    if sum(letter.isdecimal() for letter in text) < 9:
        assert not holds_social_security_number(text)


@given(st.text())
def test_a_text_that_is_not_forbidden_is_one_line_of_utf8_and_xml(text: str) -> None:
    if find_forbidden_character(text) is None:
        assert text.encode() and len(text.splitlines()) <= 1 if text else True
        assert replace_characters_not_in_xml(text, "") == text
    else:
        assert re.search(r"[^ -~]", text)


@pytest.mark.parametrize(
    ("character", "kind"),
    [
        ("\t", "a tab"), ("\n", "a line break"), ("\x07", "a control character (U+0007)"),
        ("\x9f", "a control character (U+009F)"), ("\ud800", "half of a character pair (U+D800)"),
        ("\ufffe", "a noncharacter (U+FFFE)"), ("\ufdef", "a noncharacter (U+FDEF)"),
        ("\U0010ffff", "a noncharacter (U+10FFFF)"),
    ],
)  # fmt: skip
def test_a_forbidden_character_is_named_by_its_kind_in_every_way_in(character: str, kind: str) -> None:
    assert find_forbidden_character(f"a{character}b") == kind
    with pytest.raises(AnswersError, match=re.escape(kind)) as caught:
        answers.parse(json.dumps({"format": FORMAT, "agency": {"legal_name": f"a{character}b"}}))
    assert caught.value.path == "agency.legal_name"
    if (
        character not in "\t\n" and not "\ud800" <= character < "\ue000"
    ):  # a cell's spaces are single, a CSV file is UTF-8
        roster = read_roster(f"Full name,Badge\nLee Ash,a{character}b\n".encode())
        assert [kind in error.message for error in roster.errors] == [True]
        assert roster.errors[0].row == 2


@pytest.mark.parametrize("character", ["\ufffd", "\ue000", "\u200d", "\u0301", "\U0001f600", "ễ", "ʻ"])
def test_a_rare_character_is_left_to_the_rules(character: str) -> None:
    assert find_forbidden_character(f"a{character}b") is None


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_roster_and_an_answers_file_refuse_what_a_page_refuses(separator: str) -> None:
    number = f"Deputy {separator.join(('123', '45', '6789'))}"
    with pytest.raises(AnswersError, match="Social Security"):
        answers.parse(json.dumps({"format": FORMAT, "nominees": [{"rank": number}]}))
    roster = read_roster(f"Full name\tRank\nLee Ash\t{number}\n".encode())
    assert ["Social Security" in error.message for error in roster.errors] == [True]
