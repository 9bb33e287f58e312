"""Findings on what real paper is like: garbled names, titles in one field, cut words, stamps of other zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from assistant.reading.answers_of import answers_from
from assistant.reading.written_dates import stamp_days
from assistant.rules.agreement import check_agreement
from assistant.rules.agreement.answers_rules import is_chief
from assistant.rules.agreement.misread import likeness, looks_clean
from assistant.rules.agreement.party_name import party_name
from assistant.rules.agreement.titles import strip_ices_title
from tests.unit.test_finished_rules import TODAY, document, found

if TYPE_CHECKING:
    from assistant.reading import ReadAgreement, SlotReading

NAME = "Cypress Bend Police Department, Florida"
FOOTERS = tuple(found("footer", NAME, source="recognised") for _ in range(5))


def read(*changed: SlotReading, legible: float = 0.0, **more: Any) -> ReadAgreement:
    """Return an agreement with answers as they stand in its blanks."""
    whole = document(*changed, **more)
    pages = tuple(replace(page, legible=legible) for page in whole.pages)
    return replace(whole, pages=pages, answers=answers_from(whole.readings, "TFM"))


def findings(*changed: SlotReading, **more: Any) -> dict[str, tuple[str, str]]:
    """Return code -> (severity, place) of what is found."""
    review = check_agreement(read(*changed, **more), today=TODAY)
    return {finding.code: (finding.severity, finding.where) for finding in review.findings}


def recognised(**texts: str) -> list[SlotReading]:
    return [found(slot, text, source="recognised") for slot, text in texts.items()]


def test_one_garbled_name_does_not_rule() -> None:
    names = {"agency": "eypre5s Bcncl Pol1cc Deparbnent, Fl0rida", "appendix_b": NAME, "lea_agency": NAME}
    names |= {"agency_again": "Cypres5 Bend Police Department", "represents": "eypres5 8cnd Pol1cc Depnrtment"}
    whole = read(*recognised(**names), footers=FOOTERS)
    party = party_name(whole)
    assert party is not None
    assert (party.text, party.is_agreed) == (NAME, True)
    said = findings(*recognised(**names), footers=FOOTERS)
    assert "name-inconsistent" not in said
    assert said["represents-self"][0] == "note"


def test_a_recognised_name_of_another_office_is_told_at_its_own_blank() -> None:
    names = {"agency": NAME, "appendix_b": "eypres5 Bencl Depa1tment Of Pnbl ic Safety, Fl0rida", "lea_agency": NAME}
    names |= {"agency_again": "Cypress Bend Police Department", "represents": "Cypress Bend, Florida"}
    said = findings(*recognised(**names), footers=FOOTERS)
    assert "Appendix B" in said["name-inconsistent"][1]


def test_a_typed_name_that_no_other_blank_shares_is_the_one_that_differs() -> None:
    said = findings(found("agency", "Pine County Police"))
    assert said["name-inconsistent"][1] == found("agency", "").where
    assert "name-inconsistent" not in findings(found("appendix_b", "XXXXXXXXX"))


@pytest.mark.parametrize(
    ("name", "represents", "told"),
    [
        ("Tern Key Police Department, Florida", "T;m K;,y Polk-, Departmtmt, Floncla", True),
        ("Pine County Sheriff’s Office, Georgia", "Pinc C0unty Sherifrs 0ffice", True),
        ("Pine County Sheriff’s Office, Georgia", "Pinc C0unty, Georgia", False),
        ("Harbor Point Police Department", "City of Harbor Point", False),
    ],
)
def test_a_misread_agency_in_the_represents_blank_is_the_agency(name: str, represents: str, *, told: bool) -> None:
    changed = recognised(agency=name, agency_again=name, appendix_b=name, lea_agency=name, represents=represents)
    assert ("represents-self" in findings(*changed)) is told


def test_letters_that_look_alike_are_one_letter() -> None:
    assert likeness("Sher1ff5 0ffice", "Sheriffs Office") == 100
    assert likeness("Departrnent", "Department") == 100
    assert likeness("Alder", "Polk") < 50
    assert looks_clean("Sheriff’s Office of Pine County, FL")
    assert not looks_clean("Sher1ff’s Office")


@pytest.mark.parametrize(
    ("title", "kind", "chief"),
    [
        ("Sheriff", "county", True),
        ("Chief of Police", "municipality", True),
        ("Acting Chief of Police", "municipality", True),
        ("Chief of Police / City Administrator", "municipality", True),
        ("Acting DirectorChief of Police", "municipality", True),
        ("Jailer", "county", True),
        ("Vice Chair", "county", None),
        ("Chair, Board of Commissioners", "county", None),
        ("Chief of Staff", "municipality", None),
        ("Deputy Chief", "municipality", None),
        ("Chief Deputy", "county", None),
        ("Mayor", "municipality", None),
        ("City Manager", "municipality", None),
    ],
)
def test_titles_are_told_by_what_they_contain(title: str, kind: str, *, chief: bool | None) -> None:
    assert is_chief(title, kind) is chief


def test_a_misread_title_is_nobodys_fault() -> None:
    police = recognised(agency=NAME, agency_again=NAME, appendix_b=NAME, lea_agency=NAME)
    misread = found("lea_title", "Chi of Police", source="recognised")
    assert "signer-not-chief" not in findings(*police, misread)
    staff = found("lea_title", "Chief of Staff", source="recognised")
    assert findings(*police, staff)["signer-not-chief"][0] == "warning"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Acting DirectorChief of Police", "Chief of Police"),
        ("Sheriff Acting Director", "Sheriff"),
        ("Acting Director", ""),
        ("Acting Director of Public Safety", "Acting Director of Public Safety"),
        ("Sheriff", "Sheriff"),
    ],
)
def test_the_title_of_ice_is_taken_off_the_agencys(text: str, rest: str) -> None:
    assert strip_ices_title(text) == rest


def test_both_titles_in_one_field_block_where_both_sides_show_them() -> None:
    both = "Acting DirectorSheriff"
    assert findings(found("lea_title", both), found("ice_title", both))["title-shared-with-ice"][0] == "blocker"
    assert findings(found("lea_title", both))["title-shared-with-ice"][0] == "warning"
    said = findings(found("lea_title", both), found("ice_title", both))
    assert "signer-not-chief" not in said


NAMED = dict.fromkeys(
    ("agency", "agency_again", "appendix_b", "lea_agency"), "Juniper County Sheriff's Office, Florida"
)


@pytest.mark.parametrize(
    ("slot", "text", "cut"),
    [
        ("agency", "Juniper C0unty Sheriff's O", True),
        ("appendix_b", "Juniper County Sheriff's 0ffi", True),
        ("agency_again", "Juniper County Sheriff's Office", False),
        ("agency_again", "Juniper County Sheriff", False),
        ("agency_again", "Juniper Co", False),
        ("represents", "Juniper Coun", True),
        ("agency", "Jnnipcr C0unly Shcrlfl s 0ff", False),
        ("contact", "Office of Special Investigations and Pub", True),
        ("contact", "Office of Special Investigations and Patrol", False),
        ("contact", "Commander, Special Operations Unit and Det", False),
        ("contact", "Lt. Colonel of Special Operations, Unit I", False),
        ("contact", "Sam Sample", False),
    ],
)
def test_a_text_that_ends_inside_a_word_was_cut_off(slot: str, text: str, *, cut: bool) -> None:
    changed = recognised(**(NAMED | {slot: text}))
    assert (
        "text-clipped" in findings(*changed, footers=(found("footer", NAMED["agency"], source="recognised"),))
    ) is cut


def test_a_typed_text_that_ends_inside_a_word_is_asked_and_does_not_block() -> None:
    assert findings(found("agency_again", "Pine Coun"))["text-clipped"][0] == "warning"


@pytest.mark.parametrize(
    ("stamp", "days"),
    [
        ("2025.04.01 22:40:11 -05'00'", {1}),
        ("2025.04.02 03:40:11 +00'00'", {1}),
        ("2025.04.02 03:40:11 Z", {1}),
        ("2025.04.02 12:00:00 +02'00'", {2}),
        ("2025.04.02 12:00:00", {2}),
        ("2025.04.02 07:59:00", {1, 2, 3}),
        ("2025.04.02 20:00:00", {1, 2, 3}),
        ("2025.04.02 12:00:00 -07'00'", {2}),
    ],
)
def test_a_stamp_is_turned_into_local_days(stamp: str, days: set[int]) -> None:
    assert stamp_days(f"Digitally signed by Jordan Tester Date: {stamp}") == {date(2025, 4, day) for day in days}
    assert stamp_days("Jordan Tester") == frozenset()


def test_a_recognised_slip_counts_where_no_program_makes_it() -> None:
    assert findings(found("lea_title", "Sherriff", source="recognised"))["typo"][0] == "note"
    assert "typo" not in findings(found("lea_title", "Shcriff", source="recognised"))
    public = found("public", "Lee Ostrander", "Lieutenant, Offie of the Chief", "(404) 555-0103", source="recognised")
    assert "typo" not in findings(public)
    assert findings(public, legible=1.0)["typo"][1] == public.where


def test_two_numbers_of_one_person_are_told_where_the_pages_are_read_to_the_letter() -> None:
    one = found("contact", "Sam Sample", "Captain", "(305) 555-0142", "sam@pcso.example.gov", source="recognised")
    other = found("public", "Sam Sample", "Captain", "(305) 555-0124", "sam@pcso.example.gov", source="recognised")
    assert "contact-mismatch" not in findings(one, other)
    assert findings(one, other, legible=1.0)["contact-mismatch"][0] == "warning"
    near = found("public", "Sam Sample", "Captain", "(305) 555-0143", "sam@pcso.example.gov", source="recognised")
    assert "contact-mismatch" not in findings(one, near, legible=1.0)


def test_one_address_has_one_zip_code() -> None:
    lines = ("600 Causeway, Tern Key, FL 33098", "(404) 555-0103")
    one, other = found("contact", "Sam Sample", *lines), found("public", "Dana Example", *lines)
    assert "contact-mismatch" not in findings(one, other)
    wrong = found("public", "Dana Example", lines[0].replace("33098", "33089"), lines[1])
    assert findings(one, wrong)["contact-mismatch"] == ("warning", wrong.where)
    elsewhere = found("public", "Dana Example", "601 Causeway, Tern Key, FL 33089", lines[1])
    assert "contact-mismatch" not in findings(one, elsewhere)


def test_an_address_that_differs_from_the_list_in_one_number_is_told_where_it_is_read_to_the_letter() -> None:
    wrong = found("opla", "33 S. Miami Avenue, Suite 200 Miami, FL 33130.", source="recognised")
    assert "opla-address-typo" not in findings(wrong)
    assert findings(wrong, legible=1.0)["opla-address-typo"][0] == "warning"
    for text in ("333 S. Miami Avenue, Suite 2O0 Miami, FL 33I30", "333 S, Minmi Avenuc, Su1tc 20O Miami, FL 33130"):
        assert "opla-address-typo" not in findings(found("opla", text, source="recognised"), legible=1.0)


def test_initials_in_a_picture_are_told_where_nothing_defines_them() -> None:
    names = recognised(agency="Harbor Point Police Department", agency_again="HPPD")
    assert findings(*names)["abbrev-undefined"][0] == "note"
    defined = recognised(agency="Harbor Point Police Department (HPPD)", agency_again="HPPD")
    assert "abbrev-undefined" not in findings(*defined)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("MOA Clay County TFM", True),
        ("MOA Pine County TFM", False),
        ("Pine County and Clay County MOA", False),
        ("MOA TFM", False),
    ],
)
def test_a_title_property_names_the_agencys_county(title: str, *, told: bool) -> None:
    assert ("metadata-leftover" in findings(info=MappingProxyType({"Title": title}))) is told


def test_another_countys_agency_in_the_printed_text_is_told() -> None:
    assert findings(named_agencies=((9, "Polk County Sheriff's"),))["other-agency-data"][0] == "warning"
    assert "other-agency-data" not in findings(named_agencies=((9, "Pine County Sheriff's"),))
    assert findings(hidden_texts=((14, "Cc: Polk County"),))["text-hidden"] == ("warning", "p. 14, outside the blanks")


def test_ice_having_dated_while_the_agencys_line_is_empty_is_told() -> None:
    unseen = found("lea_signature", source="unseen")
    empty, dated = found("lea_date", source="nothing"), found("ice_date", "March 25, 2025")
    signing = replace(document().signing, signed=None)
    assert findings(unseen, empty, dated, signing=signing)["date-blank"][0] == "warning"
    assert "date-blank" not in findings(unseen, empty, signing=signing)


def test_half_a_date_in_a_picture_is_told() -> None:
    assert findings(found("lea_date", "Aeril 7 ,25", source="recognised"))["date-format"][0] == "warning"
    assert "date-format" not in findings(found("lea_date", "Aeril 7, 2025", source="recognised"))


def test_small_letters_in_a_picture_are_told_by_their_width() -> None:
    for size, told in ((5.6, True), (6.9, False), (0.0, False)):
        blank = found("represents", "Pine County, Georgia", source="recognised")
        lines = tuple(replace(line, drawn_size=size) for line in blank.lines)
        assert ("text-tiny" in findings(replace(blank, lines=lines))) is told
